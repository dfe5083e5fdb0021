# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Trains one model: `python train.py --data DIR --base DIR --task entities|sentiment --out FILE`.

Rank 0 trains every weight of the layers (a teacher); any other rank trains an adapter, which may learn from teachers too.
"""

import argparse
import json
import math
import random
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

import augment
import data
import measure
from model import POLARITIES, TAGS, Adapted, Cutter, batch

LONGEST = 128


class Examples(torch.utils.data.Dataset):
    """One pass over a task's examples, changed anew in each pass."""

    def __init__(self, task, kind, cutter, seed, teachers, longest, **counts):
        self.kind, self.cutter, self.seed, self.task = kind, cutter, seed, task
        self.examples = task.epoch(seed, teachers, **counts)
        if longest:
            self.examples = [example for index, example in enumerate(self.examples) if self.size(index) <= longest]

    def __len__(self):
        return len(self.examples)

    def size(self, index):
        return len(self.examples[index][0]) // (1 if self.kind == "entities" else 5)

    def __getitem__(self, index):
        rng = augment.generator(self.seed, index)
        if self.kind == "sentiment":
            text, target, weight = self.examples[index]
            pieces = self.cutter(augment.changed_text(text, rng))
            return cut(pieces), target, weight
        words, sets = self.task.changed(*self.examples[index], rng)
        pieces = self.cutter(" ".join(words))
        return cut(pieces), piece_sets(words, sets, pieces)[:LONGEST]


def cut(pieces):
    return pieces.ids[:LONGEST], pieces.cases[:LONGEST], pieces.caseless


def piece_sets(words, sets, pieces):
    """The tags that each piece may have, from those of its word: what begins in the first piece goes on in the others."""
    place, owner = 0, []
    for index, word in enumerate(words):
        owner.extend([index] * (len(word) + 1))
    result, before = [], -1
    for start, _ in pieces.offsets:
        index = owner[start]
        result.append(sets[index] if index != before else data.continued(sets[index]) if sets[index] else 0)
        before = index
    return result


def batches(examples, size, rng):
    """Indices of examples of similar length, in random order."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    groups = []
    for first in range(0, len(order), size * 50):
        chunk = sorted(order[first : first + size * 50], key=examples.size)
        groups.extend(chunk[i : i + size] for i in range(0, len(chunk), size))
    rng.shuffle(groups)
    return groups


class Collate:
    def __init__(self, cutter, kind):
        self.cutter, self.kind = cutter, kind

    def __call__(self, rows):
        inputs = batch(self.cutter, [row[0] for row in rows])
        if self.kind == "sentiment":
            return *inputs, torch.tensor([row[1] for row in rows]), torch.tensor([row[2] for row in rows])
        sets = torch.zeros(inputs[0].shape, dtype=torch.long)
        for index, (_, found) in enumerate(rows):
            sets[index, 1 : len(found) + 1] = torch.tensor(found, dtype=torch.long)
        return *inputs, sets, None


def entity_loss(logits, sets, mask, teaching, share):
    """-log of the probability that the tags have which each piece may have; and the distance from the teachers' tags."""
    bits = (sets.unsqueeze(-1) >> torch.arange(len(TAGS), device=sets.device)) & 1
    scores = F.log_softmax(logits.float(), -1)
    known = sets > 0
    loss = -torch.logsumexp(scores.masked_fill(bits == 0, -1e4), -1)
    loss = (loss * known).sum() / known.sum().clamp(min=1)
    if teaching is None:
        return loss
    bits = torch.where(known.unsqueeze(-1), bits, torch.ones_like(bits))
    taught = teaching * bits + 1e-6
    taught = taught / taught.sum(-1, keepdim=True)
    inner = mask.clone()
    inner[:, 0] = 0
    distance = (taught * (taught.log() - scores)).sum(-1)
    return share * loss + (1 - share) * (distance * inner).sum() / inner.sum()


def sentiment_loss(logits, target, weight, teaching, share):
    scores = F.log_softmax(logits.float(), -1)
    loss = -(target * scores).sum(-1)
    if teaching is not None:
        loss = share * loss + (1 - share) * -(teaching * scores).sum(-1)
    return (loss * weight).sum() / weight.sum()


