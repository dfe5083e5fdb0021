# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Trains one judge of statements: `python train.py --base BASE --data DATA --out FILE [--rank 32 --teachers FILE,FILE]`.

Rank 0 trains every weight of the layers (a teacher); any other rank trains an adapter, which learns half from the labels and
half from the mean of the teachers, which may be of another base. It begins with what the teachers' mean weights changed where the base
is theirs, else with the adapter that `--begin` names. With `--fold N` a fifth of the key points and questions is left out and
measured. The fixtures are only measured.
"""

import argparse
import json
import pathlib
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "text-heads"))
import augment
import data
from model import Adapted, Cutter
from mpnet import AdaptedMPNet

LONGEST = 128
WORKERS = 4
TESTS = ("colloquial", "fresh", "adversarial", "blind-1", "blind-2", "blind-4")
ALLOWED = torch.tensor([[bits >> label & 1 for label in range(3)] for bits in range(8)], dtype=torch.bool)


class Batches(torch.utils.data.Dataset):
    """The batches of one pass, with the speech changed as recognisers write, cut as each of the models does."""

    def __init__(self, pairs, cutters, seed, size, rng):
        self.pairs, self.cutters, self.seed = pairs, cutters, seed
        self.groups = groups([len(pair.speech) + len(pair.point) for pair in pairs], size, rng)

    def __len__(self):
        return len(self.groups)

    def __getitem__(self, index):
        chosen = [self.pairs[place] for place in self.groups[index]]
        rng = augment.generator(self.seed, index)
        said = [augment.changed_text(pair.speech, rng) for pair in chosen]
        inputs = [batch(cutter, [pieces(cutter, pair.point, text) for pair, text in zip(chosen, said)]) for cutter in self.cutters]
        return inputs, torch.tensor([p.allowed for p in chosen]), torch.tensor([p.weight for p in chosen])


def pieces(cutter, point, speech):
    point = cutter(point).ids[:48]
    return point, cutter(speech).ids[: LONGEST - 3 - len(point)]


def batch(cutter, rows):
    """[CLS] key point [SEP] speech [SEP], the types 0 and 1."""
    width = max(len(a) + len(b) for a, b in rows) + 3
    ids, mask, types = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
    for row, (point, speech) in enumerate(rows):
        end = len(point) + len(speech) + 3
        ids[row, :end] = torch.tensor([cutter.start, *point, cutter.end, *speech, cutter.end])
        mask[row, :end] = 1
        types[row, len(point) + 2 : end] = 1
    return ids, mask, types


def groups(sizes, size, rng):
    order = list(range(len(sizes)))
    rng.shuffle(order)
    result = []
    for first in range(0, len(order), size * 40):
        chunk = sorted(order[first : first + size * 40], key=lambda index: sizes[index])
        result.extend(chunk[i : i + size] for i in range(0, len(chunk), size))
    rng.shuffle(result)
    return result


@torch.inference_mode()
def probabilities(model, cutter, pairs, device, size=256):
    model.eval()
    rows = [pieces(cutter, pair.point, pair.speech) for pair in pairs]
    order = sorted(range(len(rows)), key=lambda index: len(rows[index][0]) + len(rows[index][1]))
    result = np.zeros((len(rows), 3), np.float32)
    for first in range(0, len(order), size):
        chosen = order[first : first + size]
        inputs = [tensor.to(device) for tensor in batch(cutter, [rows[i] for i in chosen])]
        result[chosen] = model(*inputs).float().softmax(-1).cpu().numpy()
    return result


@torch.no_grad()
def begin(model, base, tensors):
    """Starts an adapter from what every weight of the layers learned: of each change the part that the rank can hold."""
    before = {name.removeprefix("bert."): tensor.float() for name, tensor in load_file(pathlib.Path(base) / "model.safetensors").items()}
    parameters = {name.removeprefix("bert.").replace(".linear.bias", ".bias"): p for name, p in model.named_parameters()}
    for name, learned in tensors.items():
        module = name.removesuffix(".weight")
        if f"{module}.lora_A" in parameters:
            change = learned.float() - before[name]
            u, values, v = torch.linalg.svd(change.to(parameters[f"{module}.lora_A"].device), full_matrices=False)
            root = values[: model.rank].sqrt()
            parameters[f"{module}.lora_A"].copy_(root[:, None] * v[: model.rank])
            parameters[f"{module}.lora_B"].copy_(u[:, : model.rank] * root)
        else:
            parameters[name].copy_(learned.float())
    return model


def mean(paths):
    """The mean of several models' weights, which is nearly as good as their mean opinion (Wortsman et al. 2022)."""
    models = [load_file(path) for path in paths]
    return {name: sum(model[name].float() for model in models) / len(models) for name in models[0]}


