# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""The fixture's vocabulary: `python tokenizer.py FOLDER`. A byte-level BPE of the grammars, then Whisper's own tokens.

The order of the control tokens is that of openai-whisper's tokenizer.py.
"""

import json
import pathlib
import random
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

import sentences

MERGES = 300
LANGUAGES = list(sentences.LANGUAGES)
CONTROLS = (["<|endoftext|>", "<|startoftranscript|>"] + [f"<|{code}|>" for code in LANGUAGES]
            + ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>",
               "<|notimestamps|>"])
TIMESTAMPS = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]


def main(folder):
    rng = random.Random(2)
    corpus = [" " + sentences.sentence(code, rng) for code in LANGUAGES for _ in range(3000)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=256 + MERGES, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(corpus, trainer)
    tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True) for token in CONTROLS])
    tokenizer.add_tokens([AddedToken(token, normalized=False, special=False) for token in TIMESTAMPS])
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    tokenizer.model.save(str(folder))
    text = tokenizer.get_vocab_size(with_added_tokens=False)
    added = {token: text + i for i, token in enumerate(CONTROLS + TIMESTAMPS)}
    assert all(tokenizer.token_to_id(token) == number for token, number in added.items())
    settings = {
        "tokenizer_class": "WhisperTokenizer", "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>",
        "unk_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "add_prefix_space": False, "model_max_length": 448,
        "clean_up_tokenization_spaces": False, "return_attention_mask": False, "errors": "replace"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
    (folder / "added_tokens.json").write_text(json.dumps(added) + "\n")
    (folder / "special_tokens_map.json").write_text(json.dumps(
        {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>",
         "unk_token": "<|endoftext|>", "additional_special_tokens": CONTROLS}) + "\n")
    print(text, "tokens of text,", text + len(added), "in all")


if __name__ == "__main__":
    main(sys.argv[1])