def main():
    parser = argparse.ArgumentParser()
    for name in ("data", "base", "task", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--cases", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--epochs", type=float, default=6)
    parser.add_argument("--seconds", type=float, default=1e9, help="training ends at this time at the latest")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--share", type=float, default=0.5, help="how much of the loss is the labels', the rest is the teachers'")
    parser.add_argument("--teachers", nargs="*", default=[])
    parser.add_argument("--start", help="an adapter to go on from")
    parser.add_argument("--warmup", type=int, default=200, help="steps until the rate is reached")
    parser.add_argument("--longest", type=int, default=0, help="leave out what has more words; for a short run on a processor")
    parser.add_argument("--templates", type=int, help="how many of our own sentences are in each pass")
    parser.add_argument("--phrasings", type=int, help="for sentiment: how many of those of phrasings.py")
    parser.add_argument("--unmeasured", action="store_true", help="leave the figures of the held-out parts out")
    parser.add_argument("--threads", type=int, default=1, help="more are slower where a processor is shared")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    cutter = Cutter(options.base)
    folder = data.Folder(options.data)
    entity_task = options.task == "entities"
    task = (data.Entities if entity_task else data.Sentiment)(folder)
    labels, pooled = (TAGS, False) if entity_task else (POLARITIES, True)
    model = Adapted(options.base, labels, pooled, options.rank, "case" if options.cases else None).to(device)
    if options.start:
        model.restore(load_file(options.start))
    teachers = []
    for path in options.teachers:
        teacher = Adapted(options.base, labels, pooled, 0, "case" if options.cases else None).restore(load_file(path))
        teachers.append(teacher.to(device).eval())
    learning = {n: p for n, p in model.named_parameters() if p.requires_grad}
    small = [p for n, p in learning.items() if p.ndim == 1 or "token_type" in n]
    large = [p for n, p in learning.items() if p.ndim > 1 and "token_type" not in n]
    optimizer = torch.optim.AdamW([{"params": large, "weight_decay": 0.01}, {"params": small, "weight_decay": 0.0}],
                                  lr=options.rate, betas=(0.9, 0.98), fused=device == "cuda")
    average = {n: p.detach().clone() for n, p in learning.items()}
    counts = {"templates_count": options.templates, "phrasings_count": options.phrasings}
    counts = {name: count for name, count in counts.items() if count is not None}
    begun, step, total, done, epoch = time.time(), 0, None, False, 0
    while not done:
        examples = Examples(task, options.task, cutter, options.seed * 1000 + epoch, bool(teachers), options.longest, **counts)
        order = batches(examples, options.batch, random.Random(options.seed * 1000 + epoch))
        total = total or math.ceil(len(order) * options.epochs)
        loader = torch.utils.data.DataLoader(examples, batch_sampler=order, collate_fn=Collate(cutter, options.task),
                                             num_workers=options.workers, pin_memory=device == "cuda")
        for ids, mask, types, wanted, weight in loader:
            progress = max(step / total, (time.time() - begun) / options.seconds)
            if progress >= 1:
                done = True
                break
            for group in optimizer.param_groups:
                group["lr"] = options.rate * min(1, step / options.warmup) * max(0.01, 1 - progress)
            model.train()
            ids, mask, types, wanted = (t.to(device, non_blocking=True) for t in (ids, mask, types, wanted))
            if not options.cases:
                types = torch.zeros_like(types)
            with torch.autocast(device, torch.bfloat16):
                taught = None
                if teachers:
                    with torch.no_grad():
                        taught = sum(F.softmax(t(ids, mask, types).float(), -1) for t in teachers) / len(teachers)
                logits = model(ids, mask, types)
            if entity_task:
                loss = entity_loss(logits, wanted, mask, taught, options.share)
            else:
                loss = sentiment_loss(logits, wanted, weight.to(device), taught, options.share)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(learning.values()), 1.0)
            optimizer.step()
            decay = min(0.999, (1 + step) / (10 + step))
            with torch.no_grad():
                torch._foreach_lerp_(list(average.values()), [p.detach() for p in learning.values()], 1 - decay)
            step += 1
            if step % 50 == 0:
                print(f"{options.out} step {step}/{total} loss {loss.item():.4f} {time.time() - begun:.0f} s", flush=True)
        epoch += 1
    for name, parameter in learning.items():
        parameter.data.copy_(average[name])
    model.eval()
    kind = torch.float32 if options.rank == 0 else torch.float16
    save_file({n: t.to(kind).contiguous() for n, t in model.adapter().items()}, options.out)
    figures = None if options.unmeasured else measure.held_out(model, cutter, task, options.task, device)
    note = {"options": vars(options), "steps": step, "epochs": epoch, "seconds": round(time.time() - begun), "figures": figures}
    print("RESULT " + json.dumps(note), flush=True)
    with open(options.out + ".json", "w") as file:
        json.dump(note, file, indent=1)


if __name__ == "__main__":
    main()
