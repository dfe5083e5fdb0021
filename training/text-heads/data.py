# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Reads the training data: a folder with a `manifest.tsv`, of which only the rows that may be shipped are used."""

import collections
import csv
import pathlib
import re

import augment
import phrasings
import templates
from model import POLARITIES, TAGS

csv.field_size_limit(1 << 24)
INDEX = {tag: index for index, tag in enumerate(TAGS)}
O = 1 << INDEX["O"]
GENERAL = {"person": "PERSON", "per": "PERSON", "location": "PLACE", "loc": "PLACE", "corporation": "ORG", "group": "ORG",
           "org": "ORG"}
BIO = {"chemical": "DRUG", "disease": "CONDITION", "drug": "DRUG"}
HELD_OUT = 250


def kinds(*names):
    """The tags of some types as a set of bits."""
    return sum(1 << INDEX[f"{b}-{n}"] for n in names for b in "BI")


class Folder:
    """The data folder; every file that is read must be free to ship, or is asked for as a test."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        with open(self.path / "manifest.tsv", newline="") as file:
            self.rows = {row["file"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}

    def open(self, name, test=False):
        if not test and self.rows[name]["use"] != "ship-ok":
            raise ValueError(f"{name} may not be trained on: its use is {self.rows[name]['use']}")
        return self.path / name

    def table(self, name, test=False):
        with open(self.open(name, test), newline="") as file:
            return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

    def sentences(self, name, test=False):
        return conll(self.open(name, test))


def conll(path):
    """Sentences of a file with a word and its tag a line, as (words, tags)."""
    words, tags = [], []
    for line in open(path, encoding="utf-8"):
        cells = line.rstrip("\n").split("\t")
        if len(cells) < 2 or not cells[0].strip():
            if words:
                yield words, tags
            words, tags = [], []
        else:
            words.append(cells[0])
            tags.append(cells[-1].strip())
    if words:
        yield words, tags


def renamed(tags, names):
    """Tags with types renamed, all others O."""
    result = []
    for tag in tags:
        kind = names.get(tag[2:].lower())
        result.append(tag[:2] + kind if kind else "O")
    return result


def tidy(words, tags):
    """Joins what corpora split of one word: "do n't", and "@ name", which is a user and not a person's name."""
    out_words, out_tags = [], []
    for word, tag in zip(words, tags):
        if out_words and tag == "O" and out_tags[-1] == "O" and re.fullmatch(r"n['’]t|['’](s|re|ve|ll|m|d)", word.lower()):
            out_words[-1] += word
        elif out_words and out_words[-1] == "@":
            out_words[-1] += word
            out_tags[-1] = "O"
        elif out_words and out_words[-1] == "#":
            out_words[-1] += word
            out_tags[-1] = tag
        else:
            out_words.append(word)
            out_tags.append(tag)
    for index, tag in enumerate(out_tags):
        before = out_tags[index - 1] if index else "O"
        if tag[:1] == "I" and before[2:] != tag[2:]:
            out_tags[index] = "B" + tag[1:]
    return out_words, out_tags


