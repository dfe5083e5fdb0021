# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""Spoken answers to measure with: espeak-ng reads made-up sentences, so that no detector of speech drops them."""

import pathlib
import random
import subprocess
import wave

import numpy

VOICES = ["en-us", "en-gb", "en-us+f2", "en-us+m3", "en-gb+f4"]
PEOPLE = ["the patient", "her daughter", "the pharmacist", "a customer", "my colleague", "the doctor", "the nurse"]
DEEDS = ["would recommend", "should avoid", "takes", "asked about", "could not tolerate", "explained", "reported"]
THINGS = ["the prescription", "a different treatment", "this medicine", "a lower dose", "the inhaler", "two tablets",
          "a well known side effect", "her blood pressure", "the allergy record", "an appointment"]
TIMES = ["every morning", "after breakfast", "for three days", "before the operation", "in the evening", "last winter"]


def sentence(choose):
    return f"{choose(PEOPLE)} {choose(DEEDS)} {choose(THINGS)} {choose(TIMES)}".capitalize() + "."


def answer(path, number, seconds):
    """Writes an answer of exactly so many seconds, unless it is there."""
    if path.exists():
        return path
    choose = random.Random(number).choice
    # Nobody says more than five of these in ten seconds.
    text = " ".join(sentence(choose) for _ in range(seconds))
    raw = path.with_suffix(".raw.wav")
    subprocess.run(["espeak-ng", "-v", VOICES[number % len(VOICES)], "-s", "165", "-w", raw, text], check=True)
    with wave.open(str(raw)) as source, wave.open(str(path), "wb") as result:
        result.setparams(source.getparams())
        frames = seconds * source.getframerate()
        spoken = source.readframes(frames)
        if len(spoken) != 2 * frames:
            raise SystemExit(f"espeak-ng spoke for less than {seconds} s")
        result.writeframes(spoken)
    raw.unlink()
    return path


def answers(folder, count, seconds=10):
    """So many answers of so many seconds; gives their paths."""
    folder = pathlib.Path(folder) / "answers"
    folder.mkdir(parents=True, exist_ok=True)
    return [answer(folder / f"{number:03}-{seconds}.wav", number, seconds) for number in range(count)]


def silence(folder, seconds=10):
    """A recording in which nobody speaks; gives its path."""
    path = pathlib.Path(folder) / "silence.wav"
    with wave.open(str(path), "wb") as result:
        result.setparams((1, 2, 16000, 0, "NONE", "none"))
        result.writeframes(bytes(2 * 16000 * seconds))
    return path


def spectrogram(folder):
    """The log-mel spectrogram of a window of 30 s of speech, as floats in a file; gives its path."""
    path = pathlib.Path(folder) / "window.raw"
    if not path.exists():
        from faster_whisper.audio import decode_audio
        from transformers import WhisperFeatureExtractor

        speech = decode_audio(str(answer(pathlib.Path(folder) / "window.wav", 1, 30)), sampling_rate=16000)
        features = WhisperFeatureExtractor(feature_size=80)(speech, sampling_rate=16000, return_tensors="np")
        features["input_features"].astype(numpy.float32).tofile(path)
    return path
