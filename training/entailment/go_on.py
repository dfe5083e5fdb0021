# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Goes on training an adapter with new pairs, on a processor: `python go_on.py FOLDER --base BASE --data DATA --out FILE`.

Half of what it sees are the pairs of the files that --new names, a third all others, the rest ScoNe, SciEntsBank and Beetle, so that
nothing is forgotten. It stops after --seconds and goes on from FILE.state the next time, until --steps are done; FILE has
the running mean of the weights.
"""

import argparse
import pathlib
import random
import sys
import time

import torch
from safetensors.torch import save_file

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "text-heads"))
import augment
import data
import train
from model import Adapted, Cutter

SIZE, POOL = 32, 8
SHARES = 0.5, 0.35, 0.15


def new_stream(pairs, rng):
    """The new pairs over and over, half of them beside the denied key point too."""
    points = {pair.group: (pair.source, pair.group) for pair in pairs}
    while True:
        made = [pair for pair in map(data.turned, pairs) if pair and rng.random() < 0.5]
        made += data.echoes(points, rng, 0.35)
        made += data.joined(pairs + made, points, rng, 0.3)
        yield from data.shuffled(pairs + made + list(data.strangers(pairs, points, rng, 0.2)), rng.random())


def written_stream(pairs, rng):
    """The others as in the first training, some key points at a time."""
    groups = {}
    for pair in pairs:
        groups.setdefault(pair.group, []).append(pair)
    names = list(groups)
    while True:
        some = [pair for name in rng.sample(names, min(150, len(names))) for pair in groups[name]]
        yield from data.shuffled(data.one_pass(some, rng), rng.random())


def plain_stream(pairs, rng):
    while True:
        yield from data.shuffled(pairs, rng.random())


def loss_of(model, cutter, rows):
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(*train.batch(cutter, [pieces for pieces, _ in rows]))
    logs = logits.float().log_softmax(-1)
    sets, weights = (torch.tensor([getattr(pair, name) for _, pair in rows]) for name in ("allowed", "weight"))
    loss = -torch.logsumexp(logs.masked_fill(~train.ALLOWED[sets], -1e9), -1)
    return (loss * weights).sum() / weights.sum()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--base", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--pairs", default=str(pathlib.Path(__file__).resolve().parent / "pairs"))
    parser.add_argument("--new", default="j,k,l,m,n,o,p,q,r", help="files of --pairs")
    parser.add_argument("--out", required=True)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--steps", type=int, default=960)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=500)
    parser.add_argument("--threads", type=int, default=1, help="on a busy machine one is faster than two that wait for each other")
    choice = parser.parse_args()
    torch.set_num_threads(choice.threads)
    start = time.time()
    cutter = Cutter(choice.base)
    model = Adapted.load(choice.base, choice.folder)
    chosen = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(chosen, lr=choice.rate, weight_decay=0.01)
    average = [parameter.detach().clone() for parameter in chosen]
    step, state = 0, pathlib.Path(choice.out + ".state")
    if state.exists():
        held = torch.load(state)
        step = held["step"]
        optimizer.load_state_dict(held["optimizer"])
        with torch.no_grad():
            torch._foreach_copy_(chosen, held["weights"])
            torch._foreach_copy_(average, held["average"])

    new = {f"written/{name}" for name in choice.new.split(",")}
    written = list(data.written(choice.pairs))
    folder = pathlib.Path(choice.data)
    others = [*data.scope(folder / "scone_nli_train.tsv"), *data.graded(folder / "beetle_train.tsv"),
              *data.graded(folder / "scientsbank_train.tsv")]
    rng = random.Random(f"{choice.seed}/{step}")
    torch.manual_seed(choice.seed + step)
    streams = (new_stream([pair for pair in written if pair.source in new], rng),
               written_stream([pair for pair in written if pair.source not in new], rng), plain_stream(others, rng))
    model.train()
    while step < choice.steps and time.time() - start < choice.seconds:
        pairs = [next(streams[rng.choices(range(3), SHARES)[0]]) for _ in range(POOL * SIZE)]
        noise = augment.generator(str(choice.seed), step)
        rows = [(train.pieces(cutter, pair.point, augment.changed_text(pair.speech, noise)), pair) for pair in pairs]
        rows.sort(key=lambda row: len(row[0][0]) + len(row[0][1]))
        batches = [rows[first : first + SIZE] for first in range(0, len(rows), SIZE)]
        rng.shuffle(batches)
        for batch in batches:
            for part in optimizer.param_groups:
                part["lr"] = choice.rate * min(1, (step + 1) / 40) * max(0.02, 1 - step / choice.steps)
            loss = loss_of(model, cutter, batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(chosen, 1.0)
            optimizer.step()
            step += 1
            with torch.no_grad():
                torch._foreach_lerp_(average, chosen, max(0.005, 1 / (1 + step / 10)))
        print(f"{step} steps, last loss {loss.item():.3f}, {time.time() - start:.0f} s", flush=True)
    torch.save({"step": step, "optimizer": optimizer.state_dict(), "weights": [p.detach() for p in chosen],
                "average": average}, state)
    with torch.no_grad():
        torch._foreach_copy_(chosen, average)
    save_file({name: tensor.half().contiguous() for name, tensor in model.adapter().items()}, choice.out)


if __name__ == "__main__":
    main()
