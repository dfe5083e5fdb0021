// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension SplitMix {
    /// Changes bytes as a hostile or damaged file does: up to four places are flipped, removed, repeated or replaced by
    /// something telling, or the end is cut off.
    ///
    /// - Parameter telling: What parsers of this kind of file stumble over.
    public mutating func mutate(_ bytes: [UInt8], telling: [[UInt8]]) -> [UInt8] {
        var bytes = bytes
        let telling = telling + [[0], [0x7F], [0x80], [0xFF], Array("\"".utf8)]
        for _ in 0..<next(in: 1...4) where !bytes.isEmpty {
            let index = next(in: 0...bytes.count - 1)
            switch next(in: 0...19) {
            case 0...3: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 4...6: bytes.remove(at: index)
            case 7...9: bytes.insert(contentsOf: bytes[index...].prefix(next(in: 1...40)), at: index)
            case 10...18:
                let end = min(bytes.count, index + next(in: 0...2))
                bytes.replaceSubrange(index..<end, with: telling.randomElement(using: &self) ?? [])
            default: bytes.removeLast(next(in: 1...max(1, bytes.count / 4)))
            }
        }
        return bytes
    }
}
