// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import JSON

/// What a marker has sent, checked against the rubric.
struct MarkDraft {
    /// The score of the chosen level of each criterion.
    let levels: [String: Int]
    /// The score of the chosen level of the global scale.
    let globalRating: Int?
    /// Remarks.
    let comments: [Mark.Comment]
    /// What the answer earns; nil while criteria are missing.
    let score: Double?

    /// Reads the fields `levels`, `global_rating` and `comments`; what is wrong with them is kept in `fields`.
    ///
    /// - Parameters:
    ///   - fields: The body.
    ///   - rubric: What the answer is marked by.
    ///   - duration: How long the recording is, in seconds.
    ///   - isComplete: Whether nothing may be missing.
    init(_ fields: inout FieldReader, by rubric: RubricVersion, duration: Double?, isComplete: Bool) {
        levels = Self.levels(&fields, rubric, isComplete)
        globalRating = Self.globalRating(&fields, rubric, isComplete)
        comments = Self.comments(&fields, duration)
        score = rubric.score(of: levels)
    }

    private static func levels(
        _ fields: inout FieldReader, _ rubric: RubricVersion, _ isComplete: Bool
    ) -> [String: Int] {
        let sent = fields.document("levels") ?? .object([:])
        guard let object = sent.object else {
            fields.fault("levels", "must be an object that names a level's score for each criterion")
            return [:]
        }
        for key in object.keys where !rubric.criteria.contains(where: { $0.id == key }) {
            fields.fault("levels.\(key)", "is no criterion of the rubric")
        }
        var levels: [String: Int] = [:]
        for criterion in rubric.criteria {
            guard let value = object[criterion.id], !value.isNull else {
                if isComplete { fields.fault("levels.\(criterion.id)", "is required in a final mark") }
                continue
            }
            levels[criterion.id] = chosen(value, of: criterion.levels, "levels.\(criterion.id)", &fields)
        }
        return levels
    }

    private static func globalRating(
        _ fields: inout FieldReader, _ rubric: RubricVersion, _ isComplete: Bool
    ) -> Int? {
        guard let value = fields.document("global_rating") else {
            if isComplete, !rubric.globalScale.isEmpty {
                fields.fault("global_rating", "is required in a final mark")
            }
            return nil
        }
        guard !rubric.globalScale.isEmpty else {
            fields.fault("global_rating", "must be absent: the rubric has no global scale")
            return nil
        }
        return chosen(value, of: rubric.globalScale, "global_rating", &fields)
    }

    private static func chosen(
        _ value: JSONValue, of levels: [RubricVersion.Level], _ field: String, _ fields: inout FieldReader
    ) -> Int? {
        guard let score = value.integer, let level = levels.first(where: { Int64($0.score) == score }) else {
            fields.fault(field, "must be one of \(levels.map { String($0.score) }.joined(separator: ", "))")
            return nil
        }
        return level.score
    }

    private static func comments(_ fields: inout FieldReader, _ duration: Double?) -> [Mark.Comment] {
        fields.list("comments", limit: 100).enumerated().map { index, reader in
            var reader = reader
            var comment = Mark.Comment(text: reader.text("text", limit: 2_000, multiline: true))
            if let at = reader.document("at") {
                if let seconds = at.double, seconds >= 0, seconds <= (duration ?? 86_400) + 1 {
                    comment.time = Int((seconds * 1000).rounded())
                } else {
                    reader.fault("at", "must be a number of seconds within the recording")
                }
            }
            fields.adopt(reader, as: "comments[\(index)]")
            return comment
        }
    }
}
