# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""The speech engine beside ONNX Runtime, CTranslate2 and PyTorch on the same random weights, and beside its floors.

    scripts/bench speech                                        everything: about a quarter of an hour
    scripts/bench speech --quick                                the least that tells something: about three minutes
    scripts/bench speech --parts engines --models base --threads 1

engines   one window of 30 s, a prompt of four tokens, 64 tokens one by one, the likeliest each time: in rounds, one
          side after the other, warmed up before each turn. In float32 all must write the same tokens.
scaling   our encoder and batches with two threads beside one, and how much faster the machine itself is with two: turns
          right after each other, because its speed swings.
errors    how far the encoder's states are from PyTorch's in float32, with plain weights and with planted outliers.
answers   100 answers of 10 s transcribed together, beside faster-whisper's batched pipeline.

Every combination is a file of its own in Results, so that a part can be measured again without the others; whatever is
there is shown at the end.
"""

import argparse
import functools
import json
import statistics
import subprocess
import sys
import tempfile

import numpy

import measuring
from speech import answers, audio, checkpoints, floors, report

WORK = measuring.HERE + "/.build/speech"
OURS = ("oracy-f32", "oracy-bf16", "oracy-int8")
PEERS = ("onnxruntime-f32", "onnxruntime-int8", "ctranslate2-f32", "ctranslate2-int8", "torch-f32", "torch-bf16")
PACKAGES = ("ctranslate2", "faster-whisper", "onnxruntime", "torch", "transformers")
TOKENS = 64


class Peer:
    """A peer's process, which waits for its turns."""

    def __init__(self, name, checkpoint, threads, window):
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, "-m", "speech.peers", name, str(checkpoint), str(threads), str(window), str(TOKENS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=measuring.HERE)

    def ask(self, order=None):
        if order:
            print(order, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} has ended; see python -m speech.peers in Benchmarks")
        return json.loads(line)

    def turn(self, repeats):
        return self.ask(f"turn {repeats}")

    def states(self, path):
        self.ask(f"states {path}")

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def oracy(program, name, checkpoint, threads, window, repeats, batch=1, states=None):
    command = [program, "bench", "speech", "--model", str(checkpoint), "--precision", name.split("-")[1], "--threads",
               str(threads), "--tokens", str(TOKENS), "--repeats", str(repeats), "--batch", str(batch),
               "--spectrogram", str(window), "--format", "json"]
    if states:
        command += ["--states", str(states)]
    figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"encoder": [figures["encoder_s_min"]], "prefill": [figures["prefill_s_min"]],
            "token": [figures["decoder_ms_per_token_min"]], "tokens": figures["first_tokens"]}


def exported(name, outliers=False):
    """A checkpoint with its exports; made in a process of its own, which takes its memory with it."""
    place = checkpoints.make(WORK, name, outliers)
    if not all((place / kind / "complete").exists() for kind in ("onnx", "ctranslate2")):
        subprocess.run([sys.executable, "-W", "ignore", "-m", "speech.exports", str(place)], check=True,
                       cwd=measuring.HERE, stdout=subprocess.DEVNULL)
    return place


def engines(program, peak_program, name, threads, rounds, repeats):
    checkpoint, window = exported(name), audio.spectrogram(WORK)
    machine = measuring.machine(*PACKAGES)
    peaks = []
    peers = [Peer(peer, checkpoint, threads, window) for peer in PEERS]
    for peer in peers:
        peer.ask()
    turns = {peer.name: functools.partial(peer.turn, repeats) for peer in peers}
    for ours in OURS:
        turns[ours] = functools.partial(oracy, program, ours, checkpoint, threads, window, repeats)
    turns["oracy-int8, 8 texts"] = functools.partial(
        oracy, program, "oracy-int8", checkpoint, threads, window, repeats, batch=8)
    results = {side: [] for side in turns}
    sides = list(turns)
    for number in range(rounds):
        for side in sides[number % len(sides):] + sides[:number % len(sides)]:
            results[side].append(turns[side]())
        peaks.append(floors.measure(peak_program, threads, [name]))
    peak = floors.best(peaks)
    for peer in peers:
        peer.stop()
    exact = {tuple(result["tokens"][:8]) for side, each in results.items() if "-f32" in side for result in each}
    if len(exact) != 1:
        raise SystemExit(f"the float32 sides do not write the same tokens, so they do not do the same work: {exact}")

    def figures(side):
        each = results[side]
        best = {part: [min(result[part]) for result in each] for part in ("encoder", "prefill", "token")}
        return {
            "encoder_s": min(best["encoder"]), "encoder_s_median": statistics.median(best["encoder"]),
            "prefill_s": min(best["prefill"]), "token_ms": min(best["token"]),
            "token_ms_median": statistics.median(best["token"]), "each_round": best,
            "same_tokens": sum(a == b for a, b in zip(each[0]["tokens"], next(iter(exact)))),
        }

    measuring.save(f"speech-engines-{name}-{threads}", {
        "machine": machine, "model": name, "threads": threads, "rounds": rounds, "repeats": repeats,
        "first_tokens": next(iter(exact)), "peak": peak,
        "floors": {precision: floors.floors(name, precision, peak) for precision in floors.BYTES},
        "sides": {side: figures(side) for side in sides},
    })


