#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes whisper.json: what openai-whisper's Tokenizer makes of the small vocabulary in tokenizer.json.

    .venv/bin/pip install openai-whisper==20250625
    .venv/bin/python Tests/Fixtures/tokenizers/whisper_golden.py [VOCABULARY.tiktoken OUTPUT.json [LANGUAGES]]

With arguments, the vocabulary is one of OpenAI's, which is too large to be kept here.
"""
import base64
import json
import pathlib
import random
import sys

import tiktoken
from whisper.tokenizer import Tokenizer

from golden import dump, whisper_specials
from texts import texts

HERE = pathlib.Path(__file__).resolve().parent
PATTERN = r"""'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""


def printable_bytes():
    """GPT-2's characters for bytes, inverted."""
    same = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in same]
    return {**{chr(byte): byte for byte in same}, **{chr(256 + n): byte for n, byte in enumerate(others)}}


def ranks(path):
    if path.suffix == ".json":
        spelt = printable_bytes()
        vocabulary = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
        return {bytes(spelt[c] for c in name): rank for name, rank in vocabulary.items()}
    lines = (line.split() for line in path.read_text().splitlines() if line)
    return {base64.b64decode(token): int(rank) for token, rank in lines}


def main(source, output, languages):
    table = ranks(source)
    control, times = whisper_specials(languages)
    specials = {name: len(table) + n for n, name in enumerate(control + times)}
    encoding = tiktoken.Encoding("small", pat_str=PATTERN, mergeable_ranks=table, special_tokens=specials)
    tokenizers = {code: Tokenizer(encoding, languages, code, "transcribe") for code in ["en", "ja", "th", "de"]}
    one = tokenizers["de"]
    rng = random.Random(8)
    samples = []
    for number, text in enumerate(texts(320, 9, 9)):
        tokens = one.encode(text, disallowed_special=())
        if number % 4 == 1:
            tokens = [rng.randrange(94, 300) for _ in range(rng.randrange(1, 12))]
        if number % 4 == 2:
            tokens = [one.timestamp_begin + rng.randrange(700), *tokens, one.timestamp_begin + 700 + rng.randrange(800)]
        if number % 2:
            tokens = tokens + [one.eot]
        split = [[*zip(*tokenizers[code].split_to_word_tokens(tokens))] for code in ("en", "ja")]
        # The reference loses tokens where broken characters are cut off by others; ours loses none.
        if all(sum(len(word[1]) for word in words) == len(tokens) for words in split):
            samples.append([tokens, *split])
    output.write_text(dump({
        "specials": {name: specials[name] for name in [*control, "<|0.00|>", "<|30.00|>"]},
        "sot_sequences": [[code, list(tokenizers[code].sot_sequence)] for code in tokenizers],
        "sot_no_timestamps": list(one.sot_sequence_including_notimestamps),
        "non_speech": list(one.non_speech_tokens),
        "languages": list(one.all_language_codes),
        "words": samples,
        "decoded": [[tokens, one.decode(tokens)] for tokens in
                    ([rng.randrange(one.eot) for _ in range(8)] for _ in range(60))],
    }) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int((sys.argv[3:] or [99])[0]))
    else:
        main(HERE / "tokenizer.json", HERE / "whisper.json", 99)
