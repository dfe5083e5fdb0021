# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Compares fluency measures with the scores of experts, recording by recording.

    .venv/bin/python Benchmarks/bench_fluency.py --manifest FOLDER/manifest.tsv [--transcripts FILE.jsonl]

The manifest has the columns file, speaker, transcript and fluency (tab-separated, files beside it), as made from
speechocean762 (Zhang et al. 2021, CC BY 4.0). Recordings are transcribed by `oracy transcribe` with PocketSphinx, unless
--transcripts names what it wrote earlier, and measured by fluency-bench in two ways: as heard, and after the text was
corrected to the manifest's, as people do in the product.

Each measure is compared by Spearman's rho over all recordings. An index is a ridge regression of a few measures on
the scores, fitted on half of the speakers and compared on the other half, for 200 halves drawn at random.

Results: Benchmarks/Results/fluency.json and fluency.svg beside it. The same on every run but for the time.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import tempfile

import numpy as np

import measuring
import plots

HALVES = 200
RIDGE = 1.0
INDICES = {
    "as heard": ["heard log speech_rate_sps", "heard phonation_ratio", "heard mean_conf"],
    "corrected: rate": ["corrected log speech_rate_sps"],
    "corrected: rate and pauses": ["corrected log speech_rate_sps", "corrected phonation_ratio"],
    "corrected, with the pauses as heard": ["corrected log speech_rate_sps", "heard phonation_ratio"],
    "corrected, with the pauses as heard and WER": ["corrected log speech_rate_sps", "heard phonation_ratio", "wer"],
}


def transcribe(folder, rows, results):
    """Writes transcripts of all recordings, a JSON object a line."""
    program = measuring.build("oracy", measuring.ROOT)
    measuring.build("oracy-decode", measuring.ROOT)
    with tempfile.TemporaryDirectory() as home, tempfile.NamedTemporaryFile("w", suffix=".jsonl") as manifest:
        for row in rows:
            print(json.dumps({"id": row["file"], "audio": str(folder / row["file"]), "language": "en"}), file=manifest)
        manifest.flush()
        subprocess.run([program, "transcribe", "--engine", "pocketsphinx", "--home", home, "--format", "verbose_json",
                        "--manifest", manifest.name, "--output", str(results)], check=True)


def measure(rows, transcripts):
    """What fluency-bench makes of the transcripts, in the order of the rows."""
    found = {pathlib.Path(line["id"]).stem: line for line in map(json.loads, transcripts.read_text().splitlines())}
    lines = [json.dumps(found[pathlib.Path(row["file"]).stem] | {"reference": row["transcript"].lower()}) for row in rows]
    out = subprocess.run([measuring.build("fluency-bench")], input="\n".join(lines), capture_output=True, text=True, check=True)
    return [json.loads(line) for line in out.stdout.splitlines()]


def ranks(values):
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[places]


def spearman(x, y):
    return float(np.corrcoef(ranks(x), ranks(y))[0, 1])


def column(measured, name):
    """A measure of all recordings, NaN where it is missing: "heard pause_count", "corrected log speech_rate_sps"."""
    parts = name.split()
    values = [m["wer"] if name == "wer" else m[parts[0]].get(parts[-1]) for m in measured]
    values = np.array([np.nan if value is None else value for value in values], float)
    return np.log(np.maximum(values, 0.05)) if "log" in parts else values


def half(table, scores, speakers, seed):
    """An index fitted on half of the speakers: the others' recordings, their index, and its weights."""
    names = np.unique(speakers)
    np.random.default_rng(seed).shuffle(names)
    fitted = np.isin(speakers, names[::2])
    table = np.where(np.isfinite(table), table, np.nanmedian(table[fitted], axis=0))
    mean, deviation = table[fitted].mean(axis=0), table[fitted].std(axis=0) + 1e-9
    standard = (table - mean) / deviation
    known = standard[fitted]
    weights = np.linalg.solve(known.T @ known + RIDGE * np.eye(known.shape[1]), known.T @ (scores[fitted] - scores[fitted].mean()))
    return ~fitted, scores[fitted].mean() + standard @ weights, weights


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--manifest", type=pathlib.Path)
    parser.add_argument("--transcripts", type=pathlib.Path)
    arguments = parser.parse_args()
    if not arguments.manifest:
        print("fluency: left out, because it needs recordings with scores: --manifest FOLDER/manifest.tsv")
        return
    with open(arguments.manifest, newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    with tempfile.TemporaryDirectory() as folder:
        transcripts = arguments.transcripts or pathlib.Path(folder) / "transcripts.jsonl"
        if not arguments.transcripts:
            transcribe(arguments.manifest.parent, rows, transcripts)
        measured = measure(rows, transcripts)
    scores = np.array([float(row["fluency"]) for row in rows])
    speakers = np.array([row["speaker"] for row in rows])

    names = ["wer"] + [f"{side} {key}" for side in ("heard", "corrected") for key in measured[0][side]]
    single = {}
    for name in names:
        values = column(measured, name)
        known = np.isfinite(values)
        if known.sum() >= 0.3 * len(rows) and np.ptp(values[known]) > 0:
            single[name] = {"n": int(known.sum()), "spearman": spearman(values[known], scores[known])}
    indices = {}
    for name, parts in INDICES.items():
        table = np.stack([column(measured, part) for part in parts], axis=1)
        halves = [half(table, scores, speakers, seed) for seed in range(HALVES)]
        found = np.array([spearman(index[other], scores[other]) for other, index, _ in halves])
        indices[name] = {
            "measures": parts, "median": float(np.median(found)),
            "5% and 95%": [float(value) for value in np.quantile(found, [0.05, 0.95])],
            "share of 0.6 or more": float(np.mean(found >= 0.6)),
            "standardised weights": [float(value) for value in np.median([weights for _, _, weights in halves], axis=0)]}
    result = {"machine": measuring.machine("numpy"), "recordings": len(rows), "speakers": len(set(speakers)),
              "measures": single, "indices": indices}

    print("| measure | n | rho |\n|---|---|---|")
    for name, value in sorted(single.items(), key=lambda item: -abs(item[1]["spearman"])):
        print(f"| {name} | {value['n']} | {value['spearman']:+.2f} |")
    print("\n| index | median rho | 5 % ... 95 % | halves of 0.6 or more |\n|---|---|---|---|")
    for name, value in indices.items():
        low, high = value["5% and 95%"]
        print(f"| {name} | {value['median']:.2f} | {low:.2f} ... {high:.2f} | {100 * value['share of 0.6 or more']:.0f} % |")
    measuring.save("fluency", result)
    series = {}
    for name in ["as heard", list(INDICES)[-1]]:
        table = np.stack([column(measured, part) for part in INDICES[name]], axis=1)
        other, index, _ = half(table, scores, speakers, 0)
        rho = spearman(index[other], scores[other])
        series[f"{name} (rho {rho:.2f})"] = list(zip(scores[other].tolist(), index[other].tolist()))
    plots.lines(str(pathlib.Path(measuring.HERE) / "Results/fluency.svg"), "Fluency of speakers the index was not fitted on",
                "mean score of five experts", "index", series, (0, 10), (0, 10), diagonal=True, joined=False)


if __name__ == "__main__":
    main()
