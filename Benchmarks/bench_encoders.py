# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Compares all-MiniLM-L6-v2 as Oracy computes it with PyTorch and ONNX Runtime: sentences to vectors, tokenizers included.

A batch of 32 sentences of 32 tokens. Every side has its turn in every round, warmed up just before; figures are the least
times, ratios medians of the rounds. The peers are at their best: ONNX Runtime with the graph fused as for BERT and
weights quantised dynamically for int8, PyTorch as `transformers` and sentence-transformers run it. The vectors of all
sides must agree, or the bench stops.

Needs the model in .models, where scripts/bootstrap puts it.
"""

import argparse
import functools
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import measuring

MODEL = os.path.join(measuring.ROOT, ".models", "all-MiniLM-L6-v2")
WORK = pathlib.Path(measuring.HERE) / ".build" / "encoders"
OURS = ("oracy-f32", "oracy-bf16", "oracy-int8")
PEERS = ("torch-f32", "torch-bf16", "onnxruntime-f32", "onnxruntime-int8")
SENTENCES, TOKENS = 32, 32
# Cosines with PyTorch's float32 vectors, at least; PyTorch's own in bfloat16 are less exact than ours.
AGREEMENT = {"oracy-f32": 0.99999, "oracy-bf16": 0.9995, "oracy-int8": 0.95, "onnxruntime-f32": 0.99999,
             "onnxruntime-int8": 0.95, "torch-f32": 0.99999, "torch-bf16": 0.99}
GOALS = (("oracy-bf16", "torch-bf16", 1.5), ("oracy-f32", "onnxruntime-f32", 1.1))


def sentences():
    """Sentences of just as many tokens, no two alike."""
    import tokenizers

    import bench_text

    tokenizer = tokenizers.Tokenizer.from_file(MODEL + "/tokenizer.json")
    tokenizer.no_padding()
    rng, found = random.Random(4), []
    while len(found) < SENTENCES:
        words = " ".join(bench_text.sentence(rng) for _ in range(4)).split()
        text = words.pop(0)
        while words and len(tokenizer.encode(text + " " + words[0]).ids) <= TOKENS:
            text += " " + words.pop(0)
        if len(tokenizer.encode(text).ids) == TOKENS:
            found.append(text)
    return found


def export():
    """The graph of ONNX Runtime, fused, in float and in 8-bit integers."""
    import onnx
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer
    from transformers import AutoModel

    WORK.mkdir(parents=True, exist_ok=True)
    # The graph's fusion looks for the attention that is written out.
    model = AutoModel.from_pretrained(MODEL, attn_implementation="eager").eval()

    class States(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = model

        def forward(self, input_ids, attention_mask, token_type_ids):
            return self.model(input_ids=input_ids, attention_mask=attention_mask,
                              token_type_ids=token_type_ids).last_hidden_state

    names = ["input_ids", "attention_mask", "token_type_ids"]
    ids = torch.ones((2, 8), dtype=torch.int64)
    axes = {name: {0: "batch", 1: "tokens"} for name in names + ["states"]}
    plain = str(WORK / "plain.onnx")
    torch.onnx.export(States(), (ids, torch.ones_like(ids), torch.zeros_like(ids)), plain, input_names=names,
                      output_names=["states"], dynamic_axes=axes, opset_version=17, dynamo=False)
    fused = optimizer.optimize_model(plain, model_type="bert", num_heads=12, hidden_size=384)
    print("fused:", fused.get_fused_operator_statistics(), file=sys.stderr)
    fused.save_model_to_file(str(WORK / "f32.onnx"))
    quantize_dynamic(str(WORK / "f32.onnx"), str(WORK / "int8.onnx"), per_channel=True, weight_type=QuantType.QInt8,
                     extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT})


class Torch:
    def __init__(self, precision, threads):
        import torch
        from transformers import AutoModel

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        kind = torch.bfloat16 if precision == "bf16" else torch.float32
        self.torch, self.model = torch, AutoModel.from_pretrained(MODEL, dtype=kind).eval()

    def vectors(self, ids, mask):
        torch = self.torch
        ids, mask = torch.tensor(ids), torch.tensor(mask)
        states = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(states.dtype)
        means = (states * weights).sum(1) / weights.sum(1)
        return torch.nn.functional.normalize(means, dim=1).float().numpy()


class OnnxRuntime:
    def __init__(self, precision, threads):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(WORK / f"{precision}.onnx"), options, providers=["CPUExecutionProvider"])

    def vectors(self, ids, mask):
        import numpy

        ids, mask = numpy.array(ids, numpy.int64), numpy.array(mask, numpy.int64)
        states = self.session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": numpy.zeros_like(ids)})[0]
        means = (states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return means / numpy.linalg.norm(means, axis=1, keepdims=True)


def peer(name, threads, path):
    """A peer's process: a line with a number on the standard input is answered with the seconds of so many batches."""
    import tokenizers

    kind, precision = name.split("-")
    model = {"torch": Torch, "onnxruntime": OnnxRuntime}[kind](precision, int(threads))
    tokenizer = tokenizers.Tokenizer.from_file(MODEL + "/tokenizer.json")
    tokenizer.enable_padding()
    texts = pathlib.Path(path).read_text(encoding="utf-8").splitlines()

    def vectors():
        encodings = tokenizer.encode_batch(texts)
        return model.vectors([each.ids for each in encodings], [each.attention_mask for each in encodings])

    print(json.dumps(vectors().tolist()), flush=True)
    for line in sys.stdin:
        vectors()
        seconds = []
        for _ in range(int(line)):
            start = time.perf_counter()
            vectors()
            seconds.append(time.perf_counter() - start)
        print(json.dumps(seconds), flush=True)


