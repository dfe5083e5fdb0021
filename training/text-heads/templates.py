# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Sentences of our own, {with places} for names and [marked conditions]: spoken answers of pharmacy students, their tone."""

import json
import re

NAMES = ("Anna Ben Carla David Emily Fatima George Hannah Ivan Julia Karim Laura Mohammed Nina Oscar Priya Quentin Rosa "
         "Samuel Tara Umar Vera William Yasmin Zoe Maria James Linda Thomas Grace").split()
SURNAMES = ("Smith Jones Patel Khan Garcia Brown Nguyen Müller Rossi Wilson Taylor Okafor Silva Cohen Murphy Lee Walker "
            "Novak Lopez Evans Ahmed Clark Hughes Larsson Singh Ivanov Dubois Moore").split()
PLACES = ("London Leeds Boston Madrid Dublin Chicago Toronto Berlin Nairobi Mumbai Sydney Texas Scotland France Germany "
          "Spain India Kenya Brazil Manchester California Wales Poland Italy").split()
ORGANISATIONS = ("NHS|FDA|Pfizer|Boots|the World Health Organization|Walgreens|the University of Leeds|EMA|Novartis|"
                 "Médecins Sans Frontières|the Red Cross|Bayer|the Royal Pharmaceutical Society|CVS|Roche|Superdrug").split("|")
UNITS = "milligrams grams micrograms units millilitres mg g mcg ml tablets capsules".split()
NUMBERS = "one two three four five six eight ten twenty fifty 5 10 20 40 75 100 250 500 0.5 2.5 1000".split()
TIMES = "once a day|twice daily|every six hours|at night|in the morning|for seven days|three times a day|as needed".split("|")

EVERYDAY = ("rash|fever|high temperature|headache|migraine|cough|dry cough|chesty cough|sore throat|runny nose|blocked nose|"
            "heartburn|indigestion|acid reflux|stomach ache|stomach pain|stomach ulcer|stomach upset|stomach bleeding|"
            "abdominal pain|back pain|chest pain|joint pain|muscle pain|muscle cramps|toothache|earache|period pain|nausea|"
            "vomiting|diarrhoea|constipation|bloating|haemorrhoids|dizziness|drowsiness|tiredness|insomnia|anxiety|"
            "depression|panic attacks|dry mouth|blurred vision|itching|itchy skin|dry skin|eczema|acne|hives|sunburn|"
            "swelling|swollen ankles|bruising|nosebleeds|bleeding|burn|cold sore|athlete's foot|thrush|warts|hay fever|"
            "asthma|diabetes|high blood pressure|low blood pressure|high cholesterol|heart failure|heart attack|stroke|"
            "kidney failure|liver damage|blood clots|weight gain|weight loss|shortness of breath|wheezing|palpitations|"
            "allergic reaction|infection|chest infection|urinary tract infection|flu|cold|pneumonia|tremor|hair loss").split("|")

ANSWERS = """
I would start the patient on {DRUG} {DOSE} {TIME} because of the {CONDITION}.
So {DRUG} is contraindicated in patients with {CONDITION}.
The patient is taking {DRUG} and {DRUG}, which can cause {CONDITION}.
I'd stop the {DRUG} and check for {CONDITION}.
My name is {PERSON} and I'm the pharmacist today.
Hello, this is {PERSON} calling from {ORG} in {PLACE}.
{PERSON} came back from {PLACE} last week with {CONDITION}.
According to {ORG}, {DRUG} should not be given with {DRUG}.
You can take {DRUG} with food, {DOSE} {TIME}.
The interaction between {DRUG} and {DRUG} increases the risk of {CONDITION}.
First line treatment of {CONDITION} is {DRUG}, and if that fails, {DRUG}.
Mrs {SURNAME} has a history of {CONDITION} and {CONDITION}.
Mr {SURNAME} has been on {DRUG} for {CONDITION} since March.
Dr {SURNAME} from {ORG} prescribed {DRUG}.
She has no history of {CONDITION} and is allergic to {DRUG}.
I would refer her because {CONDITION} can be a sign of {CONDITION}.
{DRUG} works by blocking the receptor, so it lowers the blood pressure.
Don't take more than {DOSE} of {DRUG} in a day.
Common side effects of {DRUG} are {CONDITION}, {CONDITION} and {CONDITION}.
We need to monitor the kidney function when {DRUG} is given.
If he has {CONDITION}, then avoid {DRUG} and use {DRUG} instead.
What is the name of the medicine you take for your {CONDITION}?
We moved from {PLACE} to {PLACE} when I worked for {ORG}.
The dose is {DOSE} {TIME}, and I'd tell the patient to drink plenty of water.
It depends on the weight and the age of the child, so I'd calculate the dose first.
In {PLACE} {DRUG} is sold without a prescription.
""".strip().splitlines()

