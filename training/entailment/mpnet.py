# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""all-mpnet-base-v2 as a judge of statements: the interface of `model.Adapted` (training/text-heads), for pairs alone."""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from model import LowRank

MODULES = ("attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "intermediate.dense", "output.dense")
# <s> a </s> b </s>; positions count from the padding's id on, as RoBERTa's do.
START, PADDING, END = "<s>", "<pad>", "</s>"


def buckets(length, count=32, longest=128):
    """The bucket of each distance [from, to] (Raffel et al. 2020, as MPNet has them): half of them for each direction, of which
    half are single distances and the others grow."""
    place = torch.arange(length)
    distance = place[:, None] - place[None]
    half = count // 2
    base = (distance < 0).long() * half
    distance = distance.abs()
    exact = half // 2
    far = exact + (torch.log(distance.clamp(min=1) / exact) / math.log(longest / exact) * (half - exact)).long()
    return base + torch.where(distance < exact, distance, far.clamp(max=half - 1))


class Attention(nn.Module):
    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x, bias):
        def split(y):
            return y.view(*y.shape[:2], self.heads, -1).transpose(1, 2)

        context = F.scaled_dot_product_attention(
            split(self.q(x)), split(self.k(x)), split(self.v(x)), attn_mask=bias, dropout_p=self.dropout if self.training else 0)
        return self.o(context.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    def __init__(self, width, inner, heads, dropout, eps):
        super().__init__()
        self.attention, self.intermediate, self.output = nn.Module(), nn.Module(), nn.Module()
        self.attention.attn = Attention(width, heads, dropout)
        self.attention.LayerNorm = nn.LayerNorm(width, eps)
        self.intermediate.dense, self.output.dense = nn.Linear(width, inner), nn.Linear(inner, width)
        self.output.LayerNorm = nn.LayerNorm(width, eps)
        self.drop = nn.Dropout(dropout)

    def forward(self, x, bias):
        x = self.attention.LayerNorm(x + self.drop(self.attention.attn(x, bias)))
        return self.output.LayerNorm(x + self.drop(self.output.dense(F.gelu(self.intermediate.dense(x)))))


class AdaptedMPNet(nn.Module):
    """all-mpnet-base-v2 with an adapter of some rank (0: every weight of the layers learns) and a head for pairs.

    It has no token types: an adapter brings a table of two rows for what comes before and after the first `</s>`.
    """

    def __init__(self, base, labels, rank, dropout=0.1):
        super().__init__()
        base = pathlib.Path(base)
        config = json.loads((base / "config.json").read_text())
        width, eps = config["hidden_size"], config["layer_norm_eps"]
        self.heads, self.padding, self.rank, self.labels = config["num_attention_heads"], config["pad_token_id"], rank, labels
        self.embeddings, self.encoder = nn.Module(), nn.Module()
        self.embeddings.word_embeddings = nn.Embedding(config["vocab_size"], width)
        self.embeddings.position_embeddings = nn.Embedding(config["max_position_embeddings"], width)
        self.embeddings.LayerNorm = nn.LayerNorm(width, eps)
        self.encoder.relative_attention_bias = nn.Embedding(config["relative_attention_num_buckets"], self.heads)
        self.encoder.layer = nn.ModuleList(
            Layer(width, config["intermediate_size"], self.heads, dropout, eps) for _ in range(config["num_hidden_layers"]))
        tensors = {name.removeprefix("mpnet."): tensor.float() for name, tensor in load_file(base / "model.safetensors").items()}
        self.load_state_dict({k: v for k, v in tensors.items() if k.startswith(("embeddings", "encoder")) and "position_ids" not in k})
        self.embeddings.token_type_embeddings = nn.Embedding.from_pretrained(torch.zeros(2, width), freeze=False)
        for name, parameter in self.named_parameters():
            small = name.endswith(".bias") or "LayerNorm" in name or "token_type" in name
            parameter.requires_grad = small or (rank == 0 and name.startswith("encoder.layer"))
        if rank:
            for layer in self.encoder.layer:
                for path in MODULES:
                    parent, _, child = path.rpartition(".")
                    parent = layer.get_submodule(parent)
                    setattr(parent, child, LowRank(getattr(parent, child), rank))
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(width, len(labels))
        self.register_buffer("buckets", buckets(256), persistent=False)

    def forward(self, ids, mask, types):
        length = ids.shape[1]
        parts = self.embeddings
        places = torch.arange(self.padding + 1, self.padding + 1 + length, device=ids.device)
        x = parts.word_embeddings(ids) + parts.position_embeddings(places) + parts.token_type_embeddings(types)
        x = self.drop(parts.LayerNorm(x))
        bias = self.encoder.relative_attention_bias(self.buckets[:length, :length]).permute(2, 0, 1)[None]
        bias = bias.masked_fill(mask[:, None, None] == 0, -1e4)
        if torch.is_autocast_enabled(x.device.type):
            bias = bias.to(torch.get_autocast_dtype(x.device.type))
        for layer in self.encoder.layer:
            x = layer(x, bias)
        weights = mask.unsqueeze(-1).to(x.dtype)
        return self.head(self.drop((x * weights).sum(1) / weights.sum(1)))

    def adapter(self):
        """What differs from the base, by the names of the format."""
        return {name.replace(".linear.bias", ".bias"): p.detach().cpu() for name, p in self.named_parameters() if p.requires_grad}

    def restore(self, tensors):
        """Takes what `adapter` gave."""
        own = {name.replace(".linear.bias", ".bias"): p for name, p in self.named_parameters() if p.requires_grad}
        if own.keys() != tensors.keys():
            raise ValueError(f"not of this model: {sorted(own.keys() ^ tensors.keys())[:3]}")
        for name, parameter in own.items():
            parameter.data.copy_(tensors[name].float())
        return self
