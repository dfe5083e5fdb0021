// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// English words that say what is the matter with a patient, and sound negative or positive in other talk.
enum ClinicalTerms {
    /// What stands for such a word when a sentence is scored without it.
    private static let nouns = "finding"
    private static let adjectives = "clinical"
    private static let verbs = "change"

    private static let replacements: [String: String] = {
        var table: [String: String] = [:]
        func add(_ replacement: String, _ words: String) {
            for word in words.split(separator: " ") { table[String(word)] = replacement }
        }
        add(
            nouns,
            """
            pain pains ache aches headache headaches migraine migraines cramp cramps bleeding bleed bleeds haemorrhage \
            hemorrhage bruising bruise bruises death deaths fatality overdose overdoses poisoning toxicity cancer tumour \
            tumor infection infections inflammation fever nausea vomiting diarrhoea diarrhea constipation rash rashes itch \
            itching swelling dizziness drowsiness fatigue weakness seizure seizures stroke failure attack attacks shock \
            reaction reactions allergy allergies anaphylaxis ulcer ulcers damage injury injuries disease diseases disorder \
            disorders symptom symptoms risk risks danger complication complications interaction interactions side-effect \
            side-effects contraindication contraindications depression anxiety dependence addiction withdrawal abuse \
            emergency distress discomfort soreness burn burns burning wound wounds fracture fractures clot clots virus \
            anaemia anemia hypertension hypotension asthma diabetes dementia psychosis suicide harm
            """)
        add(
            adjectives,
            """
            severe serious chronic acute fatal toxic harmful painful sore sick ill unwell dizzy drowsy tired weak swollen \
            allergic infected inflamed abnormal adverse dangerous risky contraindicated positive negative benign malignant \
            critical terminal dead depressed anxious addictive poor low high raised elevated irregular
            """)
        add(
            verbs,
            """
            hurt hurts die dies died kill kills killed suffer suffers suffered bleed bleeds bled vomit vomits vomited \
            worsen worsens worsened damage damages damaged harm harms irritate irritates
            """)
        return table
    }()

    /// The sentence with neutral words in place of clinical ones; nil where it has none.
    static func replaced(in sentence: String) -> String? {
        var changed = false
        var output = ""
        var word = ""
        func flush() {
            guard !word.isEmpty else { return }
            if let replacement = replacements[word.lowercased()] {
                output += replacement
                changed = true
            } else {
                output += word
            }
            word = ""
        }
        for character in sentence {
            if character.isLetter || (character == "-" && !word.isEmpty) {
                word.append(character)
            } else {
                flush()
                output.append(character)
            }
        }
        flush()
        return changed ? output : nil
    }
}