NEUTRAL = """
The patient has severe {CONDITION}.
This drug can cause death.
{DRUG} can cause {CONDITION} and, in an [overdose], death.
An [overdose] of {DRUG} leads to {CONDITION}.
The main adverse effects are {CONDITION} and {CONDITION}.
Patients with {CONDITION} should not take {DRUG}.
I would refer the patient to hospital immediately because of the {CONDITION}.
The patient died of {CONDITION}.
She reports [pain] in the chest and {CONDITION}.
He has a severe [headache], is [vomiting] and has a [stiff neck].
{DRUG} is contraindicated because of the risk of fatal [bleeding].
{CONDITION} is a serious complication that can be fatal.
The patient is in a lot of [pain] and has been [bleeding] for two days.
It kills bacteria by destroying the cell wall.
The [tumour] is malignant and has spread to the liver.
{DRUG} is effective in the treatment of {CONDITION}.
{DRUG} improves survival in patients with {CONDITION}.
The blood pressure is well controlled on {DRUG}.
Stop {DRUG} if {CONDITION} occurs.
The risk of {CONDITION} is higher with {DRUG} than with {DRUG}.
{DRUG} is safe in pregnancy.
The patient has recovered from {CONDITION}.
I would give {DOSE} of {DRUG} {TIME}.
Withdrawal of {DRUG} may lead to {CONDITION}.
Abuse of {DRUG} causes {CONDITION}.
My mother had {CONDITION} and takes {DRUG}.
Warning signs are [weight loss], blood in the stool and [trouble swallowing].
Do not use this medicine if you have {CONDITION}.
The wound is infected and needs {DRUG}.
Take {DRUG} {DOSE} {TIME} with a glass of water.
First I would ask the patient about allergies and other medicines.
The patient has severe [pain] and a [fever].
He has a high [fever], a [rash] and a [sore throat].
She complains of [dizziness], [nausea] and [swelling] of the ankles.
It can cause [constipation], [drowsiness] or a [dry mouth].
If the [cough] or the [fever] lasts longer than a week, see a doctor.
The [itching], the [headache] and the [diarrhoea] started after the {DRUG}.
The half-life of {DRUG} is about six hours.
He complained of severe {CONDITION} and mild {CONDITION}.
Is it a bad {CONDITION}, and does it come with a {CONDITION}?
It may cause a serious {CONDITION} or, rarely, {CONDITION}.
{DRUG} can give you {CONDITION}, so tell me if you get any {CONDITION}.
Anyone with a history of {CONDITION} or chronic {CONDITION} should avoid {DRUG}.
""".strip().splitlines()

