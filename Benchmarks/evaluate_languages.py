# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""How often `oracy analyze --jsonl` tells the language of short texts, with 95 % intervals.

    evaluate_languages.py [--texts FOLDER] [--messages FOLDER] [--oracy PROGRAM] [--pieces N] [--seed N] [--out FILE]

Pieces of 1 to 3, 4 to 8 and 9 to 25 words (in Chinese, Japanese and Thai 2 to 6, 8 to 16 and 20 to 60 characters) are cut from
texts of 33 languages: from the files of `--texts` that SOURCES names (tweets, reviews, news, encyclopaedia, clinical cases), and
from the translated messages in `--messages`, the unpacked wheel of Django (BSD; `pip download --no-deps Django==5.2.19`), for all
languages. Half of a language's pieces come from each where it has both. The same seed gives the same pieces; `--out` keeps them
with what was found. No piece teaches anything: the probabilities of the product were fitted elsewhere (docs/measures.md).

Each piece is looked at without a language, with its own declared, with a wrong one declared, and without one again in lower case
without punctuation. Intervals of the averages: the middle 95 % of 1,000 resamples of pieces in each language; of the languages:
Wilson's. Needs nothing but Python.
"""
import argparse
import csv
import gettext
import json
import math
import pathlib
import random
import re
import subprocess
import sys
import tempfile

# Files by language: a word and its tag a line, or a table with a column `text`.
SOURCES = {
    "en": ["text_train/ner_general/uner_en_ewt_test.conll", "text/sentiment/umsab_english.tsv"],
    "es": ["text_train/ner_bio/pharmaconer_es_test.conll", "text/sentiment/umsab_spanish.tsv"],
    "fr": ["text/sentiment/umsab_french.tsv"],
    "de": ["text_train/ner_general/uner_de_pud.conll", "text/sentiment/umsab_german.tsv"],
    "it": ["text/sentiment/umsab_italian.tsv"],
    "nl": [],
    "pt": ["text_train/ner_general/uner_pt_bosque_test.conll", "text/sentiment/umsab_portuguese.tsv"],
    "ru": ["text_train/ner_general/wikiner_ru_train.conll"],
    "hu": [], "ar": ["text/sentiment/umsab_arabic.tsv"], "hi": [],
    "id": ["text_train/sentiment/smsa_id_train.tsv"],
    "zh": ["text_train/ner_general/uner_zh_gsd_test.conll"], "ja": ["text_train/ner_general/ja_wikipedia_char.conll"],
    "ko": ["text_train/sentiment/nsmc_ko.tsv"], "th": [],
    "da": ["text_train/ner_general/uner_da_ddt_test.conll"], "sv": ["text_train/ner_general/uner_sv_talbanken_test.conll"],
    "hr": ["text_train/ner_general/uner_hr_set_test.conll"], "sk": ["text_train/ner_general/uner_sk_snk_test.conll"],
    "ca": ["text_train/sentiment/multibooked_ca_test.tsv"], "eu": ["text_train/sentiment/multibooked_eu_test.tsv"],
    "ro": [], "tr": [], "pl": [], "cs": [], "el": [], "he": [], "uk": [], "vi": [], "fa": [], "fi": [],
    "sr": ["text_train/ner_general/uner_sr_set_test.conll"],
}
MESSAGES = {"zh": "zh_Hans", "sr": "sr_Latn"}
BANDS = {"1-3 words": (1, 3), "4-8 words": (4, 8), "9-25 words": (9, 25)}
CHARACTERS = {"1-3 words": (2, 6), "4-8 words": (8, 16), "9-25 words": (20, 60)}
UNSPACED = {"zh", "ja", "th"}
ROOT = pathlib.Path(__file__).resolve().parent.parent


def texts(path, language):
    """The texts of a file, without links, names of users and what is left of the marks of other programs."""
    joint = "" if language in UNSPACED else " "
    if path.suffix == ".tsv":
        with open(path, newline="", encoding="utf-8") as file:
            rows = [row["text"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    else:
        blocks = path.read_text("utf-8").split("\n\n")
        rows = [joint.join(line.split("\t")[0].split(" ")[0] for line in block.splitlines() if line) for block in blocks]
    for row in rows:
        row = re.sub(r"https?\S*|[@#]\S+|&\w+;", " ", row)
        yield re.sub(r"\s+([.,;:!?])", r"\1", re.sub(r"\s+", " ", row)).strip()


def messages(folder, language):
    """The translations of Django's messages that are text and differ from the English."""
    found = set()
    for path in sorted(folder.glob(f"**/locale/{MESSAGES.get(language, language)}/LC_MESSAGES/django.mo")):
        with open(path, "rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        for key, value in catalogue.items():
            key = key[0] if isinstance(key, tuple) else key
            if language != "en" and value == key or not key or re.search(r"[%{<\\]", value):
                continue
            found.add(re.sub(r"\s+", " ", value.replace("\x04", " ")).strip())
    return sorted(found)


def pieces(rows, language, band, count, chance):
    """Pieces of different texts, from anywhere in them."""
    low, high = (CHARACTERS if language in UNSPACED else BANDS)[band]
    result, seen = [], set()
    rows = list(rows)
    chance.shuffle(rows)
    for row in rows:
        units = list(row.replace(" ", "")) if language in UNSPACED else row.split()
        if len(units) < low:
            continue
        length = chance.randint(low, min(high, len(units)))
        start = chance.randint(0, len(units) - length)
        piece = ("" if language in UNSPACED else " ").join(units[start:start + length])
        letters = sum(c.isalpha() for c in piece)
        if letters < 2 or letters * 2 < len(piece) or piece.lower() in seen:
            continue
        seen.add(piece.lower())
        result.append(piece)
        if len(result) == count:
            break
    return result


def spoken(piece):
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s'\u0300-\u036f\u0900-\u0dff\u0e00-\u0e7f]|_", " ", piece.lower())).strip()


def identify(arguments, home, lines):
    """What the product says of each line."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    run = subprocess.run([arguments.oracy, "analyze", "--jsonl", "--progress", "none", "--home", home], input=text.encode(),
                         stdout=subprocess.PIPE, check=True)
    return [json.loads(line)["text_language"] or {"code": "und", "probability": 0, "reliable": False}
            for line in run.stdout.decode().splitlines()]


def wilson(right, count):
    if not count:
        return 0.0, 0.0
    z, p = 1.96, right / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - half, middle + half


def averages(rows, figure, chance, rounds=1000):
    """The mean over the languages of a figure of their pieces, and the middle 95 % of resamples."""
    groups = {}
    for row in rows:
        groups.setdefault(row["language"], []).append(figure(row))
    groups = [[value for value in group if value is not None] for group in groups.values()]
    groups = [group for group in groups if group]
    mean = sum(sum(group) / len(group) for group in groups) / len(groups)
    values = sorted(sum(sum(chance.choices(group, k=len(group))) / len(group) for group in groups) / len(groups)
                    for _ in range(rounds))
    return mean, values[int(0.025 * rounds)], values[int(0.975 * rounds) - 1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", type=pathlib.Path)
    parser.add_argument("--messages", type=pathlib.Path)
    parser.add_argument("--oracy", default=str(ROOT / ".build/release/oracy"))
    parser.add_argument("--pieces", type=int, default=240, help="of each language and length")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path)
    arguments = parser.parse_args()
    rows = []
    for language, names in SOURCES.items():
        chance = random.Random(f"{arguments.seed} {language}")
        files = [arguments.texts / name for name in names] if arguments.texts else []
        own = [text for path in files for text in texts(path, language)]
        other = messages(arguments.messages, language) if arguments.messages else []
        for band in BANDS:
            half = arguments.pieces // 2 if own and other else arguments.pieces
            found = pieces(own, language, band, half, chance) if own else []
            found += [piece for piece in pieces(other, language, band, arguments.pieces, chance)
                      if piece not in found][:arguments.pieces - len(found)]
            rows += [{"language": language, "band": band, "text": piece} for piece in found]
    if not rows:
        sys.exit("Name --texts, --messages or both.")
    chance = random.Random(arguments.seed)
    codes = sorted(SOURCES)
    with tempfile.TemporaryDirectory() as home:
        for row in rows:
            row["other"] = chance.choice([code for code in codes if code != row["language"]])
        for name, line in (
            ("plain", lambda row: {"text": row["text"]}),
            ("own", lambda row: {"text": row["text"], "language": row["language"]}),
            ("wrong", lambda row: {"text": row["text"], "language": row["other"]}),
            ("spoken", lambda row: {"text": spoken(row["text"])}),
        ):
            for row, found in zip(rows, identify(arguments, home, map(line, rows))):
                row[name] = {"code": {"nb": "no"}.get(found["code"].split("-")[0], found["code"].split("-")[0]),
                             "probability": found["probability"], "reliable": found["reliable"]}
    if arguments.out:
        arguments.out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    report(rows, random.Random(arguments.seed))


def report(rows, chance):
    def right(name):
        return lambda row: float(row[name]["code"] == row["language"])

    def sure(row):
        return right("plain")(row) if row["plain"]["reliable"] else None

    def misled(row):
        return float(row["plain"]["reliable"] and row["plain"]["code"] != row["language"])

    print(f"{len(rows)} pieces\n\n| | " + " | ".join(BANDS) + " |\n|---|" + "---|" * len(BANDS))
    for label, figure in (
        ("right", right("plain")), ("right, in lower case without punctuation", right("spoken")),
        ("`und`", lambda row: float(row["plain"]["code"] == "und")),
        ("reliable", lambda row: float(row["plain"]["reliable"])), ("right, of the reliable", sure),
        ("reliable and wrong", misled), ("right, when its own language is expected", right("own")),
        ("right, when a wrong one is expected", right("wrong")),
    ):
        cells = []
        for band in BANDS:
            mean, low, high = averages([row for row in rows if row["band"] == band], figure, chance)
            cells.append(f"{100 * mean:.1f} % ({100 * low:.1f} to {100 * high:.1f})")
        print(f"| {label} | " + " | ".join(cells) + " |")
    print("\n| language | " + " | ".join(f"{band}: right (interval), reliable and wrong" for band in BANDS) + " |")
    print("|---|" + "---|" * len(BANDS))
    for language in SOURCES:
        cells = []
        for band in BANDS:
            some = [row for row in rows if row["language"] == language and row["band"] == band]
            count = sum(right("plain")(row) for row in some)
            low, high = wilson(count, len(some))
            wrong = sum(misled(row) for row in some)
            cells.append(f"{100 * count / max(1, len(some)):.0f} % ({100 * low:.0f} to {100 * high:.0f}), "
                         f"{100 * wrong / max(1, len(some)):.0f} %")
        print(f"| {language} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
