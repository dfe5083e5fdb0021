# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""What the list of clinical words and that of small talk do: `python clinical.py --base DIR`.

Scores the sentences of Tests/Fixtures/analysis/tone_clinical.txt as they are, and as `ToneClassifier` does with the lists of
Sources/Analysis/Tone.
"""

import argparse
import collections
import pathlib
import re

import torch

from model import Adapted, Cutter, polarity, predict

ROOT = pathlib.Path(__file__).parents[2]


def clinical_words():
    source = (ROOT / "Sources/Analysis/Tone/ClinicalTerms.swift").read_text()
    stands_for = dict(re.findall(r'static let (\w+) = "(\w+)"', source))
    return {word: stands_for[kind] for kind, words in re.findall(r'add\(\s*(\w+),\s*"""(.*?)"""', source, re.S)
            for word in words.replace("\\\n", " ").split()}


def small_talk():
    source = (ROOT / "Sources/Analysis/Tone/SmallTalk.swift").read_text()
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--base", required=True)
    options = parser.parse_args()
    torch.set_num_threads(2)
    model, cutter = Adapted.load(options.base, ROOT / "weights/minilm-sentiment"), Cutter(options.base)
    lines = (ROOT / "Tests/Fixtures/analysis/tone_clinical.txt").read_text().splitlines()
    rows = [line.split("\t") for line in lines if line and line[0] != "#"]
    terms, (phrases, companions) = clinical_words(), small_talk()
    texts = [text for _, text in rows]
    plain = [re.sub(r"[^\W\d_][^\W\d_-]*(?:-[^\W\d_-]*)*", lambda m: terms.get(m[0].lower(), m[0]), text) for text in texts]
    score = lambda texts: [polarity(logits, model.margin)[0] for _, logits in predict(model, cutter, texts)]
    counts, name = collections.Counter(), lambda s: "positive" if s >= 0.05 else "negative" if s <= -0.05 else "neutral"
    for (gold, text), first, second in zip(rows, score(texts), score(plain)):
        listed = min(first, second, key=abs)
        talk = 0 if is_small_talk(text, phrases, companions) else listed
        for way, value in (("model", first), ("with clinical words", listed), ("with small talk too", talk)):
            counts[gold, way, name(value)] += 1
        if name(first) != gold or name(talk) != gold:
            print(f"{gold:8} {first:+.2f} {listed:+.2f} {talk:+.2f} {text}")
    for gold in ("neutral", "positive", "negative"):
        for way in ("model", "with clinical words", "with small talk too"):
            found = {name: counts[gold, way, name] for name in ("negative", "neutral", "positive")}
            print(f"{gold:8} {way:20} {found}")


if __name__ == "__main__":
    main()
