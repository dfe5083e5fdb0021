# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""The least time that each part could take on this machine: multiply-adds at the peak of the registers for the encoder,
the bytes that must be read at the speed of memory for a token, and both for the prefill."""

import json
import subprocess

from speech.checkpoints import MELS, POSITIONS, SHAPES, VOCABULARY

BYTES = {"f32": 4, "bf16": 2, "int8": 1}
# Between the prompt and the last of 64 tokens.
USUAL_LENGTH = 36


def encoder_work(width, layers):
    """Operations of a window: those of matrices with weights, and those of convolutions and attention."""
    weights = layers * 2 * POSITIONS * 12 * width * width
    attention = layers * 2 * 2 * POSITIONS * POSITIONS * width
    convolutions = 2 * 2 * POSITIONS * 3 * MELS * width + 2 * POSITIONS * 3 * width * width
    return weights, attention + convolutions


def decoder_bytes(width, layers, precision, batch=1):
    """What a step must read: the weights once, and for each text the keys and values of what is heard and said.

    In int8 these are bfloat16, as the engine keeps them.
    """
    weights = (layers * 14 * width * width + VOCABULARY * width) * BYTES[precision]
    positions = POSITIONS + USUAL_LENGTH
    return weights + batch * layers * 2 * positions * width * max(2, BYTES[precision])


def prefill_work(width, layers):
    return layers * 2 * POSITIONS * 2 * width * width


def measure(program, threads, models):
    """The machine's peak with so many threads, as machine-peak gives it."""
    sizes = sorted({decoder_bytes(*SHAPES[name][:2], precision, batch)
                    for name in models for precision in BYTES for batch in (1, 8)})
    shown = subprocess.run([program, str(threads), *map(str, sizes)], check=True, capture_output=True, text=True)
    return json.loads(shown.stdout)


def best(peaks):
    """The best that was ever seen: a machine that others use is not always as fast."""
    result = peaks[0] | {"read": {size: max(peak["read"][size] for peak in peaks) for size in peaks[0]["read"]}}
    for kind in BYTES:
        if kind in result:
            result[kind] = max((peak[kind] for peak in peaks), key=lambda entry: entry["gops"])
    return result


def floors(name, precision, peak):
    """Seconds of the encoder and the prefill, milliseconds of a token alone and of one of eight."""
    width, layers, _ = SHAPES[name]
    # Without instructions of its own, a precision is computed in floats.
    rate = {kind: peak.get(kind, peak["f32"])["gops"] * 1e9 for kind in BYTES}
    weights, rest = encoder_work(width, layers)
    other = rate["f32" if precision == "f32" else "bf16"]

    def step(batch):
        size = decoder_bytes(width, layers, precision, batch)
        return size / (peak["read"][str(size)] * 1e9)

    prefill = prefill_work(width, layers) / rate[precision]
    return {
        "encoder_s": weights / rate[precision] + rest / other,
        "prefill_s": prefill + step(1),
        "token_ms": step(1) * 1000,
        "token_of_8_ms": step(8) / 8 * 1000,
    }
