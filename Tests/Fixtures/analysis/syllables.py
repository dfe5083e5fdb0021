#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Compares syllable counts with the vowels that espeak-ng speaks: the table of docs/measures.md.

Takes the 8,000 commonest words of each language (wordfreq, PyPI), keeps the half that the rules were not made on, and asks
both libespeak-ng (Debian) and `oracy analyze`.

    python3 -m venv .venv && .venv/bin/pip install wordfreq==3.1.1
    .venv/bin/python Tests/Fixtures/analysis/syllables.py .build/debug/oracy [es fr ...]
"""
import ctypes
import hashlib
import json
import re
import subprocess
import sys
import unicodedata

import wordfreq

VOICES = {"es": "es", "fr": "fr", "de": "de", "it": "it", "nl": "nl", "pt": "pt-br", "ru": "ru", "hu": "hu"}
VOWELS = "aeiouyɑɐɒæəɘɵɜɞɛɤɪɨɔøœɶʊʉʌʏɯɚɝᵻ"
LETTERS = {"ru": "аеёиоуыэюя"}
LATIN = "aeiouyáéíóúàèìòùâêîôûäëïöüãõåœæőű"


class Speech:
    """Phonemes by libespeak-ng."""

    def __init__(self):
        self.library = ctypes.CDLL("libespeak-ng.so.1")
        self.library.espeak_Initialize(2, 0, None, 0)
        self.library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        self.library.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self.library.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]

    def speak(self, voice):
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise SystemExit(f"espeak-ng has no voice {voice}")

    def phonemes(self, word):
        rest, spoken = ctypes.c_char_p(word.encode()), []
        while rest.value:
            part = self.library.espeak_TextToPhonemes(ctypes.byref(rest), 1, 0x02 | ord("_") << 8)
            spoken.append((part or b"").decode())
        return " ".join(spoken)


def is_vowel(phoneme):
    letters = unicodedata.normalize("NFD", phoneme)
    return any(letter in VOWELS for letter in letters) or "\u0329" in letters  # a syllabic consonant


def nuclei(language, phonemes):
    # "??" is how espeak-ng writes the German vowel before r; "ɪ^" is the soft sign.
    phonemes = phonemes.replace("??", "ʊ").replace("ɪ^", "ʲ")
    sounds = [sound for sound in re.split("[_ ]", phonemes) if sound]
    vowels = [is_vowel(sound) for sound in sounds] + [False]
    plain = [sound.lstrip("ˌ") for sound in sounds]
    count = 0
    for index, sound in enumerate(sounds):
        if not vowels[index]:
            continue
        if language == "pt" and sound == "ə" and index and sounds[index - 1][-1] in "ɾr":
            continue  # the vowel after r before a consonant
        if language == "it" and plain[index] in ("i", "ʊ", "ɪ", "u"):
            glide_before = index > 1 and plain[index - 1] in ("i", "ʊ", "ɪ", "u") and vowels[index - 2]
            if vowels[index + 1] or (index and vowels[index - 1] and not glide_before):
                continue  # a glide
        if language == "fr" and plain[index] == "y" and index + 1 < len(sounds) and sounds[index + 1].lstrip("ˈˌ") == "i":
            continue  # the glide of nuit
        count += 1
    return count


def sample(language, speech):
    words = [word for word in wordfreq.top_n_list(language, 12000) if word.isalpha()
             and (re.fullmatch("[а-яё]+", word) if language == "ru" else all(ord(c) < 0x250 for c in word))]
    speech.speak(VOICES[language])
    for word in words[:8000]:
        phonemes = speech.phonemes(word)
        is_number = re.fullmatch("[ivxlcm]+", word)
        is_spelt = not any(c in LETTERS.get(language, LATIN) for c in word)
        if len(word) < 2 or is_number or is_spelt or "(" in phonemes:
            continue
        if hashlib.md5(word.encode()).digest()[0] & 1 and nuclei(language, phonemes):
            yield word, wordfreq.word_frequency(word, language), nuclei(language, phonemes)


def counted(program, language, words):
    lines = "\n".join(json.dumps({"text": word, "language": language}) for word in words)
    output = subprocess.run([program, "analyze", "--jsonl"], input=lines, text=True, capture_output=True, check=True).stdout
    return [json.loads(line)["readability"]["syllables_per_word"] for line in output.splitlines()]


def main():
    program, languages = sys.argv[1], sys.argv[2:] or list(VOICES)
    speech = Speech()
    for language in languages:
        rows = list(sample(language, speech))
        ours = counted(program, language, [word for word, _, _ in rows])
        # A filler of the language has no count.
        pairs = [(row, round(count)) for row, count in zip(rows, ours) if count is not None]
        total = sum(row[1] for row, _ in pairs)
        print(f"{language}: {len(pairs)} words,"
              f" {100 * sum(row[2] == count for row, count in pairs) / len(pairs):.1f} % right,"
              f" {100 * sum(row[1] for row, count in pairs if row[2] == count) / total:.1f} % by occurrence,"
              f" {100 * sum(abs(row[2] - count) <= 1 for row, count in pairs) / len(pairs):.1f} % at most one off,"
              f" {sum((count - row[2]) * row[1] for row, count in pairs) / total:+.3f} syllables")


if __name__ == "__main__":
    main()
