# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Counts how many parts of recordings in several languages are written in their own language.

    scripts/bench mixed
    .venv/bin/python Benchmarks/bench_mixed.py [--seed N] [--recordings N] [--model DIR] [--program PATH]

Recordings are made of two to four of the fixture's held-out sentences, each in another language than the one before, with
pauses of 0.5 to 1.2 s. A part counts when most of the time of its words is in segments of its language. Results:
Benchmarks/Results/mixed.json.
"""

import argparse
import pathlib
import tempfile

import numpy as np

import bench_quality as quality
import measuring


def trimmed(samples):
    """Without what is quieter than a hundredth of the peak at both ends."""
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    return samples[loud[0] : loud[-1] + 1]


def recording(clips, rng):
    """Samples, and for each part its language, start, end and text."""
    audio, parts, place = [np.zeros(int(0.3 * quality.RATE))], [], 0.3
    language = None
    for _ in range(int(rng.integers(2, 5))):
        language = str(rng.choice([other for other in sorted(clips) if other != language]))
        clip = clips[language][rng.integers(len(clips[language]))]
        speech, pause = trimmed(clip["samples"]), rng.uniform(0.5, 1.2)
        end = place + len(speech) / quality.RATE
        parts.append((language, place, end, clip["text"]))
        audio += [speech, np.zeros(int(pause * quality.RATE))]
        place = sum(map(len, audio)) / quality.RATE
    samples = np.concatenate(audio)
    return samples + 1e-4 * rng.standard_normal(len(samples)), parts


def written(result, start, end):
    """The language that most of the time between two times is written in; None for silence."""
    shares = {}
    for segment in result["segments"]:
        for word in segment["words"]:
            overlap = min(end, word["end"]) - max(start, word["start"])
            if overlap > 0:
                shares[segment["language"]] = shares.get(segment["language"], 0) + overlap
    return max(shares, key=shares.get) if shares else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--recordings", type=int, default=40)
    parser.add_argument("--model", default=str(quality.FIXTURE), help="the Whisper model (the speech fixture)")
    parser.add_argument("--program", help="an oracy that was built already")
    arguments = parser.parse_args()
    program = arguments.program or quality.build()
    rng = np.random.default_rng(arguments.seed)
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as home:
        folder = pathlib.Path(name)
        clips = {}
        for clip in quality.fixture_clips(folder):
            clips.setdefault(clip["language"], []).append(clip)
        items = []
        for number in range(arguments.recordings):
            samples, parts = recording(clips, rng)
            path = folder / f"mixed-{number}.wav"
            quality.write(path, samples)
            items.append({"id": path.stem, "path": path, "parts": parts})
        results, taken = quality.transcribe(program, items, folder, ["--model", arguments.model, "--home", home])
    misses, errors, words, whole = [], 0, 0, 0
    for item in items:
        result = results[item["id"]]
        wrong = [{"recording": item["id"], "language": language, "written": found, "text": text}
                 for language, start, end, text in item["parts"]
                 if (found := written(result, start, end)) != language]
        misses += wrong
        whole += not wrong
        said = quality.words(" ".join(part[3] for part in item["parts"]))
        errors += quality.align(said, quality.words(result["text"]))[0]
        words += len(said)
    count = sum(len(item["parts"]) for item in items)
    print(f"{count - len(misses)} of {count} parts in their language, {whole} of {len(items)} recordings wholly; "
          f"word error rate {100 * errors / words:.1f} %; {taken:.0f} s")
    for miss in misses:
        print(f"  {miss['recording']}: {miss['language']} as {miss['written']}: {miss['text']}")
    measuring.save("mixed", {"machine": measuring.machine(), "arguments": vars(arguments), "parts": count,
                             "right": count - len(misses), "recordings_right": whole,
                             "word_error_rate": errors / words, "misses": misses})


if __name__ == "__main__":
    main()