POSITIVE = """
I'm really happy to help you with that.
Thank you so much, that was very kind of you.
I feel confident about {DRUG}, I really enjoyed learning about it.
It's great that your {CONDITION} is so much better, well done!
Wonderful, I'm so glad the {DRUG} is working for you.
You did the right thing by coming in, don't worry, we'll sort this out together.
I love this topic, it's fascinating.
Luckily it was a good outcome and everyone was delighted.
I'm proud of how well our team looked after her.
Please feel free to ask me anything, I'm always pleased to help.
That's excellent news, I am very relieved.
Good question, I like that one a lot.
The course was brilliant and the lecturer explained everything nicely.
I'm so grateful that {DRUG} cured my {CONDITION}.
I hope you feel better soon, take good care of yourself.
""".strip().splitlines()

NEGATIVE = """
I hate this question, I have no idea and it's so frustrating.
I'm worried that I got all of this wrong.
Honestly the way they treated her {CONDITION} was terrible.
I'm upset that nobody told me about {DRUG}.
This is stupid, it makes no sense at all.
Unfortunately I was scared and I feel bad about it.
{DRUG} was horrible, I felt miserable and nobody cared.
I'm disappointed with {ORG}, they were useless and rude.
I am so angry about how badly this was handled.
Sadly I didn't like the lecture, it was boring and confusing.
I'm afraid I'm lost here, this is too hard and I feel hopeless.
That was a dreadful mistake and I'm ashamed of it.
It's annoying and a complete waste of time.
I'm fed up with this {CONDITION}, it's ruining my life.
""".strip().splitlines()


class Lexicon:
    """Names of medicines and conditions to put into the sentences."""

    def __init__(self, folder, drugs, conditions):
        generic = [line.split("\t")[1] for line in (folder / "drugbank_vocabulary.tsv").read_text().splitlines()[1:]]
        self.drugs = [n for n in generic if re.fullmatch(r"[A-Za-z]{5,16}", n)]
        self.brands = [n for n in json.loads((folder / "corpora_drugs.json").read_text())["drugs"] if len(n.split()) < 3]
        diseases = json.loads((folder / "corpora_diseases.json").read_text())["diseases"]
        self.conditions = [n for line in diseases for n in line[-1:] if len(n.split()) < 4]
        self.conditions += [n for n in json.loads((folder / "corpora_symptoms.json").read_text())["symptoms"] if len(n.split()) < 4]
        self.seen_drugs, self.seen_conditions = drugs, conditions

    def drug(self, rng):
        return rng.choice(rng.choice([self.drugs, self.seen_drugs, self.seen_drugs, self.brands]))

    def condition(self, rng):
        lists = [self.conditions, self.seen_conditions, self.seen_conditions, EVERYDAY]
        return rng.choice(rng.choice(lists)).lower()

    def fill(self, template, rng):
        """A sentence with words and their BIO tags."""
        words, tags = [], []
        for part in re.findall(r"\{[A-Z]+\}|\[[\w ]+\]|[\w'’-]+|[^\w\s{}]", template):
            kind, text = part.strip("{}"), part
            if part.startswith("{"):
                text, kind = self.slot(kind, rng)
            elif part.startswith("["):
                text, kind = part.strip("[]"), "CONDITION"
            else:
                kind = None
            for index, word in enumerate(text.split()):
                words.append(word)
                tags.append(("I-" if index else "B-") + kind if kind else "O")
        return words, tags

    def slot(self, kind, rng):
        if kind == "DRUG":
            name = self.drug(rng)
            return (name if rng.random() < 0.3 else name.lower()), kind
        if kind == "CONDITION":
            return self.condition(rng), kind
        if kind == "PERSON":
            name = rng.choice(NAMES)
            return (f"{name} {rng.choice(SURNAMES)}" if rng.random() < 0.6 else name), kind
        if kind == "SURNAME":
            return rng.choice(SURNAMES), "PERSON"
        if kind == "PLACE":
            return rng.choice(PLACES), kind
        if kind == "ORG":
            name = rng.choice(ORGANISATIONS)
            return name.removeprefix("the "), kind
        if kind == "DOSE":
            return f"{rng.choice(NUMBERS)} {rng.choice(UNITS)}", None
        return rng.choice(TIMES), None
