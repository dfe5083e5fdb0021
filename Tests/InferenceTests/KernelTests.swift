// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import CKernels
import Glibc
import TestRandom
import Testing

/// Every form of a kernel against the plain C reference.
@Suite("Kernels")
struct KernelTests {
    private static let forms: [OracyForm] =
        [ORACY_AVX2, ORACY_AVX512, ORACY_AVX512_VNNI, ORACY_AVX512_BF16, ORACY_AMX].filter {
            $0.rawValue <= oracy_bestForm().rawValue
        }

    /// Calls `body` in the reference's form and in the given one.
    private func both<Result>(_ form: OracyForm, _ body: () -> Result) -> (reference: Result, result: Result) {
        defer { oracy_useForm(oracy_bestForm()) }
        oracy_useForm(ORACY_SCALAR)
        let reference = body()
        oracy_useForm(form)
        return (reference, body())
    }

    private func numbers(_ count: Int, seed: UInt64, scale: Float = 1) -> [Float] {
        var random = SplitMix(seed: seed)
        return (0..<count).map { _ in random.next(in: -scale...scale) }
    }

    private func expectClose(_ pair: (reference: [Float], result: [Float]), _ tolerance: Float) {
        #expect(pair.reference.count == pair.result.count)
        let largest = max(1, pair.reference.map(abs).max() ?? 0)
        let difference = zip(pair.reference, pair.result).map { abs($0 - $1) }.max() ?? 0
        #expect(difference <= tolerance * largest, "largest difference \(difference) of \(largest)")
    }

