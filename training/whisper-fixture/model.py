# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Whisper (Radford et al. 2022) in PyTorch for training, with the parameter names of Hugging Face's transformers."""

import math

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, HEADS, INNER = 160, 5, 640
ENCODER_LAYERS, DECODER_LAYERS = 3, 2
BINS, POSITIONS, TEXT_POSITIONS = 80, 1500, 448


def sinusoids(length, channels):
    """The encoder's positions: sines, then cosines, of wavelengths from 2 pi to 20,000 pi."""
    rates = torch.exp(-math.log(10_000) / (channels // 2 - 1) * torch.arange(channels // 2))
    angles = torch.arange(length)[:, None] * rates[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q_proj = nn.Linear(WIDTH, WIDTH)
        self.k_proj = nn.Linear(WIDTH, WIDTH, bias=False)
        self.v_proj = nn.Linear(WIDTH, WIDTH)
        self.out_proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x, source=None, causal=False, weights=False):
        source = x if source is None else source
        query, key, value = (
            layer(y).unflatten(-1, (HEADS, -1)).transpose(1, 2)
            for layer, y in ((self.q_proj, x), (self.k_proj, source), (self.v_proj, source)))
        # Matrix products: on CPUs with AMX several times as fast as PyTorch's fused attention, backwards above all.
        scores = (query * (WIDTH // HEADS) ** -0.5) @ key.transpose(2, 3)
        if weights:
            scores = scores.float()
        if causal:
            scores = scores + torch.full(scores.shape[-2:], -1e4, dtype=scores.dtype).triu(1)
        y = self.out_proj((scores.softmax(-1).to(value.dtype) @ value).transpose(1, 2).flatten(2))
        return (y, scores) if weights else y


class Layer(nn.Module):
    def __init__(self, decoder):
        super().__init__()
        self.self_attn = Attention()
        self.self_attn_layer_norm = nn.LayerNorm(WIDTH)
        if decoder:
            self.encoder_attn = Attention()
            self.encoder_attn_layer_norm = nn.LayerNorm(WIDTH)
        self.fc1 = nn.Linear(WIDTH, INNER)
        self.fc2 = nn.Linear(INNER, WIDTH)
        self.final_layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, x, audio=None):
        x = x + self.self_attn(self.self_attn_layer_norm(x), causal=audio is not None)
        scores = None
        if audio is not None:
            y, scores = self.encoder_attn(self.encoder_attn_layer_norm(x), audio, weights=True)
            x = x + y
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x)))), scores


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(BINS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(POSITIONS, WIDTH)
        self.embed_positions.weight = nn.Parameter(sinusoids(POSITIONS, WIDTH), requires_grad=False)
        self.layers = nn.ModuleList([Layer(False) for _ in range(ENCODER_LAYERS)])
        self.layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, mel, offset=0):
        """The states, and those before the last layer. `offset` is the window's first position."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(mel)))).transpose(1, 2)
        x = x.float() + self.embed_positions.weight[offset : offset + x.shape[1]]
        for layer in self.layers:
            before = x
            x, _ = layer(x)
        return self.layer_norm(x), before


class Decoder(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.embed_tokens = nn.Embedding(vocabulary, WIDTH)
        self.embed_positions = nn.Embedding(TEXT_POSITIONS, WIDTH)
        self.layers = nn.ModuleList([Layer(True) for _ in range(DECODER_LAYERS)])
        self.layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, tokens, audio):
        """The logits, and the scores of every layer's cross-attention `[batch, head, token, position]`."""
        x = self.embed_tokens(tokens) + self.embed_positions.weight[: tokens.shape[1]]
        attention = []
        for layer in self.layers:
            x, scores = layer(x, audio)
            attention.append(scores)
        return F.linear(self.layer_norm(x), self.embed_tokens.weight), attention


class Whisper(nn.Module):
    """`aids` are the layers that only training uses: they tell phones and words from the encoder's states."""

    def __init__(self, vocabulary, timestamp_begin, phones, words):
        super().__init__()
        self.encoder, self.decoder = Encoder(), Decoder(vocabulary)
        self.aids = nn.ModuleDict({"phones": nn.Linear(WIDTH, phones), "words": nn.Linear(WIDTH, words)})
        nn.init.normal_(self.decoder.embed_tokens.weight, std=0.06)
        nn.init.normal_(self.decoder.embed_positions.weight, std=0.02)
        # A timestamp looks like the encoder's position at its time, so that those which training seldom shows are right.
        count = vocabulary - timestamp_begin
        waves = torch.cat([sinusoids(POSITIONS, WIDTH), sinusoids(POSITIONS + 1, WIDTH)[-1:]])[:count]
        with torch.no_grad():
            self.decoder.embed_tokens.weight[timestamp_begin:] = 0.1 * waves
            for name, parameter in self.named_parameters():
                if name.endswith(("out_proj.weight", "fc2.weight")):
                    parameter.mul_(0.5)