class Entities:
    """Sentences with, for every word, the set of tags that it may have."""

    def __init__(self, data):
        self.train, self.tests, self.unlabelled = [], {}, []
        sources = {}
        for name in ("wnut17_train", "uner_en_ewt_train", "uner_en_ewt_dev", "uner_en_ewt_test", "wikigold", "btc_abefg", "btc_h_test"):
            sources[name] = [tidy(w, renamed(t, GENERAL)) for w, t in data.sentences(f"ner_general/{name}.conll")]
        for name in ("bc5cdr_train", "ncbi_disease_train", "ncbi_disease_test", "phee_train", "phee_dev", "phee_test"):
            sources[name] = [(w, renamed(t, BIO)) for w, t in data.sentences(f"ner_bio/{name}.conll")]
        for test, name in (("wnut17", "wnut17_train"), ("bc5cdr", "bc5cdr_train"), ("ewt", "uner_en_ewt_dev"), ("btc", "btc_h_test")):
            self.tests[test], sources[name] = sources[name][-HELD_OUT:], sources[name][:-HELD_OUT]
        self.medical = [" ".join(w) for name in sources if name[:3] in ("bc5", "ncb", "phe") for w, _ in sources[name]]
        effects = {}
        for name in ("phee_train", "phee_dev", "phee_test"):
            effects[name] = [[tag[2:] in ("Effect", "Disorder") for tag in tags] for _, tags in data.sentences(f"ner_bio/{name}.conll")]
        clinical = [pair for name in ("bc5cdr_train", "ncbi_disease_train", "ncbi_disease_test") for pair in sources[name]]
        everyday = [pair for name in sources if name[:3] in ("wnu", "une", "wik", "btc") for pair in sources[name]]
        medical_words, common_words = suspects(clinical), suspects(everyday)
        for name, sentences in sources.items():
            times = 2 if name in ("bc5cdr_train", "wnut17_train") else 1
            for index, (words, tags) in enumerate(sentences):
                sets = [1 << INDEX[tag] for tag in tags]
                for place, word in enumerate(words):
                    if tags[place] != "O":
                        continue
                    low = word.lower()
                    if name[:3] in ("wnu", "une", "wik", "btc"):
                        sets[place] |= kinds("DRUG", "CONDITION") if low in medical_words else 0
                    else:
                        sets[place] |= kinds("PERSON", "ORG", "PLACE") if low in common_words else 0
                        sets[place] |= kinds("DRUG") if name.startswith("ncbi") else 0
                        if name.startswith("phee"):
                            sets[place] |= kinds("DRUG", "CONDITION")
                            if effects[name][index][place]:
                                sets[place] = kinds("CONDITION") | O
                self.train.extend([(words, sets)] * times)
        self.lexicon = templates.Lexicon(data.path / "lexicon", named(clinical, "DRUG"), named(clinical, "CONDITION"))
        for name in ("ner_bio/anatem_train", "ner_bio/psytar_train", "ner_bio/psytar_test"):
            self.unlabelled += [(words, [0] * len(words)) for words, _ in data.sentences(f"{name}.conll")]
        for row in data.table("sentiment/goemotions_train.tsv")[:8000] + data.table("sentiment/product_reviews.tsv"):
            words = re.findall(r"[\w'’]+|[^\w\s]", row["text"])
            self.unlabelled.append((words, [0] * len(words)))
        for row in data.table("negation/negex_annotations.tsv"):
            words = re.findall(r"\w+|[^\w\s]", row["sentence"])
            self.unlabelled.append((words, [0] * len(words)))

    def epoch(self, seed, teachers, templates_count=6000):
        """The examples of one pass in no order: (words, sets)."""
        rng = augment.generator("entities", seed)
        examples = list(self.train) + (self.unlabelled if teachers else [])
        for _ in range(templates_count):
            words, tags = self.lexicon.fill(rng.choice(templates.ANSWERS + templates.NEUTRAL), rng)
            examples.append((words, [1 << INDEX[tag] for tag in tags]))
        for _ in range(400):
            words, tags = self.lexicon.fill(rng.choice(templates.POSITIVE + templates.NEGATIVE), rng)
            examples.append((words, [1 << INDEX[tag] for tag in tags]))
        return examples

    @staticmethod
    def changed(words, sets, rng):
        """An example as written, or as a recogniser writes it."""
        draw = rng.random()
        if draw < 0.48:
            return words, sets
        if draw < 0.58:
            return ([w.lower() for w in words] if draw < 0.55 else [w.upper() for w in words]), sets
        result_words, result_sets = [], []
        for word, label, inside in augment.spoken(words, sets, rng):
            if label is None:
                if result_sets and result_sets[-1] not in (0, O):
                    continue
                label = O if result_sets and result_sets[-1] == O else 0
            elif inside:
                label = continued(label)
            elif result_sets and label and not label & O and not single_begin(label) and result_sets[-1] in (0, O):
                label = begun(label)
            elif not result_sets and label and not label & O and not single_begin(label):
                label = begun(label)
            result_words.append(word)
            result_sets.append(label)
        return (result_words, result_sets) if result_words else (words, sets)


