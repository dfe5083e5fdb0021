# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""The encoder with an adapter, its texts as pieces, and the decoding of its logits (weights/FORMAT.md)."""

import json
import pathlib
import unicodedata

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from transformers import BertConfig, BertModel

MODULES = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
           "intermediate.dense", "output.dense")
CASES = 5
CASELESS = 4
TYPE_COUNTS = {"case": CASES, "pair": 2}
MAXIMUM = 256
POLARITIES = ("negative", "neutral", "positive")
TYPES = ("PERSON", "ORG", "PLACE", "DRUG", "CONDITION")
TAGS = ("O",) + tuple(f"{kind}-{name}" for name in TYPES for kind in "BI")


class Pieces:
    """A text as the base's tokenizer cuts it: ids without [CLS] and [SEP], offsets, continuations, case classes."""

    def __init__(self, text, encoding):
        self.text, self.ids, self.offsets = text, encoding.ids, encoding.offsets
        self.continues = [token.startswith("##") for token in encoding.tokens]
        self.caseless = not any(upper(c) for c in text)
        self.cases = [CASELESS if self.caseless else 0] * len(self.ids)
        if not self.caseless:
            start = 0
            for end in range(1, len(self.ids) + 1):
                if end == len(self.ids) or not self.continues[end]:
                    kind = case_class(text[self.offsets[start][0] : self.offsets[end - 1][1]])
                    self.cases[start:end] = [kind] * (end - start)
                    start = end

    def windows(self, size=MAXIMUM - 2):
        """The ranges of pieces that go through the encoder one by one."""
        start, count = 0, len(self.ids)
        while start < count:
            end = min(start + size, count)
            if end < count:
                cut = end
                while cut > start and self.continues[cut]:
                    cut -= 1
                end = cut if cut > start else end
            yield start, end
            start = end


