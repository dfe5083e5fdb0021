# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Prints the figures of the committed adapters: `python evaluate.py --base DIR --tests DIR [--task NAME] [--device cuda] [--json FILE]`.

The folder of tests holds `ner/wnut17_dev.conll`, `ner/bc5cdr_devel.tsv`, `sentiment/vader_*.tsv`, `sentiment/umsab_english.tsv`.
Nothing is chosen by these figures.
"""

import argparse
import csv
import json
import pathlib

import numpy as np
import torch

import data
import measure
from model import POLARITIES, Adapted, Cutter, polarity, predict

# Cuts of the mean rating (-4 to 4) between the three labels: VADER's 0.05 read on this scale and on that of its score (0.05
# of 1 is 0.2 of 4), and a wider one.
CUTS = (0.05, 0.2, 0.5)


def rated(path):
    with open(path, newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["text"], float(row["mean_human_rating"]) if "mean_human_rating" in row else row["label"]


def gold(rating, cut):
    if isinstance(rating, str):
        return rating
    return "positive" if rating >= cut else "negative" if rating <= -cut else "neutral"


def ours(model, cutter, texts, device):
    return [polarity(logits, model.margin) for _, logits in predict(model, cutter, texts, device)]


def vader(texts):
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    scores = [analyser.polarity_scores(text)["compound"] for text in texts]
    return [(s, "positive" if s >= 0.05 else "negative" if s <= -0.05 else "neutral") for s in scores]


def sentiment(model, cutter, tests, device):
    """Rows of the table: file, how it is written, how it is cut, both accuracies, the difference and its interval."""
    table = []
    files = sorted(tests.glob("sentiment/vader_*.tsv")) + [tests / "sentiment/umsab_english.tsv"]
    pooled = {}
    for path in files:
        rows = list(rated(path))
        for way in ("written", "spoken"):
            texts = [text if way == "written" else measure.stripped_text(text) for text, _ in rows]
            mine, theirs = ours(model, cutter, texts, device), vader(texts)
            for cut in CUTS if path.name.startswith("vader") else CUTS[:1]:
                right = np.array([[m[1] == gold(r, cut), v[1] == gold(r, cut)] for m, v, (_, r) in zip(mine, theirs, rows)])
                table.append(line(path.stem, way, f"3 labels, ±{cut}" if path.name.startswith("vader") else "3 labels", right))
                for pool in (cut,) if path.name.startswith("vader") else CUTS:
                    pooled.setdefault((way, f"3 labels, ±{pool}"), []).append(right)
            clear = [(m, v, gold(r, CUTS[-1])) for m, v, (_, r) in zip(mine, theirs, rows) if gold(r, CUTS[-1]) != "neutral"]
            sign = np.array([[(m[0] > 0) == (g == "positive"), (v[0] > 0) == (g == "positive") if v[0] else False] for m, v, g in clear])
            table.append(line(path.stem, way, "sign, clear texts", sign))
            pooled.setdefault((way, "sign, clear texts"), []).append(sign)
    for (way, kind), parts in pooled.items():
        table.append(line("all", way, kind, np.concatenate(parts)))
    return table


def line(name, way, kind, right):
    low, high = measure.interval(right.astype(float), lambda r: r[:, 0].mean() - r[:, 1].mean())
    mine, theirs = right.mean(0)
    return {"file": name, "text": way, "gold": kind, "texts": len(right), "ours": float(mine), "vader": float(theirs),
            "difference": float(mine - theirs), "interval": [low, high]}


def spans(model, cutter, tests, device):
    table = []
    for name, path, names, types in (("WNUT17 dev", "ner/wnut17_dev.conll", data.GENERAL, ("PERSON", "ORG", "PLACE")),
                                     ("BC5CDR devel", "ner/bc5cdr_devel.tsv", data.BIO, ("DRUG", "CONDITION"))):
        sentences = [(words, data.renamed(tags, names)) for words, tags in data.conll(tests / path)]
        for way in ("written", "spoken"):
            rows = sentences if way == "written" else [stripped for stripped in (measure.stripped(*s) for s in sentences) if stripped[0]]
            pairs = measure.compared(model, cutter, rows, device)
            for chosen in (types, *((t,) for t in types)):
                counts = measure.span_counts(pairs, chosen)
                right, found, there = (int(n) for n in counts.sum(0))
                low, high = measure.interval(counts, measure.f1)
                table.append({"file": name, "text": way, "types": " ".join(chosen), "sentences": len(rows), "entities": there,
                              "precision": right / max(1, found), "recall": right / max(1, there),
                              "f1": float(measure.f1(counts)), "interval": [low, high]})
    return table


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--tests", required=True, type=pathlib.Path)
    parser.add_argument("--weights", type=pathlib.Path, default=pathlib.Path(__file__).parents[2] / "weights")
    parser.add_argument("--task", choices=("entities", "sentiment"), help="of one alone")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--json")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cutter = Cutter(options.base)
    load = lambda name: Adapted.load(options.base, options.weights / name).to(options.device)
    found = [] if options.task == "sentiment" else spans(load("minilm-entities"), cutter, options.tests, options.device)
    tone = [] if options.task == "entities" else sentiment(load("minilm-sentiment"), cutter, options.tests, options.device)
    print("| file | text | types | entities | precision | recall | F1 | 95 % interval |\n|---|---|---|---|---|---|---|---|")
    for row in found:
        print(f"| {row['file']} | {row['text']} | {row['types']} | {row['entities']} | {row['precision']:.3f} | {row['recall']:.3f} "
              f"| {row['f1']:.3f} | {row['interval'][0]:.3f} to {row['interval'][1]:.3f} |")
    print("\n| file | text | gold | texts | ours | vaderSentiment | difference, points | 95 % interval |\n|---|---|---|---|---|---|---|---|")
    for row in tone:
        print(f"| {row['file']} | {row['text']} | {row['gold']} | {row['texts']} | {row['ours']:.3f} | {row['vader']:.3f} "
              f"| {100 * row['difference']:+.1f} | {100 * row['interval'][0]:+.1f} to {100 * row['interval'][1]:+.1f} |")
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({"entities": found, "sentiment": tone}, indent=1))


if __name__ == "__main__":
    main()