def scaling(program, peak_program, name, rounds):
    checkpoint, window = exported(name), audio.spectrogram(WORK)
    machine = measuring.machine()
    sides = {f"{ours}, encoder": (ours, "encoder", 1) for ours in OURS}
    sides["oracy-int8, 8 texts, token"] = ("oracy-int8", "token", 8)
    times = {side: {1: [], 2: []} for side in sides}
    peaks = {1: [], 2: []}
    for number in range(rounds):
        for threads in ((1, 2), (2, 1))[number % 2]:
            peaks[threads].append(floors.measure(peak_program, threads, [name]))
        for side, (ours, part, batch) in sides.items():
            for threads in ((1, 2), (2, 1))[number % 2]:
                turn = oracy(program, ours, checkpoint, threads, window, 5, batch=batch)
                times[side][threads].append(min(turn[part]))
    measuring.save(f"speech-scaling-{name}", {
        "machine": machine, "model": name, "rounds": rounds, "times": times,
        "peaks": {kind: {threads: [peak[kind]["gops"] for peak in each] for threads, each in peaks.items()}
                  for kind in floors.BYTES if kind in peaks[1][0]},
    })


def errors(program, name, sides):
    window = audio.spectrogram(WORK)
    machine = measuring.machine(*PACKAGES)
    result = {}
    for kind in ("plain", "outliers"):
        checkpoint = exported(name, outliers=kind == "outliers")
        states = {}
        with tempfile.NamedTemporaryFile() as file:
            for side in sides:
                if side in OURS:
                    oracy(program, side, checkpoint, 2, window, 1, states=file.name)
                else:
                    peer = Peer(side, checkpoint, 2, window)
                    peer.ask()
                    peer.states(file.name)
                    peer.stop()
                states[side] = numpy.fromfile(file.name, numpy.float32).astype(numpy.float64)
        reference = states.pop("torch-f32")
        result[kind] = {side: float(numpy.linalg.norm(numbers - reference) / numpy.linalg.norm(reference))
                        for side, numbers in states.items()}
        for side, error in result[kind].items():
            if side.endswith("-f32") and error > 1e-3:
                raise SystemExit(f"{side} computes other states than PyTorch: {error:.2g}")
    measuring.save(f"speech-errors-{name}", {"machine": machine, "model": name, "relative_error": result})


def together(program, name, threads, beams, count):
    checkpoint = exported(name)
    files = [str(path) for path in audio.answers(WORK, count)]
    silence = audio.silence(WORK)
    order = {"checkpoint": str(checkpoint), "files": files, "threads": threads, "beams": beams, "tokens": 32}
    sides = {
        "oracy-bf16": lambda: answers.ours(program, order | {"precision": "bf16"}, silence),
        "oracy-int8": lambda: answers.ours(program, order | {"precision": "int8"}, silence),
        "faster-whisper int8, times of words": lambda: answers.peer(order | {"compute": "int8", "words": True}),
        "faster-whisper int8": lambda: answers.peer(order | {"compute": "int8", "words": False}),
    }
    machine = measuring.machine(*PACKAGES)
    rows = {}
    for side, run in sides.items():
        rows[side] = run()
        answers.check(side, rows[side], files, order["tokens"])
        rows[side]["audio_seconds_per_second"] = 10 * count / rows[side]["seconds"]
    measuring.save(f"speech-answers-{name}-{threads}-{beams}", {
        "machine": machine, "model": name, "threads": threads, "beams": beams, "answers": count,
        "seconds_each": 10, "tokens_each": order["tokens"], "sides": rows,
    })


def main():
    def several(text):
        return text.split(",")

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="base on one thread, two rounds, 24 answers")
    parser.add_argument("--parts", type=several, default=["engines", "scaling", "errors", "answers"])
    parser.add_argument("--models", type=several, default=["base", "tiny", "small"])
    parser.add_argument("--threads", type=several, default=["1", "2"])
    parser.add_argument("--beams", type=several, default=["1", "5"])
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=1)
    choice = parser.parse_args()
    if choice.quick:
        choice.models, choice.beams, choice.answers, choice.rounds = ["base"], ["1"], 24, 2
    measuring.build("oracy-decode", package=measuring.ROOT)
    program = measuring.build("oracy", package=measuring.ROOT)
    peak_program = measuring.build("machine-peak")
    if "engines" in choice.parts:
        for name in choice.models:
            for threads in choice.threads[:1 if choice.quick else None]:
                engines(program, peak_program, name, int(threads), choice.rounds, choice.repeats)
    if "scaling" in choice.parts and not choice.quick:
        scaling(program, peak_program, "base", 2 * choice.rounds)
    if "errors" in choice.parts:
        errors(program, "base", OURS + ("torch-f32",) if choice.quick else OURS + PEERS)
    if "answers" in choice.parts:
        for beams in choice.beams:
            together(program, "base", max(map(int, choice.threads)), int(beams), choice.answers)
    report.show()


if __name__ == "__main__":
    main()
