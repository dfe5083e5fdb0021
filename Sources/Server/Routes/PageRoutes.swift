// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CAssets
import Domain
import HTTP

/// The web pages: one shell for every page path, and the files it loads, from the program's own data (docs/web.md).
struct PageRoutes {
    private struct Asset: Sendable {
        let path: String
        let contentType: String
        let bytes: [UInt8]
        let entityTag: String
    }

    private let assets: [String: Asset]

    /// The paths of pages; the shell finds out by itself which one it is.
    static let pages = [
        "/", "/setup", "/login", "/transcribe", "/courses", "/courses/{id}", "/courses/{id}/dashboard",
        "/courses/{id}/items", "/courses/{id}/agreement", "/courses/{id}/fairness", "/courses/{id}/students/{user_id}",
        "/questions/{id}", "/questions/{id}/standard", "/responses/{id}", "/rubrics/{id}", "/marking", "/marking/{id}",
        "/progress", "/institution", "/institution/feedback", "/users", "/me", "/docs",
    ]

    /// Copies the embedded files once.
    init() {
        var assets: [String: Asset] = [:]
        for entry in UnsafeBufferPointer(start: oracy_assetList(), count: oracy_assetCount()) {
            guard let path = entry.path, let type = entry.contentType, let hash = entry.hash else { continue }
            let asset = Asset(
                path: String(cString: path), contentType: String(cString: type),
                bytes: Array(UnsafeBufferPointer(start: entry.bytes, count: entry.size)),
                entityTag: "\"\(String(cString: hash))\"")
            assets[asset.path] = asset
        }
        self.assets = assets
    }

    var routes: [Route] {
        Self.pages.map { page in
            .open(.get, page) { request in try answer(request, "/", caching: "no-store") }
        }
            + [
                .open(.get, "/openapi.json") { request in
                    try answer(request, "/openapi.json", caching: "no-cache")
                }
            ]
            + assets.keys.filter { $0.hasPrefix("/assets/") }.sorted().map { path in
                .open(.get, path) { request in
                    try answer(request, path, caching: "public, max-age=31536000, immutable")
                }
            }
    }

    private func answer(_ request: HTTPRequest, _ path: String, caching: String) throws -> HTTPResponse {
        guard let asset = assets[path] else { throw HTTPError.notFound() }
        return .bytes(
            asset.bytes, for: request, contentType: asset.contentType, entityTag: asset.entityTag,
            headers: ["Cache-Control": caching])
    }
}
