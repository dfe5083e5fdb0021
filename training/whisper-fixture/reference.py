# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""The fixture as a model of openai-whisper, whose decoding and word timing then serve as the reference."""

import json

import tiktoken
import torch
from safetensors.torch import load_file
from whisper import decoding, timing, tokenizer
from whisper.model import ModelDimensions, Whisper

RENAMED = [
    ("model.", ""), (".layers.", ".blocks."), ("self_attn_layer_norm", "attn_ln"), ("encoder_attn_layer_norm", "cross_attn_ln"),
    ("self_attn", "attn"), ("encoder_attn", "cross_attn"), ("q_proj", "query"), ("k_proj", "key"), ("v_proj", "value"),
    ("out_proj", "out"), ("fc1", "mlp.0"), ("fc2", "mlp.2"), ("final_layer_norm", "mlp_ln"),
    ("embed_tokens", "token_embedding"), ("encoder.embed_positions.weight", "encoder.positional_embedding"),
    ("decoder.embed_positions.weight", "decoder.positional_embedding"), ("encoder.layer_norm", "encoder.ln_post"),
    ("decoder.layer_norm", "decoder.ln")]


class Fixture(Whisper):
    """openai-whisper tells by the size of the vocabulary which languages a model has; the fixture's is too small."""

    is_multilingual = True
    num_languages = 3

    def forward(self, mel, tokens):
        """Takes states of the encoder instead of a spectrogram too, as `decode` does."""
        known = mel.shape[-2:] == (self.dims.n_audio_ctx, self.dims.n_audio_state)
        return self.decoder(tokens, mel if known else self.encoder(mel))


def load(folder):
    """The model in float32 and a function from a language and task to its tokenizer."""
    with open(f"{folder}/config.json") as file:
        c = json.load(file)
    with open(f"{folder}/tokenizer.json") as file:
        file = json.load(file)
    added = {t["content"]: t["id"] for t in file["added_tokens"]}
    codes = [name[2:-2] for name in added if len(name) == 6 and name[2:-2].isalpha()]
    tokenizer.LANGUAGES = {code: tokenizer.LANGUAGES[code] for code in codes}
    decoding_bytes = {c: b for b, c in _byte_characters().items()}
    ranks = {bytes(decoding_bytes[c] for c in token): rank for token, rank in file["model"]["vocab"].items()}
    encoding = tiktoken.Encoding(
        name="fixture", explicit_n_vocab=c["vocab_size"], mergeable_ranks=ranks, special_tokens=added,
        pat_str=r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+""")

    def get_tokenizer(multilingual=True, *, num_languages=3, language=None, task=None):
        return tokenizer.Tokenizer(
            encoding=encoding, num_languages=3, language=language or "en", task=task or "transcribe")

    decoding.get_tokenizer = get_tokenizer
    model = Fixture(ModelDimensions(
        n_mels=c["num_mel_bins"], n_audio_ctx=c["max_source_positions"], n_audio_state=c["d_model"],
        n_audio_head=c["encoder_attention_heads"], n_audio_layer=c["encoder_layers"], n_vocab=c["vocab_size"],
        n_text_ctx=c["max_target_positions"], n_text_state=c["d_model"], n_text_head=c["decoder_attention_heads"],
        n_text_layer=c["decoder_layers"]))
    weights = {}
    for name, value in load_file(f"{folder}/model.safetensors").items():
        for old, new in RENAMED:
            name = name.replace(old, new)
        weights[name] = value.float()
    model.load_state_dict(weights)
    with open(f"{folder}/generation_config.json") as file:
        set_alignment_heads(model, json.load(file)["alignment_heads"])
    return model.eval(), get_tokenizer


def set_alignment_heads(model, heads):
    mask = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
    for layer, head in heads:
        mask[layer, head] = True
    model.register_buffer("alignment_heads", mask.to_sparse(), persistent=False)


def word_times(model, text_tokens, mel, frames, tokens):
    """[word, start, end], punctuation with its word, as whisper/timing.py finds them."""
    found = timing.find_alignment(model, tokens, text_tokens, mel, frames)
    timing.merge_punctuations(found, "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、")
    return [(w.word, float(w.start), float(w.end)) for w in found if w.word]


def _byte_characters():
    """GPT-2's printable stand-ins for bytes."""
    plain = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    characters = {b: chr(b) for b in plain}
    for number, byte in enumerate(b for b in range(256) if b not in characters):
        characters[byte] = chr(256 + number)
    return characters
