// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Cryptography
import Domain
import Storage

/// A refresh token: the session, how often it has been refreshed, and a proof that both came from us.
///
/// Form: `SESSION.COUNTER.MAC`, where MAC is base64url(HMAC-SHA256(session key, "SESSION.COUNTER")). The same counter
/// always gives the same token, so that an answer lost on the way can be given again.
struct RefreshToken: Sendable, Hashable {
    /// The session.
    let session: Identifier<Session>
    /// How often the session had been refreshed when the token was made.
    let counter: Int64
    private let code: [UInt8]

    /// Makes the token of a session for a counter.
    init(session: Identifier<Session>, counter: Int64, key: [UInt8]) {
        self.session = session
        self.counter = counter
        code = HMACSHA256.code(for: Self.message(session, counter), key: key)
    }

    /// Reads a token from outside; nil when it has another form. It is not yet proven to be ours.
    init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let session = Identifier<Session>(String(decoding: parts[0], as: UTF8.self)),
            (1...18).contains(parts[1].count), let counter = Int64(String(decoding: parts[1], as: UTF8.self)),
            String(counter).utf8.elementsEqual(parts[1]), counter >= 0,
            let code = Base64URL.decode(parts[2]), code.count == SHA256.byteCount
        else { return nil }
        self.session = session
        self.counter = counter
        self.code = code
    }

    /// Whether the token was made with this session key.
    func isAuthentic(key: [UInt8]) -> Bool {
        HMACSHA256.isValid(code, for: Self.message(session, counter), key: key)
    }

    /// The text form.
    var text: String { "\(session.text).\(counter).\(Base64URL.encode(code))" }

    private static func message(_ session: Identifier<Session>, _ counter: Int64) -> String.UTF8View {
        "\(session.text).\(counter)".utf8
    }
}
