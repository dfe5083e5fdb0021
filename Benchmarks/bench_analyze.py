# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Compares `oracy analyze --jsonl` with everything installed with the same models in sentence-transformers and
transformers: lines to a second.

A line is an answer of about 150 words with an expected one. Oracy measures it (readability, vocabulary, closeness by
words and by vectors), finds entities by model, grammars and the list of drugs, scores the tone of every sentence, and
judges key points that it proposes from the expected answer. The peers do what models do, and nothing else: vectors of
both texts, a token-classification pipeline over the answers, a text-classification pipeline over their sentences, and
where Oracy's home has the model of entailment another over as many pairs of texts as Oracy asks about: each key point
beside two windows of the answer, here those with most words in common, found before the clock starts; all in batches of
32, sentences and pairs sorted by length. The model of entailment is the same one, its adapter merged into the encoder; of
the others the checkpoints are the same encoder with heads of the same sizes, and what they find is not compared. Loading
is left out on both sides: Oracy's is what one line takes.
"""

import argparse
import json
import os
import pathlib
import random
import re
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


def entailment(transformers, torch, kind):
    """Oracy's model of entailment as a classifier of transformers: the adapter merged into the encoder, the mean of all
    tokens, a head."""
    from safetensors.torch import load_file

    folder = pathlib.Path(measuring.ROOT, "weights", "minilm-entailment")
    description = json.loads((folder / "adapter.json").read_text())
    changes = load_file(folder / "adapter.safetensors")

    class Classifier(transformers.BertPreTrainedModel):
        def __init__(self, config):
            super().__init__(config)
            self.bert = transformers.BertModel(config, add_pooling_layer=False)
            self.classifier = torch.nn.Linear(config.hidden_size, config.num_labels)
            self.post_init()

        def forward(self, input_ids, attention_mask, token_type_ids, **_):
            states = self.bert(input_ids, attention_mask, token_type_ids)[0]
            mask = attention_mask.unsqueeze(-1).to(states.dtype)
            return transformers.modeling_outputs.SequenceClassifierOutput(
                logits=self.classifier((states * mask).sum(1) / mask.sum(1)))

    model = Classifier.from_pretrained(MODEL, num_labels=len(description["labels"]))
    encoder = dict(model.bert.named_parameters())
    with torch.no_grad():
        for name, change in changes.items():
            if name.endswith("lora_A"):
                module = name.removesuffix(".lora_A")
                scale = description["alpha"] / description["rank"]
                encoder[module + ".weight"] += scale * (changes[module + ".lora_B"] @ change)
            elif name.startswith("head."):
                model.classifier.get_parameter(name.removeprefix("head.")).copy_(change)
            elif not name.endswith("lora_B"):
                encoder[name].copy_(change)
    return model.to(kind).eval(), description["max_length"]


def windows(text):
    """Sentences, then pairs of neighbours."""
    parts = [part.strip() for part in re.split(r"(?<=[.!?])\s+", text) if part.strip()]
    return parts + [" ".join(pair) for pair in zip(parts, parts[1:])]


def pairs(rows):
    """What a model of entailment is asked: each key point beside the two windows that have most of its words."""
    asked = []
    for row in rows:
        for label in row.get("labels", []):
            words = set(label.lower().split())
            closest = sorted(windows(row["text"]), key=lambda text: -len(words & set(text.lower().split())))
            asked += [{"text": label, "text_pair": window} for window in closest[:2]]
    return sorted(asked, key=lambda pair: len(pair["text"]) + len(pair["text_pair"]))


def peer(threads, precision, path):
    """A peer's process: each line on the standard input is answered with the seconds that all answers took."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(int(threads))
    kind = torch.bfloat16 if precision == "bf16" else torch.float32
    labels = json.loads(pathlib.Path(measuring.ROOT, "weights", "minilm-entities", "adapter.json").read_text())["labels"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(MODEL)

    def pipeline(task, model, **options):
        return transformers.pipeline(task, model=model, tokenizer=tokenizer, device="cpu", batch_size=BATCH, **options)

    def head(model, count):
        return model.from_pretrained(MODEL, num_labels=count, dtype=kind)

    vectors = SentenceTransformer(MODEL, device="cpu", model_kwargs={"dtype": kind})
    entities = pipeline("token-classification", head(transformers.AutoModelForTokenClassification, len(labels)),
                        aggregation_strategy="simple")
    tone = pipeline("text-classification", head(transformers.AutoModelForSequenceClassification, 3))
    judge, longest = entailment(transformers, torch, kind)
    judging = pipeline("text-classification", judge)
    if precision == "f32":
        check(judging, torch)
    rows = [json.loads(line) for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows]
    sentences = sorted((part for text in texts for part in re.split(r"(?<=[.!?])\s+", text) if part), key=len)
    asked = pairs(rows)
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        vectors.encode(texts + [row["expected"] for row in rows], batch_size=BATCH, show_progress_bar=False)
        entities(texts)
        tone(sentences, truncation=True)
        if asked:
            judging(asked, truncation=True, max_length=longest, top_k=None)
        print(time.perf_counter() - start, flush=True)


def check(judging, torch):
    """Ends unless the peer's model of entailment gives the logits that the tests have."""
    for row in json.loads(pathlib.Path(measuring.ROOT, "Tests/Fixtures/text-heads/entailment.json").read_text("utf-8")):
        if not 0 < len(row["first"].split()) < 30 or not row["second"]:
            continue
        inputs = judging.tokenizer(row["first"], row["second"], return_tensors="pt")
        if (judging.model(**inputs).logits[0] - torch.tensor(row["logits"])).abs().max() > 1e-3:
            raise SystemExit("the merged model of entailment gives other logits than it should")


def oracy(program, home, precision, threads, path):
    """The seconds that a file takes, and its results."""
    start = time.perf_counter()
    written = subprocess.run(
        [program, "analyze", "--jsonl", "--language", "en", "--jobs", str(threads), "--text-precision", precision, path]
        + (["--home", home] if home else []), check=True, capture_output=True, text=True).stdout
    seconds = time.perf_counter() - start
    results = [json.loads(line) for line in written.splitlines()]
    for result in results:
        if not result["similarity"] or result["sentiment"]["label"] == "na" or result["entities_reason"]:
            raise SystemExit("something was left out of the results: is every model installed? See oracy models list")
    return seconds, results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--home", default="", help="where oracy has its models, if not in its usual place")
    parser.add_argument("--precision", default="auto", help="what oracy's models compute with: auto, f32, bf16 or int8")
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
        rows = [{"text": text, "expected": other} for text, other in zip(texts, expected)]
        every, one, given = (os.path.join(folder, name + ".jsonl") for name in ("lines", "line", "peer"))

        def write(path, rows):
            pathlib.Path(path).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

        write(every, rows)
        write(one, rows[:1])
        # The peers are asked about the same key points, where Oracy asks at all.
        for row, result in zip(rows, oracy(program, choice.home, choice.precision, 2, every)[1]):
            row["labels"] = [] if result["keypoints_reason"] else [point["label"] for point in result["keypoints"]]
        write(given, rows)
        count = len(pairs(rows))
        for threads in choice.threads:
            machine = measuring.machine("sentence-transformers", "torch", "transformers")
            peers = {}
            for precision in ("f32", "bf16"):
                peers[f"transformers {precision}"] = process = subprocess.Popen(
                    [sys.executable, "-W", "ignore", __file__, "--peer", threads, precision, given],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                    env=os.environ | {"OMP_NUM_THREADS": threads, "TOKENIZERS_PARALLELISM": "false"})
                if process.stdout.readline() != "ready\n":
                    raise SystemExit(f"the peer has ended; try {__file__} --peer {threads} {precision} FILE")
            results = {side: [] for side in ("oracy", *peers)}
            for _ in range(choice.rounds):
                loading = oracy(program, choice.home, choice.precision, threads, one)[0]
                results["oracy"].append(oracy(program, choice.home, choice.precision, threads, every)[0] - loading)
                for side, process in peers.items():
                    print("turn", file=process.stdin, flush=True)
                    results[side].append(float(process.stdout.readline()))
            for process in peers.values():
                process.stdin.close()
                process.wait()
            print(f"\n{choice.lines} answers of about 150 words, {count} pairs, threads: {threads}, rounds: {choice.rounds}, "
                  f"precision: {choice.precision}")
            ratios = {}
            for side, each in results.items():
                ratios[side] = statistics.median(b / a for a, b in zip(results["oracy"], each))
                print(f"{side:20}{choice.lines / min(each):10,.1f} lines/s   Oracy is {ratios[side]:.2f} times as fast")
            least = min(ratios[side] for side in peers)
            print(f"goal {GOAL}: {'reached' if least >= GOAL else 'missed'}")
            measuring.save(f"analyze-{threads}", {
                "machine": machine, "threads": int(threads), "lines": choice.lines, "pairs": count, "seconds_each_round": results,
                "ratios": ratios})


if __name__ == "__main__":
    main()
