# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""Whisper checkpoints of the official shapes with random weights, in Hugging Face's layout.

No trained weights are needed to measure speed, and everybody gets the same ones: a fixed seed, the distribution that
`transformers` starts a training with (normal, 0.02). Two things differ from it, both in the decoder only:

- its positions are spread wider (0.3), or the same token would follow itself for ever and a comparison of tokens would
  compare nothing;
- the rows of control tokens and timestamps are a tenth of the others, so that no engine ever ends a text early,
  whatever its rules are.

The vocabulary has Whisper's size and control tokens; its words are made up.
"""

import json
import pathlib

import numpy

# width, layers of encoder and decoder, heads: Radford et al. 2022, table 1.
SHAPES = {"tiny": (384, 4, 6), "base": (512, 6, 8), "small": (768, 12, 12)}
# The heads that openai-whisper takes word times from: here only their number matters.
ALIGNMENT_HEADS = {
    "tiny": [[2, 2], [3, 0], [3, 2], [3, 3], [3, 4], [3, 5]],
    "base": [[3, 1], [4, 2], [4, 3], [4, 7], [5, 1], [5, 2], [5, 4], [5, 6]],
    "small": [[5, 3], [5, 9], [8, 0], [8, 4], [8, 7], [8, 8], [9, 0], [9, 7], [9, 9], [10, 5]],
}
MELS, FRAMES, POSITIONS, CONTEXT, VOCABULARY = 80, 3000, 1500, 448, 51865
END_OF_TEXT = 50257
# Start of transcript, English, transcribe, no timestamps.
PROMPT = [50258, 50259, 50359, 50363]
# Planted outliers: the gains of these channels in the layer normalisations of the encoder, times this factor.
OUTLIER_CHANNELS, OUTLIER_FACTOR = [7, 100, 300], 20
LANGUAGES = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml "
    "cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am "
    "yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su"
).split()


def make(folder, name, outliers=False):
    """Makes a checkpoint, unless it is there; gives its folder."""
    place = pathlib.Path(folder) / f"whisper-{name}{'-outliers' if outliers else ''}"
    if (place / "complete").exists():
        return place
    place.mkdir(parents=True, exist_ok=True)
    config = configuration(name)
    dump(place / "config.json", config)
    dump(place / "generation_config.json", {
        "alignment_heads": ALIGNMENT_HEADS[name], "is_multilingual": True, "suppress_tokens": [],
        "begin_suppress_tokens": [], "decoder_start_token_id": PROMPT[0], "eos_token_id": END_OF_TEXT,
        "max_length": CONTEXT, "oracy_notice": "Random weights: for measuring speed only.",
    })
    dump(place / "preprocessor_config.json", {"feature_extractor_type": "WhisperFeatureExtractor", "feature_size": MELS,
                                              "sampling_rate": 16000, "hop_length": 160, "n_fft": 400,
                                              "chunk_length": 30})
    tokenizer().save(str(place / "tokenizer.json"))
    from safetensors.numpy import save_file

    save_file(weights(name, outliers), place / "model.safetensors", metadata={"format": "pt"})
    (place / "complete").touch()
    return place


def dump(path, value):
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def configuration(name):
    width, layers, heads = SHAPES[name]
    return {
        "architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper", "activation_function": "gelu",
        "d_model": width, "encoder_layers": layers, "decoder_layers": layers, "encoder_attention_heads": heads,
        "decoder_attention_heads": heads, "encoder_ffn_dim": 4 * width, "decoder_ffn_dim": 4 * width,
        "num_mel_bins": MELS, "max_source_positions": POSITIONS, "max_target_positions": CONTEXT,
        "vocab_size": VOCABULARY, "decoder_start_token_id": PROMPT[0], "bos_token_id": END_OF_TEXT,
        "eos_token_id": END_OF_TEXT, "pad_token_id": END_OF_TEXT, "scale_embedding": False, "torch_dtype": "float32",
    }


def weights(name, outliers):
    """All tensors by the names of `transformers`."""
    width, layers, _ = SHAPES[name]
    random = numpy.random.default_rng(1234)
    tensors = {}

    def normal(key, *shape, scale=0.02):
        tensors[key] = random.standard_normal(shape, dtype=numpy.float32) * numpy.float32(scale)

    def norm(key):
        tensors[key + ".weight"] = numpy.ones(width, numpy.float32)
        tensors[key + ".bias"] = numpy.zeros(width, numpy.float32)

    def linear(key, outputs, inputs, bias=True):
        normal(key + ".weight", outputs, inputs)
        if bias:
            tensors[key + ".bias"] = numpy.zeros(outputs, numpy.float32)

    def attention(key):
        for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
            linear(f"{key}.{part}", width, width, bias=part != "k_proj")

    for number, inputs in ((1, MELS), (2, width)):
        normal(f"model.encoder.conv{number}.weight", width, inputs, 3)
        tensors[f"model.encoder.conv{number}.bias"] = numpy.zeros(width, numpy.float32)
    tensors["model.encoder.embed_positions.weight"] = sinusoids(width)
    normal("model.decoder.embed_tokens.weight", VOCABULARY, width)
    tensors["model.decoder.embed_tokens.weight"][END_OF_TEXT:] *= numpy.float32(0.1)
    normal("model.decoder.embed_positions.weight", CONTEXT, width, scale=0.3)
    for side in ("encoder", "decoder"):
        for layer in range(layers):
            key = f"model.{side}.layers.{layer}"
            attention(key + ".self_attn")
            norm(key + ".self_attn_layer_norm")
            if side == "decoder":
                attention(key + ".encoder_attn")
                norm(key + ".encoder_attn_layer_norm")
            linear(key + ".fc1", 4 * width, width)
            linear(key + ".fc2", width, 4 * width)
            norm(key + ".final_layer_norm")
        norm(f"model.{side}.layer_norm")
    if outliers:
        for key, tensor in tensors.items():
            if key.startswith("model.encoder.layers") and key.endswith("layer_norm.weight"):
                tensor[OUTLIER_CHANNELS] *= OUTLIER_FACTOR
    return tensors


def sinusoids(width):
    """The encoder's positions (Vaswani et al. 2017, with sines and cosines in halves as Whisper has them)."""
    rates = numpy.exp(-numpy.log(10000) / (width // 2 - 1) * numpy.arange(width // 2))
    angles = numpy.arange(POSITIONS)[:, None] * rates[None]
    return numpy.concatenate([numpy.sin(angles), numpy.cos(angles)], 1).astype(numpy.float32)


def tokenizer():
    """A byte-level BPE with as many tokens as Whisper's; its words are all strings of one to four letters."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    space = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str(" ")[0][0]
    tokens = sorted(pre_tokenizers.ByteLevel.alphabet())
    letters = "abcdefghijklmnopqrstuvwxyz"
    merges = []
    longest = [space, *letters]
    while len(tokens) < END_OF_TEXT:
        pairs = [(start, letter) for start in longest for letter in letters][:END_OF_TEXT - len(tokens)]
        merges += pairs
        longest = ["".join(pair) for pair in pairs]
        tokens += longest
    result = Tokenizer(models.BPE({token: number for number, token in enumerate(tokens)}, merges))
    result.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    result.decoder = decoders.ByteLevel()
    control = ["endoftext", "startoftranscript", *LANGUAGES, "translate", "transcribe", "startoflm", "startofprev",
               "nospeech", "notimestamps"]
    result.add_special_tokens([AddedToken(f"<|{name}|>", normalized=False) for name in control])
    result.add_tokens([AddedToken(f"<|{step * 0.02:.2f}|>", normalized=False) for step in range(1501)])
    if result.get_vocab_size() != VOCABULARY or result.token_to_id("<|notimestamps|>") != PROMPT[3]:
        raise SystemExit(f"the vocabulary has {result.get_vocab_size()} tokens, {VOCABULARY} were meant")
    return result
