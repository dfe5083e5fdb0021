// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension DemoCourse {
    /// One course, answered in three languages that the recogniser has to find by itself.
    ///
    /// All words are of the vocabulary that the small model of `training/whisper-fixture` was trained on, so that the
    /// course can be tried without a network; any multilingual model writes them too.
    public static let languages = DemoCourse(
        name: "At the counter, in three languages", languages: ["en", "de", "es"], language: nil,
        educator: Person(name: "Robin Okafor", email: "robin@demo.example", voice: "en-us", speed: 160),
        students: [
            Person(name: "Ben Castillo", email: "ben@demo.example", voice: "en-us+m3", speed: 160),
            Person(name: "Greta Vogel", email: "greta@demo.example", voice: "de+f2", speed: 160),
            Person(name: "Elena Ruiz", email: "elena@demo.example", voice: "es+m4", speed: 160),
        ],
        items: [
            Item(
                title: "How to take them",
                prompt: "Tell a patient how many to take, and when. Answer in English, German or Spanish.",
                expected: "Take six tablets at night.",
                answers: [
                    0: "Take six tablets at night.",
                    1: "Nehmen Sie zwölf Tabletten am Abend.",
                    2: "Tome seis pastillas por la noche.",
                ]),
            Item(
                title: "When to come again",
                prompt: "Ask a patient to come again. Answer in English, German or Spanish.",
                expected: "Come on Monday at two.",
                answers: [
                    0: "Come on Monday at two.", 1: "Kommen Sie am Montag um sechs.",
                    2: "Venga el jueves a las siete.",
                ]),
            Item(
                title: "A patient's complaint",
                prompt: "Say, as the patient, what you have, and since when. Answer in English, German or Spanish.",
                expected: "I have a fever since Wednesday.",
                answers: [
                    0: "I have a fever since Wednesday.", 1: "Ich habe Husten seit Montag.",
                    2: "Tengo tos desde el lunes.",
                ]),
        ])
}
