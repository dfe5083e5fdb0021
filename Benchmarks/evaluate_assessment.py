# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""How well key point coverage tells dangerous answers, and how close proposed scores come to human graders.

Drives `oracy analyze --jsonl`; needs nothing but Python.

    evaluate_assessment.py adversarial [--oracy PROGRAM] [--folder Tests/Fixtures/assessment/adversarial]
    evaluate_assessment.py grading FILE.tsv... [--oracy PROGRAM] [--every N]

A grading file is tab-separated with the columns id, set, lang, question_id, question, reference, answer, score, score_max.
"""
import argparse
import csv
import json
import math
import pathlib
import subprocess
import sys
from collections import Counter, defaultdict

GOOD = {"correct", "paraphrase", "synonyms", "misspelling"}
EMPTY = {"off_topic", "salad"}
ROOT = pathlib.Path(__file__).resolve().parent.parent


def analyze(program, lines):
    """The results of lines, in order."""
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    run = subprocess.run(
        [program, "analyze", "--jsonl", "--progress", "plain"], input=text.encode(), stdout=subprocess.PIPE, check=False)
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def read_lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def kind(category):
    return "good" if category in GOOD else "empty" if category in EMPTY else "unsafe"


def area(positive, negative):
    """The area under the receiver operating characteristic."""
    wins = sum((a > b) + 0.5 * (a == b) for a in positive for b in negative)
    return wins / (len(positive) * len(negative))


def adversarial(arguments):
    folder = pathlib.Path(arguments.folder)
    questions = {line["question"]: line for line in read_lines(folder / "questions.jsonl")}
    answers = read_lines(folder / "answers.jsonl")
    results = analyze(arguments.oracy, [
        {"id": a["id"], "text": a["text"], "language": "en", "key_points": questions[a["question"]]["key_points"]}
        for a in answers])
    for split in sorted({q["split"] for q in questions.values()}):
        states = defaultdict(Counter)
        similarity = defaultdict(lambda: defaultdict(list))
        for answer, result in zip(answers, results):
            if questions[answer["question"]]["split"] != split:
                continue
            for point in result["keypoints"]:
                if point["id"] not in answer["targets"]:
                    continue
                states[kind(answer["category"])][point["state"]] += 1
                for name, value in point["similarity"].items():
                    similarity[name][kind(answer["category"])].append(value or 0)
        print(split)
        for name in ("unsafe", "good", "empty"):
            total = sum(states[name].values())
            shares = ", ".join(f"{state} {100 * count / total:.1f} %" for state, count in states[name].most_common())
            print(f"  {name:7} {total:4}  {shares}")
        for name, values in similarity.items():
            good = sorted(values["good"])
            limit = good[int(0.15 * len(good))]
            passed = sum(value >= limit for value in values["unsafe"]) / len(values["unsafe"])
            print(f"  {name}: area {area(good, values['unsafe']):.3f}; with 85 % of the good, {100 * passed:.1f} % of the"
                  " unsafe pass")


def pearson(first, second):
    count = len(first)
    mean_a, mean_b = sum(first) / count, sum(second) / count
    cov = sum((a - mean_a) * (b - mean_b) for a, b in zip(first, second))
    spread = math.sqrt(sum((a - mean_a) ** 2 for a in first) * sum((b - mean_b) ** 2 for b in second))
    return cov / spread if spread else 0.0


def solve(matrix, vector):
    """Linear equations by Gauss with pivoting."""
    rows = [row[:] + [value] for row, value in zip(matrix, vector)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(size):
            if row != column:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column])]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def calibrated(features, scores):
    """Ridge regression fitted on even lines, applied to odd ones: predictions and what they should be."""
    train, test = range(0, len(scores), 2), range(1, len(scores), 2)
    width = len(features[0]) + 1
    rows = [[1.0] + list(f) for f in features]
    matrix = [[sum(rows[t][i] * rows[t][j] for t in train) + (0.5 if i == j and i else 0) for j in range(width)]
              for i in range(width)]
    vector = [sum(rows[t][i] * scores[t] for t in train) for i in range(width)]
    weights = solve(matrix, vector)
    return [sum(w * x for w, x in zip(weights, rows[t])) for t in test], [scores[t] for t in test]


def grading(arguments):
    csv.field_size_limit(1 << 24)
    print("set                       n  tfidf  embed  score  calibrated (fitted on one half, measured on the other)")
    for path in arguments.files:
        with open(path, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[:: arguments.every]
        results = analyze(arguments.oracy, [
            {"id": r["id"], "text": r["answer"], "expected": r["reference"], "language": r["lang"]} for r in rows])
        human, columns = [], []
        for row, result in zip(rows, results):
            if "error" in result or result.get("score") is None:
                continue
            similar = result["similarity"] or {}
            points = result["keypoints"] or [{"state": "missing"}]
            named = sum(p["state"] in ("covered", "partial") for p in points) / len(points)
            against = sum(p["state"] == "contradicted" for p in points) / len(points)
            words = len(row["answer"].split())
            human.append(float(row["score"]) / float(row["score_max"] or 1))
            columns.append([
                similar.get("tfidf_cosine") or 0, similar.get("embedding_cosine") or 0, result["score"]["point"],
                similar.get("rouge_l") or 0, named, against, math.log1p(words),
                min(2.0, words / max(1, len(row["reference"].split())))])
        if len(human) < 20:
            continue
        plain = [pearson([c[i] for c in columns], human) for i in range(3)]
        predicted, wanted = calibrated(columns, human)
        print(f"{pathlib.Path(path).stem:22} {len(human):5}  {plain[0]:.3f}  {plain[1]:.3f}  {plain[2]:.3f}  "
              f"{pearson(predicted, wanted):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oracy", default=str(ROOT / ".build/release/oracy"))
    commands = parser.add_subparsers(dest="command", required=True)
    first = commands.add_parser("adversarial")
    first.add_argument("--folder", default=str(ROOT / "Tests/Fixtures/assessment/adversarial"))
    second = commands.add_parser("grading")
    second.add_argument("files", nargs="+")
    second.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    {"adversarial": adversarial, "grading": grading}[arguments.command](arguments)


if __name__ == "__main__":
    sys.exit(main())
