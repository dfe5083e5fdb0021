#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes how openai-whisper decodes, with logits, attention and words out of a random generator instead of a model.

    .venv/bin/pip install openai-whisper==20250625
    .venv/bin/python Tests/Fixtures/whisper/golden.py

rules.json       logits before and after the filters; beam searches step by step; rankings; language probabilities
timing.json      median filter, time warping, alignment of tokens, punctuation, words placed into segments
windows.json     whole transcripts from scripted results: segments, windows, prompts
The vocabulary is that of Tests/Fixtures/tokenizers/tokenizer.json; minus infinity is written as null.
"""
import copy
import importlib
import json
import math
import pathlib
import random
import sys
import types

import numpy
import torch

import whisper.decoding as decoding
import whisper.timing as timing
from whisper.tokenizer import Tokenizer
from whisper.utils import compression_ratio

HERE = pathlib.Path(__file__).resolve().parent
transcribe = importlib.import_module("whisper.transcribe")  # the package has a function of this name
sys.path.insert(0, str(HERE.parent / "tokenizers"))
from golden import dump, whisper_specials  # noqa: E402
from texts import texts  # noqa: E402
from whisper_golden import PATTERN, ranks  # noqa: E402
import tiktoken  # noqa: E402


def tokenizer(language="en"):
    table = ranks(HERE.parent / "tokenizers" / "tokenizer.json")
    control, times = whisper_specials(99)
    specials = {name: len(table) + n for n, name in enumerate(control + times)}
    return Tokenizer(tiktoken.Encoding("small", pat_str=PATTERN, mergeable_ranks=table, special_tokens=specials), 99,
                     language, "transcribe")


def finite(values):
    return [None if math.isinf(v) else round(float(v), 6) for v in values]


class TinyTokenizer:
    """A vocabulary of 24 tokens: text 0...9, end 10, control 11...13, timestamps 14...23."""
    eot, no_timestamps, timestamp_begin = 10, 13, 14

    def encode(self, text):
        return [3]


def rules(rng):
    tiny = TinyTokenizer()
    cases = []
    while len(cases) < 250:
        length = rng.randrange(7)
        sampled = [rng.randrange(14, 24) if rng.random() < 0.5 else rng.randrange(10) for _ in range(length)]
        logits = [round(rng.gauss(0, 2.5), 3) for _ in range(24)]
        latest = rng.choice([None, 2, 5])
        suppressed = rng.sample(range(10), 3)
        filters = [decoding.SuppressBlank(tiny, 2), decoding.SuppressTokens(suppressed),
                   decoding.ApplyTimestampRules(tiny, 2, latest)]
        tensor = torch.tensor([logits])
        for rule in filters:
            rule.apply(tensor, torch.tensor([[11, 12] + sampled]))
        if torch.isinf(tensor).all():
            continue  # nothing may follow such a sequence; the rules never lead to it
        cases.append({"sampled": sampled, "logits": logits, "latest": latest, "suppressed": suppressed,
                      "filtered": finite(tensor[0])})
    return cases


class NoCache:
    def rearrange_kv_cache(self, sources):
        self.sources = list(sources)


def beams(rng):
    cases = []
    for number in range(40):
        width = rng.choice([1, 2, 3, 5])
        patience = rng.choice([None, 1.0, 2.0])
        alpha = rng.choice([None, 0.0, 0.6, 1.0])
        cache = NoCache()
        decoder = decoding.BeamSearchDecoder(width, 10, cache, patience)
        decoder.reset()
        tokens = torch.tensor([[11]] * width)
        sums = torch.zeros(width)
        steps = []
        for step in range(rng.randrange(2, 9)):
            rows = 1 if step == 0 else width
            logits = [[round(rng.gauss(0, 2), 3) for _ in range(24)] for _ in range(rows)]
            for row in logits:
                row[10] += step * 0.7
                for token in range(11, 14):
                    row[token] = -math.inf
            tensor = torch.tensor(logits * (width if step == 0 else 1))
            tokens, completed = decoder.update(tokens, tensor, sums)
            sources = [0] * width if step == 0 else cache.sources
            steps.append({"logits": [finite(row) for row in logits], "sources": sources,
                          "beams": tokens[:, 1:].tolist(), "sums": [round(v, 5) for v in sums.tolist()],
                          "completed": bool(completed)})
            if completed:
                break
        final, final_sums = decoder.finalize(tokens[None], sums[None])
        cut = [[t[1:(t == 10).nonzero()[0, 0]] for t in group] for group in final]
        ranked = None
        if all(len(t) for group in cut for t in group):  # the reference divides by the length
            ranked = int(decoding.MaximumLikelihoodRanker(alpha).rank(cut, final_sums)[0])
        cases.append({"width": width, "patience": patience or 1.0, "alpha": alpha, "steps": steps,
                      "final": [t.tolist() for t in cut[0]], "final_sums": [round(v, 5) for v in final_sums[0]],
                      "best": ranked})
    return cases


def languages(rng, names):
    logits = [round(rng.gauss(0, 2), 3) for _ in range(2256 + 110)]
    model = types.SimpleNamespace(
        logits=lambda x, mel: torch.tensor([[logits]]), dims=types.SimpleNamespace(n_audio_ctx=2, n_audio_state=2))
    _, probabilities = decoding.detect_language(model, torch.zeros(2, 2), names)
    return {"logits": logits[2256:], "first": 2256, "probabilities": {k: round(v, 7) for k, v in probabilities.items()}}


def ratios():
    samples = [t for t in texts(60, 21, 12) if t] + ["na " * n for n in (1, 5, 40, 300)]
    return [[text, compression_ratio(text)] for text in samples]


def alignments(rng, names):
    """Attention of two heads in which the tokens follow each other, with noise."""
    cases = []
    for number in range(4):
        text = ["hello world, don't.", "病人每天", "Die Ärztin: nein!", "a"][number]
        language = ["en", "zh", "de", "en"][number]
        names = tokenizer(language)
        tokens = names.encode(text)
        count = len(names.sot_sequence) + 1 + len(tokens) + 1
        positions, frames = 60, [100, 120, 77, 40][number]
        generator = numpy.random.default_rng(number)
        heads = generator.normal(0, 1, (2, count, positions)).astype(numpy.float32).round(3)
        for head in heads:
            for row in range(count):
                head[row, min(positions - 1, row * (frames // 2) // count)] += 6
        logits = generator.normal(0, 1, (count, names.timestamp_begin + 1501)).astype(numpy.float32)

        class Block:
            def __init__(self, index):
                self.cross_attn = self
                self.index = index

            def register_forward_hook(self, hook):
                self.hook = hook
                return types.SimpleNamespace(remove=lambda: None)

        blocks = [Block(0), Block(1)]

        class Model:
            dims = types.SimpleNamespace(n_text_layer=2)
            device = "cpu"
            decoder = types.SimpleNamespace(blocks=blocks)
            alignment_heads = types.SimpleNamespace(indices=lambda: torch.tensor([[0, 1], [0, 0]]))

            def __call__(self, mel, given):
                for block in blocks:
                    block.hook(None, None, (None, torch.from_numpy(heads[block.index])[None, None]))
                return torch.from_numpy(logits)[None]

        words = timing.find_alignment(Model(), names, tokens, torch.zeros(80, 3000), frames)
        probabilities = torch.from_numpy(logits)[len(names.sot_sequence):, : names.eot].softmax(-1)
        cases.append({
            "language": language, "tokens": tokens, "positions": positions, "frames": frames, "count": count,
            "start": len(names.sot_sequence), "heads": [[round(float(v), 3) for v in h.flatten()] for h in heads],
            "probabilities": [float(probabilities[i, t]) for i, t in enumerate(tokens)],
            "words": [[w.word, w.tokens, float(w.start), float(w.end), float(w.probability)] for w in words]})
    return cases


def warps(rng):
    cases = []
    for _ in range(30):
        rows, columns = rng.randrange(1, 7), rng.randrange(1, 10)
        cost = [[rng.randrange(-4, 5) / 2 for _ in range(columns)] for _ in range(rows)]
        path = timing.dtw_cpu(numpy.array(cost))
        cases.append({"cost": cost, "path": path.tolist()})
    return cases


def medians(rng):
    cases = []
    for count in (1, 2, 3, 4, 5, 8, 20):
        values = [rng.randrange(-9, 10) / 4 for _ in range(count)]
        cases.append([values, timing.median_filter(torch.tensor([[values]]), 7)[0, 0].tolist()])
    return cases


WORDS = [" the", " answer", ".", ",", " (", "a", ")", " \"", "well", "!", " is", "?", " -", " it", "'s", " ", "。", " long"]


def scripted_words(rng, count, names, start):
    words, now = [], start
    for _ in range(count):
        now += rng.choice([0, 0, 0, 0.1, 1.5])
        length = rng.choice([0.0, 0.1, 0.2, 0.3, 0.3, 0.4, 0.9, 2.6])
        words.append(timing.WordTiming(rng.choice(WORDS), [rng.randrange(names.eot) for _ in range(rng.randrange(1, 3))],
                                       round(now, 2), round(now + length, 2), round(rng.random(), 3)))
        now += length
    return words


def placed(rng, names):
    cases = []
    for _ in range(60):
        words = scripted_words(rng, rng.randrange(1, 14), names, 0)
        tokens = [t for w in words for t in w.tokens]
        cuts = sorted(rng.sample(range(1, len(tokens)), min(len(tokens) - 1, rng.randrange(3))))
        seek = rng.choice([0, 1234, 30000])
        segments, begin = [], 0
        for end in cuts + [len(tokens)]:
            times = sorted(rng.randrange(0, 800) for _ in range(2))
            segments.append({"seek": seek, "start": seek / 100 + times[0] * 0.02, "end": seek / 100 + times[1] * 0.02,
                             "tokens": [names.timestamp_begin + times[0], *tokens[begin:end],
                                        names.timestamp_begin + times[1]]})
            begin = end
        given = copy.deepcopy(segments)
        last = seek / 100 - rng.choice([0, 0.5, 3])
        alignment = copy.deepcopy(words)
        timing.find_alignment, original = (lambda *a, **k: alignment), timing.find_alignment
        timing.add_word_timestamps(segments=segments, model=None, tokenizer=names, mel=None, num_frames=3000,
                                   last_speech_timestamp=last)
        timing.find_alignment = original
        cases.append({
            "words": [[w.word, w.tokens, w.start, w.end, w.probability] for w in words], "last": last,
            "segments": [[s["seek"], s["start"], s["end"], s["tokens"]] for s in given],
            "placed": [[s["start"], s["end"], [[w["word"], w["start"], w["end"], w["probability"]] for w in s["words"]]]
                       for s in segments]})
    return cases


def windows(rng, names):
    """Runs transcribe() on a model whose results, and whose words' times, come from the generator."""
    cases = []
    control, times = whisper_specials(99)
    transcribe.get_tokenizer = lambda *a, **k: names
    for number in range(120):
        content = rng.choice([1, 500, 2999, 3000, 4200, 9000, 9000, 15000])
        timed = number % 3 > 0
        silence = rng.choice([0.5, 1.0, 2.0, 4.0]) if number % 3 == 2 else None
        prompt = rng.choice([None, " aspirin, ibuprofen "])
        conditions = rng.random() < 0.7
        log = []

        class Model:
            dims = types.SimpleNamespace(n_mels=80, n_audio_ctx=1500, n_text_ctx=448)
            device = torch.device("cpu")
            is_multilingual = True
            num_languages = 99

            def decode(self, mel, options):
                tokens, now = [], 0
                for _ in range(rng.choice([0, 1, 2, 3, 5])):
                    start = min(now + rng.randrange(0, 60), 1490)
                    now = min(start + rng.choice([50, 100, 300, 700]), 1500)
                    tokens += [names.timestamp_begin + start, *(rng.randrange(33, 90) for _ in range(rng.choice([0, 1, 2, 3, 5, 9]))),
                               names.timestamp_begin + now]
                    if now >= 1490:
                        break
                kind = rng.random()
                if kind < 0.3 and tokens:
                    tokens = tokens[:-1]
                elif kind < 0.4:
                    tokens = [t for t in tokens if t < names.eot]
                elif kind < 0.5:
                    tokens = tokens + [names.timestamp_begin + now]
                result = decoding.DecodingResult(
                    audio_features=None, language="en", tokens=tokens, avg_logprob=rng.choice([-0.3, -0.3, -0.9, -1.4]),
                    no_speech_prob=rng.choice([0.1, 0.1, 0.5, 0.8]), temperature=options.temperature,
                    compression_ratio=rng.choice([1.1, 1.1, 1.8, 2.9]))
                log.append({"temperature": options.temperature, "prompt": list(options.prompt), "tokens": tokens,
                            "logprob": result.avg_logprob, "no_speech": result.no_speech_prob,
                            "ratio": result.compression_ratio})
                return result

        def add_words(*, segments, **_):
            for segment in segments:
                count = sum(t < names.eot for t in segment["tokens"])
                doubt = rng.choice([1, 1, 0.1])
                segment["words"] = [
                    {"word": w.word, "start": w.start, "end": w.end, "probability": round(w.probability * doubt, 3)}
                    for w in scripted_words(rng, count, names, segment["start"])]
                if segment["words"]:
                    segment["start"], segment["end"] = segment["words"][0]["start"], segment["words"][-1]["end"]
            log[-1]["words"] = [[s["start"], s["end"], [[w["word"], w["start"], w["end"], w["probability"]]
                                                       for w in s["words"]]] for s in segments]

        transcribe.add_word_timestamps = add_words
        transcribe.log_mel_spectrogram = lambda *a, **k: torch.zeros(80, content + 3000)
        result = transcribe.transcribe(
            Model(), None, language="en", word_timestamps=timed, hallucination_silence_threshold=silence, fp16=False,
            initial_prompt=prompt, condition_on_previous_text=conditions, verbose=None)
        cases.append({"content": content, "timed": timed, "silence": silence, "prompt": prompt, "conditions": conditions,
                      "log": log, "segments": [[s["seek"], s["start"], s["end"], s["tokens"], len(s.get("words", []))]
                                               for s in result["segments"] if s["tokens"]]})
    return cases


def main():
    rng = random.Random(17)
    names = tokenizer()
    (HERE / "rules.json").write_text(dump({
        "filters": rules(rng), "beams": beams(rng), "languages": languages(rng, names), "ratios": ratios()}) + "\n")
    (HERE / "timing.json").write_text(dump({
        "medians": medians(rng), "warps": warps(rng), "alignments": alignments(rng, names),
        "placed": placed(rng, names)}) + "\n")
    (HERE / "windows.json").write_text(dump(windows(rng, names)) + "\n")


if __name__ == "__main__":
    main()
