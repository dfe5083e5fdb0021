#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Golden values of Tests/DomainTests/WordErrorRateTests.swift: errors and reference length by plain dynamic programming.

Texts are given to it already normalised, so that it depends on none of our code. Needs nothing but Python.
"""

CASES = [
    ("avoid ibuprofen because she takes warfarin", "avoid i profen because she take warfarin"),
    ("and so my fellow americans ask not what your country can do for you ask what you can do for your country",
     "and so my fellow americans as not what your country can do for you as but you can do for your country"),
    ("one two three", "three two one"),
    ("it was five hundred milligrams twice a day", "was five hundred and milligrams nice a day day"),
    ("a b c d e", ""),
    ("a", "a b c d"),
]
CHARACTERS = [("布洛芬不合适", "布洛分合适吗"), ("くすりをのむ", "くすりのむ")]


def distance(reference, hypothesis):
    row = list(range(len(hypothesis) + 1))
    for i, a in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(hypothesis, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


for reference, hypothesis in CASES:
    words = reference.split()
    print(distance(words, hypothesis.split()), len(words), reference)
for reference, hypothesis in CHARACTERS:
    print(distance(reference, hypothesis), len(reference), reference)
