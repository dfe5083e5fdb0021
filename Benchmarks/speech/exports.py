# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""A checkpoint in the formats of its peers: ONNX (float32 and dynamic int8) and CTranslate2.

For ONNX Runtime the graphs are written as its own optimiser would have them at best: every attention is one operator
of ONNX Runtime (`MultiHeadAttention`, on the CPU a fused attention that never holds all scores), the decoder takes and
gives its keys and values, and those of the cross-attention are computed once a window, in a graph of their own.

    python -m speech.exports CHECKPOINT      (in Benchmarks; what is there already is kept)
"""

import pathlib
import sys

import torch
from torch import nn
from torch.nn import functional
from transformers import WhisperForConditionalGeneration


class FusedAttention(torch.autograd.Function):
    """Only its symbol counts: the export never computes it, so shapes are all that it must get right."""

    @staticmethod
    def forward(ctx, heads, query, key, value):
        return torch.zeros_like(query)

    @staticmethod
    def symbolic(graph, heads, query, key, value):
        return graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads).setType(query.type())


class CachedAttention(torch.autograd.Function):
    """Attention to what came before, which it takes and gives with what is new. `[batch, head, time, size]`"""

    @staticmethod
    def forward(ctx, heads, query, key, value, past_key, past_value):
        def split(rows):
            return rows.view(rows.shape[0], rows.shape[1], heads, -1).transpose(1, 2)

        return (torch.zeros_like(query), torch.cat([past_key, split(key)], 2),
                torch.cat([past_value, split(value)], 2))

    @staticmethod
    def symbolic(graph, heads, query, key, value, past_key, past_value):
        none = graph.op("prim::Constant")
        none.setType(torch._C.OptionalType.ofTensor())
        out, keys, values = graph.op(
            "com.microsoft::MultiHeadAttention", query, key, value, none, none, none, past_key, past_value,
            num_heads_i=heads, unidirectional_i=1, outputs=3)
        return out.setType(query.type()), keys.setType(past_key.type()), values.setType(past_value.type())


class Encoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.encoder, self.heads = model.model.encoder, model.config.encoder_attention_heads

    def forward(self, mel):
        part = self.encoder
        states = functional.gelu(part.conv2(functional.gelu(part.conv1(mel)))).permute(0, 2, 1)
        states = states + part.embed_positions.weight
        for layer in part.layers:
            rows, attention = layer.self_attn_layer_norm(states), layer.self_attn
            heard = FusedAttention.apply(
                self.heads, attention.q_proj(rows), attention.k_proj(rows), attention.v_proj(rows))
            states = states + attention.out_proj(heard)
            states = states + layer.fc2(functional.gelu(layer.fc1(layer.final_layer_norm(states))))
        return part.layer_norm(states)


class Cross(nn.Module):
    """The keys and values of the cross-attention, head by head as the fused operator reads them without copying."""

    def __init__(self, model):
        super().__init__()
        self.decoder, self.heads = model.model.decoder, model.config.decoder_attention_heads

    def forward(self, states):
        result = []
        for layer in self.decoder.layers:
            for project in (layer.encoder_attn.k_proj, layer.encoder_attn.v_proj):
                rows = project(states)
                result.append(rows.view(rows.shape[0], -1, self.heads, rows.shape[2] // self.heads).transpose(1, 2))
        return tuple(result)


class Decoder(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.decoder, self.heads = model.model.decoder, model.config.decoder_attention_heads
        self.output = nn.Linear(model.config.d_model, model.config.vocab_size, bias=False)
        # A copy: quantisation would else have to turn the matrix that embeddings are gathered from.
        self.output.weight = nn.Parameter(self.decoder.embed_tokens.weight.clone())

    def forward(self, tokens, places, *memory):
        part, count = self.decoder, len(self.decoder.layers)
        states = part.embed_tokens(tokens) + functional.embedding(places, part.embed_positions.weight)
        grown = []
        for number, layer in enumerate(part.layers):
            past_key, past_value = memory[2 * number:2 * number + 2]
            cross_key, cross_value = memory[2 * count + 2 * number:2 * count + 2 * number + 2]
            rows, attention = layer.self_attn_layer_norm(states), layer.self_attn
            said, keys, values = CachedAttention.apply(
                self.heads, attention.q_proj(rows), attention.k_proj(rows), attention.v_proj(rows), past_key,
                past_value)
            grown += [keys, values]
            states = states + attention.out_proj(said)
            rows, attention = layer.encoder_attn_layer_norm(states), layer.encoder_attn
            heard = FusedAttention.apply(self.heads, attention.q_proj(rows), cross_key, cross_value)
            states = states + attention.out_proj(heard)
            states = states + layer.fc2(functional.gelu(layer.fc1(layer.final_layer_norm(states))))
        return (self.output(part.layer_norm(states)[:, -1:]), *grown)


def names(config, kind):
    """The names of a decoder's keys and values: `kind` is past, new or cross."""
    return [f"{kind}_{part}_{layer}" for layer in range(config.decoder_layers) for part in ("key", "value")]


