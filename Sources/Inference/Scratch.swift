// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Working memory of one thread: a few areas that grow to the largest size asked for and are used again.
package final class Scratch {
    /// What an area is for; each may hold one thing at a time.
    package enum Area: Int, CaseIterable {
        case rows, sums, scales, bias
        case normal, wide, scores, context, query
    }

    private var areas: [AlignedMemory?] = Array(repeating: nil, count: Area.allCases.count)

    package init() {}

    /// Memory for `count` numbers, with whatever was left in it; valid until the area is asked for again.
    package func memory<Number: BitwiseCopyable>(
        _ area: Area, _ count: Int, of type: Number.Type
    ) -> UnsafeMutablePointer<Number> {
        let bytes = count * MemoryLayout<Number>.size
        if let memory = areas[area.rawValue], memory.size >= bytes { return memory.pointer(to: type) }
        let memory = AlignedMemory(bytes: bytes)
        areas[area.rawValue] = memory
        return memory.pointer(to: type)
    }

    /// Memory for floats.
    package func floats(_ area: Area, _ count: Int) -> UnsafeMutablePointer<Float> {
        memory(area, count, of: Float.self)
    }
}
