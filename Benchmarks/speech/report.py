# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""The results of bench_speech.py as tables, beside the goals, and as a drawing."""

import json
import pathlib
import statistics

import measuring
from speech import drawing

RESULTS = pathlib.Path(measuring.HERE) / "Results"
# What the engine must reach in whisper-base's shape on one thread: its side, the part, the peer, how many times faster.
# Of batches, a token of one of eight texts is compared with a token of the peer's only text.
GOALS = (
    ("oracy-int8", "encoder", "onnxruntime-int8", 1.5),
    ("oracy-int8", "encoder", "ctranslate2-int8", 2.5),
    ("oracy-bf16", "encoder", "torch-bf16", 1.5),
    ("oracy-f32", "encoder", "onnxruntime-f32", 1.0),
    ("oracy-int8", "token", "onnxruntime-int8", 1.3),
    ("oracy-int8, 8 texts", "token", "onnxruntime-int8", 3.0),
)
# Two threads beside one.
SCALING_GOAL = 1.8
ERROR_GOALS = {"oracy-int8": 0.0125, "oracy-bf16": 0.004}
ANSWERS_GOAL = 2.0


def read(pattern):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob(pattern))]


def ratio(result, ours, peer, part):
    """How many times faster ours is: the median of the rounds, each of which compares what ran close together."""
    own, other = (result["sides"][side]["each_round"][part] for side in (ours, peer))
    return statistics.median(b / a for a, b in zip(own, other))


def best_peer(result, precision, part):
    """The fastest peer of a precision."""
    unit = {"encoder": "encoder_s", "token": "token_ms"}[part]
    names = [side for side in result["sides"] if side.endswith("-" + precision) and not side.startswith("oracy")]
    return min(names, key=lambda side: result["sides"][side][unit])


def verdict(value, goal):
    return "reached" if value >= goal else "missed"


def engines(result):
    name, threads = result["model"], result["threads"]
    print(f"\nwhisper-{name}, {threads} thread{'s' if threads > 1 else ''}, {result['rounds']} rounds, least times")
    print(f"{'':22}{'encoder s':>10}{'of floor':>9}{'prefill s':>10}{'ms/token':>10}{'of floor':>9}{'tokens':>8}")
    for side, figures in result["sides"].items():
        precision = side.split(",")[0].split("-")[1]
        floor = result["floors"][precision]
        token = "token_of_8_ms" if "8 texts" in side else "token_ms"
        print(f"{side:22}{figures['encoder_s']:10.3f}{floor['encoder_s'] / figures['encoder_s']:9.0%}"
              f"{figures['prefill_s']:10.3f}{figures['token_ms']:10.2f}{floor[token] / figures['token_ms']:9.0%}"
              f"{figures['same_tokens']:>6}/8")
    peak = result["peak"]
    rates = ", ".join(f"{kind} {peak[kind]['gops']:.0f} G/s ({peak[kind]['instructions']})"
                      for kind in ("f32", "bf16", "int8") if kind in peak)
    print(f"peak: {rates}; reading {min(peak['read'].values()):.1f} to {max(peak['read'].values()):.1f} GB/s")
    for precision in ("f32", "bf16", "int8"):
        parts = []
        for part in ("encoder", "token"):
            peer = best_peer(result, precision, part)
            parts.append(f"{part} {ratio(result, 'oracy-' + precision, peer, part):.2f} x {peer}")
        print(f"Oracy {precision} beside the best peer: {', '.join(parts)}")


def goals(result):
    print("\ngoals, whisper-base, one thread (medians of the rounds' ratios)")
    for ours, part, peer, goal in GOALS:
        value = ratio(result, ours, peer, part)
        print(f"{ours + ', ' + part:34}{'x ' + peer:20}{value:6.2f}   goal {goal:4.1f}   {verdict(value, goal)}")


def scaling(result):
    print(f"\ntwo threads beside one, whisper-{result['model']}, {result['rounds']} rounds")
    print(f"{'':30}{'least times':>12}{'median':>8}   of the rounds")

    def row(name, one, two, end=""):
        ratios = sorted(a / b for a, b in zip(one, two))
        print(f"{name:30}{min(one) / min(two):12.2f}{statistics.median(ratios):8.2f}   "
              f"({ratios[0]:.2f} to {ratios[-1]:.2f}){end}")

    for side, times in result["times"].items():
        value = min(times["1"]) / min(times["2"])
        row(side, times["1"], times["2"], f"   goal {SCALING_GOAL:4.1f}   {verdict(value, SCALING_GOAL)}")
    for kind, rates in result["peaks"].items():
        row(f"the machine's {kind} registers", [1 / rate for rate in rates["1"]], [1 / rate for rate in rates["2"]])


def errors(result):
    print(f"\nrelative error of the encoder's states, whisper-{result['model']}")
    plain, outliers = result["relative_error"]["plain"], result["relative_error"]["outliers"]
    print(f"{'':22}{'plain':>10}{'outliers':>10}")
    for side in plain:
        goal = ERROR_GOALS.get(side)
        end = ""
        if goal:
            missed = [kind for kind, value in (("plain", plain), ("outliers", outliers)) if value[side] > goal]
            end = f"   goal {goal}   {'missed: ' + ', '.join(missed) if missed else 'reached'}"
        print(f"{side:22}{plain[side]:10.5f}{outliers[side]:10.5f}{end}")


def answers(result):
    print(f"\n{result['answers']} answers of {result['seconds_each']} s, whisper-{result['model']}, "
          f"{result['threads']} threads, beams {result['beams']}, {result['tokens_each']} tokens each")
    print(f"{'':38}{'audio s/s':>10}{'seconds':>9}{'loading':>9}{'peak MB':>9}")
    sides = result["sides"]
    for side, row in sides.items():
        print(f"{side:38}{row['audio_seconds_per_second']:10.1f}{row['seconds']:9.1f}{row['loading_seconds']:9.1f}"
              f"{row['peak_memory_mb']:9.0f}")
    for ours in ("oracy-int8", "oracy-bf16"):
        for peer in (side for side in sides if side not in ("oracy-int8", "oracy-bf16")):
            value = sides[peer]["seconds"] / sides[ours]["seconds"]
            print(f"{ours:12} x {peer:36}{value:6.2f}   goal {ANSWERS_GOAL:4.1f}   {verdict(value, ANSWERS_GOAL)}")


def show():
    """Prints every result that is there."""
    measured = {(result["model"], result["threads"]): result for result in read("speech-engines-*.json")}
    for (name, threads), result in sorted(measured.items()):
        engines(result)
        drawing.draw(result, RESULTS / f"speech-{name}-{threads}.svg")
    if result := measured.get(("base", 1)):
        goals(result)
    for result in read("speech-scaling-*.json"):
        scaling(result)
    for result in read("speech-errors-*.json"):
        errors(result)
    for result in read("speech-answers-*.json"):
        answers(result)
