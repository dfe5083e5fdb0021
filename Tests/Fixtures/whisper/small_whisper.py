#!/usr/bin/env python3
"""Makes whisper_golden.json: what `transformers` computes for a small Whisper-shaped checkpoint.

The weights come from a generator with a seed that the Swift tests have too (SmallWhisper.swift), so that no checkpoint
is stored: SplitMix64 started with the FNV-1a hash of the tensor's name, upper 24 bits to a number in -1...1, times a
scale by kind. Run with torch, transformers and numpy: small_whisper.py > whisper_golden.json
"""
import json
import numpy as np
import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration
from transformers.cache_utils import DynamicCache, EncoderDecoderCache

SIZES = dict(d_model=64, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4, decoder_attention_heads=4,
             encoder_ffn_dim=160, decoder_ffn_dim=160, vocab_size=300, num_mel_bins=20, max_source_positions=75,
             max_target_positions=96)
PROMPT = [258, 3, 77, 141]
MASK = (1 << 64) - 1


def numbers(name, count):
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 & MASK
    out = np.empty(count, np.float32)
    for i in range(count):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        z ^= z >> 31
        out[i] = np.float32(z >> 40) / np.float32(1 << 23) - np.float32(1)
    return out


def weights(name, shape):
    """Layer norms near one, the rest scaled so that every layer matters."""
    values = numbers(name, int(np.prod(shape)))
    if "layer_norm.weight" in name:
        values = np.float32(1) + np.float32(0.25) * values
    elif len(shape) == 1:
        values = np.float32(0.125) * values
    elif "embed" in name:
        values = np.float32(0.5) * values
    else:
        values = np.float32(0.1875) * values
    return values.reshape(shape)


torch.set_grad_enabled(False)
torch.set_num_threads(1)
config = WhisperConfig(**SIZES, pad_token_id=257, bos_token_id=257, eos_token_id=257, decoder_start_token_id=258,
                       suppress_tokens=None, begin_suppress_tokens=None, attn_implementation="eager")
model = WhisperForConditionalGeneration(config).eval()
for name, parameter in model.named_parameters():
    parameter.copy_(torch.from_numpy(weights(name, tuple(parameter.shape))))

mel = np.float32(1.25) * numbers("spectrogram", 20 * 150).reshape(1, 20, 150)
states = model.model.encoder(torch.from_numpy(mel)).last_hidden_state


def decode(ids, cache):
    out = model.model.decoder(input_ids=torch.tensor([ids]), encoder_hidden_states=states, past_key_values=cache,
                              use_cache=True, output_attentions=True)
    return out.last_hidden_state @ model.proj_out.weight.T, out.cross_attentions


cache = EncoderDecoderCache(DynamicCache(), DynamicCache())
prompt_logits, attentions = decode(PROMPT, cache)
tokens, logits, margins = [], prompt_logits[0, -1], []
for _ in range(64):
    top = logits.topk(2).values
    margins.append(float(top[0] - top[1]))
    # No token twice, so that the sequence does not get stuck on one.
    if tokens:
        logits[tokens] = -torch.inf
    tokens.append(int(logits.argmax()))
    last, _ = decode([tokens[-1]], cache)
    logits = last[0, -1].clone()


def rounded(tensor):
    return [float(f"{x:.7g}") for x in tensor.flatten().tolist()]


print(json.dumps({
    "config": {**SIZES, "model_type": "whisper", "activation_function": "gelu", "scale_embedding": False},
    "prompt": PROMPT,
    "states": rounded(states[0]),
    "prompt_logits": rounded(prompt_logits[0]),
    "last_logits": rounded(last[0, -1]),
    "tokens": tokens,
    # layer 0 head 2, then layer 1 head 1: [token, position]
    "attention": rounded(torch.stack([attentions[0][0, 2], attentions[1][0, 1]])),
}))