def single_begin(bits):
    return any(bits & 1 << i for i, tag in enumerate(TAGS) if tag[0] == "B")


def continued(bits):
    """The sets of a second piece: what began goes on."""
    result = bits & O
    for index, tag in enumerate(TAGS):
        if tag[0] != "O" and bits & 1 << index:
            result |= 1 << INDEX["I-" + tag[2:]]
    return result


def begun(bits):
    """An inner tag as a first one."""
    return sum(1 << INDEX["B-" + tag[2:]] for i, tag in enumerate(TAGS) if tag[0] == "I" and bits & 1 << i)


def suspects(sentences):
    """Words that are part of an entity in most of the places where they stand."""
    inside, everywhere = collections.Counter(), collections.Counter()
    for words, tags in sentences:
        for word, tag in zip(words, tags):
            everywhere[word.lower()] += 1
            inside[word.lower()] += tag != "O"
    return {w for w, n in inside.items() if len(w) > 3 and w.isalpha() and n * 2 > everywhere[w]}


def named(sentences, kind):
    """The entities of a type with one to three plain words."""
    found = set()
    for words, tags in sentences:
        current = []
        for word, tag in zip(list(words) + [""], list(tags) + ["O"]):
            if tag == f"B-{kind}" or tag != f"I-{kind}":
                if current and len(current) < 4 and all(re.fullmatch(r"[A-Za-z]{3,}", w) for w in current):
                    found.add(" ".join(current))
                current = []
            if tag.endswith(f"-{kind}"):
                current.append(word)
    return sorted(found)


