# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""What other numbers than float32 change of what is found in texts: vectors, tone, names, key points.

Drives `oracy bench text` and `oracy analyze --jsonl --text-precision`, whose home has every model; needs nothing but Python.

    evaluate_precision.py vectors FILE.tsv... [--model .models/all-MiniLM-L6-v2]
    evaluate_precision.py tone FILE.tsv...
    evaluate_precision.py names FILE.conll...
    evaluate_precision.py coverage FOLDER...

Files of vectors and tone are tab-separated with a column `text`; files of names have a word and its label a line, and an
empty line between sentences; folders of coverage have questions.jsonl and answers.jsonl (Tests/Fixtures/assessment).
"""
import argparse
import array
import csv
import json
import math
import os
import pathlib
import random
import subprocess
import tempfile
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parent.parent
PRECISIONS = ("f32", "bf16", "int8")


def texts(paths, count):
    """Some lines' texts, the same in each run."""
    found = []
    for path in paths:
        with open(path, encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            found += [" ".join(row["text"].split()) for row in rows if (row.get("text") or "").strip()]
    random.Random(4).shuffle(found)
    return found[:count]


def analyze(arguments, lines, precision):
    """The results of lines, in order."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    run = subprocess.run(
        [arguments.oracy, "analyze", "--jsonl", "--text-precision", precision, "--progress", "plain"],
        input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
        env=os.environ | ({"ORACY_HOME": arguments.home} if arguments.home else {}))
    results = [json.loads(line) for line in run.stdout.decode().splitlines()]
    if len(results) != len(lines):
        raise SystemExit(f"{len(lines)} lines gave {len(results)} results")
    return results


def cosine(a, b):
    return sum(x * y for x, y in zip(a, b)) / math.sqrt(sum(x * x for x in a) * sum(y * y for y in b))


def vectors(arguments):
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "texts")
        sentences = texts(arguments.files, arguments.count)
        source.write_text("\n".join(sentences), "utf-8")
        found = {}
        for precision in PRECISIONS:
            target = pathlib.Path(folder, precision)
            subprocess.run(
                [arguments.oracy, "bench", "text", "--model", arguments.model, "--precision", precision, "--repeats", "1",
                 "--texts", source, "--vectors", target], check=True, stdout=subprocess.DEVNULL)
            numbers = array.array("f", target.read_bytes())
            width = len(numbers) // len(sentences)
            found[precision] = [numbers[width * index:width * (index + 1)] for index in range(len(sentences))]
    rng = random.Random(5)
    pairs = [rng.sample(range(len(sentences)), 2) for _ in range(20 * len(sentences))]
    exact = found["f32"]
    for precision in PRECISIONS[1:]:
        others = found[precision]
        each = [cosine(a, b) for a, b in zip(exact, others)]
        moved = [abs(cosine(others[a], others[b]) - cosine(exact[a], exact[b])) for a, b in pairs]
        print(f"{precision}: {len(each)} sentences, cosine with f32 {sum(each) / len(each):.5f}, least {min(each):.5f}; "
              f"{len(moved)} similarities moved by {sum(moved) / len(moved):.4f}, at most {max(moved):.4f}")


def tone(arguments):
    lines = [{"text": text, "language": "en"} for text in texts(arguments.files, arguments.count)]
    found = {precision: [r["sentiment"] for r in analyze(arguments, lines, precision)] for precision in PRECISIONS}
    for precision in PRECISIONS[1:]:
        pairs = list(zip(found["f32"], found[precision]))
        changed = sum(a["label"] != b["label"] for a, b in pairs)
        moved = [abs(a["score"] - b["score"]) for a, b in pairs if a["score"] is not None and b["score"] is not None]
        turned = sum({a["label"], b["label"]} == {"negative", "positive"} for a, b in pairs)
        print(f"{precision}: {len(pairs)} texts, {changed} other labels, {turned} of them from one end to the other; scores "
              f"moved by {sum(moved) / len(moved):.4f}, at most {max(moved):.3f}")


#: Classes of WNUT17 and BC5CDR as ours; those that are none of ours are left out.
CLASSES = {"person": "PERSON", "location": "PLACE", "corporation": "ORG", "group": "ORG", "Chemical": "DRUG",
           "Disease": "CONDITION", "DRUG": "DRUG", "CONDITION": "CONDITION"}


def sentences(path):
    """Each sentence as its words and their labels."""
    words = []
    for line in pathlib.Path(path).read_text("utf-8").splitlines() + [""]:
        parts = line.split("\t") if "\t" in line else line.split()
        if len(parts) >= 2 and not line.startswith("-DOCSTART-"):
            words.append((parts[0], parts[-1]))
        elif words:
            yield words
            words = []


def spans(words):
    found, place, current = set(), 0, None
    for word, label in words + [("", "O")]:
        if label[:1] != "I" and current:
            found.add(tuple(current))
            current = None
        kind = CLASSES.get(label[2:])
        if label[:1] == "B" and kind:
            current = [place, place + len(word), kind]
        elif label[:1] == "I" and current:
            current[1] = place + len(word)
        place += len(word) + 1
    return found


def names(arguments):
    for path in arguments.files:
        wanted = list(sentences(path))[:arguments.count]
        kinds = {span[2] for words in wanted for span in spans(words)}
        lines = [{"text": " ".join(word for word, _ in words), "language": "en"} for words in wanted]
        for precision in PRECISIONS:
            right = found = there = 0
            for words, result in zip(wanted, analyze(arguments, lines, precision)):
                gold = spans(words)
                ours = {(e["start"], e["end"], e["type"]) for e in result["entities"] if e["type"] in kinds}
                right, found, there = right + len(gold & ours), found + len(ours), there + len(gold)
            print(f"{pathlib.Path(path).name} {precision}: {len(lines)} sentences, F1 {2 * right / (found + there):.4f}")


def coverage(arguments):
    for folder in map(pathlib.Path, arguments.files):
        questions = {line["question"]: line for line in map(json.loads, (folder / "questions.jsonl").open(encoding="utf-8"))}
        answers = [json.loads(line) for line in (folder / "answers.jsonl").open(encoding="utf-8")]
        lines = [{"text": a["text"], "language": "en", "key_points": questions[a["question"]]["key_points"]} for a in answers]
        found = {precision: analyze(arguments, lines, precision) for precision in PRECISIONS}
        for precision in PRECISIONS[1:]:
            changes, points, credits = Counter(), 0, []
            for a, b in zip(found["f32"], found[precision]):
                points += len(a["keypoints"])
                for one, other in zip(a["keypoints"], b["keypoints"]):
                    if one["state"] != other["state"]:
                        changes[f"{one['state']} -> {other['state']}"] += 1
                if a["score"]["point"] is not None and b["score"]["point"] is not None:
                    credits.append(abs(a["score"]["point"] - b["score"]["point"]))
            print(f"{folder.name} {precision}: {len(answers)} answers, {points} key points, {sum(changes.values())} other states "
                  f"{dict(changes)}; scores moved by {sum(credits) / max(1, len(credits)):.4f}, at most {max(credits, default=0):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", choices=("vectors", "tone", "names", "coverage"))
    parser.add_argument("files", nargs="+")
    parser.add_argument("--oracy", default=str(ROOT / ".build/release/oracy"))
    parser.add_argument("--home", default="", help="where oracy has its models, if not in its usual place")
    parser.add_argument("--model", default=str(ROOT / ".models/all-MiniLM-L6-v2"))
    parser.add_argument("--count", type=int, default=2000)
    arguments = parser.parse_args()
    globals()[arguments.part](arguments)


if __name__ == "__main__":
    main()
