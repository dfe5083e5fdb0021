# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Compares Oracy's text measures with textstat: the same answers, alternating rounds, processor time.

Each round has its own text (both programs would remember nothing of the one before): some 700 answers of about 150
words, made from a grammar with a fixed seed. Compared are
- textstat: its functions for eight formulas (Flesch, Flesch-Kincaid, Gunning fog, SMOG, ARI, Coleman-Liau, LIX, RIX),
  with the same pronunciation dictionary as ours in the place of NLTK's, which it reads before the first round;
- textstat and vaderSentiment: the same, and the tone of the whole answer;
- Oracy, formulas: the counts and the same eight formulas;
- Oracy, all: every measure of a written text (these formulas, vocabulary, connectives, hedges, certainty) with gates
  and evidence.
textstat keeps results for a text between functions; that is left on. Both run on one thread. Figures are medians
of words to a second of processor time, because the machine may be busy with other work.

Set ORACY_BENCH_ROUNDS (7) and ORACY_BENCH_ANSWERS (700) to change how long it takes.
"""

import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

import measuring

ROUNDS = int(os.environ.get("ORACY_BENCH_ROUNDS", "7"))
ANSWERS = int(os.environ.get("ORACY_BENCH_ANSWERS", "700"))
DICTIONARY = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"
VOWELS = {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"}

PEOPLE = ["the patient", "her daughter", "the pharmacist", "a customer", "my colleague", "the doctor", "the nurse",
          "an elderly man", "his neighbour", "the student", "the whole family", "the supervisor", "a young mother"]
THINGS = ["paracetamol", "an antihistamine", "the prescription", "a different treatment", "the cough mixture",
          "this medicine", "warfarin", "some ointment", "a lower dose", "the inhaler", "an appointment", "two tablets",
          "the information leaflet", "a glass of water", "her blood pressure", "the allergy record", "ibuprofen",
          "an over-the-counter remedy", "the previous interaction", "a well-known side effect"]
VERBS = ["would recommend", "should avoid", "takes", "asked about", "couldn't tolerate", "forgot", "doesn't need",
         "has to check", "explained", "wanted to understand", "might stop", "kept", "noticed", "reported"]
WHEN = ["every morning", "after breakfast", "for three days", "before the operation", "as soon as possible",
        "in the evening", "at the beginning of the week", "without any hesitation", "during pregnancy", "last winter",
        "until the symptoms disappear", "more often than necessary"]
LINKS = ["because", "although", "and", "but", "so", "when", "if", "while", "unless"]
OPENERS = ["", "", "", "First of all, ", "However, ", "In my opinion, ", "On the other hand, ", "Therefore, ",
           "Usually ", "In general, ", "To be honest, "]
ENDS = [".", ".", ".", ".", ".", "!", "?"]


def clause(rng):
    parts = [rng.choice(PEOPLE), rng.choice(VERBS), rng.choice(THINGS)]
    if rng.random() < 0.6:
        parts.append(rng.choice(WHEN))
    return " ".join(parts)


def sentence(rng):
    text = rng.choice(OPENERS) + clause(rng)
    if rng.random() < 0.55:
        text += ("," if rng.random() < 0.5 else "") + " " + rng.choice(LINKS) + " " + clause(rng)
    return text[0].upper() + text[1:] + rng.choice(ENDS)


def answers(rng, count):
    texts = []
    for _ in range(count):
        sentences, words = [], 0
        while words < 150:
            sentences.append(sentence(rng))
            words += len(sentences[-1].split())
        texts.append(" ".join(sentences))
    return texts


def prepare_nltk():
    """Gives textstat our dictionary under the name and in the format of NLTK's corpus."""
    corpus = pathlib.Path(sys.prefix) / "nltk_data" / "corpora" / "cmudict"
    corpus.mkdir(parents=True, exist_ok=True)
    with open(DICTIONARY, encoding="utf-8") as lines, open(corpus / "cmudict", "w", encoding="utf-8") as out:
        for line in lines:
            word, *phones = line.split()
            if "(" not in word:
                print(word.upper(), 1, *(p + "1" if p in VOWELS else p for p in phones), file=out)


def main():
    program = measuring.build("text-bench")
    machine = measuring.machine()
    prepare_nltk()
    import textstat
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    tone = SentimentIntensityAnalyzer()

    formulas = [textstat.flesch_reading_ease, textstat.flesch_kincaid_grade, textstat.gunning_fog, textstat.smog_index,
                textstat.automated_readability_index, textstat.coleman_liau_index, textstat.lix, textstat.rix]
    for formula in formulas:
        formula("This first text makes textstat read its dictionaries.")
    ours = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    results = []
    loading = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            texts = answers(random.Random(number), ANSWERS)
            words = sum(len(text.split()) for text in texts)
            path = os.path.join(folder, f"{number}.txt")
            pathlib.Path(path).write_text("\n".join(texts) + "\n", encoding="utf-8")
            print(path, file=ours.stdin, flush=True)
            measured = json.loads(ours.stdout.readline())
            start = time.process_time()
            for text in texts:
                for formula in formulas:
                    formula(text)
            peer = time.process_time() - start
            for text in texts:
                tone.polarity_scores(text)
            both = time.process_time() - start
            loading = measured["loading"]
            results.append({"words": words, "all": words / measured["all"], "formulas": words / measured["formulas"],
                            "textstat": words / peer, "textstat_vader": words / both})
            print(f"round {number + 1}: {words} words; Oracy all {results[-1]['all']:,.0f}/s, formulas "
                  f"{results[-1]['formulas']:,.0f}/s; textstat {results[-1]['textstat']:,.0f}/s, "
                  f"with vaderSentiment {results[-1]['textstat_vader']:,.0f}/s", file=sys.stderr)
    ours.stdin.close()
    ours.wait()

    def median(key):
        return statistics.median(result[key] for result in results)

    def ratio(key, peer="textstat"):
        return statistics.median(result[key] / result[peer] for result in results)

    version = textstat.__version__
    machine["textstat"] = ".".join(map(str, version)) if isinstance(version, tuple) else version
    result = {
        "machine": machine,
        "unit": "words per second of processor time, one thread",
        "rounds": len(results),
        "words_per_round": results[0]["words"],
        "median": {"oracy_all_measures": median("all"), "oracy_eight_formulas": median("formulas"),
                   "textstat_eight_formulas": median("textstat"),
                   "textstat_and_vader": median("textstat_vader")},
        "ratio_to_textstat": {"all_measures": ratio("all"), "eight_formulas": ratio("formulas")},
        "ratio_of_all_measures_to_textstat_and_vader": ratio("all", "textstat_vader"),
        "dictionary_loading_seconds": loading,
        "each_round": results,
    }
    print(f"{'':24}{'words/s':>14}{'to textstat':>14}")
    print(f"{'textstat, 8 formulas':24}{median('textstat'):14,.0f}{1:14.1f}")
    print(f"{'Oracy, 8 formulas':24}{median('formulas'):14,.0f}{ratio('formulas'):14.1f}")
    print(f"{'Oracy, all measures':24}{median('all'):14,.0f}{ratio('all'):14.1f}")
    print(f"{'textstat, vaderSentiment':24}{median('textstat_vader'):14,.0f}"
          f"{ratio('textstat_vader'):14.2f}")
    print(f"Oracy, all measures, beside both: {ratio('all', 'textstat_vader'):.1f}")
    measuring.save("text", result)


if __name__ == "__main__":
    main()
