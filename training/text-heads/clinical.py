# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""The tone of clinical talk, as the product reads it: `python clinical.py --base DIR [--turns FILE.tsv] [ADAPTER ...]`.

Scores the lists of sentences as `ToneClassifier` does, with the lists of clinical words and small talk of
Sources/Analysis/Tone, with the committed adapter; or, of other adapters (.safetensors), chooses the margin of each by the
development list alone.
"""

import argparse
import csv
import pathlib
import re

import numpy as np
import torch
from safetensors.torch import load_file

import data
import measure
from model import POLARITIES, Adapted, Cutter, log_softmax, predict

TONE = data.ROOT / "Sources/Analysis/Tone"
LISTS = {"development": data.DEVELOPMENT, "frozen": data.FROZEN, "grave words": data.CLINICAL}
MARGINS = [round(0.02 * step, 2) for step in range(1, 26)]
# The margin is the smallest with which so many facts of the development list are neutral, as written and as spoken.
NEUTRAL = 0.95


def clinical_words():
    source = (TONE / "ClinicalTerms.swift").read_text()
    stands_for = dict(re.findall(r'static let (\w+) = "(\w+)"', source))
    return {word: stands_for[kind] for kind, words in re.findall(r'add\(\s*(\w+),\s*"""(.*?)"""', source, re.S)
            for word in words.replace("\\\n", " ").split()}


def small_talk():
    source = (TONE / "SmallTalk.swift").read_text()
    phrases = re.search(r'let text = """(.*?)"""', source, re.S)[1].replace("\\\n", "")
    companions = re.search(r"companions: Set<String> = \[(.*?)\]", source)[1]
    return {" ".join(p.split()) for p in phrases.split("|")}, set(re.findall(r'"(\w+)"', companions))


def is_small_talk(sentence, phrases, companions):
    words, index, says = re.findall(r"[\w']+", sentence.lower().replace("’", "'")), 0, False
    while index < len(words):
        for length in range(min(5, len(words) - index), 0, -1):
            phrase = " ".join(words[index : index + length])
            if phrase in phrases:
                says, index = says or phrase not in companions, index + length
                break
        else:
            return False
    return says


class Reader:
    """p(positive) - p(negative) of sentences: of the model alone, with the clinical words, and with small talk too."""

    def __init__(self, model, cutter):
        self.model, self.cutter, self.terms, self.talk = model, cutter, clinical_words(), small_talk()

    def alone(self, texts):
        p = np.exp(log_softmax(np.array([logits for _, logits in predict(self.model, self.cutter, texts)], np.float64)))
        return p[:, 2] - p[:, 0]

    def __call__(self, texts):
        plain = [re.sub(r"[^\W\d_][^\W\d_-]*(?:-[^\W\d_-]*)*", lambda m: self.terms.get(m[0].lower(), m[0]), text) for text in texts]
        first, second = self.alone(texts), self.alone(plain)
        listed = np.where(np.abs(first) < np.abs(second), first, second)
        whole = np.array([0 if is_small_talk(text, *self.talk) else value for text, value in zip(texts, listed)])
        return first, listed, whole


def labels(values, margin):
    return np.where(np.abs(values) < margin, 0, np.sign(values)).astype(int)


def measured(reader, path):
    """Of a list: what it should be, and the values, as written and as spoken."""
    rows = data.listed(path)
    gold = np.array([POLARITIES.index(label) - 1 for label, _ in rows])
    return gold, {way: reader([text if way == "written" else measure.stripped_text(text) for _, text in rows])
                  for way in ("written", "spoken")}, [text for _, text in rows]


def shares(gold, values, margin):
    """Facts that are neutral, feelings that have their label."""
    right = labels(values, margin) == gold
    return [(right[part].mean(), *measure.interval(right[part].astype(float), np.mean)) for part in (gold == 0, gold != 0)]


def choose(path, base, cutter):
    tensors = load_file(path)
    rank = tensors["encoder.layer.0.attention.self.query.lora_A"].shape[0]
    reader = Reader(Adapted(base, POLARITIES, True, rank, "case").restore(tensors).eval(), cutter)
    gold, ways, _ = measured(reader, data.DEVELOPMENT)
    for margin in MARGINS:
        found = {way: shares(gold, values[2], margin) for way, values in ways.items()}
        if min(part[0][0] for part in found.values()) >= NEUTRAL:
            break
    print(f"{path}: margin {margin}, " + ", ".join(f"{way} neutral {part[0][0]:.3f} toned {part[1][0]:.3f}"
                                                  for way, part in found.items()), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    parser.add_argument("--turns", type=pathlib.Path, help="turns of a talk, with a column `text`: how many have a tone")
    parser.add_argument("--weights", type=pathlib.Path, default=data.ROOT / "weights/minilm-sentiment")
    parser.add_argument("--errors", action="store_true", help="show what is wrong in the lists but the frozen one")
    parser.add_argument("adapters", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cutter = Cutter(options.base)
    for path in options.adapters:
        choose(path, options.base, cutter)
    if options.adapters:
        return
    model = Adapted.load(options.base, options.weights)
    reader = Reader(model, cutter)
    print(f"margin {model.margin}\n| list | text | read by | facts that are neutral | feelings with their label |\n|---|---|---|---|---|")
    for name, path in LISTS.items():
        gold, ways, texts = measured(reader, path)
        for way, values in ways.items():
            for by, value in zip(("the model alone", "with clinical words", "with small talk too"), values):
                cells = " | ".join(f"{share:.3f} ({low:.3f} to {high:.3f})" for share, low, high in shares(gold, value, model.margin))
                print(f"| {name}, {len(gold)} | {way} | {by} | {cells} |")
            if options.errors and path != data.FROZEN:
                for text, value, wanted in zip(texts, values[2], gold):
                    if labels(value, model.margin) != wanted:
                        print(f"  {POLARITIES[wanted + 1]:8} {value:+.2f} {text}")
    if options.turns:
        with open(options.turns, newline="") as file:
            turns = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
        for by, value in zip(("the model alone", "with clinical words", "with small talk too"), reader(turns)):
            found = labels(value, model.margin)
            print(f"{len(turns)} turns, {by}: {(found < 0).sum()} negative, {(found == 0).sum()} neutral, {(found > 0).sum()} positive")


if __name__ == "__main__":
    main()
