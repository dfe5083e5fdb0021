# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""The small languages that the fixture understands: grammars of 3 to 8 words about a pharmacy and a household."""

import random

_ENGLISH = {
    "number": "two three four five six seven eight nine ten twelve twenty".split(),
    "unit": "tablets drops capsules spoons".split(),
    "when": ["in the morning", "in the evening", "at night", "after breakfast", "before dinner", "every day", "today",
             "tomorrow", "now"],
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "person": "mother father brother sister doctor nurse patient child".split(),
    "thing": "pharmacy medicine bottle box house door window water table key".split(),
    "quality": "here closed open new old cold warm red green blue small big".split(),
    "illness": ["a fever", "a cough", "a headache", "pain"],
    "drink": "coffee tea milk water".split(),
    "": ["Take {number} {unit} {when}.", "Please bring {number} {unit} {when}.", "The {thing} is {quality}.",
         "The {thing} is {quality} and {quality}.", "Where is the {thing}?", "My {person} has {illness} since {day}.",
         "The {person} drinks {drink} {when}.", "I have {illness} since {day}.", "We need {number} {unit} on {day}.",
         "The {person} is {quality} {when}.", "Where is my {person}?", "Please open the {thing} {when}.",
         "I need the {thing} on {day}.", "My {person} needs {number} {unit}.",
         "The {person} has {number} {unit} and {drink}.", "Come on {day} at {number}."],
}
_GERMAN = {
    "number": "zwei drei vier fünf sechs sieben acht neun zehn zwölf zwanzig".split(),
    "unit": "Tabletten Tropfen Kapseln Löffel".split(),
    "when": ["am Morgen", "am Abend", "in der Nacht", "nach dem Frühstück", "vor dem Essen", "heute", "morgen", "jetzt",
             "jeden Tag"],
    "day": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "person": "Mutter Schwester Tochter Ärztin Tante Frau".split(),
    "thing": "Apotheke Flasche Schachtel Tür Medizin Tasse Küche Salbe".split(),
    "quality": "hier geschlossen offen neu alt kalt warm rot grün blau klein groß".split(),
    "illness": ["Fieber", "Husten", "Kopfschmerzen", "Schmerzen"],
    "drink": "Kaffee Tee Milch Wasser".split(),
    "": ["Nehmen Sie {number} {unit} {when}.", "Bitte bringen Sie {number} {unit} {when}.", "Die {thing} ist {quality}.",
         "Die {thing} ist {quality} und {quality}.", "Wo ist die {thing}?", "Meine {person} hat {illness} seit {day}.",
         "Die {person} trinkt {drink} {when}.", "Ich habe {illness} seit {day}.", "Wir brauchen {number} {unit} am {day}.",
         "Die {person} ist {quality} und {quality}.", "Wo ist meine {person}?", "Bitte öffnen Sie die {thing} {when}.",
         "Ich brauche die {thing} am {day}.", "Meine {person} braucht {number} {unit}.",
         "Die {person} hat {number} {unit} und {drink}.", "Kommen Sie am {day} um {number}."],
}
_SPANISH = {
    "number": "dos tres cuatro cinco seis siete ocho nueve diez doce veinte".split(),
    "unit": "pastillas gotas cápsulas cucharadas".split(),
    "when": ["por la mañana", "por la noche", "después del desayuno", "antes de la cena", "cada día", "hoy", "mañana",
             "ahora"],
    "day": "lunes martes miércoles jueves viernes sábado domingo".split(),
    "person": "madre hermana hija doctora enfermera señora tía".split(),
    "thing": "farmacia medicina botella caja casa puerta ventana mesa llave".split(),
    "quality": "aquí cerrada abierta nueva vieja fría roja verde azul pequeña grande".split(),
    "illness": ["fiebre", "tos", "dolor", "gripe"],
    "drink": "café té leche agua".split(),
    "": ["Tome {number} {unit} {when}.", "Por favor traiga {number} {unit} {when}.", "La {thing} está {quality}.",
         "La {thing} es {quality} y {quality}.", "¿Dónde está la {thing}?", "Mi {person} tiene {illness} desde el {day}.",
         "La {person} bebe {drink} {when}.", "Tengo {illness} desde el {day}.", "Necesitamos {number} {unit} el {day}.",
         "La {person} está {quality} {when}.", "¿Dónde está mi {person}?", "Por favor abra la {thing} {when}.",
         "Necesito la {thing} el {day}.", "Mi {person} necesita {number} {unit}.",
         "La {person} tiene {number} {unit} y {drink}.", "Venga el {day} a las {number}."],
}
LANGUAGES = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH}

BASES = {"en": ["en-us", "en"], "de": ["de"], "es": ["es", "es-419"]}
VARIANTS = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4"]
# Never heard in training: a variant of espeak-ng's voice in each language, and the speeds from 157 to 163.
HELD_OUT_VARIANT = {"en": "m3", "de": "f2", "es": "m4"}
HELD_OUT_SPEED = 160


def sentence(language, rng):
    """A sentence of a language's grammar."""
    grammar = LANGUAGES[language]
    words = rng.choice(grammar[""])
    while "{" in words:
        start, end = words.index("{"), words.index("}")
        words = words[:start] + rng.choice(grammar[words[start + 1 : end]]) + words[end + 1 :]
    return words


def held_out(language, count=120, seed=3):
    """The sentences of a language that training must not see: the first 20 are the test's, the next 20 development's."""
    rng, found = random.Random(f"{seed} {language}"), []
    while len(found) < count:
        text = sentence(language, rng)
        if text not in found and len(text.split()) >= 3:
            found.append(text)
    return found


def words(text):
    """A sentence as words for comparing: lower case, without punctuation."""
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").split()
