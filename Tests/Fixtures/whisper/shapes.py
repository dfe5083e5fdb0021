#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Makes checkpoints of the official shapes with random weights, and what transformers and openai-whisper make of them.

    .venv/bin/pip install openai-whisper==20250625 transformers safetensors
    .venv/bin/python Tests/Fixtures/whisper/shapes.py FOLDER [SHAPE ...]
    ORACY_WHISPER_SHAPES=FOLDER swift test --filter WhisperShapesTests

Each shape becomes a folder in Hugging Face's layout, with the official vocabulary (it comes with openai-whisper), with
expected.json, and with numbers as raw float32: audio, mel, states, logits. The largest takes 1.6 GB of disk, 8 GB of
memory and some minutes; delete FOLDER afterwards.

Random weights of the usual scale give logits that hardly differ, and whose order is a matter of rounding. Here every
weight has a scale that lets a layer's output have the variance of its input, and the embeddings let the logits have a
deviation of 2.5; the decoder's attention adds less than its other layers, or every token would be the same. The stored numbers (float16 or bfloat16 in some shapes) are what the references compute with too,
in float32.
"""
import json
import math
import pathlib
import sys
import zlib
from unittest import mock

import numpy as np
import torch
import whisper
from safetensors.torch import save_file
from transformers import WhisperConfig, WhisperForConditionalGeneration
from whisper import decoding, timing, tokenizer as names
from whisper.audio import N_FRAMES, N_SAMPLES, log_mel_spectrogram, pad_or_trim
from whisper.model import ModelDimensions, Whisper, sinusoids

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tokenizers"), str(HERE.parents[2] / "training/whisper-fixture")]
from golden import whisper_specials  # noqa: E402
from reference import RENAMED  # noqa: E402
from whisper_golden import printable_bytes, ranks  # noqa: E402

TOKENS = 64
SHARD = 1 << 30


def shape(width, encoder, decoder, heads, bins, vocabulary, dtype=torch.float32, aligned=None, outliers=0):
    return dict(width=width, encoder=encoder, decoder=decoder, heads=heads, bins=bins, vocabulary=vocabulary,
                dtype=dtype, aligned=aligned, outliers=outliers)


SHAPES = {
    "tiny": shape(384, 4, 4, 6, 80, 51865, aligned="tiny"),
    "tiny.en-f16": shape(384, 4, 4, 6, 80, 51864, torch.float16, "tiny.en"),
    "base": shape(512, 6, 6, 8, 80, 51865, aligned="base"),
    "base-outliers": shape(512, 6, 6, 8, 80, 51865, aligned="base", outliers=4),
    "distil-medium.en-f16": shape(1024, 24, 2, 16, 80, 51864, torch.float16),
    "small": shape(768, 12, 12, 12, 80, 51865, aligned="small"),
    "large-v3-turbo-bf16": shape(1280, 32, 4, 20, 128, 51866, torch.bfloat16, "large-v3-turbo"),
    "large-v3-turbo-outliers-bf16": shape(
        1280, 32, 4, 20, 128, 51866, torch.bfloat16, "large-v3-turbo", outliers=4),
}


def weights(name, size, s):
    """A tensor, the same on every run."""
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    values = torch.randn(size, generator=generator)
    if name.endswith("encoder.embed_positions.weight"):
        return sinusoids(*size)
    if "layer_norm.weight" in name:
        values = 1 + 0.1 * values
        if name == "model.decoder.layer_norm.weight":
            # With either sign, or every token would ask for itself again.
            values *= torch.randint(0, 2, size, generator=generator) * 2 - 1
        if s["outliers"] and "encoder" in name:
            values[torch.randperm(size[0], generator=generator)[: s["outliers"]]] *= 15
        return values
    if len(size) == 1:
        return values * (0.02 if "decoder" in name else 0.1)
    if "decoder.embed" in name:
        return values * (2.5 / math.sqrt(s["width"])) * (2 if "positions" in name else 1)
    gain = 1.6 if "encoder_attn.q_proj" in name or "encoder_attn.k_proj" in name else 1
    if "decoder" in name and "out_proj" in name:
        gain = 0.4
    return values * gain / math.sqrt(math.prod(size[1:]))


def write_tokenizer(folder, s):
    """The official vocabulary as a tokenizer.json; gives the number of languages."""
    english = s["vocabulary"] == 51864
    assets = pathlib.Path(whisper.__file__).parent / "assets"
    table = ranks(assets / ("gpt2.tiktoken" if english else "multilingual.tiktoken"))
    languages = 99 if english else s["vocabulary"] - 51766
    control, times = whisper_specials(languages)
    spelt = {byte: character for character, byte in printable_bytes().items()}

    def spell(token):
        return "".join(spelt[byte] for byte in token)

    merges = []
    for token, rank in sorted(table.items(), key=lambda item: item[1]):
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            joined = [table.get(a + b, rank) for a, b in zip(parts, parts[1:])]
            place = joined.index(min(joined))
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        if len(parts) == 2:
            merges.append(f"{spell(parts[0])} {spell(parts[1])}")
    added = [{"id": len(table) + n, "content": name, "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": False, "special": n < len(control)} for n, name in enumerate(control + times)]
    model = {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
             "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False,
             "vocab": {spell(token): rank for token, rank in table.items()}, "merges": merges}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    (folder / "tokenizer.json").write_text(json.dumps({
        "version": "1.0", "added_tokens": added, "normalizer": None, "pre_tokenizer": byte_level,
        "post_processor": None, "decoder": byte_level, "model": model}))
    return languages


def write_checkpoint(folder, s):
    width, inner = s["width"], 4 * s["width"]
    config = WhisperConfig(
        d_model=width, encoder_layers=s["encoder"], decoder_layers=s["decoder"], encoder_attention_heads=s["heads"],
        decoder_attention_heads=s["heads"], encoder_ffn_dim=inner, decoder_ffn_dim=inner, num_mel_bins=s["bins"],
        vocab_size=s["vocabulary"], max_source_positions=1500, max_target_positions=448)
    config.save_pretrained(folder)
    with torch.device("meta"):
        empty = WhisperForConditionalGeneration(config)
    shards, sizes = [{}], [0]
    for name, parameter in empty.named_parameters():
        tensor = weights(name, tuple(parameter.shape), s).to(s["dtype"]).contiguous()
        size = tensor.numel() * tensor.element_size()
        if sizes[-1] and sizes[-1] + size > SHARD:
            shards.append({})
            sizes.append(0)
        shards[-1][name] = tensor
        sizes[-1] += size
    if len(shards) == 1:
        save_file(shards[0], folder / "model.safetensors", metadata={"format": "pt"})
    else:
        places = {}
        for number, shard in enumerate(shards, 1):
            file = f"model-{number:05}-of-{len(shards):05}.safetensors"
            save_file(shard, folder / file, metadata={"format": "pt"})
            places |= dict.fromkeys(shard, file)
        index = {"metadata": {"total_size": sum(sizes)}, "weight_map": places}
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    return {name: tensor.float() for shard in shards for name, tensor in shard.items()}


def openai_model(s, state):
    # Without memory of its own; sparse tensors can't be without.
    with torch.device("meta"), mock.patch.object(torch.Tensor, "to_sparse", lambda self: self):
        model = Whisper(ModelDimensions(
            n_mels=s["bins"], n_audio_ctx=1500, n_audio_state=s["width"], n_audio_head=s["heads"],
            n_audio_layer=s["encoder"], n_vocab=s["vocabulary"], n_text_ctx=448, n_text_state=s["width"],
            n_text_head=s["heads"], n_text_layer=s["decoder"]))
    renamed = {}
    for name, value in state.items():
        for old, new in RENAMED:
            name = name.replace(old, new)
        renamed[name] = value
    model.load_state_dict(renamed, assign=True)
    model.decoder.register_buffer("mask", torch.full((448, 448), -torch.inf).triu_(1), persistent=False)
    heads = torch.zeros(s["decoder"], s["heads"], dtype=torch.bool)
    heads[s["decoder"] // 2 :] = True
    model.register_buffer("alignment_heads", heads.to_sparse(), persistent=False)
    if s["aligned"]:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[s["aligned"]])
    return model.eval()


def sound():
    """Half a minute of a voice-like sound: a gliding pitch with harmonics in syllables, over noise."""
    rng = np.random.default_rng(30)
    t = np.arange(N_SAMPLES) / 16_000
    phase = 2 * np.pi * np.cumsum(120 + 40 * np.sin(2 * np.pi * 0.7 * t)) / 16_000
    voice = sum(np.sin(k * phase) / k * (1 + np.sin(2 * np.pi * (0.3 + 0.13 * k) * t + k)) for k in range(1, 16))
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * t) + 0.4 * np.sin(2 * np.pi * 0.23 * t), 0, 1)
    return (0.05 * voice * syllables + 0.003 * rng.standard_normal(N_SAMPLES)).astype(np.float32)


def relative(a, b):
    return float((a - b).abs().max() / b.abs().max())


def expect(folder, s, languages):
    state = write_checkpoint(folder, s)
    model = openai_model(s, state)
    english = not model.is_multilingual
    tokens = names.get_tokenizer(not english, num_languages=languages, language="en", task="transcribe")
    heads = model.alignment_heads.indices().T.tolist()
    generation = {"is_multilingual": not english, "suppress_tokens": list(tokens.non_speech_tokens),
                  "begin_suppress_tokens": [*tokens.encode(" "), tokens.eot]}
    if s["aligned"]:
        generation["alignment_heads"] = heads
    (folder / "generation_config.json").write_text(json.dumps(generation))

    audio = sound()
    mel = pad_or_trim(log_mel_spectrogram(torch.from_numpy(audio), s["bins"], padding=N_SAMPLES), N_FRAMES)
    states = model.encoder(mel[None])[0]
    # All below is about this one window.
    model.encoder.forward = lambda mel: states.expand(len(mel), -1, -1)

    def options(**more):
        return decoding.DecodingOptions(language="en", fp16=False, sample_len=TOKENS, **more)

    greedy = decoding.decode(model, mel, options(without_timestamps=True))
    beams = decoding.decode(model, mel, options(without_timestamps=True, beam_size=5))
    timed = decoding.decode(model, mel, options(beam_size=5))
    # transcribe() would go on behind the last word, wherever a random model puts it; this is what it does with a window.
    segments = [{"seek": 0, "start": 0.0, "end": N_FRAMES / 100, "tokens": greedy.tokens}]
    timing.add_word_timestamps(segments=segments, model=model, tokenizer=tokens, mel=mel, num_frames=N_FRAMES,
                               last_speech_timestamp=0.0)
    probabilities = None if english else model.detect_language(mel)[1]

    forced = torch.tensor([[*tokens.sot_sequence_including_notimestamps, *greedy.tokens]])
    ours = model.decoder(forced, states[None])[0]
    del state
    hub = WhisperForConditionalGeneration.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    hub_states = hub.model.encoder(mel[None]).last_hidden_state[0]
    hub_logits = hub(encoder_outputs=(hub_states[None],), decoder_input_ids=forced).logits[0]
    audio.tofile(folder / "audio.f32")
    for name, value in (("mel", mel), ("states", hub_states), ("logits", hub_logits)):
        value.contiguous().numpy().astype(np.float32).tofile(folder / f"{name}.f32")
    top = hub_logits.topk(2).values
    (folder / "expected.json").write_text(json.dumps({
        "shape": folder.name, "forced": forced[0].tolist(), "greedy": greedy.tokens, "beams": beams.tokens,
        "timestamps": timed.tokens, "average_log_probability": [greedy.avg_logprob, beams.avg_logprob, timed.avg_logprob],
        "languages": probabilities, "words": [
            [w["word"], round(w["start"], 3), round(w["end"], 3), float(w["probability"])] for w in segments[0]["words"]]}))
    print(f"{folder.name}: openai-whisper differs from transformers by {relative(states, hub_states):.1e} in states, "
          f"{relative(ours, hub_logits):.1e} in logits; logits' deviation {hub_logits.std():.2f}, least gap between the "
          f"first two {float((top[:, 0] - top[:, 1]).min()):.4f}, {len(greedy.tokens)} tokens, "
          f"{len(set(greedy.tokens))} different", flush=True)


def main(folder, *chosen):
    torch.set_grad_enabled(False)
    torch.set_num_threads(2)
    for name in chosen or SHAPES:
        place = pathlib.Path(folder) / name
        place.mkdir(parents=True, exist_ok=True)
        expect(place, SHAPES[name], write_tokenizer(place, SHAPES[name]))


if __name__ == "__main__":
    main(*sys.argv[1:])