class Sentiment:
    """Texts with the probabilities of the three labels and a weight."""

    def __init__(self, data):
        self.data, self.train, self.tests = data, [], {}
        medical = Entities(data)
        self.lexicon, self.medical = medical.lexicon, medical.medical
        for row in data.table("negation/negex_annotations.tsv"):
            self.medical.append(row["sentence"])
        rows = lambda name: [(r["text"], r["label"]) for r in data.table(f"sentiment/{name}.tsv") if r["label"] in POLARITIES]
        english = lambda name: [(r["text"], r["label"]) for r in data.table(f"sentiment/{name}.tsv") if r["language"] == "english"]
        train = {
            "goemotions": rows("goemotions_train") + rows("goemotions_test"),
            "polarity": rows("sentence_polarity"), "uci": rows("uci_sentences"), "products": rows("product_reviews"),
            "nusax": english("nusax_train") + english("nusax_test"),
        }
        kept = {name: sentences[::23] for name, sentences in train.items() if name in ("polarity", "uci", "products")}
        for name, sentences in train.items():
            for index, (text, label) in enumerate(sentences):
                if name in kept and index % 23 == 0:
                    continue
                unsure = name == "products" and label == "neutral"
                self.train.append((plain(text), target(label, 0.7 if unsure else 0.95), 0.5 if unsure else 1.0))
        self.tests = {"goemotions": rows("goemotions_dev"), "nusax": english("nusax_valid")} | kept
        counted = collections.Counter(w for text in self.medical for w in set(text.lower().split()))
        self.words = [(r["word"], r["label"]) for r in data.table("lexicon/opinion_lexicon.tsv") if counted[r["word"]] < 3]
        self.pros = rows("pros_cons")
        self.measured = {run for path in (DEVELOPMENT, FROZEN, CLINICAL) for _, text in listed(path) for run in runs(text)}
        self.plots = [r["text"] for r in data.table("sentiment/subjectivity.tsv") if r["label"] == "objective"]

    def epoch(self, seed, teachers, templates_count=2500, phrasings_count=12000):
        """The examples of one pass in no order: (text, target, weight)."""
        rng = augment.generator("sentiment", seed)
        examples = [(text.replace("[NAME]", rng.choice(templates.NAMES)), *rest) for text, *rest in self.train]
        examples += [(text, target(label, 0.9), 0.7) for text, label in some(self.pros, 6000, rng)]
        examples += [(plain(text), target("neutral", 0.8), 0.5) for text in some(self.plots, 1000, rng)]
        examples += [(text, target("neutral", 0.97), 1.0) for text in some(self.medical, 3500, rng)]
        for word, label in some(self.words, 2500, rng):
            frame = rng.choice(["{}", "{}", "it was {}", "so {}", "very {}", "{} and {}", "that is {} ."])
            other = rng.choice([w for w, l in some(self.words, 12, rng) if l == label] or [word])
            examples.append((frame.format(word, other), target(label, 0.85), 0.4))
        for label, chosen, count in (("neutral", templates.NEUTRAL + templates.ANSWERS, templates_count),
                                     ("positive", templates.POSITIVE, 500), ("negative", templates.NEGATIVE, 500)):
            for _ in range(count):
                words, _ = self.lexicon.fill(rng.choice(chosen), rng)
                examples.append((plain(" ".join(words)), target(label, 0.97), 1.0))
        for _ in range(phrasings_count):
            label, text = self.phrasing(rng)
            examples.append((text, target(label, 0.97), 1.0))
        for index in rng.sample(range(len(examples)), len(examples) // 25):
            text, wanted, weight = examples[index]
            if max(wanted) == wanted[0]:
                examples[index] = text + rng.choice([" :(", " :-(", " =(", " :/", " >:(", " :'(", " ugh"]), wanted, weight
            elif max(wanted) == wanted[2]:
                examples[index] = text + rng.choice([" :)", " :-)", " =)", " :D", " ;)", " <3", " yay"]), wanted, weight
        return examples

    def phrasing(self, rng):
        """What is said at a pharmacy: six of ten are facts, some of them with another; a feeling may have a fact beside it."""
        while True:
            label, text = self.any_phrasing(rng)
            if self.measured.isdisjoint(runs(text)):
                return label, text

    def any_phrasing(self, rng):
        label, chosen = rng.choices([("neutral", phrasings.FACTUAL), ("positive", phrasings.PLEASED),
                                     ("negative", phrasings.DISPLEASED)], (6, 2, 2))[0]
        sentences = [phrasings.expanded(rng.choice(chosen), rng)]
        if rng.random() < 0.15:
            sentences.insert(rng.randrange(2), phrasings.expanded(rng.choice(phrasings.FACTUAL), rng))
        return label, plain(" ".join(" ".join(self.lexicon.fill(s, rng)[0]) for s in sentences))


def runs(text):
    """Every four words in a row of a text, or all of a shorter one."""
    words = re.findall(r"[\w']+", text.lower().replace("’", "'"))
    return {tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))}


def listed(path):
    """(label, sentence) of a list of sentences with their tone."""
    return [line.split("\t") for line in path.read_text().splitlines() if line and line[0] != "#"]


# What the tone is measured on; the first chooses among models, the others nothing.
ROOT = pathlib.Path(__file__).parents[2]
DEVELOPMENT = ROOT / "training/text-heads/tone_development.txt"
FROZEN = ROOT / "Tests/Fixtures/analysis/tone_frozen.txt"
CLINICAL = ROOT / "Tests/Fixtures/analysis/tone_clinical.txt"


def some(rows, count, rng):
    return rng.sample(rows, min(count, len(rows)))


def target(label, sure):
    rest = (1 - sure) / 2
    return tuple(sure if name == label else rest for name in POLARITIES)


def plain(text):
    """Tokenised text ("it 's good .") as people write it."""
    text = re.sub(r"\s+([.,!?;:%)\]])", r"\1", text)
    text = re.sub(r"([(\[])\s+", r"\1", text)
    return re.sub(r"(\w)\s+(n['’]t|['’](?:s|re|ve|ll|m|d))\b", r"\1\2", text).strip()
