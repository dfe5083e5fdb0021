#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Writes languages.json: counts and readability of texts in nine languages, by means of their own.

The syllables of the texts were marked by hand ("·"), as they are spoken; those of Russian and Hungarian are the vowel
letters, as their grammars say. Words, letters and sentences are counted here with regular expressions, and the formulas are
written here from their sources once more.

textstat (PyPI, 0.7.13) has most of the formulas. Its values are stored beside its own counts: it counts syllables by
hyphenation (pyphen), which leaves out vowels that may not stand alone at the end of a line (A-potheke), and in French counts
every written e. The test allows for that difference alone. For Arabic it compares short vowels with the text of regular
expressions, never finds any, and so always estimates syllables from the letters; for a text without vowel signs, as here,
that is what the authors of OSMAN do.

    python3 -m venv .venv && .venv/bin/pip install textstat==0.7.13
    .venv/bin/python Tests/Fixtures/analysis/languages.py
"""
import json
import pathlib
import re
import unicodedata

import textstat

HERE = pathlib.Path(__file__).resolve().parent

TEXTS = {
    "es": "La pa·cien·te to·ma un an·ti·co·a·gu·lan·te to·dos los dí·as. Por e·so no de·be to·mar i·bu·pro·fe·no, por·que "
    "pue·de san·grar. Le re·co·mien·do pa·ra·ce·ta·mol pa·ra el do·lor y u·na re·vi·sión en la far·ma·cia den·tro de u·na "
    "se·ma·na si no me·jo·ra.",
    "fr": "La pa·tiente prend un an·ti·co·a·gu·lant tous les jours. Elle ne doit donc pas prendre d'i·bu·pro·fène, parce que "
    "ce·la peut pro·vo·quer un saigne·ment. Je lui con·seille du pa·ra·cé·ta·mol contre la dou·leur et une vi·site chez son "
    "méde·cin la se·maine pro·chaine.",
    "de": "Die Pa·ti·en·tin nimmt je·den Tag ein Mit·tel ge·gen Throm·bo·se ein. Des·halb soll sie kein I·bu·pro·fen "
    "neh·men, weil es die Blu·tung ver·stär·ken kann. Ich emp·feh·le Pa·ra·ce·ta·mol ge·gen die Schmer·zen und ei·nen "
    "Be·such in der A·po·the·ke, wenn es nicht bes·ser wird.",
    "it": "La pa·zien·te pren·de un an·ti·co·a·gu·lan·te tut·ti i gior·ni. Per que·sto non de·ve pren·de·re "
    "i·bu·pro·fe·ne, per·ché può cau·sa·re un'e·mor·ra·gi·a. Con·si·glio il pa·ra·ce·ta·mo·lo con·tro il do·lo·re e u·na "
    "vi·si·ta in far·ma·ci·a fra u·na set·ti·ma·na, se non mi·glio·ra.",
    "nl": "De pa·ti·ënt neemt el·ke dag een mid·del te·gen trom·bo·se. Daar·om mag zij geen i·bu·pro·fen ne·men, om·dat dat "
    "een bloe·ding kan ge·ven. Ik ad·vi·seer pa·ra·ce·ta·mol te·gen de pijn en een be·zoek aan de a·po·theek o·ver een week, "
    "als het niet be·ter gaat.",
    "pt": "A pa·ci·en·te to·ma um an·ti·co·a·gu·lan·te to·dos os di·as. Por is·so não de·ve to·mar i·bu·pro·fe·no, por·que "
    "po·de cau·sar u·ma he·mor·ra·gi·a. Re·co·men·do pa·ra·ce·ta·mol pa·ra a dor e u·ma vi·si·ta à far·má·cia da·qui a u·ma "
    "se·ma·na, se não me·lho·rar.",
    "ru": "Пациентка принимает варфарин каждый день. Поэтому ей нельзя принимать ибупрофен, так как он может вызвать "
    "кровотечение. Я советую парацетамол от боли и визит в аптеку через неделю, если не станет лучше. До тех пор ей лучше "
    "больше отдыхать.",
    "hu": "A beteg minden nap véralvadásgátlót szed. Ezért nem szabad ibuprofent szednie, mert vérzést okozhat. "
    "Fájdalomra paracetamolt javaslok, és egy hét múlva látogasson el a gyógyszertárba, ha nem javul. Addig is pihenjen "
    "sokat otthon.",
    "ar": "تتناول المريضة الوارفارين كل يوم. لذلك يجب ألا تتناول الإيبوبروفين لأنه قد يسبب نزيفا. أنصحها "
    "بالباراسيتامول لتخفيف الألم وبزيارة الصيدلية بعد أسبوع إذا لم تتحسن. وعليها أن تستريح كثيرا وأن تشرب الماء "
    "وأن تتصل بالطبيب إذا ساءت حالتها.",
}
VOWELS = {"ru": "аеёиоуыэюя", "hu": "aáeéiíoóöőuúüű"}


def syllables(marked, language):
    if language in VOWELS:
        return sum(c in VOWELS[language] for c in marked.lower())
    # A part before an apostrophe (d', un') counts only when it has a vowel.
    return sum(1 for part in re.split("[·']", marked.lower()) if re.search("[aeiouyàáâãäèéêëìíîïòóôõöùúûü]", part))


def formulas(language, w, s, y, letters, p3, long, m1):
    asl, asw = w / s, y / w
    if language == "es":
        return {"fernandez_huerta": 206.84 - 60 * asw - 1.02 * asl, "szigriszt_pazos": 206.835 - 62.3 * asw - asl,
                "gutierrez_polini": 95.2 - 9.7 * letters / w - 0.35 * asl,
                "crawford": -0.205 * 100 * s / w + 0.049 * 100 * y / w - 3.407}
    if language == "de":
        ms, iw, es = 100 * p3 / w, 100 * long / w, 100 * m1 / w
        return {"amstad": 180 - asl - 58.5 * asw,
                "wstf1": 0.1935 * ms + 0.1672 * asl + 0.1297 * iw - 0.0327 * es - 0.875,
                "wstf2": 0.2007 * ms + 0.1682 * asl + 0.1373 * iw - 2.779,
                "wstf3": 0.2963 * ms + 0.1905 * asl - 1.1144, "wstf4": 0.2744 * ms + 0.2656 * asl - 1.693}
    if language == "it":
        return {"gulpease": 89 + (300 * s - 10 * letters) / w, "flesch_vacca": 217 - 1.3 * asl - 60 * asw}
    return {"fr": lambda: {"kandel_moles": 207 - 1.015 * asl - 73.6 * asw},
            "nl": lambda: {"douma": 206.835 - 0.93 * asl - 77 * asw},
            "pt": lambda: {"martins": 248.835 - 1.015 * asl - 84.6 * asw},
            "ru": lambda: {"oborneva": 206.835 - 1.3 * asl - 60.1 * asw},
            "hu": lambda: {"flesch_hu": 206.835 - 1.015 * asl - 58.5 * asw}}[language]()


def by_textstat(language, text):
    textstat.set_lang({"pt": "pt_PT", "de": "de_DE"}.get(language, language))
    values = {
        "es": {"szigriszt_pazos": textstat.szigriszt_pazos, "gutierrez_polini": textstat.gutierrez_polini,
               "crawford": textstat.crawford, "fernandez_huerta": textstat.fernandez_huerta},
        "fr": {"kandel_moles": textstat.flesch_reading_ease}, "nl": {"douma": textstat.flesch_reading_ease},
        "de": {"amstad": textstat.flesch_reading_ease,
               **{f"wstf{i}": (lambda t, i=i: textstat.wiener_sachtextformel(t, i)) for i in range(1, 5)}},
        "it": {"gulpease": textstat.gulpease_index, "flesch_vacca": textstat.flesch_reading_ease},
        "ru": {"oborneva": textstat.flesch_reading_ease}, "hu": {"flesch_hu": textstat.flesch_reading_ease},
        "ar": {"osman": textstat.osman},
    }.get(language, {})
    result = {"values": {key: function(text) for key, function in values.items()}}
    if language == "ar":  # textstat has no hyphenation for it
        return result
    return {**result, "words": textstat.lexicon_count(text), "sentences": textstat.sentence_count(text),
            "syllables": textstat.syllable_count(text), "polysyllables": textstat.polysyllabcount(text),
            "monosyllables": textstat.monosyllabcount(text), "letters": textstat.letter_count(text)}


def main():
    golden = []
    for language, marked in TEXTS.items():
        text = unicodedata.normalize("NFC", marked.replace("·", ""))
        words = re.findall(r"[\w·']+", marked)
        plain = [word.replace("·", "") for word in words]
        letters = [sum(c.isalpha() for c in word) for word in plain]
        entry = {"language": language, "text": text, "words": len(words),
                 "sentences": len(re.findall(r"[.!?](?:\s|$)", text)), "letters": sum(letters),
                 "long": sum(n > 6 for n in letters), "textstat": by_textstat(language, text)}
        if language != "ar":
            counts = [syllables(word, language) for word in words]
            entry["syllables"] = sum(counts)
            entry["words_syllables"] = {word.lower(): n for word, n in zip(plain, counts)}
            p3, m1 = sum(n >= 3 for n in counts), sum(n == 1 for n in counts)
            entry["polysyllables"], entry["monosyllables"] = p3, m1
            entry["formulas"] = formulas(
                language, len(words), entry["sentences"], sum(counts), sum(letters), p3, entry["long"], m1)
        golden.append(entry)
    (HERE / "languages.json").write_text(json.dumps(golden, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
