# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Makes texts look as recognisers write them: no capitals, no punctuation, fillers, repeats, misspelt names."""

import random
import re

FILLERS = "um uh er erm like so well okay you_know I_mean sort_of kind_of".split()
SOUNDS = [("ph", "f"), ("y", "i"), ("i", "e"), ("x", "ks"), ("c", "k"), ("z", "s"), ("ae", "e"), ("oe", "e"), ("th", "t"),
          ("e", "i"), ("o", "a"), ("qu", "kw"), ("ch", "k"), ("ll", "l"), ("ss", "s"), ("n", "m"), ("d", "t"), ("b", "p")]


def misspell(word, rng):
    """A word of similar sound, or one letter less, more or other."""
    fits = [(a, b) for a, b in SOUNDS if a in word[1:]]
    if fits and rng.random() < 0.7:
        a, b = rng.choice(fits)
        places = [m.start() for m in re.finditer(a, word) if m.start() > 0]
        place = rng.choice(places)
        return word[:place] + b + word[place + len(a) :]
    place = rng.randrange(1, len(word))
    kind = rng.randrange(3)
    letter = rng.choice("aeiounrstl")
    return word[:place] + ("" if kind == 0 else letter) + word[place + (kind != 1) :]


def has_letter(word):
    return any(c.isalnum() for c in word)


def spoken(words, labels, rng):
    """Words with their labels as a recogniser writes them. Labels are any values; None marks an inserted word."""
    joined = rng.random() < 0.3
    pairs = []
    for word, label in zip(words, labels):
        word = word.lower()
        if has_letter(word):
            apostrophe = rng.random() < 0.5
            kept = "".join(c for c in word if c.isalnum() or c in "'’" and apostrophe or c in "-./" and not joined)
            kept = re.sub(r"[-./]+", " ", kept).strip() if not re.fullmatch(r"\d+[.,]\d+", word) else word
            pairs.extend((part, label, index > 0) for index, part in enumerate(kept.split()))
    result = []
    fillers, repeats, errors = rng.random() < 0.25, rng.random() < 0.15, rng.random() < 0.2
    for word, label, inside in pairs:
        if fillers and rng.random() < 0.08 and not inside:
            result.extend((part, None, False) for part in rng.choice(FILLERS).lower().split("_"))
        if repeats and rng.random() < 0.05 and not inside and len(word) < 6:
            result.append((word, None, False))
        if errors and len(word) > 5 and word.isalpha() and rng.random() < 0.12:
            word = misspell(word, rng)
        result.append((word, label, inside))
    return result


def spoken_text(text, rng):
    """A text as a recogniser writes it."""
    return " ".join(word for word, _, _ in spoken(text.split(), [0] * len(text.split()), rng))


def changed_text(text, rng):
    """Half of the texts as they are, most others as recognisers write, some shouted or only lower-cased."""
    draw = rng.random()
    if draw < 0.5:
        return text
    if draw < 0.9:
        return spoken_text(text, rng) or text
    return text.lower() if draw < 0.96 else text.upper()


def generator(*parts):
    return random.Random("/".join(map(str, parts)))