def lessons(loader, teachers, device):
    """The batches with what the teachers think of each pair."""
    for inputs, *rest in loader:
        inputs = [[tensor.to(device, non_blocking=True) for tensor in one] for one in inputs]
        opinions = None
        if teachers:
            with torch.no_grad(), torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                opinions = sum(teacher(*inputs[-1]).float().softmax(-1) for teacher in teachers) / len(teachers)
        yield inputs[0], *(tensor.to(device, non_blocking=True) for tensor in rest), opinions


def train(model, pairs, cutters, device, seconds, seed, teachers, rate, size=128):
    torch.manual_seed(seed)
    rng = random.Random(seed)
    chosen = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(chosen, lr=rate, weight_decay=0.05, fused=device == "cuda")
    average = [p.detach().clone() for p in chosen]
    allowed = ALLOWED.to(device)
    start, step, epoch, done, total = time.time(), 0, 0, 0.0, 0.0
    while done < 1:
        batches = Batches(data.one_pass(pairs, rng, bool(teachers)), cutters, f"{seed}/{epoch}", size, rng)
        loader = torch.utils.data.DataLoader(batches, batch_size=None, num_workers=WORKERS, prefetch_factor=8)
        model.train()
        for inputs, sets, weights, opinions in lessons(loader, teachers, device):
            done = (time.time() - start) / seconds
            if done >= 1:
                break
            for part in optimizer.param_groups:
                part["lr"] = rate * min(1, (step + 1) / 100) * max(0.0, 1 - done)
            with torch.autocast(device, torch.bfloat16, enabled=device == "cuda"):
                logits = model(*inputs)
            logs = logits.float().log_softmax(-1)
            loss = -torch.logsumexp(logs.masked_fill(~allowed[sets], -1e9), -1)
            if opinions is not None:
                loss = 0.5 * loss - (opinions * logs).sum(-1)
            loss = (loss * weights).sum() / weights.sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(chosen, 1.0)
            optimizer.step()
            step += 1
            with torch.no_grad():
                torch._foreach_lerp_(average, chosen, max(0.002, 1 / (1 + step / 10)))
        epoch += 1
    with torch.no_grad():
        torch._foreach_copy_(chosen, average)
    print(f"rank {model.rank} seed {seed}: {step} steps, {epoch} passes, last loss {loss.item():.3f}", flush=True)
    return model.eval()


def area(positive, negative):
    wins = (positive[:, None] > negative[None]).mean() + 0.5 * (positive[:, None] == negative[None]).mean()
    return float(wins)


