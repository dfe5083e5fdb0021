#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes golden.json: what independent implementations make of some texts.

Readability comes from textstat (PyPI), which is given the same pronunciation dictionary (Debian's
pocketsphinx-en-us) so that syllables agree; vocabulary and similarity are written here from their
definitions, with other means than Oracy's (itertools, math.comb, fractions).

    python3 -m venv .venv && .venv/bin/pip install textstat==0.7.13
    .venv/bin/python Tests/Fixtures/analysis/golden.py

Known differences, which the texts avoid or the tests state:
- textstat ignores sentences of one or two words; ours count.
- textstat counts a numeral as one word and its syllables by hyphenation; ours writes numbers out.
- textstat's Coleman-Liau uses 0.058 where the paper has 0.0588.
- textstat's ARI counts punctuation marks as characters.
- textstat's Gunning fog counts words that are on no list of easy words; ours follows Gunning's exceptions.
"""
import collections
import json
import math
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DICTIONARY = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"
VOWELS = {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"}

TEXTS = {
    "pharmacy": "So first I would ask about allergies and other medicines. The patient takes aspirin every day, "
    "and that changes my advice. I would not recommend ibuprofen, because it may cause bleeding in the stomach. "
    "Instead I would offer something else for the pain. She can take one tablet up to four times a day. She should not "
    "take more than that, and she should look for ibuprofen in other products. If the pain goes on for more than "
    "three days, she should see her doctor. I would also ask her to come back at once if she notices any bruises "
    "or dark stools.",
    "history": "The old bridge was built by the people of the valley. They carried every stone from the river, and it "
    "took them eleven years! Who paid for it? Nobody knows the answer. A well-known story says that a merchant gave his "
    "whole fortune, because his daughter couldn't cross the water in winter. In any case, the bridge was "
    "stronger than the floods of three centuries. When engineers examined it recently, they discovered that the "
    "foundations were extraordinarily deep. Modern traffic is too heavy for it, however, so it is now reserved for "
    "pedestrians and bicycles. Visitors photograph it in every season; the inhabitants hardly notice it any more.",
    "plain": "We had a dog when I was small. He was big and brown and he liked to run. Each day we took him to the "
    "park and threw a ball for him. He brought it back, and we threw it again. When he was old he could not run so "
    "far. Then he lay in the sun and slept. I still think of him when I walk there with my own son.",
}

SIMILARITY = [
    ("The patient takes warfarin, so avoid ibuprofen and offer paracetamol.",
     "I would offer paracetamol because the patient takes warfarin."),
    ("Ibuprofen is not suitable.", "Paracetamol is suitable."),
]


def dictionary():
    words = {}
    with open(DICTIONARY, encoding="utf-8") as lines:
        for line in lines:
            word, *phones = line.split()
            if "(" not in word:
                words[word] = phones
    return words


def prepare_nltk(words):
    """Gives textstat the dictionary under the name and in the format of NLTK's corpus, vowels marked by a digit."""
    corpus = pathlib.Path(sys.prefix) / "nltk_data" / "corpora" / "cmudict"
    corpus.mkdir(parents=True, exist_ok=True)
    with open(corpus / "cmudict", "w", encoding="utf-8") as out:
        for word, phones in words.items():
            print(word.upper(), 1, *(p + "1" if p in VOWELS else p for p in phones), file=out)
    os.environ["NLTK_DATA"] = str(corpus.parent.parent)


def tokens(text):
    return re.findall(r"[a-z]+(?:['-][a-z]+)*", text.lower())


def mattr(words, window):
    ratios = [len(set(words[i:i + window])) / window for i in range(len(words) - window + 1)]
    return sum(ratios) / len(ratios)


def mtld(words):
    def one_way(sequence):
        factors, types, length = 0.0, set(), 0
        for word in sequence:
            types.add(word)
            length += 1
            if len(types) / length < 0.72:
                factors, types, length = factors + 1, set(), 0
        if length:
            factors += (1 - len(types) / length) / (1 - 0.72)
        return len(sequence) / factors
    return (one_way(words) + one_way(words[::-1])) / 2


def hdd(words):
    n = len(words)
    return sum(1 - math.comb(n - f, 42) / math.comb(n, 42) for f in collections.Counter(words).values()) / 42


def lcs(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        previous = 0
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], previous + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def stem(word):
    """The part of the light stemmer that the texts need: no plural s."""
    return re.sub(r"(?<=[a-z]{3})(?<![usi])s$", "", word)


def main():
    words = dictionary()
    prepare_nltk(words)
    import textstat
    golden = {"texts": [], "rouge": []}
    for name, text in TEXTS.items():
        all_words = tokens(text)
        golden["texts"].append({
            "name": name,
            "text": text,
            "textstat": {
                "flesch_re": textstat.flesch_reading_ease(text),
                "fk_grade": textstat.flesch_kincaid_grade(text),
                "smog": textstat.smog_index(text),
                "ari": textstat.automated_readability_index(text),
                "coleman_liau_0058": textstat.coleman_liau_index(text),
                "lix": textstat.lix(text),
                "rix": textstat.rix(text),
                "words": textstat.lexicon_count(text),
                "sentences": textstat.sentence_count(text),
                "syllables": textstat.syllable_count(text),
                "polysyllables": textstat.polysyllabcount(text),
                "monosyllables": textstat.monosyllabcount(text),
                "letters": textstat.letter_count(text),
                "characters": textstat.char_count(text),
            },
            "counted": {
                "words": len(all_words),
                "letters": sum(c.isalpha() for c in text),
                "long": sum(sum(c.isalpha() for c in w) > 6 for w in all_words),
                "sentences": len(re.findall(r"[.!?](?:\s|$)", text)),
                "unknown": [w for w in all_words if w not in words],
            },
            "lexical": {
                "ttr": len(set(all_words)) / len(all_words),
                "guiraud": len(set(all_words)) / math.sqrt(len(all_words)),
                "mattr50": mattr(all_words, 50),
                "mtld_mj2010": mtld(all_words),
                "hdd": hdd(all_words),
                "mean_word_length": sum(c.isalpha() for c in text) / len(all_words),
            },
        })
    for expected, said in SIMILARITY:
        a, b = tokens(said), tokens(expected)
        common = lcs([stem(word) for word in a], [stem(word) for word in b])
        golden["rouge"].append({
            "expected": expected, "said": said,
            "rouge_l": common / len(b), "rouge_l_f1": 2 * common / (len(a) + len(b)),
        })
    (HERE / "golden.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
