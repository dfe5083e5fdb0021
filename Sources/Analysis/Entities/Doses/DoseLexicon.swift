// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

package import Domain

/// The words of doses in English.
///
/// Abbreviations are those of the British National Formulary ("Abbreviations and symbols") and of prescriptions in the
/// United States (bid, tid, qid, q6h).
package enum DoseLexicon {
    /// What a word that names a unit stands for.
    package struct Measure {
        /// The base unit.
        package var unit: Dose.Unit
        /// How many base units it is.
        package var factor: Double
    }

    /// Units of mass, volume, amount and activity.
    package static let measures: [String: Measure] = {
        var table: [String: Measure] = [:]
        func add(_ unit: Dose.Unit, _ factor: Double, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = Measure(unit: unit, factor: factor) }
        }
        add(.gram, 1, "g gm gms gram grams gramme grammes")
        add(.gram, 1e-3, "mg mgs milligram milligrams milligramme milligrammes")
        add(.gram, 1e-6, "mcg mcgs µg μg ug microgram micrograms microgramme microgrammes mics mic")
        add(.gram, 1e-9, "ng nanogram nanograms nanogramme nanogrammes")
        add(.litre, 1, "l litre litres liter liters")
        add(.gram, 1e-12, "pg picogram picograms picogramme picogrammes")
        add(.litre, 1e-2, "centilitre centilitres centiliter centiliters")
        add(.litre, 1e-6, "microlitre microlitres microliter microliters")
        add(.litre, 1e-3, "ml mls mil mils cc ccs millilitre millilitres milliliter milliliters")
        add(.mole, 1e-3, "mmol mmols millimole millimoles")
        add(.mole, 1e-6, "µmol μmol umol micromole micromoles")
        add(.internationalUnit, 1, "iu u unit units")
        return table
    }()

    /// What a recogniser writes apart from the unit.
    static let prefixes: [String: String] = [
        "milli": "milli", "mili": "milli", "micro": "micro", "nano": "nano", "centi": "centi",
    ]

    /// What is counted.
    package static let forms: [String: Dose.Unit] = {
        var table: [String: Dose.Unit] = [:]
        func add(_ unit: Dose.Unit, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = unit }
        }
        add(.tablet, "tablet tablets tab tabs pill pills caplet caplets")
        add(.capsule, "capsule capsules cap caps")
        add(.puff, "puff puffs inhalation inhalations")
        add(.spray, "spray sprays")
        add(.drop, "drop drops")
        add(.sachet, "sachet sachets")
        add(.suppository, "suppository suppositories")
        add(.pessary, "pessary pessaries")
        add(.patch, "patch patches")
        add(.lozenge, "lozenge lozenges pastille pastilles")
        add(.injection, "injection injections jab jabs")
        add(.ampoule, "ampoule ampoules vial vials")
        add(.teaspoon, "teaspoon teaspoons teaspoonful teaspoonfuls tsp")
        add(.tablespoon, "tablespoon tablespoons tablespoonful tablespoonfuls tbsp")
        add(.application, "application applications")
        return table
    }()

    /// What a percentage is the strength of.
    static let topicals: Set<String> = [
        "cream", "creams", "ointment", "ointments", "gel", "gels", "lotion", "lotions", "solution", "solutions",
        "drops", "shampoo", "spray", "paste", "foam", "saline", "glucose", "dextrose", "mouthwash", "paint",
    ]

    /// What an amount may be for besides a body's weight and time: then it is no plain amount.
    static let otherUnits: Set<String> = [
        "mol", "mole", "cm", "cm2", "mm", "m", "metre", "meter", "centimetre", "square", "kcal", "joule", "creatinine",
        "cell",
        "gram", "hundred", "thousand", "million",
    ]

    /// What stands between a verb and how often: "take it", "use your cream".
    static let objects: Set<String> = [
        "it", "them", "this", "these", "that", "those", "one", "the", "your", "my", "his", "her", "their", "a", "an",
        "medicine",
        "medicines", "medication", "tablets", "drug", "dose", "doses", "inhaler", "inhalers", "antibiotic",
        "antibiotics",
        "insulin", "just", "only", "then", "and", "not", "of", "to", "be", "is", "usually", "about", "drops", "all",
        "each",
        "with", "food", "again", "day", "affected", "area", "areas", "skin", "face", "hands", "scalp", "rash",
    ]

    /// What follows a drug's name and belongs to it.
    static let salts: Set<String> = [
        "phosphate", "sulfate", "sulphate", "hydrochloride", "sodium", "potassium", "citrate", "tartrate", "maleate",
        "fumarate",
        "acetate", "succinate", "nitrate", "chloride", "calcium", "magnesium", "besilate", "mesilate", "bromide",
        "tablets",
        "capsules",
    ]

    /// What is given in international units, where no list of drugs says so.
    static let inUnits: Set<String> = [
        "insulin", "heparin", "lantus", "levemir", "tresiba", "toujeo", "novorapid", "humalog", "humulin", "actrapid",
        "apidra",
        "oxytocin", "penicillin", "benzylpenicillin", "vitamin", "botox", "erythropoietin", "dalteparin", "tinzaparin",
    ]

    /// Frequencies that stand on prescriptions and nowhere else.
    static let prescribed: Set<String> = ["bd", "bid", "tds", "tid", "qds", "qid", "nocte", "mane", "qhs"]

    /// Words besides verbs that say that a dose is meant.
    static let cues: Set<String> = [
        "dose", "doses", "dosage", "need", "needs", "start", "started", "starting", "increase", "increased",
        "increasing",
        "reduce", "reduced", "reducing", "titrate", "titrated", "prescribe", "prescribed", "have", "had", "having",
        "has", "put",
        "run", "infuse", "infused", "infusion", "bolus", "breathe", "medicine", "medication", "instead", "drug",
        "drink", "drinks",
        "squirt", "squirts", "then",
    ]

    /// Words beside which a bare amount is none that somebody takes.
    static let elsewhere: Set<String> = [
        "flask", "beaker", "pipette", "burette", "crucible", "boil", "heat", "heated", "stir", "weigh", "distilled",
        "precipitate",
        "dispensed", "packet", "packets", "pack", "packs", "box", "boxes", "bottle", "bottles", "carton", "recipe",
        "flour",
        "oven", "bakes", "bake", "pocket", "shelf", "cupboard", "contains", "costs",
    ]

    /// What is eaten and drunk and is no medicine, and what is measured in the same units.
    static let foods: Set<String> = [
        "carbohydrate", "carbohydrates", "carbs", "sugar", "sugars", "salt", "fat", "fats", "protein", "fibre", "fiber",
        "chocolate", "bread", "rice", "pasta", "meat", "cheese", "butter", "flour", "food", "fruit", "vegetables",
        "nuts",
        "honey", "spirits", "vodka", "whisky", "cider", "sputum", "pus", "vomit", "faeces", "stool", "saliva", "tissue",
        "sweat", "muscle", "weight", "acid", "solution",
        "water", "fluid", "fluids", "milk", "juice", "tea", "coffee", "alcohol", "wine", "beer", "liquid", "liquids",
        "blood", "urine",
    ]

    /// Verbs after which a frequency alone is a direction: "take it twice a day".
    static let verbs: Set<String> = [
        "take", "takes", "taking", "taken", "use", "uses", "using", "used", "apply", "applies", "applying", "applied",
        "give", "gives", "giving", "given", "inject", "injects", "injecting", "injected", "inhale", "inhales",
        "inhaling", "swallow", "swallowing", "administer", "administered", "insert", "instil", "instill", "chew",
        "suck", "dissolve", "repeat", "repeated",
    ]

    /// Frequencies in one word, as times in days.
    static let frequencies: [String: Dose.Frequency] = {
        var table: [String: Dose.Frequency] = [:]
        func add(_ times: Double, _ days: Double, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = Dose.Frequency(times, times, days: days) }
        }
        add(1, 1, "od daily mane nocte om on qd qhs hs nightly qam qpm")
        add(2, 1, "bd bid")
        add(3, 1, "tds tid")
        add(4, 1, "qds qid")
        add(1, 7, "weekly")
        add(1, 14, "fortnightly biweekly")
        add(1, 30, "monthly")
        add(1, 365, "yearly annually")
        add(24, 1, "hourly")
        add(1, 2, "qod")
        return table
    }()

    /// Words that are a frequency only when they are written in capitals or follow an amount at once.
    static let shortFrequencies: Set<String> = ["on", "om", "hs"]

    /// The words that doses begin with: those of numbers, limits and frequencies. Most words of a text are none of them.
    static let firstWords: Set<String> = {
        let limits = "max maximum total daily limit most more no not never do don't without with up at"
        let frequencies =
            "once twice thrice every each alternate on in before after per within over q x b t o the another between nightly"
        return SpokenNumber.firstWords.union((limits + " " + frequencies).split(separator: " ").map(String.init))
            .union(Self.frequencies.keys).union(timesOfDay).union(periods.keys)
    }()

    /// Times of the day.
    package static let timesOfDay: Set<String> = [
        "morning", "mornings", "night", "bedtime", "evening", "evenings", "afternoon", "noon", "lunchtime", "midday",
        "breakfast", "lunch", "dinner", "supper", "bed",
    ]

    /// Periods in days.
    package static let periods: [String: Double] = [
        "minute": 1 / 1_440, "minutes": 1 / 1_440, "min": 1 / 1_440, "mins": 1 / 1_440,
        "hour": 1 / 24, "hours": 1 / 24, "h": 1 / 24, "hr": 1 / 24, "hrs": 1 / 24, "hourly": 1 / 24,
        "day": 1, "days": 1, "week": 7, "weeks": 7, "fortnight": 14, "fortnights": 14,
        "wk": 7, "wks": 7, "month": 30, "months": 30, "year": 365, "years": 365,
    ]

    /// Days of the week.
    package static let weekdays: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    ]

    /// Whether a word or phrase that a model takes for a drug belongs to a dose or a laboratory: "prn", "q8h", "HbA1c".
    static func isNoDrug(_ phrase: String) -> Bool {
        let words = phrase.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return !words.isEmpty
            && words.allSatisfy { word in
                frequencies[word] != nil || routes[word] != nil || forms[word] != nil || measures[word] != nil
                    || noDrugs.contains(word) || Double(word) != nil
                    || (word.hasPrefix("q") && word.hasSuffix("h") && Double(word.dropFirst().dropLast()) != nil)
            }
    }

    private static let noDrugs: Set<String> = [
        "prn", "stat", "titrate", "titrated", "titration", "egfr", "hba1c", "inr", "bnp", "crp", "esr", "tsh", "psa",
        "fbc",
        "lft", "lfts", "gfr", "bmi", "dose", "doses", "twice", "once", "times", "day", "ac", "pc",
    ]

    /// Routes in one word.
    static let routes: [String: Dose.Route] = {
        var table: [String: Dose.Route] = [:]
        func add(_ route: Dose.Route, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = route }
        }
        add(.oral, "orally po")
        add(.sublingual, "sublingually sl sublingual")
        add(.buccal, "buccally")
        add(.inhaled, "inhaled neb nebulised nebulized")
        add(.nasal, "nasally intranasally intranasal")
        add(.topical, "topically")
        add(.transdermal, "transdermally")
        add(.rectal, "rectally pr")
        add(.vaginal, "vaginally pv")
        add(.subcutaneous, "subcutaneously subcut sc sq subcutaneous")
        add(.intramuscular, "intramuscularly im intramuscular")
        add(.intravenous, "intravenously iv intravenous")
        return table
    }()

    /// The last word of a route in several words: "into each nostril", "by mouth".
    static let places: [String: Dose.Route] = [
        "mouth": .oral, "tongue": .sublingual, "nostril": .nasal, "nostrils": .nasal, "nose": .nasal,
        "eye": .ophthalmic, "eyes": .ophthalmic, "ear": .otic, "ears": .otic, "thigh": .intramuscular,
        "muscle": .intramuscular, "vein": .intravenous, "rectum": .rectal, "vagina": .vaginal, "cheek": .buccal,
        "nebuliser": .inhaled, "nebulizer": .inhaled, "spacer": .inhaled, "inhaler": .inhaled,
    ]
}
