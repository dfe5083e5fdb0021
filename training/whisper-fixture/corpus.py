# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Speaks the corpus: `python corpus.py FOLDER [UTTERANCES_PER_LANGUAGE]`. Takes a few minutes and 1 GB."""

import json
import random
import subprocess
import sys
import tempfile

import numpy as np
import soundfile

import sentences
from speak import RATE, Speaker, resample


def times(starts, phones, end, lengths):
    """Every word's start and end, and which starts espeak-ng itself gave; the others follow from the words' lengths."""
    exact = [start is not None for start in starts]
    starts = list(starts)
    for index, start in enumerate(starts):
        if start is None:
            previous = starts[index - 1]
            following = next((s for s in starts[index + 1 :] if s is not None), end)
            share = lengths[index - 1] / (lengths[index - 1] + lengths[index])
            guess = previous + share * (following - previous)
            starts[index] = min((t for _, t in phones if previous < t < following), key=lambda t: abs(t - guess),
                                default=guess)
    return starts, starts[1:] + [end], exact


def command(note, path):
    """The command line that speaks an utterance into a file."""
    return ["espeak-ng", "-v", note["voice"], "-s", str(note["speed"]), "-p", str(note["pitch"]), "-w", path, note["text"]]


def from_command(note):
    """The samples that espeak-ng's program writes: the library's, but for noise that it draws and a silent end."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(command(note, file.name), check=True)
        samples, rate = soundfile.read(file.name, dtype="float32")
    return np.round(resample(samples, rate) * 32767).clip(-32768, 32767).astype(np.int16)


def utterance(speaker, language, text, voice, speed, pitch):
    """One spoken sentence, as integers, with what is known about it."""
    samples, starts, phones = speaker.speak(text, voice, speed, pitch)
    loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
    first, last = loud[0] / RATE, (loud[-1] + 1) / RATE
    starts, ends, exact = times(starts, phones, last, [len(w) for w in text.split(" ")])
    return np.round(samples * 32767).clip(-32768, 32767).astype(np.int16), {
        "language": language, "text": text, "voice": voice, "speed": speed, "pitch": pitch,
        "begin": round(max(first, 0), 3), "end": round(last, 3), "starts": [round(t, 3) for t in starts],
        "ends": [round(t, 3) for t in ends], "exact": exact, "phones": [[p, round(t, 3)] for p, t in phones]}


def main(folder, count):
    rng, speaker = random.Random(1), Speaker()
    sets = {"train": [], "dev": [], "test": []}
    for language, bases in sentences.BASES.items():
        kept_back = sentences.held_out(language)
        voices = [f"{b}+{v}" for b in bases for v in sentences.VARIANTS if v != sentences.HELD_OUT_VARIANT[language]]

        def drawn():
            speed = rng.choice([s for s in range(130, 191) if not 157 <= s <= 163])
            return rng.choice(voices), speed, rng.randint(35, 65)

        texts = []
        while len(texts) < count:
            text = sentences.sentence(language, rng)
            if text not in kept_back:
                texts.append(text)
        sets["train"] += [(language, text, *drawn()) for text in texts]
        sets["dev"] += [(language, text, *drawn()) for text in kept_back[20:40]]
        voice = f"{bases[0]}+{sentences.HELD_OUT_VARIANT[language]}"
        sets["test"] += [(language, text, voice, sentences.HELD_OUT_SPEED, 50) for text in kept_back[:20]]
    for name, plan in sets.items():
        audio, notes, offset = [], [], 0
        for item in sorted(plan, key=lambda i: i[2]):
            samples, note = utterance(speaker, *item)
            if name == "test":
                samples = from_command(note)
            note["offset"], note["count"] = offset, len(samples)
            offset += len(samples)
            audio.append(samples)
            notes.append(note)
        np.save(f"{folder}/{name}.npy", np.concatenate(audio))
        with open(f"{folder}/{name}.json", "w") as file:
            json.dump(notes, file, ensure_ascii=False)
        print(name, len(notes), "utterances,", round(offset / RATE), "s,",
              len({n["text"] for n in notes}), "sentences")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 2500)