class Cutter:
    """Cuts texts into pieces."""

    def __init__(self, base):
        self.tokenizer = Tokenizer.from_file(str(pathlib.Path(base) / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        # MPNet's vocabulary has both.
        marks = ("<s>", "</s>") if self.tokenizer.token_to_id("<s>") is not None else ("[CLS]", "[SEP]")
        self.start, self.end = (self.tokenizer.token_to_id(mark) for mark in marks)

    def __call__(self, text):
        return Pieces(text, self.tokenizer.encode(text, add_special_tokens=False))


def upper(character):
    return unicodedata.category(character) in ("Lu", "Lt")


def case_class(word):
    cased = [upper(c) for c in word if unicodedata.category(c) in ("Lu", "Lt", "Ll")]
    if not any(cased):
        return 0
    if cased[0] and not any(cased[1:]):
        return 1
    return 2 if all(cased) else 3


class LowRank(nn.Module):
    """A linear layer that stays as it is, and a product of two thin matrices that learns."""

    def __init__(self, linear, rank):
        super().__init__()
        self.linear = linear
        self.lora_A = nn.Parameter(torch.randn(rank, linear.in_features) / linear.in_features**0.5)
        self.lora_B = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x):
        return nn.functional.linear(x, self.linear.weight + self.lora_B @ self.lora_A, self.linear.bias)


class Adapted(nn.Module):
    """A BertModel with an adapter of some rank (0: every weight of the layers learns) and a head.

    `types` says what the token types tell apart: "case", "pair" or nothing for the base's own first.
    """

    def __init__(self, base, labels, pooled, rank, types, dropout=0.1):
        super().__init__()
        base = pathlib.Path(base)
        self.bert = BertModel(BertConfig.from_json_file(base / "config.json"), add_pooling_layer=False)
        tensors = {k: v.float() for k, v in load_file(base / "model.safetensors").items()}
        self.bert.load_state_dict({k: v for k, v in tensors.items() if not k.startswith("pooler") and "position_ids" not in k})
        self.labels, self.pooled, self.rank, self.types = labels, pooled, rank, types
        if types:
            embeddings = self.bert.embeddings
            table = embeddings.token_type_embeddings.weight.data
            embeddings.token_type_embeddings = nn.Embedding.from_pretrained(table[:1].repeat(TYPE_COUNTS[types], 1), freeze=False)
        for name, parameter in self.bert.named_parameters():
            small = name.endswith(".bias") or "LayerNorm" in name or (types and "token_type" in name)
            parameter.requires_grad = small or (rank == 0 and name.startswith("encoder"))
        if rank:
            for layer in self.bert.encoder.layer:
                for path in MODULES:
                    parent, _, child = path.rpartition(".")
                    parent = layer.get_submodule(parent)
                    setattr(parent, child, LowRank(getattr(parent, child), rank))
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(self.bert.config.hidden_size, len(labels))

    def forward(self, ids, mask, types):
        states = self.bert(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        if self.pooled:
            weights = mask.unsqueeze(-1).to(states.dtype)
            states = (states * weights).sum(1) / weights.sum(1)
        return self.head(self.drop(states))

    def adapter(self):
        """What differs from the base, by the names of the format."""
        found = {}
        for name, parameter in self.named_parameters():
            if parameter.requires_grad:
                name = name.removeprefix("bert.").replace(".linear.bias", ".bias")
                found[name] = parameter.detach().cpu()
        return found

    def restore(self, tensors):
        """Takes what `adapter` gave."""
        missing = dict(tensors)
        for name, parameter in self.named_parameters():
            if parameter.requires_grad:
                name = name.removeprefix("bert.").replace(".linear.bias", ".bias")
                parameter.data.copy_(missing.pop(name).float())
        if missing:
            raise ValueError(f"the adapter holds more than the model: {sorted(missing)[:3]}")
        return self

    @staticmethod
    def load(base, folder):
        """A model from a folder in the format."""
        folder = pathlib.Path(folder)
        config = json.loads((folder / "adapter.json").read_text())
        model = Adapted(base, config["labels"], config["pooling"] == "mean", config["rank"],
                        config["token_types"] if config["token_types"] in TYPE_COUNTS else None)
        model.margin = config.get("neutral_margin")
        return model.restore(load_file(folder / config["weights"])).eval()


def batch(cutter, rows, device="cpu"):
    """(ids, cases) of windows, without [CLS] and [SEP], as padded tensors with them."""
    width = max(len(ids) for ids, _, _ in rows) + 2
    ids, mask, types = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
    for row, (pieces, cases, caseless) in enumerate(rows):
        end = len(pieces) + 2
        ids[row, :end] = torch.tensor([cutter.start, *pieces, cutter.end])
        mask[row, :end] = 1
        special = CASELESS if caseless else 0
        types[row, :end] = torch.tensor([special, *cases, special])
    return ids.to(device), mask.to(device), types.to(device)


@torch.inference_mode()
def predict(model, cutter, texts, device="cpu", size=64):
    """The logits of every text: (pieces, labels) for tokens, (labels) for texts, with the pieces; the model is in `eval`."""
    cut = [cutter(text) for text in texts]
    jobs = sorted(((start, end, index) for index, pieces in enumerate(cut) for start, end in pieces.windows()),
                  key=lambda job: job[1] - job[0])
    parts = [[] for _ in texts]
    for first in range(0, len(jobs), size):
        chosen = jobs[first : first + size]
        rows = [(cut[i].ids[s:e], cut[i].cases[s:e], cut[i].caseless) for s, e, i in chosen]
        ids, mask, types = batch(cutter, rows, device)
        logits = model(ids, mask, types if model.types else torch.zeros_like(types)).float().cpu().numpy()
        for (start, end, index), row in zip(chosen, logits):
            parts[index].append((start, end, row if model.pooled else row[1 : end - start + 1]))
    results = []
    for pieces, found in zip(cut, parts):
        found.sort(key=lambda part: part[0])
        if not found:
            logits = np.zeros((len(model.labels),) if model.pooled else (0, len(model.labels)), np.float32)
        elif model.pooled:
            logits = sum((end - start) * row for start, end, row in found) / len(pieces.ids)
        else:
            logits = np.concatenate([row for _, _, row in found])
        results.append((pieces, logits))
    return results


def log_softmax(logits):
    shifted = logits - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def allowed(labels):
    """Which label may follow which, at the start of a word and at a continuation: [before, after]."""
    kind = [label[:1] for label in labels]
    name = [label[2:] for label in labels]
    word = np.array([[k != "I" or (a == n and b in "BI") for k, n in zip(kind, name)] for b, a in zip(kind, name)])
    goes_on = np.array([[(b == "O" and k == "O") or (k == "I" and b in "BI" and a == n) for k, n in zip(kind, name)]
                        for b, a in zip(kind, name)])
    return word, goes_on


def viterbi(logits, continues, labels=TAGS):
    """The best path that keeps the format's rules, as label indices."""
    if not len(logits):
        return []
    scores = log_softmax(logits.astype(np.float64))
    word, goes_on = (np.where(table, 0.0, -np.inf) for table in allowed(labels))
    total = np.where([label[:1] != "I" for label in labels], scores[0], -np.inf)
    back = []
    for row, continuation in zip(scores[1:], continues[1:]):
        candidates = total[:, None] + (goes_on if continuation else word)
        back.append(candidates.argmax(0))
        total = candidates.max(0) + row
    path = [int(total.argmax())]
    for choice in reversed(back):
        path.append(int(choice[path[-1]]))
    return path[::-1]


def entities(pieces, logits, labels=TAGS):
    """Entities of a text: start, end, type, confidence."""
    path = viterbi(logits, pieces.continues, labels)
    probabilities = np.exp(log_softmax(logits.astype(np.float64)))
    found = []
    for index, label in enumerate(path):
        if labels[label][:1] == "B":
            found.append([index, index])
        elif labels[label][:1] == "I":
            found[-1][1] = index
    results = []
    for first, last in found:
        label = path[first]
        sure = probabilities[first : last + 1, label : label + 2].sum(1).mean()
        results.append((pieces.offsets[first][0], pieces.offsets[last][1], labels[label][2:], float(sure)))
    return results


def polarity(logits, margin):
    """The score in [-1, 1] and the label of a text."""
    negative, _, positive = np.exp(log_softmax(logits.astype(np.float64)))
    m = float(positive - negative)
    score = 0.05 * m / margin if abs(m) < margin else np.sign(m) * (0.05 + 0.95 * (abs(m) - margin) / (1 - margin))
    return float(score), "positive" if score >= 0.05 else "negative" if score <= -0.05 else "neutral"