def report(name, pairs, found):
    sets = np.array([pair.allowed for pair in pairs])
    right = np.array([bits >> int(row.argmax()) & 1 for bits, row in zip(sets, found)])
    line = f"  {name:24} n {len(pairs):5} right {100 * right.mean():5.1f} %"
    unsafe, good = found[sets == data.AGAINST], found[sets == data.FOR]
    if len(unsafe) and len(good):
        line += (f"  area against {area(unsafe[:, 2], good[:, 2]):.3f}, for {area(good[:, 1], found[sets != data.FOR][:, 1]):.3f};"
                 f" unsafe: against {100 * (unsafe[:, 2] >= 0.5).mean():.1f} %, for {100 * (unsafe[:, 1] >= 0.5).mean():.1f} %;"
                 f" good: for {100 * (good[:, 1] >= 0.5).mean():.1f} %, against {100 * (good[:, 2] >= 0.5).mean():.1f} %")
    print(line, flush=True)


def judge(base, rank, device):
    """An untrained judge of the base's kind."""
    kind = json.loads((pathlib.Path(base) / "config.json").read_text())["model_type"]
    model = AdaptedMPNet(base, data.LABELS, rank) if kind == "mpnet" else Adapted(base, data.LABELS, True, rank, "pair")
    return model.to(device)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = pathlib.Path(__file__).resolve().parent
    parser.add_argument("--base", required=True, help="the folder of all-MiniLM-L6-v2 or all-mpnet-base-v2")
    parser.add_argument("--pairs", default=str(here / "pairs"))
    parser.add_argument("--data", help="a folder with scone_nli_train.tsv, beetle_train.tsv, scientsbank_train.tsv")
    parser.add_argument("--fixtures", default=str(here.parent.parent / "Tests/Fixtures/assessment"))
    parser.add_argument("--out", required=True, help="the file of weights to write")
    parser.add_argument("--fold", type=int, default=-1)
    parser.add_argument("--rank", type=int, default=0, help="0: every weight of the layers")
    parser.add_argument("--teachers", default="", help="files of weights of rank 0")
    parser.add_argument("--teacher-base", help="the teachers' base, if it is another one")
    parser.add_argument("--begin", help="the file of an adapter of this rank to begin with")
    parser.add_argument("--rate", type=float, required=True, help="teachers: 2e-4 (MiniLM), 4e-5 (MPNet); adapters: 5e-4")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=100)
    choice = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"

    pairs = list(data.written(choice.pairs))
    if choice.data:
        folder = pathlib.Path(choice.data)
        pairs += list(data.scope(folder / "scone_nli_train.tsv"))
        pairs += list(data.graded(folder / "beetle_train.tsv")) + list(data.graded(folder / "scientsbank_train.tsv"))
    tests = {name: list(data.fixture(pathlib.Path(choice.fixtures) / name)) for name in TESTS}
    if choice.fold >= 0:
        for name in ("written", "beetle", "sciEntsBank"):
            tests[name] = [p for p in pairs if p.source.split("/")[0] == name and data.held_out(p, choice.fold)]
        pairs = [p for p in pairs if not data.held_out(p, choice.fold)]
    print(f"{len(pairs)} pairs on {device}", flush=True)

    def measured(title, cutter, *models):
        print(title, flush=True)
        for name, rows in tests.items():
            report(name, rows, sum(probabilities(m, cutter, rows, device) for m in models) / len(models))

    cutters = [Cutter(choice.base)]
    files = [path for path in choice.teachers.split(",") if path]
    teachers = [judge(choice.teacher_base or choice.base, 0, device).restore(load_file(path)).eval() for path in files]
    if teachers:
        if choice.teacher_base:
            cutters.append(Cutter(choice.teacher_base))
        measured("teachers together", cutters[-1], *teachers)
    model = judge(choice.base, choice.rank, device)
    if choice.begin:
        model.restore(load_file(choice.begin))
    elif teachers and choice.rank and not choice.teacher_base:
        begin(model, choice.base, mean(files))
    if teachers:
        measured("adapter before training", cutters[0], model)
    train(model, pairs, cutters, device, choice.seconds, choice.seed, teachers, choice.rate)
    measured("trained", cutters[0], model)
    save_file({name: tensor.half().contiguous() for name, tensor in model.adapter().items()}, choice.out)


if __name__ == "__main__":
    main()
