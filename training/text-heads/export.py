# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes a trained adapter in the format: `python export.py ADAPTER.safetensors FOLDER [--margin 0.2]`."""

import argparse
import hashlib
import json
import pathlib
import shutil

from safetensors.torch import load_file

from model import MAXIMUM, MODULES, POLARITIES, TAGS

BASE = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("adapter", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--margin", type=float, help="for sentiment: how far apart positive and negative must be")
    options = parser.parse_args()
    tensors = load_file(options.adapter)
    labels = len(tensors["head.bias"])
    rank = tensors["encoder.layer.0.attention.self.query.lora_A"].shape[0]
    tokens = labels == len(TAGS)
    options.folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(options.adapter, options.folder / "adapter.safetensors")
    config = {
        "format": "oracy-text-adapter",
        "version": 1,
        "name": options.folder.name,
        "task": "token-classification" if tokens else "text-classification",
        "language": ["en"],
        "base_model": {"name": "sentence-transformers/all-MiniLM-L6-v2", "architecture": "BertModel", "weights_sha256": BASE},
        "weights": "adapter.safetensors",
        "weights_sha256": hashlib.sha256(options.adapter.read_bytes()).hexdigest(),
        "rank": rank,
        "alpha": rank,
        "adapted_modules": list(MODULES),
        "max_length": MAXIMUM,
        "token_types": "case" if "embeddings.token_type_embeddings.weight" in tensors else "zero",
        "labels": list(TAGS if tokens else POLARITIES),
        "pooling": "none" if tokens else "mean",
        "decoding": "bio-viterbi" if tokens else "polarity",
    }
    if not tokens:
        config["neutral_margin"] = options.margin
    (options.folder / "adapter.json").write_text(json.dumps(config, indent=2) + "\n")


if __name__ == "__main__":
    main()
