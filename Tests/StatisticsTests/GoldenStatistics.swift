// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON

/// What independent programs make of random marks (Tests/Fixtures/statistics/reference.py).
enum GoldenStatistics {
    private static let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Fixtures/statistics/golden.json")
    /// Null when the file can't be read, which a test of its own finds.
    static let all = (try? JSONValue(parsing: Array(Data(contentsOf: file)))) ?? .null

    /// The cases of a kind.
    static func cases(_ kind: String) -> [JSONValue] { all[kind]?.array ?? [] }
}

extension JSONValue {
    /// Numbers with nil for null.
    var cells: [Double?] { array?.map(\.double) ?? [] }
    /// Rows of numbers with nil for null.
    var rows: [[Double?]] { array?.map(\.cells) ?? [] }
}