def oracy(program, name, threads, path, repeats, vectors=None):
    command = [program, "bench", "text", "--model", MODEL, "--precision", name.split("-")[1], "--threads", str(threads),
               "--texts", path, "--repeats", str(repeats), "--format", "json"]
    if vectors:
        command += ["--vectors", vectors]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if figures["tokens"] != SENTENCES * TOKENS:
        raise SystemExit(f"{name} has made {figures['tokens']} tokens of the texts")
    return figures["batch_s_min"]


def check(side, vectors, reference):
    import numpy

    cosines = (numpy.asarray(vectors) * reference).sum(1)
    if cosines.min() < AGREEMENT[side]:
        raise SystemExit(f"{side} computes other vectors than PyTorch: a cosine is {cosines.min():.5f}")
    return float(cosines.min())


def measure(program, threads, rounds, repeats, path):
    import numpy

    machine = measuring.machine("onnxruntime", "torch", "transformers", "tokenizers")
    environment = os.environ | {"OMP_NUM_THREADS": str(threads), "MKL_NUM_THREADS": str(threads),
                                "TOKENIZERS_PARALLELISM": "false"}
    processes = {name: subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__, "--peer", name, str(threads), path], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) for name in PEERS}
    vectors = {name: numpy.array(json.loads(process.stdout.readline())) for name, process in processes.items()}
    with tempfile.NamedTemporaryFile() as file:
        for name in OURS:
            oracy(program, name, threads, path, 1, vectors=file.name)
            vectors[name] = numpy.fromfile(file.name, numpy.float32).reshape(SENTENCES, -1)
    cosines = {side: check(side, each, vectors["torch-f32"]) for side, each in vectors.items()}

    def turn(name):
        process = processes[name]
        print(repeats, file=process.stdin, flush=True)
        return min(json.loads(process.stdout.readline()))

    turns = {name: functools.partial(turn, name) for name in PEERS}
    turns |= {name: functools.partial(oracy, program, name, threads, path, repeats) for name in OURS}
    results, sides = {side: [] for side in turns}, list(turns)
    for number in range(rounds):
        for side in sides[number % len(sides):] + sides[:number % len(sides)]:
            results[side].append(turns[side]())
    for process in processes.values():
        process.stdin.close()
        process.wait()

    def ratio(ours, other):
        return [b / a for a, b in zip(results[ours], results[other])]

    print(f"\nall-MiniLM-L6-v2, {SENTENCES} sentences of {TOKENS} tokens, threads: {threads}, rounds: {rounds}")
    print(f"{'':20}{'sentences/s':>12}{'ms a batch':>12}{'least cosine':>14}")
    for side, each in results.items():
        print(f"{side:20}{SENTENCES / min(each):12,.0f}{min(each) * 1000:12.1f}{cosines[side]:14.6f}")
    for ours, other, goal in GOALS:
        each = ratio(ours, other)
        middle = statistics.median(each)
        print(f"{ours} beside {other}: {middle:.2f} ({min(each):.2f} to {max(each):.2f}); of the least times "
              f"{min(results[other]) / min(results[ours]):.2f}; goal {goal}: {'reached' if middle >= goal else 'missed'}")
    measuring.save(f"encoders-{threads}", {
        "machine": machine, "threads": threads, "rounds": rounds, "sentences": SENTENCES, "tokens": TOKENS,
        "seconds_each_round": results, "least_cosine": cosines,
        "ratios": {f"{ours} / {other}": statistics.median(ratio(ours, other)) for ours in OURS for other in PEERS},
    })


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--export", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=lambda text: text.split(","), default=["1", "2"])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--program", help="an oracy that is built already")
    choice = parser.parse_args()
    if choice.peer:
        return peer(*choice.peer)
    if choice.export:
        return export()
    program = choice.program or measuring.build("oracy", package=measuring.ROOT)
    if not (WORK / "int8.onnx").exists():
        subprocess.run([sys.executable, "-W", "ignore", __file__, "--export"], check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "sentences.txt")
        pathlib.Path(path).write_text("\n".join(sentences()) + "\n", encoding="utf-8")
        for threads in choice.threads:
            measure(program, int(threads), choice.rounds, choice.repeats, path)


if __name__ == "__main__":
    main()
