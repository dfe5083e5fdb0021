# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""How many of the people, organisations, places, medicines and conditions of two test sets `oracy analyze --jsonl` finds.

    evaluate_entities.py FOLDER [--oracy PROGRAM] [--home FOLDER] [--save FILE] [--from FILE]

The folder holds `wnut17_dev.conll` (WNUT17; corporation and group are ORG, other types are dropped) and `bc5cdr_devel.tsv`
(BC5CDR: Chemical is DRUG, Disease is CONDITION), a word and its BIO tag a line. Each is read whole, a sentence a line, as it is
written and as a recogniser writes it: in lower case without punctuation. A span is right if both its ends and its type are.
What the product finds of other types counts nowhere. Intervals: the middle 95 % of 1,000 resamples of sentences, seed 1.

`--save` keeps what was found; `--from` counts again from such a file. Needs nothing but Python.
"""
import argparse
import json
import pathlib
import random
import re
import subprocess
import sys

TYPES = {
    "wnut17_dev.conll": {"person": "PERSON", "location": "PLACE", "corporation": "ORG", "group": "ORG"},
    "bc5cdr_devel.tsv": {"Chemical": "DRUG", "Disease": "CONDITION"},
}
ROOT = pathlib.Path(__file__).resolve().parent.parent


def sentences(path, types):
    """Lists of (word, tag), the tags with the product's types; a type that does not count is O."""
    sentence = []
    for line in path.read_text("utf-8").splitlines() + [""]:
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) < 2:
            if sentence:
                yield sentence
            sentence = []
            continue
        word, tag = parts[0], parts[-1]
        kind = types.get(tag[2:])
        sentence.append((word, tag[:2] + kind if kind else "O"))


def spoken(sentence):
    """As a recogniser writes it; a span whose first word is gone begins later."""
    result = []
    for word, tag in sentence:
        word = re.sub(r"[^\w\s]|_", "", word.lower())
        if not word:
            continue
        if tag[0] == "I" and (not result or result[-1][1][2:] != tag[2:]):
            tag = "B" + tag[1:]
        result.append((word, tag))
    return result


def spans(sentence):
    """(start, end, type) in Unicode scalars of the words with a space between."""
    found, current, place = set(), None, 0
    for word, tag in sentence:
        if tag[0] != "I" and current:
            found.add(tuple(current))
            current = None
        if tag[0] == "B" or tag[0] == "I" and not current:
            current = [place, place + len(word), tag[2:]]
        elif tag[0] == "I":
            current[1] = place + len(word)
        place += len(word) + 1
    if current:
        found.add(tuple(current))
    return found


def analyze(arguments, texts):
    """The entities of each text."""
    lines = "".join(json.dumps({"text": text, "language": "en"}) + "\n" for text in texts)
    command = [arguments.oracy, "analyze", "--jsonl", "--progress", "none"]
    if arguments.home:
        command += ["--home", arguments.home]
    run = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return [json.loads(line)["entities"] for line in run.stdout.decode().splitlines()]


def figures(rows):
    """Precision, recall and F1 of (right, found, there)."""
    right, found, there = (sum(column) for column in zip(*rows))
    return right / max(1, found), right / max(1, there), 2 * right / max(1, found + there)


def interval(rows, rounds=1000, seed=1):
    """The middle 95 % of F1 over resampled sentences."""
    chance = random.Random(seed)
    values = sorted(figures(chance.choices(rows, k=len(rows)))[2] for _ in range(rounds))
    return values[int(0.025 * rounds)], values[int(0.975 * rounds) - 1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--oracy", default=str(ROOT / ".build/release/oracy"))
    parser.add_argument("--home")
    parser.add_argument("--save", type=pathlib.Path)
    parser.add_argument("--from", dest="stored", type=pathlib.Path)
    arguments = parser.parse_args()
    stored = json.loads(arguments.stored.read_text("utf-8")) if arguments.stored else {}
    kept = {}
    print("| file | text | types | entities | precision | recall | F1 | 95 % interval |")
    print("|---|---|---|---|---|---|---|---|")
    for name, types in TYPES.items():
        written = list(sentences(arguments.folder / name, types))
        for way, rows in (("written", written), ("spoken", [s for s in map(spoken, written) if s])):
            key = f"{name} {way}"
            entities = stored.get(key) or analyze(arguments, [" ".join(word for word, _ in row) for row in rows])
            kept[key] = entities
            if len(entities) != len(rows):
                sys.exit(f"{key}: {len(rows)} sentences gave {len(entities)} results")
            kinds = sorted(set(types.values()))
            for wanted in [kinds] + [[kind] for kind in kinds]:
                counts = []
                for row, result in zip(rows, entities):
                    there = {span for span in spans(row) if span[2] in wanted}
                    found = {(e["start"], e["end"], e["type"]) for e in result if e["type"] in wanted}
                    counts.append((len(there & found), len(found), len(there)))
                precision, recall, f1 = figures(counts)
                low, high = interval(counts)
                there = sum(count[2] for count in counts)
                print(f"| {name.split('.')[0]} | {way} | {' '.join(wanted)} | {there} | {precision:.3f} | {recall:.3f} "
                      f"| {f1:.3f} | {low:.3f} to {high:.3f} |", flush=True)
    if arguments.save:
        arguments.save.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
