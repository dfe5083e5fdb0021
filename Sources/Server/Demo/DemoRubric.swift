// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import JSON

/// What the answers of the demo are marked by.
enum DemoRubric {
    /// The body of a request that makes it in a course.
    static func body(course: String) -> JSONValue {
        [
            "course_id": .string(course), "title": "Counselling",
            "criteria": [
                criterion("safety", "Safety", "Nothing said could harm the patient; warnings are given.", weight: 2),
                criterion("content", "Content", "What the patient needs to know is said.", weight: 2),
                criterion("questions", "Questions", "The pharmacist asks before they advise."),
                criterion("language", "Language", "A patient understands every word."),
            ],
            "global_scale": levels(["clear fail", "borderline", "clear pass", "excellent"]),
        ]
    }

    private static func criterion(
        _ id: String, _ label: String, _ description: String, weight: Int64 = 1
    ) -> JSONValue {
        [
            "id": .string(id), "label": .string(label), "description": .string(description),
            "weight": .integer(weight), "levels": levels(["missing", "weak", "sound", "very good"]),
        ]
    }

    private static func levels(_ labels: [String]) -> JSONValue {
        .array(
            labels.enumerated().map { score, label in
                ["score": .integer(Int64(score)), "label": .string(label)]
            })
    }
}
