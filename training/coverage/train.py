# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Fits the learned judge of key point coverage on features that the engine wrote.

    train.py FILE=WEIGHT... [--swift Sources/Assessment/Coverage/CoverageWeights.swift] [--report NAME]

A file is tab-separated, its first line "#" and the names of the features; then for each answer, key point and window of
sentences: answer, question, category, key point, T where the answer is about it, the features, the words. The weight says
how much its answers count. Prints what becomes of each file's answers when their question is held out.
"""
import argparse
import pathlib
from collections import OrderedDict

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

GOOD = {"correct", "paraphrase", "synonyms", "misspelling"}
EMPTY = {"off_topic", "salad"}
OTHER, FOR, AGAINST = 0, 1, 2


def read(path, weight):
    """Answers with the windows of each key point; keyword lists are left to the rules."""
    names, groups = None, OrderedDict()
    for line in pathlib.Path(path).read_text("utf-8").splitlines():
        if line.startswith("#"):
            names = line[1:].split()
            continue
        answer, question, category, point, target, values, words = line.split("\t")
        if category == "salad":
            continue
        label = OTHER if target != "T" or category in EMPTY else FOR if category in GOOD else AGAINST
        group = groups.setdefault((answer, point), {
            "file": path, "question": path + question, "label": label, "weight": weight, "windows": [], "words": []})
        group["windows"].append([float(value) for value in values.split()])
        group["words"].append(words)
    return names, list(groups.values())


def fit(groups, names):
    """A regression on the window of each answer that speaks of the key point: first the closest, then the likeliest."""
    place = {name: index for index, name in enumerate(names)}
    chosen = []
    for group in groups:
        windows = np.array(group["windows"])
        near = windows[:, place["ownWords"]] + windows[:, place["cosine"]] + 0.6 * windows[:, place["share"]]
        chosen.append(int(np.argmax(near - 0.05 * windows[:, place["isPair"]])))
    labels = np.array([group["label"] for group in groups])
    weights = np.array([group["weight"] * (0.5 if group["label"] == OTHER else 1) for group in groups])
    for _ in range(2):
        rows = np.array([group["windows"][index] for group, index in zip(groups, chosen)])
        scaler = StandardScaler().fit(rows)
        model = LogisticRegression(C=0.1, max_iter=4000).fit(scaler.transform(rows), labels, sample_weight=weights)
        for index, group in enumerate(groups):
            odds = model.predict_proba(scaler.transform(np.array(group["windows"])))
            chosen[index] = int(np.argmax(odds[:, AGAINST] if group["label"] == AGAINST else -odds[:, OTHER]))
    scale = np.where(scaler.scale_ == 0, 1, scaler.scale_)
    coefficients = model.coef_ / scale
    return coefficients, model.intercept_ - coefficients @ scaler.mean_


def opinions(group, coefficients, biases):
    scores = np.array(group["windows"]) @ coefficients.T + biases
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def held_out(groups, names):
    """For each answer the opinions of a regression that saw no answer to its question."""
    found = [None] * len(groups)
    questions = [group["question"] for group in groups]
    for train, test in GroupKFold(min(12, len(set(questions)))).split(groups, groups=questions):
        model = fit([groups[i] for i in train], names)
        for i in test:
            found[i] = opinions(groups[i], *model)
    return found


def report(groups, names):
    found = held_out(groups, names)
    for path in OrderedDict.fromkeys(group["file"] for group in groups):
        for label, name in ((AGAINST, "unsafe"), (FOR, "good"), (OTHER, "others")):
            own = [odds for odds, group in zip(found, groups) if group["file"] == path and group["label"] == label]
            if own:
                against = np.array([odds[:, AGAINST].max() for odds in own])
                about = np.array([1 - odds[:, OTHER].min() for odds in own])
                print(f"{path} {name:7} {len(own):5}  against: " + ", ".join(
                    f"{limit} {100 * np.mean(against >= limit):.1f} %" for limit in (0.25, 0.4, 0.5, 0.6))
                    + "  about: " + ", ".join(
                        f"{limit} {100 * np.mean(about >= limit):.1f} %" for limit in (0.3, 0.4, 0.5)))


def swift(coefficients, biases, names):
    def row(values):
        texts = [f"{value:.4f}" for value in values]
        lines = [", ".join(texts[i:i + 10]) for i in range(0, len(texts), 10)]
        return "        [\n            " + ",\n            ".join(lines) + ",\n        ],\n"
    return ("// This file is part of Oracy.\n// SPDX-License-Identifier: Apache-2.0\n// Copyright the Oracy authors\n\n"
            "/// The weights of ``LearnedJudge``, written by training/coverage/train.py: do not edit.\n"
            "enum CoverageWeights {\n    /// For each of: another matter, for, against: what each of ``CoverageFeatures/names`` counts.\n"
            "    static let weights: [[Double]] = [\n" + "".join(row(c) for c in coefficients) + "    ]\n"
            "    static let biases: [Double] = [" + ", ".join(f"{b:.4f}" for b in biases) + "]\n}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--swift")
    arguments = parser.parse_args()
    names, groups = None, []
    for item in arguments.files:
        path, _, weight = item.partition("=")
        names, own = read(path, float(weight or 1))
        groups += own
    report(groups, names)
    if arguments.swift:
        pathlib.Path(arguments.swift).write_text(swift(*fit(groups, names), names), "utf-8")


if __name__ == "__main__":
    main()
