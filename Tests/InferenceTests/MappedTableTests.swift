// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import Inference
import TestPrograms
import Testing

@Suite("Tables in files")
struct MappedTableTests {
    /// Three rows of two: the numbers 1 to 6, which all formats hold exactly.
    @Test(arguments: ["F32", "F16", "BF16"]) func `rows are widened as they are read`(format: String) throws {
        let numbers: [Float] = [1, 2, 3, 4, 5, 6]
        let data: [UInt8] = numbers.flatMap { number -> [UInt8] in
            switch format {
            case "F32": withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
            case "F16":
                // 1 to 6 as IEEE half precision.
                withUnsafeBytes(of: [0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600][Int(number)] as UInt16) {
                    Array($0)
                }
            default: withUnsafeBytes(of: UInt16(number.bitPattern >> 16).littleEndian) { Array($0) }
            }
        }
        var header = Array(
            #"{"t":{"dtype":"\#(format)","shape":[3,2],"data_offsets":[0,\#(data.count)]}}"#.utf8)
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        let bytes = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
        let folder = try TemporaryFolder()
        let path = try folder.write(bytes, to: "table.safetensors")
        let table = try WeightFiles(file: path).table("t", shape: [3, 2])
        var row: [Float] = [0, 0]
        for number in [2, 0, 1] {
            table.forgetWhatWasRead()
            table.copy(number, to: &row)
            #expect(row == [Float(2 * number + 1), Float(2 * number + 2)])
        }
        #expect(throws: InferenceError.self) { try WeightFiles(file: path).table("t", shape: [2, 3]) }
        #expect(throws: InferenceError.self) { try WeightFiles(file: path).table("u", shape: [3, 2]) }
    }
}
