# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""What becomes of answers with some opinions of the learned judge: the decisions of `Coverage` and `LearnedJudge` once more."""
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

GOOD = {"correct", "paraphrase", "synonyms", "misspelling"}
EMPTY = {"off_topic", "salad"}


@dataclass
class Window:
    """A window of an answer beside a key point, as `CoverageFeatureTests` writes it."""
    category: str
    is_target: bool
    features: np.ndarray
    names: list
    state: str
    low: int
    high: int
    relevance: float
    share: float
    content_share: float
    agreeing: float
    conflicting: float
    flags: set = field(default_factory=set)

    @staticmethod
    def read(fields, names):
        state, *rest = fields[8].split()
        low, high, relevance, share, content, agreeing, conflicting = map(float, rest[:7])
        return Window(fields[2], fields[4] == "T", np.array(fields[5].split(), float), names, state, int(low), int(high), relevance,
                      share, content, agreeing, conflicting, set(rest[7:]))

    def feature(self, name):
        return self.features[self.names.index(name)]


@dataclass
class Limits:
    """Those of `LearnedJudge.Limit`."""
    against: float = 0.5
    likely: float = 0.25
    certain: float = 0.7
    sure: float = 0.97
    doubt: float = 0.25
    shadow: float = 0.1
    about: float = 0.4
    clear: float = 0.6
    whole: float = 0.9
    hardly: float = 0.05


def revised(window, opinion, limits):
    """`LearnedJudge.revised`: the state, the flags that matter later, the relevance."""
    state, flags = window.state, window.flags & {"negated", "onlyDrug", "forbiddenSaid", "inconsistent"}
    if "list" in window.flags:
        return state, flags, window.relevance
    other, made, against = opinion
    relevance = window.relevance + 0.5 * (1 - other)
    if "inconsistent" in flags:
        return state, flags, relevance
    is_right = "right" in window.flags
    is_hedged = "hedged" in window.flags
    entailed, contradicted = window.feature("entailed"), window.feature("contradicted")
    if (state != "contradicted" and not is_hedged and contradicted >= limits.sure and entailed <= 1 - limits.sure
            and against >= (limits.certain if is_right else limits.likely)):
        return "contradicted", flags - {"onlyDrug"} | {"negated"}, relevance
    is_fact = bool(window.flags & {"number", "swap", "forbidden"})
    if state == "contradicted":
        if is_fact:
            if "forbidden" not in window.flags and against < limits.doubt:
                state = "uncertain"
        elif against < limits.against:
            state = "partial" if made >= limits.clear else "missing" if other > 1 - limits.about else "uncertain"
    elif state == "covered":
        if against >= limits.against:
            state, flags = "uncertain" if is_right else "contradicted", flags - {"onlyDrug"} | {"negated"}
        elif "explicit" in window.flags and window.conflicting > window.agreeing and window.conflicting >= 0.9:
            state, flags = "partial" if made >= limits.clear else "uncertain", flags - {"onlyDrug"} | {"negated"}
        elif against >= limits.shadow:
            state = "partial"
    elif against >= limits.against and not is_hedged:
        is_open = state == "partial" and is_right
        state, flags = "uncertain" if is_open else "contradicted", flags - {"onlyDrug"} | {"negated"}
    elif state == "missing" and 1 - other >= limits.about:
        state = "partial" if made > against else "uncertain"
    elif state == "uncertain" and not is_hedged and not is_fact and against < limits.doubt and made >= 0.5:
        state = "partial"
    if (state == "partial" and window.state in ("partial", "missing") and not window.flags & {"incomplete", "critical"}
            and not is_fact and not is_hedged and min(made, entailed) >= limits.whole and against <= limits.hardly):
        state = "covered"
    return state, flags, relevance


def decided(points, opinions, limits):
    """`Coverage.results`: the state of each key point; both arguments are by key point, with a window or an opinion each."""
    found = {}
    for point, windows in points.items():
        found[point] = [(w.state, w.flags, w.relevance) for w in windows]
        singles = {w.low: index for index, w in enumerate(windows) if w.high - w.low == 1}
        for index, window in enumerate(windows):
            result = revised(window, opinions[point][index], limits)
            is_turned = window.high - window.low > 1 and result[0] == "contradicted" != window.state
            if is_turned and any(found[point][singles[place]][0] in ("covered", "contradicted")
                                 for place in range(window.low, window.high)):
                continue
            found[point][index] = result
    for sentence in range(max(w.high for windows in points.values() for w in windows)):
        covered = [p for p in points if found[p][sentence][0] == "covered"]
        if not covered and not any(
                found[p][sentence][0] == "partial" and points[p][sentence].content_share >= 0.4 for p in points):
            continue
        for point in points:
            (state, flags, relevance), window = found[point][sentence], points[point][sentence]
            is_touched = "drugOnly" in window.flags or covered and window.share < 0.74 and "whole" not in window.flags
            is_permitted = {"critical", "denies"} <= window.flags and "negated" in flags
            if point not in covered and state == "contradicted" and is_touched and "forbiddenSaid" not in flags and not is_permitted:
                found[point][sentence] = "missing", set(), relevance
    return {point: decision(results) for point, results in found.items()}


def decision(results):
    """`Coverage.decide`, without what confidences change."""
    def best(state):
        return max((r for r in results if r[0] == state), key=lambda r: r[2], default=None)
    against = best("contradicted")
    is_mixed = any("inconsistent" in flags for _, flags, _ in results)
    if against is None:
        if is_mixed:
            return "uncertain"
        return next((state for state in ("covered", "partial", "uncertain") if best(state)), "missing")
    is_swap = "onlyDrug" in against[1]
    if is_mixed:
        return "uncertain"
    if best("covered"):
        return "covered" if is_swap else "uncertain"
    return "partial" if is_swap and best("partial") else "contradicted"


def figures(answers, opinions, limits):
    """Of the key points that answers are about: unsafe covered (a number), contradicted, good ones covered or partial, covered,
    contradicted (shares), and how many there are of each."""
    counts = Counter()
    for answer, points in answers.items():
        states = decided(points, opinions[answer], limits)
        for point, windows in points.items():
            if windows[0].is_target:
                category = windows[0].category
                kind = "good" if category in GOOD else "empty" if category in EMPTY else "unsafe"
                counts[kind, states[point]] += 1
    unsafe, good = (sum(n for (kind, _), n in counts.items() if kind == name) for name in ("unsafe", "good"))
    return (counts["unsafe", "covered"], counts["unsafe", "contradicted"] / max(1, unsafe),
            (counts["good", "covered"] + counts["good", "partial"]) / max(1, good), counts["good", "covered"] / max(1, good),
            counts["good", "contradicted"] / max(1, good), unsafe, good)
