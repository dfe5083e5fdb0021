# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Trains: `python train.py CORPUS TOKENIZER OUTPUT --windows 6x16 --minutes 15 [--from CHECKPOINT]`."""

import argparse
import math
import time

import numpy as np
import torch
from torch.nn import functional as F

import sentences
from batches import IGNORED, Batches, Corpus, Vocabulary, log_mel
from model import Whisper

# The cross-attention that training leads: (layer, head), and by how many tokens the token that is heard there comes
# after the one that is read: layer 0 finds what was just read, layer 1 what is to be written next.
GUIDED = [(0, 0, 0), (1, 0, 1), (1, 1, 1)]


# Timestamps are few among the tokens and the hardest of them.
STAMP_WEIGHT = 2


def losses(model, batch, vocabulary, smooth):
    audio, before = model.encoder(batch["mel"], batch["offset"])
    logits, attention = model.decoder(batch["tokens"], audio)
    parts = {}
    targets, logits = batch["targets"], logits.float()
    kept = targets != IGNORED
    log = logits[kept].log_softmax(-1)
    goal = targets[kept]
    loss = -log.gather(1, goal[:, None])[:, 0]
    stamped = goal >= vocabulary.zero
    if stamped.any():  # a timestamp that is a step or two off is nearly right
        steps = torch.arange(-3, 4)
        share = torch.exp(-(steps / 1.2) ** 2 / 2)
        near = goal[stamped][:, None] + steps
        inside = (near >= vocabulary.zero) & (near < vocabulary.size)
        share = share * inside
        picked = log[stamped].gather(1, near.clamp(vocabulary.zero, vocabulary.size - 1))
        loss[stamped] = -(share / share.sum(1, keepdim=True) * picked).sum(1)
        parts["stamps"] = loss[stamped].mean()
    parts["text"] = loss[~stamped].mean()
    share = 1 + (STAMP_WEIGHT - 1) * stamped
    parts["tokens"] = (loss * share).sum() / share.sum()
    parts["phones"] = F.cross_entropy(model.aids["phones"](before).float().flatten(0, 1), batch["phones"].flatten())
    parts["words"] = F.cross_entropy(model.aids["words"](audio).float().flatten(0, 1), batch["words"].flatten())
    places = torch.arange(audio.shape[1])
    guided = []
    for layer, head, ahead in GUIDED:
        scores, spans = attention[layer][:, head], batch["guide"]
        if not ahead:
            spans = F.pad(spans, (0, 0, 1, 0))[:, :-1]
        valid = spans[..., 1] > 0
        first, last = spans[valid].unbind(-1)
        inside = (places >= first[:, None]) & (places < last[:, None])
        weights = scores[valid].log_softmax(-1)
        guided.append(-((weights * inside).sum(-1) / inside.sum(-1)).mean())
    parts["guide"] = sum(guided) / len(guided)
    total = parts["tokens"] + smooth * (parts["phones"] + parts["words"] + 0.5 * parts["guide"])
    return total, parts


@torch.no_grad()
def greedy(model, mel, vocabulary, limit=40, stamped=False):
    """The languages and texts that the model gives for a batch."""
    audio, _ = model.encoder(mel)
    start = torch.full((len(mel), 1), vocabulary.startoftranscript)
    codes = list(vocabulary.language)
    logits, _ = model.decoder(start, audio)
    best = logits[:, 0, [vocabulary.language[c] for c in codes]].argmax(-1)
    tokens = torch.cat([start, torch.tensor([[vocabulary.language[codes[b]]] for b in best]),
                        torch.full((len(mel), 1), vocabulary.transcribe)], 1)
    if not stamped:
        tokens = torch.cat([tokens, torch.full((len(mel), 1), vocabulary.notimestamps)], 1)
    begin, done = tokens.shape[1], torch.zeros(len(mel), dtype=torch.bool)
    for _ in range(limit):
        following = model.decoder(tokens, audio)[0][:, -1].argmax(-1)
        following[done] = vocabulary.endoftext
        done |= following == vocabulary.endoftext
        tokens = torch.cat([tokens, following[:, None]], 1)
        if done.all():
            break
    texts = [vocabulary.tokenizer.decode([t for t in row if t < vocabulary.endoftext]) for row in tokens[:, begin:].tolist()]
    return [codes[b] for b in best], texts, tokens[:, begin:].tolist()


