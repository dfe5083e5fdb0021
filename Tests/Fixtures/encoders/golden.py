#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes small encoders with random weights and what the `transformers` library makes of some texts with them.

    python3 -m venv .venv && .venv/bin/pip install torch==2.15.0 transformers==5.24.0 tokenizers==0.23.3
    .venv/bin/python Tests/Fixtures/encoders/golden.py

NAME/        a checkpoint of every architecture and head, stored in float32, float16 or bfloat16, one in shards
adapter-NAME/  adapters for bert-tags (weights/FORMAT.md), and in adapters.json the logits of the merged models
golden.json  for each the ids, last hidden states and logits of some texts in float32
With a folder of all-MiniLM-L6-v2 as argument, minilm.json is written too: the sentence vectors of its first texts.
"""
import hashlib
import json
import pathlib
import shutil
import sys
import unicodedata

import torch
import transformers as hf
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).resolve().parent
TEXTS = [
    "Take one tablet with food.", "", "The patient should not take ibuprofen with warfarin!", "one", "Ärzte fragen 病人",
    "the answer is that one tablet a day is enough and that more of them would be dangerous",
]
# Longer than what attention takes in one piece, and than the distances that are told apart.
LONG = "the patient should not take one tablet with food " * 8
# 17 sentences of different lengths: more rows than one tile has.
SENTENCES = [" ".join(["Take one tablet with food and water every day if the patient is in pain"] * 3)[:length].strip()
             for length in range(6, 180, 11)]


def tokenizer():
    """The one that is there, since training does not give the same one twice."""
    known = HERE / "bert/tokenizer.json"
    if known.exists():
        return Tokenizer.from_file(str(known))
    result = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    result.normalizer = normalizers.BertNormalizer()
    result.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=120, show_progress=False,
                                        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    result.train_from_iterator(TEXTS * 3, trainer)
    result.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return result


def randomize(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            isNorm = "norm" in name.lower() and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if isNorm else 0.3 * noise)


def shape(kind, **more):
    if kind is hf.DistilBertConfig:
        return kind(vocab_size=128, dim=24, n_layers=2, n_heads=2, hidden_dim=50, max_position_embeddings=40, **more)
    if kind is hf.MPNetConfig:
        more |= {"max_position_embeddings": 300, "layer_norm_eps": 1e-5}
    return kind(vocab_size=128, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=50,
                **({"max_position_embeddings": 40} | more))


MODELS = {
    "bert": (hf.BertModel, hf.BertConfig, {}, "float32"),
    "bert-classes": (hf.BertForSequenceClassification, hf.BertConfig, {"num_labels": 3}, "float16"),
    "bert-tags": (hf.BertForTokenClassification, hf.BertConfig, {"num_labels": 5}, "bfloat16"),
    "distilbert": (hf.DistilBertModel, hf.DistilBertConfig, {}, "bfloat16"),
    "distilbert-classes": (hf.DistilBertForSequenceClassification, hf.DistilBertConfig, {"num_labels": 2}, "float32"),
    "distilbert-tags": (hf.DistilBertForTokenClassification, hf.DistilBertConfig, {"num_labels": 4}, "float16"),
    "roberta": (hf.RobertaModel, hf.RobertaConfig, {}, "float16"),
    "roberta-classes": (hf.RobertaForSequenceClassification, hf.RobertaConfig, {"num_labels": 3}, "bfloat16"),
    "roberta-tags": (hf.RobertaForTokenClassification, hf.RobertaConfig, {"num_labels": 3}, "float16"),
    "xlm-roberta": (hf.XLMRobertaModel, hf.XLMRobertaConfig, {}, "float16"),
    "xlm-roberta-classes": (hf.XLMRobertaForSequenceClassification, hf.XLMRobertaConfig, {"num_labels": 3}, "float32"),
    "xlm-roberta-tags": (hf.XLMRobertaForTokenClassification, hf.XLMRobertaConfig, {"num_labels": 7}, "bfloat16"),
    "mpnet": (hf.MPNetModel, hf.MPNetConfig, {}, "float32"),
    "mpnet-classes": (hf.MPNetForSequenceClassification, hf.MPNetConfig, {"num_labels": 3}, "float16"),
    "mpnet-tags": (hf.MPNetForTokenClassification, hf.MPNetConfig, {"num_labels": 4}, "bfloat16"),
}


def rounded(tensor):
    return [round(number, 6) for number in tensor.flatten().tolist()]


def case(model, ids):
    given = torch.tensor([ids])
    with torch.no_grad():
        out = model(input_ids=given, attention_mask=torch.ones_like(given), output_hidden_states=True)
    result = {"ids": ids, "states": rounded(out.hidden_states[-1][0])}
    if hasattr(out, "logits"):
        result["logits"] = rounded(out.logits[0])
    return result


def main():
    words = tokenizer()
    golden = {}
    for seed, (name, (kind, config, more, stored)) in enumerate(MODELS.items()):
        torch.manual_seed(seed)
        model = kind(shape(config, **more)).eval()
        randomize(model, seed)
        model = model.to(getattr(torch, stored))
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder, max_shard_size="20KB" if name == "bert" else "1GB")
        words.save(str(folder / "tokenizer.json"), pretty=False)
        model = model.float()
        golden[name] = [{"text": text, **case(model, words.encode(text).ids)}
                        for text in TEXTS + ([LONG] if name == "mpnet" else [])]
    (HERE / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
    adapters = {"tags": adapter("tags", "token-classification", 21, ["O", "B-X", "I-X"]),
                "classes": adapter("classes", "text-classification", 22, ["negative", "neutral", "positive"])}
    (HERE / "adapters.json").write_text(json.dumps(adapters, ensure_ascii=False, separators=(",", ":")) + "\n")
    if len(sys.argv) > 1:
        minilm(pathlib.Path(sys.argv[1]))


ADAPTED = ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
           "intermediate.dense", "output.dense"]
ADAPTER_TEXTS = ["Take ONE tablet with McFood.", "", "the answer is one", "Ärzte", "Warfarin IBUPROFEN " * 9]


def adapter(name, task, seed, labels):
    """An adapter with random numbers for bert-tags, and what the merged model makes of some texts."""
    base = hf.BertForTokenClassification.from_pretrained(HERE / "bert-tags").eval().float()
    encoder, words = base.bert, Tokenizer.from_file(str(HERE / "bert-tags/tokenizer.json"))
    generator = torch.Generator().manual_seed(seed)
    rank, alpha, longest, width = 2, 6, 12, encoder.config.hidden_size
    cases = task == "token-classification"

    def noise(*shape):
        return (0.2 * torch.randn(shape, generator=generator)).half()

    tensors = {"head.weight": noise(len(labels), width), "head.bias": noise(len(labels))}
    if cases:
        tensors["embeddings.token_type_embeddings.weight"] = noise(5, width)
        encoder.embeddings.token_type_embeddings = torch.nn.Embedding(5, width)
    state = encoder.state_dict()
    for layer in range(encoder.config.num_hidden_layers):
        for module in ADAPTED:
            key = f"encoder.layer.{layer}.{module}"
            out, inner = state[f"{key}.weight"].shape
            tensors[f"{key}.lora_A"], tensors[f"{key}.lora_B"] = noise(rank, inner), noise(out, rank)
            state[f"{key}.weight"] += alpha / rank * tensors[f"{key}.lora_B"].float() @ tensors[f"{key}.lora_A"].float()
        tensors[f"encoder.layer.{layer}.output.dense.bias"] = noise(width)
        tensors[f"encoder.layer.{layer}.output.LayerNorm.weight"] = 1 + noise(width)
    for key in state:
        if key in tensors:
            state[key] = tensors[key].float()
    encoder.load_state_dict(state)
    folder = HERE / f"adapter-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    save_file(tensors, folder / "adapter.safetensors")
    digest = hashlib.sha256((HERE / "bert-tags/model.safetensors").read_bytes()).hexdigest()
    (folder / "adapter.json").write_text(json.dumps({
        "format": "oracy-text-adapter", "version": 1, "name": name, "task": task, "language": ["en"],
        "base_model": {"name": "bert-tags", "architecture": "BertModel", "weights_sha256": digest},
        "weights": "adapter.safetensors",
        "weights_sha256": hashlib.sha256((folder / "adapter.safetensors").read_bytes()).hexdigest(), "rank": rank, "alpha": alpha, "adapted_modules": ADAPTED,
        "max_length": longest, "token_types": "case" if cases else "zero", "labels": labels,
        "pooling": "none" if cases else "mean"}, indent=1) + "\n")
    results = []
    for text in ADAPTER_TEXTS:
        encoding = words.encode(text, add_special_tokens=False)
        types, around = letter_cases(text, encoding) if cases else ([0] * len(encoding.ids), 0)
        rows = []
        for start, end in windows(encoding.tokens, longest - 2):
            given = torch.tensor([[2, *encoding.ids[start:end], 3]])
            kinds = torch.tensor([[around, *types[start:end], around]])
            with torch.no_grad():
                states = encoder(given, token_type_ids=kinds).last_hidden_state[0]
            states = states[1:-1] if cases else states.mean(0, keepdim=True) * max(1, end - start)
            rows.append(states @ tensors["head.weight"].float().T)
        logits = torch.cat(rows)
        if not cases:
            logits = logits.sum(0) / max(1, len(encoding.ids))
        logits = logits + tensors["head.bias"].float()
        if not encoding.ids:  # nothing is said
            logits = torch.zeros(0 if cases else len(labels))
        results.append({"text": text, "logits": rounded(logits)})
    return results


def windows(tokens, longest):
    start = 0
    while start < len(tokens) or start == 0:
        end = full = min(start + longest, len(tokens))
        while start < end < len(tokens) and tokens[end].startswith("##"):
            end -= 1
        end = full if end == start else end
        yield start, end
        start = end
        if end == len(tokens):
            return


def letter_cases(text, encoding):
    def upper(character):
        return unicodedata.category(character) in ("Lu", "Lt")

    if not any(map(upper, text)):
        return [4] * len(encoding.ids), 4
    starts = [i for i, token in enumerate(encoding.tokens) if not token.startswith("##")] + [len(encoding.ids)]
    types = []
    for first, end in zip(starts, starts[1:]):
        cased = [c for c in text[encoding.offsets[first][0]:encoding.offsets[end - 1][1]]
                 if upper(c) or unicodedata.category(c) == "Ll"]
        count = sum(map(upper, cased))
        kind = 0 if count == 0 else 1 if count == 1 and upper(cased[0]) else 2 if count == len(cased) else 3
        types += [kind] * (end - first)
    return types, 0


def minilm(folder):
    model = hf.BertModel.from_pretrained(folder).eval()
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    words.no_padding()
    words.no_truncation()
    vectors = []
    for text in TEXTS + SENTENCES:
        given = torch.tensor([words.encode(text).ids])
        with torch.no_grad():
            states = model(input_ids=given, attention_mask=torch.ones_like(given)).last_hidden_state[0]
        vector = torch.nn.functional.normalize(states.mean(0), dim=0)
        vectors.append({"text": text, "vector": [round(number, 5) for number in vector.tolist()]})
    (HERE / "minilm.json").write_text(json.dumps(vectors, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
