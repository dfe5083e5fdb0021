# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""What the judge of statements learns from: pairs of a key point and what somebody says, with the outcomes that are possible."""

import csv
import json
import pathlib
import random
import re
from dataclasses import dataclass

OTHER, FOR, AGAINST = 1, 2, 4
LABELS = ("other", "for", "against")
SETS = {"other": OTHER, "for": FOR, "against": AGAINST}
GOOD = {"correct", "paraphrase", "synonyms", "misspelling"}
EMPTY = {"off_topic", "salad"}
# A verb that such key points begin with can be denied: "Take it with food" and "Do not take it with food".
VERBS = set("take use give keep store check tell ask drink eat rinse wash shake hold stop start continue report refer apply "
            "wear avoid swallow measure record carry call seek stay leave monitor space rotate inject remove return reduce "
            "increase finish wait warn advise cover clean sit lie turn put add connect switch".split())


@dataclass
class Pair:
    point: str
    speech: str
    allowed: int
    weight: float
    source: str
    group: str


def written(folder):
    """Our own pairs, one file an author."""
    for path in sorted(pathlib.Path(folder).glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            point, label, speech = line.split("\t")
            yield Pair(point, speech, SETS[label], 1.0, f"written/{path.stem}", point)


def scope(path):
    """ScoNe: sentences that follow from another or don't, with negations inside and outside of scopes."""
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            allowed = FOR if row["label"] == "entailment" else OTHER | AGAINST
            yield Pair(row["sentence2"], row["sentence1"], allowed, 0.25, "scone", row["sentence2"])


def graded(path):
    """Graded short answers: a correct one says what the reference says, an incorrect one does not, a contradictory one
    says the opposite of some of it."""
    allowed = {"correct": FOR, "contradictory": AGAINST, "incorrect": OTHER | AGAINST}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            references = [text.strip() for text in row["reference"].split("|||") if text.strip()]
            if row["label"] in allowed and references and len(row["answer"].split()) < 60:
                weight = 0.4 if row["label"] == "correct" else 0.6
                yield Pair(references[hash_of(row["id"]) % len(references)], row["answer"], allowed[row["label"]], weight,
                           row["set"].split("/")[0], row["question_id"])


def fixture(folder):
    """The answers of a fixture with the key points that they are about."""
    folder = pathlib.Path(folder)
    questions = {q["question"]: q for q in map(json.loads, open(folder / "questions.jsonl", encoding="utf-8"))}
    for answer in map(json.loads, open(folder / "answers.jsonl", encoding="utf-8")):
        points = {point["id"]: point for point in questions[answer["question"]]["key_points"]}
        kind = answer["category"]
        allowed = FOR if kind in GOOD else OTHER if kind in EMPTY else AGAINST
        for target in answer["targets"]:
            if target in points:
                yield Pair(points[target]["label"], answer["text"], allowed, 1.0, folder.name, answer["question"])


def hash_of(text):
    value = 2166136261
    for byte in text.encode():
        value = (value ^ byte) * 16777619 % (1 << 32)
    return value


def denied(point):
    """The key point with the opposite sign, or nothing where that takes more than a word."""
    match = re.match(r"(?:Do not|Don't|Never) (\w+)(.*)", point)
    if match and match[1].isalpha():
        return match[1].capitalize() + match[2]
    first, _, rest = point.partition(" ")
    if first.lower() in VERBS and rest and not re.search(r"\b(not|never|no|before|until|unless|if)\b", rest):
        return f"Do not {first.lower()} {rest}"
    return None


def turned(pair):
    """The same speech beside the denied key point."""
    point = denied(pair.point)
    if point is None or pair.allowed not in (FOR, AGAINST):
        return None
    return Pair(point, pair.speech, FOR if pair.allowed == AGAINST else AGAINST, 0.5, pair.source, pair.group)


# How a key point's own words begin when they are said. Without such pairs a judge learns that who repeats it denies it, since
# people who write pairs for and against avoid its words for the one and keep them for the other.
OPENINGS = (["", "", ""] + "so|um|okay so|well|right|please|remember,|you know,|also|and|I'd say|I would say that|I'd tell her:|"
            "I think|what matters is this:|the main thing:|yes,|firstly|it is important:".split("|"))


def echo(point, rng):
    """The key point as somebody may say it in its own words."""
    text = point.rstrip(".")
    opening = rng.choice(OPENINGS)
    changes = [("Do not ", "Don't "), ("must not", "mustn't"), ("is not", "isn't"), ("Do not ", "You mustn't "),
               ("Do not ", "You shouldn't "), ("Avoid ", "You should avoid "), ("every day", "daily"), ("does not", "doesn't")]
    for old, new in rng.sample(changes, 3):
        if old in text and rng.random() < 0.6:
            text = text.replace(old, new)
    first = text.split(" ", 1)[0]
    if first.lower() in VERBS and rng.random() < 0.5:
        text = rng.choice(["You should ", "You need to ", "She has to ", "I'd ", "You must "]) + text[0].lower() + text[1:]
    if opening:
        text = f"{opening} {text if text[:2] == 'I ' or text[1:2].isupper() else text[0].lower() + text[1:]}"
    return text[0].upper() + text[1:] + rng.choice([".", ".", ""])


def misstated(point, rng):
    """The key point with another number; nothing where it has none."""
    places = list(re.finditer(r"\d+(\.\d+)?", point))
    if not places:
        return None
    place = rng.choice(places)
    number = float(place[0])
    other = rng.choice([number * 10, number * 2, number / 10, number / 2, number + rng.choice([1, 2, 5, 10])])
    return f"{point[: place.start()]}{other:g}{point[place.end() :]}"


def echoes(points, rng, share):
    """Key points in their own words, for what they say and against what denies them."""
    for point, (source, group) in points.items():
        if rng.random() >= share:
            continue
        if (wrong := misstated(point, rng)) and rng.random() < 0.4:
            yield Pair(point, echo(wrong, rng), AGAINST, 0.6, source, group)
        opposite = denied(point)
        if opposite and rng.random() < 0.5:
            held, said = rng.sample([point, opposite], 2)
            yield Pair(held, echo(said, rng), AGAINST, 0.6, source, group)
            yield Pair(said, echo(said, rng), FOR, 0.6, source, group)
        else:
            yield Pair(point, echo(point, rng), FOR, 0.8, source, group)


def joined(pairs, points, rng, share):
    """Speech with another sentence before or after it, which says another key point of the same subject."""
    names = list(points)
    place = {point: index for index, point in enumerate(names)}
    for pair in pairs:
        if pair.group in place and rng.random() < share:
            near = names[(place[pair.group] + rng.choice([-4, -3, -2, -1, 1, 2, 3, 4])) % len(names)]
            if near == pair.point:
                continue
            end = "" if pair.speech[-1] in "?!" else "."
            parts = [pair.speech.rstrip(" .") + end, echo(near, rng)]
            rng.shuffle(parts)
            yield Pair(pair.point, " ".join(parts), pair.allowed, 0.6 * pair.weight, pair.source, pair.group)


def strangers(pairs, points, rng, share):
    """Speech beside key points that it was not written for: mostly of another subject."""
    names = list(points)
    for pair in pairs:
        if rng.random() < share:
            other = rng.choice(names)
            if other != pair.group:
                yield Pair(other, pair.speech, OTHER, 0.4, pair.source, pair.group)


# What turns a sentence round when it is put in another's place, in both directions.
TURNS = [("don't ", ""), ("do not ", ""), ("not ", ""), ("never ", "always "), ("can't", "can"), ("cannot", "can"), ("shouldn't", "should"),
         ("mustn't", "must"), ("won't", "will"), ("isn't", "is"), ("before", "after"), ("more", "less"), ("at least", "at most"),
         ("without", "with"), ("no need to", "be sure to"), ("stop", "carry on with"), ("avoid", "go for"), ("safe", "dangerous"),
         ("fine", "a bad idea"), ("until", "unless"), ("high", "low"), ("increase", "decrease"), ("right away", "in a few days")]


def altered(pairs, rng, share):
    """Speech with a word that may turn it round, or another number: what it then says only a teacher knows."""
    for pair in pairs:
        if rng.random() >= share:
            continue
        speech = misstated(pair.speech, rng) if rng.random() < 0.3 else None
        if speech is None:
            fitting = [(old, new) for one in TURNS for old, new in (one, one[::-1]) if old and re.search(rf"\b{old}", pair.speech, re.I)]
            if not fitting:
                continue
            old, new = rng.choice(fitting)
            speech = re.sub(rf"\b{old}", new, pair.speech, count=1, flags=re.I)
        yield Pair(pair.point, speech, OTHER | FOR | AGAINST, 0.5 * pair.weight, pair.source, pair.group)


def one_pass(pairs, rng, has_teachers=False):
    """All pairs with what is made of them anew in each pass."""
    points = {pair.group: (pair.source, pair.group) for pair in pairs if pair.source.startswith("written")}
    own = [pair for pair in pairs if pair.source.startswith("written")]
    made = [pair for pair in map(turned, own) if pair and rng.random() < 0.5]
    made += list(echoes(points, rng, 1.0)) + list(joined(own + made, points, rng, 0.4)) + list(strangers(pairs, points, rng, 0.2))
    return pairs + made + (list(altered(pairs, rng, 0.4)) if has_teachers else [])


def held_out(pair, fold, folds=5):
    return hash_of(pair.source.split("/")[0] + pair.group) % folds == fold


def shuffled(pairs, seed):
    pairs = list(pairs)
    random.Random(seed).shuffle(pairs)
    return pairs
