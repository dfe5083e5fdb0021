# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes a checkpoint in Hugging Face's layout: `python export.py CHECKPOINT TOKENIZER FOLDER`."""

import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file

import model as shape
from batches import Vocabulary


def write(path, value):
    path.write_text(json.dumps(value, indent=2) + "\n")


def main(checkpoint, tokenizer, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json", "added_tokens.json",
                 "special_tokens_map.json"):
        shutil.copyfile(pathlib.Path(tokenizer) / name, folder / name)
    v = Vocabulary(tokenizer)
    weights = {f"model.{name}": value.to(torch.float16).contiguous()
               for name, value in torch.load(checkpoint, weights_only=True)["model"].items() if not name.startswith("aids.")}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    space = v.tokenizer.token_to_id("Ġ")
    write(folder / "config.json", {
        "architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper", "activation_function": "gelu",
        "d_model": shape.WIDTH, "encoder_layers": shape.ENCODER_LAYERS, "encoder_attention_heads": shape.HEADS,
        "encoder_ffn_dim": shape.INNER, "decoder_layers": shape.DECODER_LAYERS, "decoder_attention_heads": shape.HEADS,
        "decoder_ffn_dim": shape.INNER, "num_hidden_layers": shape.ENCODER_LAYERS, "num_mel_bins": shape.BINS,
        "max_source_positions": shape.POSITIONS, "max_target_positions": shape.TEXT_POSITIONS, "vocab_size": v.size,
        "scale_embedding": False, "tie_word_embeddings": True, "is_encoder_decoder": True, "dropout": 0.0,
        "attention_dropout": 0.0, "activation_dropout": 0.0, "bos_token_id": v.endoftext, "eos_token_id": v.endoftext,
        "pad_token_id": v.endoftext, "decoder_start_token_id": v.startoftranscript, "torch_dtype": "float16"})
    write(folder / "generation_config.json", {
        "oracy_tasks": ["transcribe"],
        # From Benchmarks/bench_quality.py, half of the held-out sentences.
        "oracy_confidence": {"intercept": 2.2, "log_odds": 0.67, "avg_logprob": 8.4, "snr_db": 0.066},
        "oracy_notice": "A test fixture for synthetic English, German and Spanish: it makes words up for real voices.",
        "alignment_heads": [[1, 0], [1, 1]], "begin_suppress_tokens": [space, v.endoftext], "bos_token_id": v.endoftext,
        "decoder_start_token_id": v.startoftranscript, "eos_token_id": v.endoftext, "forced_decoder_ids": None,
        "is_multilingual": True, "lang_to_id": {f"<|{c}|>": i for c, i in v.language.items()},
        "max_initial_timestamp_index": 50, "max_length": shape.TEXT_POSITIONS, "no_timestamps_token_id": v.notimestamps,
        "pad_token_id": v.endoftext, "prev_sot_token_id": v.startofprev, "return_timestamps": False,
        "suppress_tokens": [], "task_to_id": {"transcribe": v.transcribe,
                                              "translate": v.tokenizer.token_to_id("<|translate|>")}})
    write(folder / "preprocessor_config.json", {
        "feature_extractor_type": "WhisperFeatureExtractor", "processor_class": "WhisperProcessor", "feature_size": 80,
        "sampling_rate": 16000, "hop_length": 160, "n_fft": 400, "chunk_length": 30, "n_samples": 480000,
        "nb_max_frames": 3000, "padding_side": "right", "padding_value": 0.0, "return_attention_mask": False})


if __name__ == "__main__":
    main(*sys.argv[1:])
