#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes what the `tokenizers` library makes of varied texts, with a small vocabulary of its own.

    python3 -m venv .venv && .venv/bin/pip install tokenizers==0.23.3 openai-whisper==20250625
    .venv/bin/python Tests/Fixtures/tokenizers/golden.py

tokenizer.json   byte-level BPE trained on the texts of texts.py, with Whisper's special tokens
encoded.jsonl    [text, ids, ids with added tokens recognised; absent when they are the same]
decoded.jsonl    [ids, text, text without special tokens; absent when it is the same]
added.json       a tokenizer with added tokens that strip, stand alone and overlap, and [text, ids] for it
classes.json     the characters that GPT-2's pattern takes for letters (L), digits (N) and white space (S)
"""
import json
import pathlib
import random

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from whisper.tokenizer import LANGUAGES

from texts import texts

HERE = pathlib.Path(__file__).resolve().parent
COUNT = 2500


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(name, values):
    (HERE / name).write_text("".join(dump(value) + "\n" for value in values), encoding="utf-8", newline="\n")


def whisper_specials(languages=99):
    """The names of Whisper's tokens after those of text, in order, without and with the timestamps."""
    control = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in list(LANGUAGES)[:languages]),
               "<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>",
               "<|notimestamps|>"]
    return control, [f"<|{i * 0.02:.2f}|>" for i in range(1501)]


def train():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2256, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(texts(20000, 1), trainer)
    bare = tokenizer.to_str()
    control, times = whisper_specials()
    tokenizer.add_special_tokens([AddedToken(name, normalized=False) for name in control])
    tokenizer.add_tokens([AddedToken(name, normalized=False) for name in times])
    return tokenizer, Tokenizer.from_str(bare)


def encoded(tokenizer, bare, rng):
    names = [*map(lambda token: token.content, tokenizer.get_added_tokens_decoder().values())]
    for number, text in enumerate(texts(COUNT, 2, 7)):
        if number % 10 == 9:
            place = rng.randrange(len(text) + 1)
            text = text[:place] + "".join(rng.choices(names, k=rng.randrange(1, 3))) + text[place:]
        plain = bare.encode(text).ids
        special = tokenizer.encode(text, add_special_tokens=False).ids
        yield [text, plain] if plain == special else [text, plain, special]


def decoded(tokenizer, rng):
    size = tokenizer.get_vocab_size()
    for number in range(600):
        ids = [rng.randrange(size) if number % 3 == 2 else rng.randrange(94, 300) for _ in range(rng.randrange(14))]
        text, bare = (tokenizer.decode(ids, skip_special_tokens=skip) for skip in (False, True))
        yield [ids, text] if text == bare else [ids, text, bare]


def with_added(bare, rng):
    """Options of added tokens that Whisper does not use but other models do."""
    tokenizer = Tokenizer.from_str(bare.to_str())
    tokenizer.add_special_tokens([
        AddedToken("<mask>", lstrip=True, normalized=False), AddedToken("<r>", rstrip=True, normalized=False),
        AddedToken("<both>", lstrip=True, rstrip=True, normalized=False), AddedToken("<m", normalized=False)])
    tokenizer.add_tokens([
        AddedToken("word", single_word=True), AddedToken("ab", normalized=False), AddedToken("abc", normalized=False),
        AddedToken("é ", normalized=True), AddedToken("the", normalized=True)])
    parts = ["<mask>", "<r>", "<both>", "<m", "word", "ab", "abc", "é ", "the", " ", "  ", "\n", "x", "é", "_", "\u200d", "1",
             "!", "字", "words", "<", "m", "\u0301"]
    cases = ["".join(rng.choices(parts, k=rng.randrange(1, 9))) for _ in range(400)]
    added = json.loads(tokenizer.to_str())["added_tokens"]
    return {"added_tokens": added, "cases": [[text, tokenizer.encode(text).ids] for text in cases]}


def classes():
    splitter = pre_tokenizers.ByteLevel(add_prefix_space=False)
    ranges = {"L": [], "N": [], "S": []}
    for code in [*range(0xD800), *range(0xE000, 0x110000)]:
        c = chr(code)
        cuts = {bounds for _, bounds in splitter.pre_tokenize_str(f"a{c}1{c}!{c}!")}
        if (0, 2) in cuts:
            name = "L"
        elif (1, 4) in cuts:
            name = "N"
        elif (4, 7) in cuts or (3, 7) in cuts:
            continue
        else:
            name = "S"
        last = ranges[name]
        if last and last[-1][1] == code - 1:
            last[-1][1] = code
        else:
            last.append([code, code])
    return ranges


def main():
    rng = random.Random(3)
    tokenizer, bare = train()
    (HERE / "tokenizer.json").write_text(dump(json.loads(tokenizer.to_str())) + "\n", encoding="utf-8")
    write("encoded.jsonl", encoded(tokenizer, bare, rng))
    write("decoded.jsonl", decoded(tokenizer, rng))
    write("added.json", [with_added(bare, rng)])
    write("classes.json", [classes()])


if __name__ == "__main__":
    main()
