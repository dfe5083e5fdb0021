// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Makes tokens of the pieces of a text: the last step of a ``TextTokenizer``, and the one that differs most.
protocol SubwordModel: Sendable {
    /// Adds the tokens of pieces that are not empty.
    func encode(_ pieces: [Range<Int>], of text: AlignedText, into result: inout TokenizedText)
}

extension ByteLevelBPE: SubwordModel {
    func encode(_ pieces: [Range<Int>], of text: AlignedText, into result: inout TokenizedText) {
        text.bytes.withUnsafeBufferPointer { bytes in
            var merger = Merger(self)
            for piece in pieces {
                let first = result.ids.count
                merger.encode(UnsafeBufferPointer(rebasing: bytes[piece]), into: &result.ids)
                var start = piece.lowerBound
                for id in result.ids[first...] {
                    let end = start + tokens.bytes(of: Int32(truncatingIfNeeded: id)).count
                    result.offsets.append(text.origin(of: start..<end))
                    result.continues.append(start > piece.lowerBound)
                    start = end
                }
            }
        }
    }
}
