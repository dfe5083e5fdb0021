// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP

/// The headers that tell browsers what pages of this server may do: little.
enum SecurityHeaders {
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "media-src 'self' blob:", "connect-src 'self'", "worker-src 'self'", "font-src 'self'", "form-action 'self'",
        "manifest-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
    ].joined(separator: "; ")

    /// Adds them to a response; what the handler has set itself stays.
    static func apply(to response: inout HTTPResponse) {
        func add(_ name: String, _ value: String) {
            if !response.headers.contains(name) { response.headers.set(name, value) }
        }
        add("Content-Security-Policy", policy)
        add("X-Content-Type-Options", "nosniff")
        add("Referrer-Policy", "no-referrer")
        add("Cross-Origin-Opener-Policy", "same-origin")
        add("Cross-Origin-Resource-Policy", "same-origin")
        add("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
        add("Cache-Control", "no-store")
    }
}
