// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// An e-mail address in the form it is stored and compared: without surrounding spaces, in lower case.
struct EmailAddress: Sendable, Hashable {
    /// The whole address.
    let text: String
    /// The part before the @.
    var localPart: String { String(text.prefix { $0 != "@" }) }

    /// Reads an address; nil unless it looks like one.
    ///
    /// Checked are the parts, their lengths (RFC 5321 §4.5.3.1) and that nothing invisible is in it; whether mail
    /// arrives, only a mail could tell.
    init?(_ raw: String) {
        let scalars = raw.lowercased().unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return nil }
        let text = String(scalars[start...end])
        guard text.utf8.count <= 254, text.unicodeScalars.allSatisfy(Self.isAllowed) else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), Self.isDotted(parts[0]),
            Self.isDotted(parts[1]), !parts[1].split(separator: ".").contains(where: { Self.isBadLabel($0) })
        else { return nil }
        self.text = text
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            false
        default: !#"<>()[]\,;:""#.unicodeScalars.contains(scalar)
        }
    }

    private static func isDotted(_ part: Substring) -> Bool {
        !part.split(separator: ".", omittingEmptySubsequences: false).contains { $0.isEmpty }
    }

    private static func isBadLabel(_ label: Substring) -> Bool {
        label.utf8.count > 63 || label.hasPrefix("-") || label.hasSuffix("-")
    }
}