def distance(reference, hypothesis):
    row = list(range(len(hypothesis) + 1))
    for i, a in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(hypothesis, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


def development(model, corpus, vocabulary, batches, count, seconds):
    """Word error rate and right languages of some clips of the development set."""
    chosen = corpus.notes[:: max(len(corpus.notes) // count, 1)]
    waves = np.zeros((len(chosen), round(seconds * 16_000)), np.float32)
    for row, note in enumerate(chosen):
        waves[row, : note["count"]] = corpus.audio[note["offset"] : note["offset"] + note["count"]] / 32768.0
    mel = log_mel(torch.from_numpy(waves), batches.filters, batches.window)
    languages, texts, _ = greedy(model, mel, vocabulary)
    errors = sum(distance(sentences.words(n["text"]), sentences.words(t)) for n, t in zip(chosen, texts))
    return (errors / sum(len(n["starts"]) for n in chosen), np.mean([n["language"] == l for n, l in zip(chosen, languages)]),
            list(zip((n["text"] for n in chosen), texts))[:: max(len(chosen) // 3, 1)])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus"), parser.add_argument("tokenizer"), parser.add_argument("output")
    parser.add_argument("--from", dest="start")
    parser.add_argument("--windows", default="6x16", help="seconds x batch[@share], separated by commas")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--last-rate", type=float, default=1e-4)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--aid", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sharpen", type=float, default=1, help="first spread the timestamps' embeddings by this")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    vocabulary = Vocabulary(options.tokenizer)
    corpus, dev = Corpus(options.corpus, "train", vocabulary), Corpus(options.corpus, "dev", vocabulary)
    model = Whisper(vocabulary.size, vocabulary.zero, len(corpus.phones) + 1, len(corpus.words) + 1)
    if options.start:
        model.load_state_dict(torch.load(options.start)["model"])
    with torch.no_grad():  # their scale bounds how sure the model can be of a step of 20 ms, and grows slowly by itself
        stamps = model.decoder.embed_tokens.weight[vocabulary.zero :]
        stamps.copy_(stamps.mean(0) + options.sharpen * (stamps - stamps.mean(0)))
    print(sum(p.numel() for n, p in model.named_parameters() if "aids" not in n), "parameters", flush=True)
    averaged = Whisper(vocabulary.size, vocabulary.zero, len(corpus.phones) + 1, len(corpus.words) + 1)
    averaged.load_state_dict(model.state_dict())
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in trained if p.ndim > 1], "weight_decay": 0.05},
         {"params": [p for p in trained if p.ndim == 1], "weight_decay": 0.0}], betas=(0.9, 0.98), foreach=True)
    makers, shares = [], []
    for number, window in enumerate(options.windows.split(",")):
        (size, _, share) = window.partition("@")
        seconds, count = size.split("x")
        makers.append(Batches(corpus, float(seconds), int(count), options.seed + number, shifted=float(seconds) < 25))
        shares.append(float(share or 1))
    batches, longest = makers[0], max(m.seconds for m in makers)
    choice = np.random.default_rng(options.seed)
    begun, told, step, spent, kept = time.time(), time.time(), 0, {}, 0.0
    while True:
        batch = makers[choice.choice(len(makers), p=np.array(shares) / sum(shares))].batch()
        passed = (time.time() - begun) / (60 * options.minutes)
        if passed >= 1:
            break
        rate = options.last_rate + (options.rate - options.last_rate) * (1 + math.cos(math.pi * passed)) / 2
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / options.warmup)
        with torch.autocast("cpu", torch.bfloat16):
            loss, parts = losses(model, batch, vocabulary, options.aid)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step += 1
        with torch.no_grad():
            torch._foreach_lerp_([p for p in averaged.parameters()], [p for p in model.parameters()],
                                 max(1 / step, 0.005))
        for name, value in parts.items():
            spent[name] = 0.95 * spent.get(name, value.item()) + 0.05 * value.item()
        if step % 50 == 0:
            print(f"{step} {time.time() - begun:.0f}s cpu {time.process_time():.0f}s rate {rate:.1e} "
                  + " ".join(f"{n} {v:.3f}" for n, v in spent.items()), flush=True)
        if time.time() - told > 180:
            wer, right, examples = development(averaged, dev, vocabulary, batches, 20, longest)
            print(f"dev wer {wer:.3f} languages {right:.2f}", examples, flush=True)
            torch.save({"model": averaged.state_dict()}, options.output)
            told = time.time()
    with torch.autocast("cpu", torch.bfloat16, enabled=False):
        wer, right, examples = development(averaged, dev, vocabulary, batches, 60, longest)
    print(f"end: {step} steps, {time.time() - begun:.0f} s, cpu {time.process_time():.0f} s, dev wer {wer:.3f} "
          f"languages {right:.2f}", examples, flush=True)
    torch.save({"model": averaged.state_dict()}, options.output)


if __name__ == "__main__":
    main()
