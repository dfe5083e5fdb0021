#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes what openai-whisper and transformers make of the test signals, and Whisper's mel filters.

    .venv/bin/pip install openai-whisper==20250625 transformers==5.24.0 torch
    .venv/bin/python Tests/Fixtures/mel/golden.py

golden.json      the filters' weights as [filter, frequency, weight], and a list of the spectrograms
spectra.bin      their values, little-endian Float32, [bin, frame]; of the longest, every 100th frame
The signals are those of `signal` below and of Signals in LogMelSpectrogramTests.swift.
"""
import json
import math
import pathlib

import numpy
import torch
from transformers import WhisperFeatureExtractor
from whisper.audio import log_mel_spectrogram, mel_filters, pad_or_trim

HERE = pathlib.Path(__file__).resolve().parent


def noise(count):
    """A linear congruential generator (Knuth 1981), in -1..1."""
    state = 12345
    for _ in range(count):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        yield state / 2**31 - 1


def signal(kind, count):
    """A voice of 20 partials that glides and pauses, in faint noise; or noise alone."""
    samples = numpy.zeros(count)
    for index, random in enumerate(noise(count)):
        time = index / 16000
        if kind == "noise":
            samples[index] = 0.5 * random
            continue
        loudness = max(0.0, math.sin(2 * math.pi * 1.5 * time)) * 0.2
        pitch = 2 * math.pi * (120 * time + 15 * math.sin(time))
        voice = sum(math.sin(partial * pitch) / partial for partial in range(1, 21)) if loudness > 0 else 0.0
        samples[index] = loudness * voice + 0.002 * random
    return samples.astype(numpy.float32)


def main():
    entries, blobs = [], []

    def add(name, kind, count, padding, bins, values, step=1):
        values = numpy.asarray(values, dtype="<f4")[:, ::step]
        blobs.append(values.tobytes())
        entries.append({"name": name, "signal": kind, "samples": count, "padding": padding, "bins": bins,
                        "frames": values.shape[1], "step": step})

    def openai(kind, count, bins, padding=0, step=1):
        add("openai", kind, count, padding, bins, log_mel_spectrogram(signal(kind, count), bins, padding), step)

    openai("voice", 16000, 80)
    openai("voice", 12345, 128)
    openai("noise", 5000, 80)
    openai("voice", 8000, 80, padding=3000)
    openai("voice", 480000, 80, step=100)
    # openai-whisper transforms in single precision and is itself up to 1.1e-5 from these, which are in double.
    for bins, count in ((80, 16000), (128, 12345)):
        extractor = WhisperFeatureExtractor(feature_size=bins)
        values = extractor._np_extract_fbank_features(signal("voice", count)[None], "cpu")[0]
        add("transformers", "voice", count, 0, bins, values)
    for bins in (80, 128):  # the window of 30 s
        extractor = WhisperFeatureExtractor(feature_size=bins)
        values = extractor._np_extract_fbank_features(pad_or_trim(signal("voice", 30000))[None], "cpu")[0]
        add("transformers", "voice", 30000, 450000, bins, values, 100)
    filters = []
    for bins in (80, 128):
        weights = mel_filters("cpu", bins).numpy()
        filters.append([[int(i), int(j), float(weights[i, j])] for i, j in zip(*weights.nonzero())])
    (HERE / "golden.json").write_text(
        json.dumps({"filters": dict(zip(("80", "128"), filters)), "spectra": entries}, separators=(",", ":")) + "\n")
    (HERE / "spectra.bin").write_bytes(b"".join(blobs))


if __name__ == "__main__":
    main()
