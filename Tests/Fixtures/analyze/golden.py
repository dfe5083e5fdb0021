# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes input.jsonl (lines for `oracy analyze --jsonl`) and golden.jsonl (what some measures must be).

The measures are computed here from their definitions with nothing but Python's standard library, on texts that need
no judgement: ASCII words, plain sentences, no numerals. Run: python3 golden.py
"""
import json
import random
import re

WORDS = (
    "patient tablet water doctor every morning night before after food with without take never always store cool dry place "
    "pharmacist advice blood pressure medicine allergy explain question careful"
).split()


def text(rng):
    """Sentences of nine different words; none repeats the end of the one before, which would be taken for a slip."""
    sentences, end = [], []
    for _ in range(rng.randint(4, 7)):
        words = rng.sample([word for word in WORDS if word not in end], 9)
        end = words[-4:]
        sentences.append(" ".join(words).capitalize() + ".")
    return " ".join(sentences)


def lcs(left, right):
    row = [0] * (len(right) + 1)
    for word in left:
        previous = 0
        for index, other in enumerate(right):
            previous, row[index + 1] = row[index + 1], previous + 1 if word == other else max(row[index], row[index + 1])
    return row[-1]


def measures(answer, expected):
    words = re.findall("[a-z]+", answer.lower())
    reference = re.findall("[a-z]+", expected.lower())
    characters, sentences = sum(map(len, words)), answer.count(".")
    result = {
        "word_count": len(words),
        "sentence_count": sentences,
        "words_per_sentence": len(words) / sentences,
        "ari": 4.71 * characters / len(words) + 0.5 * len(words) / sentences - 21.43,
        "lix": len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words),
        "ttr": len(set(words)) / len(words),
        "mean_word_length": characters / len(words),
        "rouge_l": lcs(words, reference) / len(reference),
    }
    return {key: round(value, 4) for key, value in result.items()}


rng = random.Random(5)
with open("input.jsonl", "w") as given, open("golden.jsonl", "w") as golden:
    for number in range(1, 151):
        if number % 50 == 0:
            given.write(rng.choice(['{"id": "x", "text": ', '["text"]', '{"id": 1, "text": 5}', '{"id": 1}']) + "\n")
            golden.write(json.dumps({"line": number}) + "\n")
            continue
        answer, expected = text(rng), text(rng)
        given.write(json.dumps({"id": f"a{number}", "text": answer, "expected": expected, "language": "en"}) + "\n")
        golden.write(json.dumps({"id": f"a{number}", "measures": measures(answer, expected)}) + "\n")
