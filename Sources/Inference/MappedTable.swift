// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels

/// A table of which single rows are needed, such as the words of an embedding. It stays in its file, in the file's
/// numbers, and takes memory only for the rows that are read; models of one file share it.
package final class MappedTable: Sendable {
    /// How many rows there are.
    package let rows: Int
    /// The numbers of a row.
    package let width: Int
    private let file: SafetensorsFile
    private let entry: SafetensorsFile.Entry

    /// Finds a tensor, [rows, width], in float32, float16 or bfloat16.
    init(_ file: SafetensorsFile, _ name: String, shape: [Int]) throws(InferenceError) {
        entry = try file.floatEntry(name)
        precondition(entry.shape == shape && shape.count == 2)
        (rows, width) = (shape[0], shape[1])
        self.file = file
    }

    /// Copies a row, widened to float.
    package func copy(_ row: Int, to destination: UnsafeMutablePointer<Float>) {
        precondition((0..<rows).contains(row))
        file.copyFloats(entry, from: row * width, count: width, to: destination)
    }

    /// Whether every number is finite. Reads the whole file, and lets go of it.
    package var isFinite: Bool {
        let row = Tensor(shape: [width])
        defer { forgetWhatWasRead() }
        return (0..<rows).allSatisfy { index in
            copy(index, to: row.pointer)
            return row.isFinite
        }
    }

    /// Lets go of what was read of the file, which the system then fetches again when it is needed.
    package func forgetWhatWasRead() { file.forgetWhatWasRead() }
}
