#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes small encoders with random weights and what the `transformers` library makes of some texts with them.

    python3 -m venv .venv && .venv/bin/pip install torch==2.15.0 transformers==5.24.0 tokenizers==0.23.3
    .venv/bin/python Tests/Fixtures/encoders/golden.py

NAME/        a checkpoint of every architecture and head, stored in float32, float16 or bfloat16, one in shards
golden.json  for each the ids, last hidden states and logits of some texts in float32
With a folder of all-MiniLM-L6-v2 as argument, minilm.json is written too: the sentence vectors of its first texts.
"""
import json
import pathlib
import shutil
import sys

import torch
import transformers as hf
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

HERE = pathlib.Path(__file__).resolve().parent
TEXTS = [
    "Take one tablet with food.", "", "The patient should not take ibuprofen with warfarin!", "one", "Ärzte fragen 病人",
    "the answer is that one tablet a day is enough and that more of them would be dangerous",
]
# 17 sentences of different lengths: more rows than one tile has.
SENTENCES = [" ".join(["Take one tablet with food and water every day if the patient is in pain"] * 3)[:length].strip()
             for length in range(6, 180, 11)]


def tokenizer():
    result = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    result.normalizer = normalizers.BertNormalizer()
    result.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=120, show_progress=False,
                                        special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    result.train_from_iterator(TEXTS * 3, trainer)
    result.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return result


def randomize(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            isNorm = "norm" in name.lower() and name.endswith("weight")
            parameter.copy_(1 + 0.2 * noise if isNorm else 0.3 * noise)


def shape(kind, **more):
    if kind is hf.DistilBertConfig:
        return kind(vocab_size=128, dim=24, n_layers=2, n_heads=2, hidden_dim=50, max_position_embeddings=40, **more)
    return kind(vocab_size=128, hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=50,
                max_position_embeddings=40, **more)


MODELS = {
    "bert": (hf.BertModel, hf.BertConfig, {}, "float32"),
    "bert-classes": (hf.BertForSequenceClassification, hf.BertConfig, {"num_labels": 3}, "float16"),
    "bert-tags": (hf.BertForTokenClassification, hf.BertConfig, {"num_labels": 5}, "bfloat16"),
    "distilbert": (hf.DistilBertModel, hf.DistilBertConfig, {}, "bfloat16"),
    "distilbert-classes": (hf.DistilBertForSequenceClassification, hf.DistilBertConfig, {"num_labels": 2}, "float32"),
    "distilbert-tags": (hf.DistilBertForTokenClassification, hf.DistilBertConfig, {"num_labels": 4}, "float16"),
    "roberta": (hf.RobertaModel, hf.RobertaConfig, {}, "float16"),
    "roberta-classes": (hf.RobertaForSequenceClassification, hf.RobertaConfig, {"num_labels": 3}, "bfloat16"),
    "roberta-tags": (hf.RobertaForTokenClassification, hf.RobertaConfig, {"num_labels": 3}, "float16"),
    "xlm-roberta": (hf.XLMRobertaModel, hf.XLMRobertaConfig, {}, "float16"),
    "xlm-roberta-classes": (hf.XLMRobertaForSequenceClassification, hf.XLMRobertaConfig, {"num_labels": 3}, "float32"),
    "xlm-roberta-tags": (hf.XLMRobertaForTokenClassification, hf.XLMRobertaConfig, {"num_labels": 7}, "bfloat16"),
}


def rounded(tensor):
    return [round(number, 6) for number in tensor.flatten().tolist()]


def case(model, ids):
    given = torch.tensor([ids])
    with torch.no_grad():
        out = model(input_ids=given, attention_mask=torch.ones_like(given), output_hidden_states=True)
    result = {"ids": ids, "states": rounded(out.hidden_states[-1][0])}
    if hasattr(out, "logits"):
        result["logits"] = rounded(out.logits[0])
    return result


def main():
    words = tokenizer()
    golden = {}
    for seed, (name, (kind, config, more, stored)) in enumerate(MODELS.items()):
        torch.manual_seed(seed)
        model = kind(shape(config, **more)).eval()
        randomize(model, seed)
        model = model.to(getattr(torch, stored))
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        model.save_pretrained(folder, max_shard_size="20KB" if name == "bert" else "1GB")
        words.save(str(folder / "tokenizer.json"), pretty=False)
        model = model.float()
        golden[name] = [{"text": text, **case(model, words.encode(text).ids)} for text in TEXTS]
    (HERE / "golden.json").write_text(json.dumps(golden, ensure_ascii=False, separators=(",", ":")) + "\n")
    if len(sys.argv) > 1:
        minilm(pathlib.Path(sys.argv[1]))


def minilm(folder):
    model = hf.BertModel.from_pretrained(folder).eval()
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    words.no_padding()
    words.no_truncation()
    vectors = []
    for text in TEXTS + SENTENCES:
        given = torch.tensor([words.encode(text).ids])
        with torch.no_grad():
            states = model(input_ids=given, attention_mask=torch.ones_like(given)).last_hidden_state[0]
        vector = torch.nn.functional.normalize(states.mean(0), dim=0)
        vectors.append({"text": text, "vector": [round(number, 5) for number in vector.tolist()]})
    (HERE / "minilm.json").write_text(json.dumps(vectors, ensure_ascii=False, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
