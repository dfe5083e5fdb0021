# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Compares `oracy analyze --jsonl` with everything installed with the same models in sentence-transformers and
transformers: lines to a second.

A line is an answer of about 150 words with an expected one. Oracy measures it (readability, vocabulary, closeness by
words and by vectors), finds entities by model, grammars and the list of drugs, and scores the tone of every sentence. The
peers do what models do, and nothing else: vectors of both texts, a token-classification pipeline over the answers, a
text-classification pipeline over their sentences, in batches of 32. Their checkpoints are the same encoder with heads of
the same sizes; what they find is not compared. Loading is left out on both sides: Oracy's is what one line takes.
"""

import argparse
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import bench_text
import measuring

MODEL = os.path.join(measuring.ROOT, ".models", "all-MiniLM-L6-v2")
BATCH = 32
GOAL = 2.5


def peer(threads, precision, path):
    """A peer's process: each line on the standard input is answered with the seconds that all answers took."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(int(threads))
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    labels = json.loads(pathlib.Path(measuring.ROOT, "weights", "minilm-entities", "adapter.json").read_text())["labels"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(MODEL)

    def pipeline(task, model, count, **options):
        model = model.from_pretrained(MODEL, num_labels=count, dtype=kind)
        return transformers.pipeline(task, model=model, tokenizer=tokenizer, device="cpu", batch_size=BATCH, **options)

    vectors = SentenceTransformer(MODEL, device="cpu", model_kwargs={"dtype": kind})
    entities = pipeline("token-classification", transformers.AutoModelForTokenClassification, len(labels),
                        aggregation_strategy="simple")
    tone = pipeline("text-classification", transformers.AutoModelForSequenceClassification, 3)
    rows = [json.loads(line) for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        vectors.encode(texts + [row["expected"] for row in rows], batch_size=BATCH, show_progress_bar=False)
        entities(texts)
        tone([part + "." for text in texts for part in text.replace("!", ".").replace("?", ".").split(". ") if part],
             truncation=True)
        print(time.perf_counter() - start, flush=True)


def oracy(program, home, threads, path):
    start = time.perf_counter()
    written = subprocess.run(
        [program, "analyze", "--jsonl", "--language", "en", "--jobs", str(threads), path]
        + (["--home", home] if home else []), check=True, capture_output=True, text=True).stdout
    seconds = time.perf_counter() - start
    for line in written.splitlines():
        result = json.loads(line)
        if not result["similarity"] or result["sentiment"]["label"] == "na" or result["entities_reason"]:
            raise SystemExit("something was left out of the results: is every model installed? See oracy models list")
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--home", default="", help="where oracy has its models, if not in its usual place")
    parser.add_argument("--threads", type=lambda text: text.split(","), default=["1", "2"])
    parser.add_argument("--lines", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--program", help="an oracy that is built already")
    choice = parser.parse_args()
    if choice.peer:
        return peer(*choice.peer)
    program = choice.program or measuring.build("oracy", package=measuring.ROOT)
    with tempfile.TemporaryDirectory() as folder:
        rng = random.Random(7)
        texts, expected = bench_text.answers(rng, choice.lines), bench_text.answers(rng, choice.lines)
        lines = [json.dumps({"text": a, "expected": b}) for a, b in zip(texts, expected)]
        every, one = os.path.join(folder, "lines.jsonl"), os.path.join(folder, "line.jsonl")
        pathlib.Path(every).write_text("\n".join(lines) + "\n", encoding="utf-8")
        pathlib.Path(one).write_text(lines[0] + "\n", encoding="utf-8")
        for threads in choice.threads:
            machine = measuring.machine("sentence-transformers", "torch", "transformers")
            peers = {}
            for precision in ("f32", "bf16"):
                peers[f"transformers {precision}"] = process = subprocess.Popen(
                    [sys.executable, "-W", "ignore", __file__, "--peer", threads, precision, every],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                    env=os.environ | {"OMP_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "false"})
                if process.stdout.readline() != "ready\n":
                    raise SystemExit(f"the peer has ended; try {__file__} --peer {threads} {precision} FILE")
            results = {side: [] for side in ("oracy", *peers)}
            for _ in range(choice.rounds):
                loading = oracy(program, choice.home, threads, one)
                results["oracy"].append(oracy(program, choice.home, threads, every) - loading)
                for side, process in peers.items():
                    print("turn", file=process.stdin, flush=True)
                    results[side].append(float(process.stdout.readline()))
            for process in peers.values():
                process.stdin.close()
                process.wait()
            print(f"\n{choice.lines} answers of about 150 words, threads: {threads}, rounds: {choice.rounds}")
            ratios = {}
            for side, each in results.items():
                ratios[side] = statistics.median(b / a for a, b in zip(results["oracy"], each))
                print(f"{side:20}{choice.lines / min(each):10,.1f} lines/s   Oracy is {ratios[side]:.2f} times as fast")
            least = min(ratios[side] for side in peers)
            print(f"goal {GOAL}: {'reached' if least >= GOAL else 'missed'}")
            measuring.save(f"analyze-{threads}", {
                "machine": machine, "threads": int(threads), "lines": choice.lines, "seconds_each_round": results,
                "ratios": ratios})


if __name__ == "__main__":
    main()
