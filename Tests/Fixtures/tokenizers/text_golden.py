#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes what the `tokenizers` library makes of varied texts with the tokenizers of text encoders: ids and offsets.

    python3 -m venv .venv && .venv/bin/pip install tokenizers==0.23.3 sentencepiece==0.2.3 protobuf
    .venv/bin/python Tests/Fixtures/tokenizers/text_golden.py

NAME.json    a small tokenizer: wordpiece (BERT's steps), wordpiece-cased, unigram (XLM-R's steps), roberta
NAME.jsonl   [text, ids, offsets, ids with added tokens recognised, their offsets]; the last two only where they differ

Offsets are in bytes of UTF-8, start and end in turn. The long comparison, with any tokenizer.json:

    text_golden.py --unigram FOLDER      (a tokenizer with the table of XLM-R, too large to be kept)
    text_golden.py --compare TOKENIZER.json FOLDER 20000
    ORACY_TOKENIZER_COMPARISON=FOLDER swift test --filter TextTokenizer
"""
import json
import pathlib
import random
import sys
import tempfile
import unicodedata

from sentencepiece import SentencePieceTrainer, sentencepiece_model_pb2
from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)

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


def roberta():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    names = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                  show_progress=False, special_tokens=names)
    tokenizer.train_from_iterator(texts(4000, 1), trainer)
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    return tokenizer


def rules():
    """A table of characters like nmt_nfkc, but small: compositions, compatibility forms, controls, white space."""
    table = {}
    for code in [*range(0xA0, 0x250), *range(0x1E00, 0x1E60), *range(0x2000, 0x2040), *range(0xFF01, 0xFF5F), 0xFB01, 0x3000]:
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain != chr(code):
            table[chr(code)] = plain
        if len(parts := unicodedata.normalize("NFD", chr(code))) == 2:
            table[parts] = chr(code)
    table |= {chr(code): "" for code in [*range(1, 9), 0x0B, *range(0x0E, 0x20), 0x7F, 0x200B, 0xFEFF]}
    table |= {chr(code): " " for code in (9, 10, 12, 13, 0x85, 0x200E, 0x2028)}
    return "".join("\t".join(" ".join(f"{ord(c):X}" for c in side) for side in rule) + "\n" for rule in table.items())


def unigram(folder, name):
    """SentencePiece's own trainer writes the table of characters, as for XLM-R; the ids are XLM-R's."""
    if name:
        table = {"normalization_rule_name": name}
    else:
        (folder / "rules").write_text(rules())
        table = {"normalization_rule_tsv": str(folder / "rules")}
    lines = [line for line in texts(6000, 1) if line.strip() and "\n" not in line and "\x00" not in line]
    (folder / "text").write_text("\n".join(lines), encoding="utf-8")
    SentencePieceTrainer.train(
        input=str(folder / "text"), model_prefix=str(folder / "model"), vocab_size=1500, character_coverage=0.98,
        **table, hard_vocab_limit=False, num_threads=1, minloglevel=2)
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString((folder / "model.model").read_bytes())
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)]
    vocabulary += [(piece.piece, piece.score) for piece in model.pieces[3:]] + [("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, 3))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(model.normalizer_spec.precompiled_charsmap), normalizers.Replace(Regex(" {2,}"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.add_special_tokens([AddedToken(name, normalized=False) for name in ("<s>", "<pad>", "</s>", "<unk>")])
    tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True, normalized=False)])
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
    if len(sys.argv) == 3 and sys.argv[1] == "--unigram":
        folder = pathlib.Path(sys.argv[2])
        folder.mkdir(parents=True, exist_ok=True)
        unigram(folder, "nmt_nfkc").save(str(folder / "tokenizer.json"))
        return
    save(wordpiece(True), "wordpiece")
    save(wordpiece(False), "wordpiece-cased")
    save(roberta(), "roberta")
    with tempfile.TemporaryDirectory() as folder:
        save(unigram(pathlib.Path(folder), None), "unigram")


if __name__ == "__main__":
    main()
