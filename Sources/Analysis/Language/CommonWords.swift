// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The commonest words of seven languages, which correct the language detector where it is known to err: words of Latin
/// origin, as clinical texts are full of, look English to it, and Spanish, Portuguese and Dutch like their smaller
/// neighbours.
enum CommonWords {
    /// The languages that are given for others.
    private static let doubtful: Set<String> = ["en", "gl", "af"]

    /// How many more common words another language must have.
    private static let margin = 2

    /// How much of a text is looked at, in bytes.
    private static let longestText = 4_096

    /// The language that a text is rather in than the one that was detected; nil to leave it.
    static func correction(of code: String, in bytes: [UInt8]) -> String? {
        guard doubtful.contains(code) else { return nil }
        var counts = [Int](repeating: 0, count: languages.count)
        let text = String(decoding: bytes.prefix(longestText), as: UTF8.self).lowercased()
        for word in text.unicodeScalars.split(whereSeparator: { !$0.properties.isAlphabetic }) {
            guard let found = index[String(word)] else { continue }
            for language in found { counts[language] += 1 }
        }
        let own = languages.firstIndex { $0.code == code }.map { counts[$0] } ?? 0
        guard let best = counts.indices.max(by: { counts[$0] < counts[$1] }), languages[best].code != code,
            counts[best] >= own + margin, counts.count(where: { $0 == counts[best] }) == 1
        else { return nil }
        return languages[best].code
    }

    private static let languages: [(code: String, words: String)] = [
        (
            "en",
            """
            the of and to is in that it for was on are with as this be not have from but which you they his her has we had \
            will would can been were she he an by at or there their what so if my your when who
            """
        ),
        (
            "es",
            """
            el los las del una y que en no por con para su al lo como más pero sus le ya este sí porque esta entre cuando muy \
            sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos \
            él se es un la de
            """
        ),
        (
            "fr",
            """
            le les des et est une dans que qui pour pas sur plus avec ce il au par sont je nous vous mais ou leur elle aux ont \
            cette ses été être du se en ne un la de à
            """
        ),
        (
            "de",
            """
            der die das und ist nicht ein eine zu den mit von dem auf für im sich des auch es an als wie aber wird sind bei oder \
            wenn nach noch werden aus hat dass sie ich er
            """
        ),
        (
            "it",
            """
            il di che è per non una con sono del della le gli dei nel ma si da lo più alla anche come ha nella al delle questo \
            se io ci dal un la
            """
        ),
        (
            "nl",
            """
            de het een van en is dat niet in te op voor met zijn er aan om ook als bij maar ze wordt naar dan nog uit heeft \
            worden door over ik je wat hij
            """
        ),
        (
            "pt",
            """
            o os as do da dos das um uma e que não em para com por no na se mais como mas ao pelo pela são foi ele à você ou \
            seu sua muito já também só nos eu de a
            """
        ),
    ]

    private static let index: [String: [Int]] = {
        var index: [String: [Int]] = [:]
        for (number, language) in languages.enumerated() {
            for word in language.words.split(separator: " ") { index[String(word), default: []].append(number) }
        }
        return index
    }()
}
