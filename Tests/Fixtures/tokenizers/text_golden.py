#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes what the `tokenizers` library makes of varied texts with the tokenizers of text encoders: ids and offsets.

    python3 -m venv .venv && .venv/bin/pip install tokenizers==0.23.3
    .venv/bin/python Tests/Fixtures/tokenizers/text_golden.py

NAME.json    a small tokenizer: wordpiece (BERT's steps), wordpiece-cased, unigram (XLM-R's steps), roberta
NAME.jsonl   [text, ids, offsets, ids with added tokens recognised, their offsets]; the last two only where they differ

Offsets are in bytes of UTF-8, start and end in turn. The long comparison, with any tokenizer.json:

    text_golden.py --compare TOKENIZER.json FOLDER 20000
    ORACY_TOKENIZER_COMPARISON=FOLDER swift test --filter TextTokenizer
"""
import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from texts import texts

HERE = pathlib.Path(__file__).resolve().parent
COUNT = 700


def dump(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def without_added(tokenizer):
    """The same tokenizer that finds no added tokens in text."""
    file = json.loads(tokenizer.to_str())
    file["added_tokens"] = []
    processor = file["post_processor"]
    if processor and processor["type"] == "TemplateProcessing":
        file["post_processor"] = None
    file["truncation"] = file["padding"] = None
    return Tokenizer.from_str(json.dumps(file))


def tokens(tokenizer, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    places = [0]
    for character in text:
        places.append(places[-1] + len(character.encode()))
    return [encoding.ids, [places[place] for offsets in encoding.offsets for place in offsets]]


def lines(tokenizer, count, seed, longest):
    tokenizer.no_padding()
    tokenizer.no_truncation()
    bare = without_added(tokenizer)
    rng = random.Random(seed)
    names = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    for number, text in enumerate(texts(count, seed, longest)):
        if names and number % 10 == 9:
            place = rng.randrange(len(text) + 1)
            text = text[:place] + "".join(rng.choices([*names, *names, " ", "x"], k=rng.randrange(1, 4))) + text[place:]
        plain = tokens(bare, text)
        found = tokens(tokenizer, text)
        yield [text, *plain] if plain == found else [text, *plain, *found]


def save(tokenizer, name):
    (HERE / f"{name}.json").write_text(dump(json.loads(tokenizer.to_str())) + "\n", encoding="utf-8")
    with open(HERE / f"{name}.jsonl", "w", encoding="utf-8", newline="\n") as file:
        for line in lines(Tokenizer.from_str(tokenizer.to_str()), COUNT, 12, 5):
            file.write(dump(line) + "\n")


def wordpiece(lowercase):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=30))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=900, limit_alphabet=500, show_progress=False,
        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.train_from_iterator(texts(4000, 1), trainer)
    tokenizer.add_tokens([AddedToken("Wörd", single_word=True), AddedToken("ab", normalized=False),
                          AddedToken("abc ", normalized=True, rstrip=True)])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    return tokenizer


def main():
    if len(sys.argv) == 5 and sys.argv[1] == "--compare":
        folder = pathlib.Path(sys.argv[3])
        folder.mkdir(parents=True, exist_ok=True)
        text = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
        (folder / "tokenizer.json").write_text(text, encoding="utf-8")
        with open(folder / "encoded.jsonl", "w", encoding="utf-8", newline="\n") as file:
            for line in lines(Tokenizer.from_str(text), int(sys.argv[4]), 77, 20):
                file.write(dump(line) + "\n")
        return
    save(wordpiece(True), "wordpiece")
    save(wordpiece(False), "wordpiece-cased")


if __name__ == "__main__":
    main()
