# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Figures: spans found, labels right, and how sure these figures are."""

import re

import numpy as np

from model import POLARITIES, entities, log_softmax, predict


def stripped(words, tags):
    """Words and tags as a recogniser writes them: lower-cased, no punctuation; a tag whose first word is gone begins later."""
    result_words, result_tags, before = [], [], "O"
    for word, tag in zip(words, tags):
        word = re.sub(r"[^\w\s]|_", "", word.lower())
        if not word:
            continue
        if tag[:1] == "I" and (not result_tags or result_tags[-1][2:] != tag[2:]):
            tag = "B" + tag[1:]
        result_words.append(word)
        result_tags.append(tag)
    return result_words, result_tags


def stripped_text(text):
    """A text lower-cased and without punctuation."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s]|_", "", text.lower())).strip()


def gold_spans(words, tags):
    """(start, end, type) in the text of the words with a space between."""
    spans, place = set(), 0
    current = None
    for word, tag in zip(words, tags):
        if tag[:1] != "I" and current:
            spans.add(tuple(current))
            current = None
        if tag[:1] == "B" or tag[:1] == "I" and not current:
            current = [place, place + len(word), tag[2:]]
        elif tag[:1] == "I":
            current[1] = place + len(word)
        place += len(word) + 1
    if current:
        spans.add(tuple(current))
    return spans


def compared(model, cutter, sentences, device="cpu"):
    """For each sentence the spans that are there and those that are found, as sets of (start, end, type)."""
    texts = [" ".join(words) for words, _ in sentences]
    return [(gold_spans(words, tags), {span[:3] for span in entities(pieces, logits)})
            for (words, tags), (pieces, logits) in zip(sentences, predict(model, cutter, texts, device))]


def span_counts(pairs, types):
    """For each sentence the numbers of spans of some types that are right, found, and there."""
    rows = []
    for gold, found in pairs:
        gold, found = ({span for span in spans if span[2] in types} for spans in (gold, found))
        rows.append((len(gold & found), len(found), len(gold)))
    return np.array(rows)


def f1(counts):
    right, found, there = counts.sum(0)
    return 2 * right / max(1, found + there)


def interval(rows, figure, rounds=1000, seed=1):
    """The middle 95 % of a figure over resampled rows."""
    rng = np.random.default_rng(seed)
    values = [figure(rows[rng.integers(0, len(rows), len(rows))]) for _ in range(rounds)]
    return tuple(float(v) for v in np.percentile(values, (2.5, 97.5)))


def held_out(model, cutter, task, kind, device):
    """The figures that choose a model, on the held-out parts of the training data."""
    figures, rows_of_all = {}, []
    for name, rows in task.tests.items():
        for way in ("written", "spoken"):
            if kind == "entities":
                types = ("DRUG", "CONDITION") if name == "bc5cdr" else ("PERSON", "ORG", "PLACE")
                sentences = rows if way == "written" else [s for s in (stripped(*row) for row in rows) if s[0]]
                figures[f"{name}.{way}"] = round(float(f1(span_counts(compared(model, cutter, sentences, device), types))), 4)
                continue
            texts = [text if way == "written" else stripped_text(text) for text, _ in rows]
            logits = np.array([row for _, row in predict(model, cutter, texts, device)])
            gold = np.array([POLARITIES.index(label) - 1 for _, label in rows])
            p = np.exp(log_softmax(logits))
            m = p[:, 2] - p[:, 0]
            rows_of_all.append((m, gold))
            figures[f"{name}.{way}.sign"] = round(float(((m > 0) == (gold > 0))[gold != 0].mean()), 4)
    if kind == "sentiment":
        margins = [round(0.02 * i, 2) for i in range(1, 36)]
        accuracy = [np.mean([(np.where(np.abs(m) < t, 0, np.sign(m)) == gold).mean() for m, gold in rows_of_all]) for t in margins]
        figures["three"] = round(float(max(accuracy)), 4)
    figures["mean"] = round(float(np.mean(list(figures.values()))), 4)
    if kind == "sentiment":
        figures["margin"] = margins[int(np.argmax(accuracy))]
        figures["accuracy by margin"] = [round(float(a), 4) for a in accuracy]
    return figures