def onnx(checkpoint):
    """Writes encoder, cross and decoder, each as float32 and int8; gives their folder."""
    folder = pathlib.Path(checkpoint) / "onnx"
    if (folder / "complete").exists():
        return folder
    folder.mkdir(exist_ok=True)
    torch.set_grad_enabled(False)
    model = WhisperForConditionalGeneration.from_pretrained(checkpoint).eval()
    config = model.config
    heads, layers = config.decoder_attention_heads, config.decoder_layers
    size = config.d_model // heads

    def export(module, inputs, name, input_names, output_names, axes):
        torch.onnx.export(
            module.eval(), inputs, folder / f"{name}.onnx", input_names=input_names, output_names=output_names,
            dynamic_axes=axes, opset_version=17, dynamo=False, custom_opsets={"com.microsoft": 1})

    export(Encoder(model), (torch.randn(1, config.num_mel_bins, 3000),), "encoder", ["mel"], ["states"], {})
    states = torch.randn(1, config.max_source_positions, config.d_model)
    cross = Cross(model)(states)
    export(Cross(model), (states,), "cross", ["states"], names(config, "cross"), {})
    past = [torch.randn(1, heads, 3, size) for _ in range(2 * layers)]
    axes = {"tokens": {1: "time"}, "places": {1: "time"}, **{name: {2: "past"} for name in names(config, "past")},
            **{name: {2: "all"} for name in names(config, "new")}}
    export(
        Decoder(model), (torch.randint(0, 1000, (1, 4)), torch.arange(3, 7)[None], *past, *cross), "decoder",
        ["tokens", "places", *names(config, "past"), *names(config, "cross")],
        ["logits", *names(config, "new")], axes)

    from onnxruntime.quantization import QuantType, quantize_dynamic

    for name in ("encoder", "cross", "decoder"):
        # DefaultTensorType: the type (float) of what no shape inference knows, the outputs of the fused attention.
        quantize_dynamic(
            folder / f"{name}.onnx", folder / f"{name}.int8.onnx", weight_type=QuantType.QInt8, per_channel=True,
            op_types_to_quantize=["MatMul", "Gemm"],
            extra_options={"MatMulConstBOnly": True, "DefaultTensorType": 1})
    (folder / "complete").touch()
    return folder


def ctranslate2(checkpoint):
    """Writes CTranslate2's model, whose weights are quantised when it is loaded; gives its folder."""
    folder = pathlib.Path(checkpoint) / "ctranslate2"
    if (folder / "complete").exists():
        return folder
    from ctranslate2.converters import TransformersConverter

    files = [name for name in ("tokenizer.json", "preprocessor_config.json")]
    TransformersConverter(str(checkpoint), copy_files=files).convert(str(folder), force=True)
    (folder / "complete").touch()
    return folder


if __name__ == "__main__":
    print(onnx(sys.argv[1]))
    print(ctranslate2(sys.argv[1]))
