# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes golden.json: what PyTorch computes with the committed adapters, `python make.py BASE`.

BASE is the folder of all-MiniLM-L6-v2 (float32). Needs torch, transformers, tokenizers, safetensors.
"""

import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "training/text-heads"))

from model import Adapted, Cutter, entities, polarity, predict, viterbi  # noqa: E402

LONG = ("First of all I would ask Mrs Patel what else she takes, because ibuprofen and warfarin together can cause bleeding. "
        "Then I'd check the kidneys, and whether there has been an ulcer or asthma before. ")
TEXTS = [
    "I would start the patient on amoxicillin 500 mg three times a day for the chest infection.",
    "i would start the patient on amoxicillin five hundred milligrams three times a day for the chest infection",
    "The patient has severe pain and a stomach ulcer, so she must not take aspirin.",
    "I'm really happy with how the consultation went!",
    "I hated every minute of it and I have no idea what went wrong :(",
    "Dr Anna Müller from the WHO in Genève met José Álvarez in São Paulo.",
    "DON'T TAKE PARACETAMOL WITH CO-CODAMOL",
    "Naïve T-cells, β-blockers & 5-HT₃ antagonists… 💊 in Zürich.",
    "患者に アスピリン を 100 mg 投与した。",
    "um so the uh metformen is for type two diabetes",
    "supercalifragilisticexpialidocious pneumonoultramicroscopicsilicovolcanoconiosis",
    "x" * 120 + " causes hyperkalaemia",
    "   ",
    LONG * 4,
    LONG * 8,
]


def main():
    torch.set_num_threads(1)
    base = sys.argv[1]
    cutter = Cutter(base)
    tagger = Adapted.load(base, ROOT / "weights/minilm-entities")
    judge = Adapted.load(base, ROOT / "weights/minilm-sentiment")
    # One text at a time: padding does not touch the numbers.
    rows = []
    for text in TEXTS:
        pieces, tags = predict(tagger, cutter, [text])[0]
        _, tone = predict(judge, cutter, [text])[0]
        score, label = polarity(tone, judge.margin)
        rows.append({
            "text": text,
            "ids": pieces.ids,
            "offsets": pieces.offsets,
            "cases": pieces.cases,
            "caseless": pieces.caseless,
            "windows": list(pieces.windows()),
            "tag_logits": [[round(float(v), 4) for v in row] for row in tags],
            "tags": [tagger.labels[i] for i in viterbi(tags, pieces.continues)],
            "entities": [{"start": s, "end": e, "type": kind, "text": text[s:e], "confidence": round(sure, 4)}
                         for s, e, kind, sure in entities(pieces, tags)],
            "sentiment_logits": [round(float(v), 4) for v in tone],
            "score": round(score, 4),
            "label": label,
        })
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (HERE / "golden.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
