# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Fits the learned judge of key point coverage on features that the engine wrote.

    train.py FILE=WEIGHT... [--entailment mpnet --swift Sources/Assessment/Coverage/CoverageWeights+MPNet.swift]

A file is tab-separated, its first line "#" and the names of the features; then for each answer, key point and window of
sentences: answer, question, category, key point, T where the answer is about it, the features, the words, the label, what the
rules decided (states.py). The weight says how much its answers count. Prints what becomes of each file's answers with a judge
that was fitted on the others, for several limits: an author's answers resemble each other more than those of the next one.
"""
import argparse
import pathlib
from collections import OrderedDict

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from states import EMPTY, GOOD, Limits, Window, figures

OTHER, FOR, AGAINST = 0, 1, 2
# Of the regression, chosen with whole sets held out; less (more regularisation) finds fewer contradictions, more finds no more.
STRENGTH = 0.1


def read(path):
    """The names of the features, and the windows by answer and key point."""
    names, answers = None, OrderedDict()
    for line in pathlib.Path(path).read_text("utf-8").splitlines():
        if line.startswith("#"):
            names = line[1:].split()
            continue
        fields = line.split("\t")
        answers.setdefault((path, fields[0]), OrderedDict()).setdefault(fields[3], []).append(Window.read(fields, names))
    return names, answers


def examples(answers, weight):
    """What is learned from; keyword lists are left to the rules."""
    for (path, _), points in answers.items():
        for windows in points.values():
            first = windows[0]
            if first.category != "salad":
                label = (OTHER if not first.is_target or first.category in EMPTY
                         else FOR if first.category in GOOD else AGAINST)
                yield {"file": path, "label": label, "weight": weight, "windows": [w.features for w in windows]}


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
        model = LogisticRegression(C=STRENGTH, max_iter=4000).fit(scaler.transform(rows), labels, sample_weight=weights)
        for index, group in enumerate(groups):
            odds = model.predict_proba(scaler.transform(np.array(group["windows"])))
            chosen[index] = int(np.argmax(odds[:, AGAINST] if group["label"] == AGAINST else -odds[:, OTHER]))
    scale = np.where(scaler.scale_ == 0, 1, scaler.scale_)
    coefficients = model.coef_ / scale
    return coefficients, model.intercept_ - coefficients @ scaler.mean_


def opinions(windows, coefficients, biases):
    scores = np.array([w.features for w in windows]) @ coefficients.T + biases
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def report(answers, groups, names):
    """Each file with a judge that saw none of it."""
    for path in OrderedDict.fromkeys(group["file"] for group in groups):
        own = {key: points for key, points in answers.items() if key[0] == path}
        model = fit([group for group in groups if group["file"] != path], names)
        found = {key: {point: opinions(windows, *model) for point, windows in points.items()} for key, points in own.items()}
        for against in (0.4, 0.45, 0.5, 0.55, 0.6, 0.7):
            covered, contradicted, good, whole, wrongly, unsafe, right = figures(own, found, Limits(against=against))
            print(f"{pathlib.Path(path).stem:12} against {against:.2f}  unsafe {unsafe:4}: covered {covered}, contradicted "
                  f"{100 * contradicted:.1f} %  good {right:4}: {100 * good:.1f} %, whole {100 * whole:.1f} %, contradicted {100 * wrongly:.1f} %", flush=True)


def swift(coefficients, biases, entailment):
    def row(values):
        texts = [f"{value:.4f}" for value in values]
        lines = [", ".join(texts[i:i + 10]) for i in range(0, len(texts), 10)]
        return "            [\n                " + ",\n                ".join(lines) + ",\n            ],\n"
    return ("// This file is part of Oracy.\n// SPDX-License-Identifier: Apache-2.0\n// Copyright the Oracy authors\n\n"
            "extension CoverageWeights {\n"
            f"    /// Those that go with {entailment}-entailment, written by training/coverage/train.py: do not edit.\n"
            f"    static let {entailment} = CoverageWeights(\n        factors: [\n" + "".join(row(c) for c in coefficients)
            + "        ],\n        biases: [" + ", ".join(f"{b:.4f}" for b in biases) + "])\n}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--swift", help="a file to write")
    parser.add_argument("--entailment", default="minilm", choices=["minilm", "mpnet"], help="what the features were made with")
    parser.add_argument("--quick", action="store_true", help="without the report")
    arguments = parser.parse_args()
    names, groups, answers = None, [], {}
    for item in arguments.files:
        path, _, weight = item.partition("=")
        names, own = read(path)
        answers |= own
        groups += examples(own, float(weight or 1))
    if not arguments.quick:
        report(answers, groups, names)
    if arguments.swift:
        pathlib.Path(arguments.swift).write_text(swift(*fit(groups, names), arguments.entailment), "utf-8")


if __name__ == "__main__":
    main()
