# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes golden.jsonl: TOML documents with what Python's tomllib (an independent reader) makes of them.

Each line: {"document": text, "entries": {path: value} or null when tomllib refuses it, "subset": whether our reader,
which knows only a part of TOML, must accept it}. Run: python3 golden.py > golden.jsonl
"""
import json
import random
import tomllib

HAND_WRITTEN = [
    "", "\n\n", "# only a comment", "a = 1", "a=1#x", "a = true\nb = false\n", 'a = "x"\r\nb = \'y\\n\'\r\n',
    'a = "tab\\t quote\\" back\\\\ nl\\n \\u00e9 \\U0001F600"', "[t]\na = 1\n[t.u]\na = 2\n", "[ t . u ]\na=1",
    'a = [1, 2, 3]', 'a = [\n  "x", # first\n  "y",\n]\n', "a = []", "a = [[1], [2, 3]]", "a = 1_000_000", "a = -5", "a = +7",
    "a = -0", "a = 9223372036854775807", "a = -9223372036854775808", '"a" = 1', "'a-b' = 1", "[t.u]\nx=1\n[t]\ny=1",
    "1 = 2", "a = \"\u00e4\u4e2d\"", "a\t=\t1\t",
]
REFUSED = [
    "a", "a =", "= 1", "a = 1 b = 2", "a = 01", "a = 1__0", "a = _1", "a = 1_", 'a = "x', "a = 'x", 'a = "x\ny"', "a = [1, 2",
    "a = [1 2]", "a = [,]", "[t", "[]", "[t]\n[t]", "a = 1\na = 2", "a = 1\n[a]", "[a.b]\nc=1\n[a]\nb=2", "a = yes", "a = \\u0041",
    'a = "\\q"', 'a = "\\uD800"', 'a = "\\u12"', "a = \x01", 'a = "\x01"', "# \x01", "a = 1\r", "a = \"\x7f\"", "[t] x = 1", "a b = 1",
    "a = tru", "a = 9223372036854775808", "a = ++1", "a = 1 2",
]
OUTSIDE = ["a.b = 1", "a = 1.5", "a = 1e3", "a = 0x10", "a = {b = 1}", "[[t]]\na=1", 'a = """x\ny"""', "a = 1979-05-27", "a = inf"]


def flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, prefix + key + ".")
        else:
            yield prefix + key, value


def plain(value):
    if isinstance(value, list):
        return all(plain(item) for item in value)
    return isinstance(value, (str, bool)) or isinstance(value, int) and -(2**63) <= value < 2**63


def line(document, subset):
    try:
        entries = dict(flat(tomllib.loads(document)))
        if not all(plain(value) for value in entries.values()):
            entries, subset = None, False
    except (tomllib.TOMLDecodeError, RecursionError):
        entries, subset = None, False
    print(json.dumps({"document": document, "entries": entries, "subset": subset}))


def word(rng):
    return "".join(rng.choice("abcxyz_-09") for _ in range(rng.randint(1, 6)))


def value(rng, depth=0):
    kind = rng.randrange(5 if depth < 3 else 4)
    if kind == 0:
        return str(rng.choice([0, 1, -1, 80, 2**31, -(2**63), 2**63 - 1]))
    if kind == 1:
        return rng.choice(["true", "false"])
    if kind == 2:
        return json.dumps("".join(rng.choice("a b\t\"\\#='é中") for _ in range(rng.randint(0, 8))), ensure_ascii=rng.random() < 0.5)
    if kind == 3:
        return "'" + "".join(rng.choice('a b"\\#=é') for _ in range(rng.randint(0, 8))) + "'"
    separator = rng.choice([", ", ",\n", " , # c\n"])
    return "[" + separator.join(value(rng, depth + 1) for _ in range(rng.randint(0, 4))) + rng.choice(["", ",", "\n"]) + "]"


def document(rng):
    lines, names, tables = [], set(), {"": set()}
    table = ""
    for _ in range(rng.randint(1, 8)):
        if rng.random() < 0.25:
            table = "T" + word(rng)
            if table in tables:
                continue
            tables[table] = set()
            lines.append(f"[{table}]")
            names = set()
        key = word(rng)
        if key in names:
            continue
        names.add(key)
        lines.append(f"{rng.choice(['', '  '])}{key}{rng.choice(['=', ' = '])}{value(rng)}{rng.choice(['', ' ', ' # note'])}")
    return rng.choice(["\n", "\r\n"]).join(lines) + rng.choice(["", "\n"])


def mutated(rng, text):
    characters = list(text)
    for _ in range(rng.randint(1, 3)):
        position = rng.randrange(len(characters) + 1)
        action = rng.randrange(3)
        if action == 0:
            characters.insert(position, rng.choice("\"'[]=#,.\n\r\\ 09ae_-+{}\x00"))
        elif characters and position < len(characters):
            if action == 1:
                del characters[position]
            else:
                characters[position] = rng.choice("\"'[]=#,.\n\\ 0a")
    return "".join(characters)


for text in HAND_WRITTEN:
    line(text, True)
for text in REFUSED + OUTSIDE:
    line(text, False)
rng = random.Random(20260)
for _ in range(120):
    text = document(rng)
    line(text, "\r" not in text.replace("\r\n", ""))
    line(mutated(rng, text), False)
    line(mutated(rng, text), False)
