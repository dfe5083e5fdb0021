// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Tokenizers

/// Cuts a text that is longer than its encoder into windows.
enum TokenWindows {
    /// The windows: each takes as many tokens as fit, then gives back those from its end that go on with a word; where
    /// that would leave nothing, it is cut where it is full. A text without tokens has one empty window.
    static func windows(of text: TokenizedText, longest: Int) -> [Range<Int>] {
        precondition(longest > 0)
        guard text.count > longest else { return [0..<text.count] }
        var windows: [Range<Int>] = []
        var start = 0
        while start < text.count {
            var end = min(start + longest, text.count)
            if end < text.count {
                let full = end
                while end > start, text.continues[end] { end -= 1 }
                if end == start { end = full }
            }
            windows.append(start..<end)
            start = end
        }
        return windows
    }
}
