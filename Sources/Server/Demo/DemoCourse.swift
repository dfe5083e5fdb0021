// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// What `oracy demo` fills a server with: a course with its people, questions and spoken answers.
public struct DemoCourse: Sendable {
    /// A person of the demo.
    struct Person: Sendable {
        let name: String
        let email: String
        /// The espeak-ng voice and its speed in words a minute.
        let voice: String
        let speed: Int
    }

    /// A question with the answers that are spoken to it, by position of the student.
    struct Item: Sendable {
        let title: String
        let prompt: String
        let expected: String
        let answers: [Int: String]
    }

    let name: String
    /// The languages that answers may be in; empty for any.
    var languages: [String] = []
    /// The one language of all answers; nil to find it.
    var language: String?
    let educator: Person
    let students: [Person]
    let items: [Item]

    /// A short course for pharmacy interns, with answers of varied quality.
    public static let pharmacy = DemoCourse(
        name: "Oral exam practice: over-the-counter advice",
        language: "en",
        educator: Person(name: "Robin Okafor", email: "robin@demo.example", voice: "en-us", speed: 160),
        students: [
            Person(name: "Aylin Demir", email: "aylin@demo.example", voice: "en-us", speed: 150),
            Person(name: "Ben Castillo", email: "ben@demo.example", voice: "en-us+m3", speed: 175),
            Person(name: "Chi Nguyen", email: "chi@demo.example", voice: "en-us+f2", speed: 130),
        ],
        items: [
            Item(
                title: "Ibuprofen and warfarin",
                prompt: """
                    A man of seventy who takes warfarin asks for ibuprofen for his back pain. What do you ask him, and \
                    what do you tell him?
                    """,
                expected: """
                    First I would ask about other medicines, allergies and stomach problems. Ibuprofen is not suitable \
                    because the patient takes warfarin, and together they can cause serious bleeding. I would recommend \
                    paracetamol instead, one gram up to four times a day, and no more than four grams in a day. If the \
                    pain is severe or does not get better in a few days he should see his doctor.
                    """,
                answers: [
                    0: """
                    First I would ask which other medicines he takes and whether he has any allergies. He should \
                    not take ibuprofen because he takes warfarin and this can cause bleeding. I would offer \
                    paracetamol, one gram up to four times a day. If the pain does not get better he should see \
                    his doctor.
                    """,
                    1: """
                    Um, I would tell him that ibuprofen is fine with warfarin, and, um, he can take it with food. \
                    He can take it for as long as he needs it.
                    """,
                    2: """
                    I would ask about the pain and how long he has had it. I would, I would give him something for \
                    the pain, and tell him to rest and to come back if it does not get better.
                    """,
                ]),
            Item(
                title: "Cough in a small child",
                prompt: "A mother asks for a cough syrup for her child, who is three years old. How do you advise her?",
                expected: """
                    Cough medicines are not suitable for children under six years. I would ask how long the child has \
                    been coughing, and about fever, breathing and drinking. I would suggest warm drinks, honey and \
                    rest. If the child has trouble breathing, is drowsy or has a high fever, she should see a doctor at \
                    once.
                    """,
                answers: [
                    0: """
                    I would explain that cough medicines are not suitable for children under six. I would ask about \
                    fever and breathing, and suggest warm drinks and honey. If the child has trouble breathing she \
                    should see a doctor at once.
                    """,
                    2: """
                    How long has the child been coughing? Does the child have a fever? I would suggest rest and \
                    warm drinks, and honey. If there is trouble with breathing, go to the doctor at once.
                    """,
                ]),
        ])
}
