# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes a trained adapter in the format: `python export.py ADAPTER FOLDER --base BASE [--golden FILE]`.

With --golden, the logits that PyTorch gives for some pairs go to a file that the tests compare with.
"""

import argparse
import hashlib
import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import load_file

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "text-heads"))
import model
import mpnet
from model import Cutter
from train import LONGEST, batch, judge, pieces

BASES = {
    "bert": ("sentence-transformers/all-MiniLM-L6-v2", "BertModel", model.MODULES,
             "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
    "mpnet": ("sentence-transformers/all-mpnet-base-v2", "MPNetModel", mpnet.MODULES,
              "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"),
}
LABELS = ("neutral", "entailment", "contradiction")
PAIRS = (
    ("Avoid grapefruit juice", "He shouldn't drink grapefruit juice."),
    ("Avoid grapefruit juice", "A glass of grapefruit juice in the morning is no problem at all."),
    ("Avoid grapefruit juice", "Take the tablet in the evening."),
    ("Do not stop sertraline suddenly", "um you can just stop the surtraline when you feel better"),
    ("Do not stop sertraline suddenly", "Whatever you do, come off it slowly."),
    ("Naloxone wears off before heroin", "The heroin will still be there after the naloxone has gone."),
    ("Naloxone wears off before heroin", ""),
    ("", "It is kept in the fridge."),
    ("Keep insulin in the fridge " * 12, "Spare pens live in the fridge. " * 30),
    ("Prüfe den Puls 💊", "The pulse is taken for a whole minute, Ωμέγα."),
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adapter", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--golden", type=pathlib.Path)
    parser.add_argument("--base", type=pathlib.Path, required=True)
    options = parser.parse_args()
    tensors = load_file(options.adapter)
    rank = tensors["encoder.layer.0.output.dense.lora_A"].shape[0]
    name, architecture, modules, digest = BASES[json.loads((options.base / "config.json").read_text())["model_type"]]
    options.folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(options.adapter, options.folder / "adapter.safetensors")
    (options.folder / "adapter.safetensors").chmod(0o644)
    config = {
        "format": "oracy-text-adapter",
        "version": 1,
        "name": options.folder.name,
        "task": "text-pair-classification",
        "language": ["en"],
        "base_model": {"name": name, "architecture": architecture, "weights_sha256": digest},
        "weights": "adapter.safetensors",
        "weights_sha256": hashlib.sha256(options.adapter.read_bytes()).hexdigest(),
        "rank": rank,
        "alpha": rank,
        "adapted_modules": list(modules),
        "max_length": LONGEST,
        "token_types": "pair",
        "labels": list(LABELS),
        "pooling": "mean",
        "decoding": "softmax",
    }
    (options.folder / "adapter.json").write_text(json.dumps(config, indent=2) + "\n")
    if options.golden:
        cutter = Cutter(options.base)
        trained = judge(options.base, rank, "cpu").restore(tensors).eval()
        with torch.inference_mode():
            rows = [{"first": first, "second": second,
                     "logits": [round(x, 5) for x in trained(*batch(cutter, [pieces(cutter, first, second)]))[0].tolist()]}
                    for first, second in PAIRS]
        options.golden.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