    @Test(
        arguments: forms,
        [(1, 1, 16), (4, 2, 384), (7, 9, 384), (3, 5, 38), (8, 1, 40), (1, 6, 7), (13, 4, 32)])
    func `the closest of directions, to the last bit`(form: OracyForm, sizes: (rows: Int, others: Int, width: Int)) {
        let (rows, others, width) = sizes
        let (first, second) = (numbers(rows * width, seed: 3), numbers(others * width, seed: 4))
        let pair = both(form) {
            var own = [Float](repeating: 0, count: rows)
            var other = [Float](repeating: 0, count: others)
            oracy_closest(first, rows, second, others, width, &own, &other)
            return own + other
        }
        #expect(pair.reference == pair.result)
        func product(_ row: Int, _ other: Int) -> Float {
            let sums = stride(from: 0, to: width / 16 * 16, by: 16).reduce(SIMD16<Float>()) { sums, index in
                let (x, y) = (row * width + index, other * width + index)
                return sums + SIMD16(first[x..<x + 16]) * SIMD16(second[y..<y + 16])
            }
            return sums.sum()
                + (width / 16 * 16..<width).reduce(0) { $0 + first[row * width + $1] * second[other * width + $1] }
        }
        let products = (0..<rows).map { row in (0..<others).map { product(row, $0) } }
        #expect(pair.reference.prefix(rows).elementsEqual(products.map { max(-1, $0.max() ?? -1) }))
        #expect(
            pair.reference.suffix(others).elementsEqual(
                (0..<others).map { other in products.map { $0[other] }.reduce(-1, max) }))
    }

    @Test(
        arguments: forms,
        [(1, 5, 70), (2, 64, 64), (3, 33, 130), (4, 31, 64), (5, 100, 1), (9, 48, 65), (13, 17, 64), (20, 300, 64)])
    func `float products`(form: OracyForm, sizes: (rows: Int, inner: Int, columns: Int)) {
        let (rows, inner, columns) = sizes
        let panels = (columns + 63) / 64
        let x = numbers(rows * inner, seed: 1)
        let weights = numbers(columns * inner, seed: 2)
        var packed = [Float](repeating: 0, count: panels * 64 * ((inner + 15) / 16 * 16))
        oracy_packRowsFloat(weights, inner, columns, inner, 0, &packed)
        let pair = both(form) {
            var out = [Float](repeating: 0, count: rows * panels * 64)
            oracy_productFloat(x, inner, rows, packed, inner, 0, panels, &out, panels * 64)
            return out
        }
        expectClose(pair, 1e-6)
        // And the reference against the definition.
        for row in 0..<rows {
            for column in 0..<columns {
                let sum = (0..<inner).reduce(Float(0)) { $0 + x[row * inner + $1] * weights[column * inner + $1] }
                #expect(abs(sum - pair.reference[row * panels * 64 + column]) < 1e-5)
            }
        }
    }

    @Test(arguments: forms, [(1, 6, 70), (2, 64, 64), (3, 34, 130), (4, 32, 64), (7, 66, 1), (9, 48, 65)])
    func `bfloat16 products`(form: OracyForm, sizes: (rows: Int, inner: Int, columns: Int)) {
        let (rows, inner, columns) = sizes
        let panels = (columns + 63) / 64
        let x = numbers(rows * inner, seed: 3)
        let weights = numbers(columns * inner, seed: 4)
        let packing = both(form) {
            var packed = [UInt16](repeating: 0, count: panels * 64 * ((inner + 31) / 32 * 32))
            oracy_packRowsBFloat16(weights, inner, columns, inner, 0, &packed)
            return packed
        }
        #expect(packing.reference == packing.result)
        let pair = both(form) {
            var out = [Float](repeating: 0, count: rows * panels * 64)
            oracy_productBFloat16(x, inner, rows, packing.reference, inner, 0, panels, &out, panels * 64)
            return out
        }
        expectClose(pair, 1e-6)
    }

    @Test(
        arguments: forms,
        [(1, 8, 70), (2, 64, 64), (3, 36, 130), (4, 128, 64), (7, 68, 1), (9, 48, 65), (50, 132, 64)])
    func `int8 products, exactly, at the ends of the range too`(
        form: OracyForm, sizes: (rows: Int, inner: Int, columns: Int)
    ) {
        let (rows, inner, columns) = sizes
        let panels = (columns + 63) / 64
        var random = SplitMix(seed: 5)
        // Rows are zero up to the next multiple of 64.
        let stride = (inner + 63) / 64 * 64
        let x = (0..<rows * stride).map { place in
            place % stride >= inner ? 0 : random.chance(0.3) ? UInt8.max : UInt8(truncatingIfNeeded: random.next())
        }
        let weights = (0..<columns * inner).map { _ in
            random.chance(0.3) ? Int8(127) : Int8(random.next(in: -127...127))
        }
        var packed = [Int8](repeating: 0, count: panels * 64 * ((inner + 63) / 64 * 64))
        oracy_packRowsInt8(weights, inner, columns, inner, 0, &packed)
        let pair = both(form) {
            var out = [Int32](repeating: 0, count: rows * panels * 64)
            oracy_productInt8(x, stride, rows, packed, inner, 0, panels, &out, panels * 64)
            return out
        }
        #expect(pair.reference == pair.result)
        let sum = (0..<inner).reduce(0) { $0 + Int(x[$1]) * Int(weights[(columns - 1) * inner + $1]) }
        #expect(Int(pair.result[columns - 1]) == sum)
    }

    @Test(arguments: forms)
    func `packing of keys and values in bfloat16`(form: OracyForm) {
        let source = numbers(37 * 64, seed: 6)
        let keys = both(form) {
            var packed = [UInt16](repeating: 0, count: 64 * 64)
            oracy_packRowsBFloat16(source, 64, 37, 64, 0, &packed)
            return packed
        }
        #expect(keys.reference == keys.result)
        let values = both(form) {
            var packed = [UInt16](repeating: 0, count: 64 * 64)
            oracy_packInnerBFloat16(source, 64, 37, 64, 2, 64, &packed)
            return packed
        }
        #expect(values.reference == values.result)
    }

    @Test(arguments: forms, [1, 7, 16, 50, 333])
    func `rounding, quantising and widening`(form: OracyForm, count: Int) {
        var x = numbers(count, seed: 7, scale: 40)
        if count > 40 { x.replaceSubrange(3..<6, with: [.nan, .infinity, 1.00390625]) }
        let rounded = both(form) {
            var out = [UInt16](repeating: 0, count: count)
            oracy_roundBFloat16(x, count, 0.5, &out)
            return out
        }
        #expect(rounded.reference == rounded.result)
        let y = numbers(count, seed: 8, scale: 9)
        let quantised = both(form) {
            var (codes, scale, zero) = ([UInt8](repeating: 0, count: count), Float(0), Int32(0))
            oracy_quantizeRow(y, count, &codes, &scale, &zero)
            return zip(y, codes).map { scale * Float(Int32($1) - zero) - $0 } + [scale]
        }
        expectClose(quantised, 1e-6)
        let step = quantised.reference[count]
        #expect(quantised.reference.dropLast().allSatisfy { abs($0) <= step * 0.51 })
        let halves = (0..<count).map { UInt16(truncatingIfNeeded: $0 &* 197) }
        let widened = both(form) {
            var out = [Float](repeating: 0, count: count)
            oracy_widenFloat16(halves, count, &out)
            return out.map(\.bitPattern)
        }
        #expect(widened.reference == widened.result)
    }

    @Test(arguments: forms, [1, 8, 19, 64, 133])
    func `what follows a product`(form: OracyForm, columns: Int) {
        let rows = 3
        let sums = numbers(rows * columns, seed: 9, scale: 6)
        let (bias, residual) = (numbers(columns, seed: 10), numbers(rows * columns, seed: 11))
        for gelu in [false, true] {
            let pair = both(form) {
                var out = [Float](repeating: 0, count: rows * columns)
                bias.withUnsafeBufferPointer { bias in
                    residual.withUnsafeBufferPointer { residual in
                        let finish = OracyFinish(
                            bias: bias.baseAddress, gelu: gelu, residual: residual.baseAddress, residualStride: columns)
                        oracy_finishFloat(sums, columns, rows, columns, finish, &out, columns)
                    }
                }
                return out
            }
            expectClose(pair, 1e-6)
        }
        let integers = sums.map { Int32($0 * 10000) }
        let columnSums = bias.map { Int32($0 * 1000) }
        let pair = both(form) {
            var out = [Float](repeating: 0, count: rows * columns)
            let finish = OracyFinish(bias: nil, gelu: true, residual: nil, residualStride: 0)
            oracy_finishInt8(
                integers, columns, rows, columns, [0.01, 0.02, 0.03], [3, 128, 255], residual, columnSums, finish, &out,
                columns)
            return out
        }
        expectClose(pair, 1e-6)
    }

    @Test(arguments: forms, [1, 8, 30, 64, 1500])
    func `layer normalisation and softmax`(form: OracyForm, count: Int) {
        let x = numbers(count, seed: 12, scale: 20)
        let (gain, bias) = (numbers(count, seed: 13), numbers(count, seed: 14))
        expectClose(
            both(form) {
                var out = [Float](repeating: 0, count: count)
                oracy_layerNorm(x, count, 1e-5, gain, bias, &out)
                return out
            }, 3e-6)
        let padded = (count + 63) / 64 * 64
        let softmax = both(form) {
            var out = x + [Float](repeating: .nan, count: padded - count)
            let sum = oracy_exponentials(&out, count, padded)
            return out.map { $0 / sum }
        }
        expectClose(softmax, 1e-6)
        #expect(softmax.result[count...].allSatisfy { $0 == 0 })
        #expect(abs(softmax.result.reduce(0, +) - 1) < 1e-5)
    }

    /// The matrix units and the reference add in the same order; the vector instructions for bfloat16 do not.
    @Test(
        arguments: forms,
        [(1, 32, 64), (1, 70, 130), (2, 64, 64), (5, 100, 70), (16, 33, 64), (31, 96, 65), (33, 64, 1), (81, 40, 64)])
    func `products of rounded rows, whose bits do not depend on the rows beside them`(
        form: OracyForm, sizes: (rows: Int, inner: Int, columns: Int)
    ) {
        let (rows, inner, columns) = sizes
        let (panels, stride) = ((columns + 63) / 64, (inner + 31) / 32 * 32)
        let weights = numbers(columns * inner, seed: 16)
        var packed = [UInt16](repeating: 0, count: panels * 64 * stride)
        oracy_packRowsBFloat16(weights, inner, columns, inner, 0, &packed)
        var x = [UInt16](repeating: 0, count: rows * stride)
        x.withUnsafeMutableBufferPointer { x in
            guard let start = x.baseAddress else { return }
            for row in 0..<rows {
                oracy_roundBFloat16(numbers(inner, seed: UInt64(100 + row)), inner, 1, start + row * stride)
            }
        }
        func product(_ rows: Range<Int>, adds: Bool) -> [Float] {
            var out = [Float](repeating: 0.25, count: rows.count * panels * 64)
            x.withUnsafeBufferPointer { x in
                guard let start = x.baseAddress else { return }
                oracy_productRounded(
                    start + rows.lowerBound * stride, stride, rows.count, packed, inner, 0, panels, adds, &out,
                    panels * 64)
            }
            return out
        }
        for adds in [false, true] {
            let pair = both(form) { product(0..<rows, adds: adds) }
            expectClose(pair, 1e-6)
            if form == ORACY_AMX { #expect(pair.reference == pair.result) }
            let apart = both(form) { (0..<rows).flatMap { product($0..<$0 + 1, adds: adds) } }
            #expect(apart.result == pair.result)
        }
    }

    @Test(arguments: forms, [(1, 70, 24), (5, 300, 64), (32, 513, 32)])
    func `attention in bfloat16`(form: OracyForm, sizes: (rows: Int, length: Int, headSize: Int)) {
        let (rows, length, size) = sizes
        let (capacity, stride) = ((length + 63) / 64 * 64, (size + 31) / 32 * 32)
        let (keys, values) = (numbers(length * size, seed: 17, scale: 3), numbers(length * size, seed: 18))
        var packedKeys = [UInt16](repeating: 0, count: capacity * stride)
        var packedValues = [UInt16](repeating: 0, count: capacity * 64)
        oracy_packRowsBFloat16(keys, size, length, size, 0, &packedKeys)
        oracy_packInnerBFloat16(values, size, length, size, 0, capacity, &packedValues)
        var queries = [UInt16](repeating: 0, count: rows * stride)
        let x = numbers(rows * stride, seed: 19)
        for row in 0..<rows {
            for k in 0..<size { queries[row * stride + k] = UInt16(x[row * stride + k].bitPattern >> 16) }
        }
        let pair = both(form) {
            var out = [Float](repeating: 0, count: rows * size)
            oracy_attend(queries, stride, rows, size, packedKeys, packedValues, length, &out, size)
            return out
        }
        expectClose(pair, 4e-3)
        func widened(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }
        for row in [0, rows - 1] {
            let shares = (0..<length).map { position in
                exp2(
                    (0..<size).reduce(Float(0)) {
                        $0 + widened(queries[row * stride + $1]) * keys[position * size + $1]
                    })
            }
            let sum = shares.reduce(0, +)
            for k in 0..<size {
                let expected = (0..<length).reduce(Float(0)) { $0 + shares[$1] / sum * values[$1 * size + k] }
                #expect(abs(pair.result[row * size + k] - expected) < 0.02)
            }
        }
    }

    /// Sequences that end within a tile, at its end and after it; heads of one step and of two.
    @Test(
        arguments: forms,
        [
            (1, 32, false), (15, 32, true), (16, 64, false), (31, 32, false), (32, 32, true), (33, 64, true),
            (48, 32, false),
            (50, 32, false), (64, 64, true),
        ])
    func `attention in short sequences`(form: OracyForm, sizes: (count: Int, headSize: Int, hasBias: Bool)) {
        let (count, size, hasBias) = sizes
        let heads = 3
        // A row for each head, the distance 0 in the middle.
        let bias = hasBias ? numbers(heads * (2 * count - 1), seed: 29, scale: 2) : []
        let width = heads * size
        let x = numbers(count * 3 * width, seed: 23, scale: 3)
        let pair = both(form) {
            var out = [Float](repeating: 7, count: (count + 1) * width)
            x.withUnsafeBufferPointer { x in
                guard let start = x.baseAddress else { return }
                bias.withUnsafeBufferPointer { bias in
                    oracy_attendShort(
                        start, start + width, start + 2 * width, 3 * width, count, heads, size,
                        hasBias ? bias.baseAddress.map { $0 + count - 1 } : nil, 2 * count - 1, &out, width)
                }
            }
            return out
        }
        expectClose(pair, 4e-3)
        #expect(pair.result[(count * width)...].allSatisfy { $0 == 7 }, "nothing is written past the last row")
        for (row, head) in [(0, 0), (count - 1, heads - 1)] {
            let shares = (0..<count).map { position in
                exp(
                    (0..<size).reduce(Float(0)) {
                        $0 + x[row * 3 * width + head * size + $1]
                            * x[position * 3 * width + width + head * size + $1]
                    } / Float(size).squareRoot()
                        + (hasBias ? bias[head * (2 * count - 1) + count - 1 + position - row] * 0.693_147_2 : 0))
            }
            let sum = shares.reduce(0, +)
            for k in 0..<size {
                let expected = (0..<count).reduce(Float(0)) {
                    $0 + shares[$1] / sum * x[$1 * 3 * width + 2 * width + head * size + k]
                }
                #expect(abs(pair.result[row * width + head * size + k] - expected) < 0.1)
            }
        }
    }

    @Test(arguments: forms, [1, 16, 40, 70])
    func `what follows a product, rounded`(form: OracyForm, columns: Int) {
        let (rows, stride) = (3, columns + 5)
        let sums = numbers(rows * columns, seed: 24, scale: 6)
        let bias = numbers(columns, seed: 25)
        for gelu in [false, true] {
            let pair = both(form) {
                var out = [UInt16](repeating: 9, count: rows * stride)
                bias.withUnsafeBufferPointer { bias in
                    oracy_finishRounded(
                        sums, columns, rows, columns,
                        OracyFinish(bias: bias.baseAddress, gelu: gelu, residual: nil, residualStride: 0), &out, stride)
                }
                return out
            }
            for row in 0..<rows {
                for column in 0..<stride {
                    let (got, expected) = (pair.result[row * stride + column], pair.reference[row * stride + column])
                    guard column < columns else {
                        #expect(got == 9)
                        continue
                    }
                    let (x, y) = (Float(bitPattern: UInt32(got) << 16), Float(bitPattern: UInt32(expected) << 16))
                    #expect(abs(x - y) <= 0.0002 + max(abs(x), abs(y)) / 128)
                }
            }
        }
    }

    @Test(arguments: forms) func `inputs that are kept out of a product`(form: OracyForm) {
        let columns = 70
        let (bias, row, weights) = (numbers(columns, seed: 20), numbers(9, seed: 21), numbers(2 * 80, seed: 22))
        let pair = both(form) {
            var out = [Float](repeating: 0, count: columns)
            oracy_addInputs(bias, row, [2, 7], 2, weights, 80, columns, &out)
            return out
        }
        expectClose(pair, 1e-6)
        #expect(abs(pair.result[69] - (bias[69] + row[2] * weights[69] + row[7] * weights[149])) < 1e-5)
    }
}
