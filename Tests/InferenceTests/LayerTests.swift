// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Inference
import Synchronization
import TestRandom
import Testing

@Suite("Layers")
struct LayerTests {
    private func tensor(_ shape: [Int], seed: UInt64) -> Tensor {
        var random = SplitMix(seed: seed)
        let tensor = Tensor(shape: shape)
        for index in 0..<tensor.count { tensor.pointer[index] = random.next(in: -1...1) }
        return tensor
    }

    private func relativeError(_ got: [Float], _ expected: [Float]) -> Float {
        let error = zip(got, expected).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (error / expected.reduce(0) { $0 + $1 * $1 }).squareRoot()
    }

    /// Rows on both sides of where matrix units take over, sizes that are no multiples of anything.
    @Test(arguments: Precision.allCases, [1, 3, 7, 8, 40, 150])
    func `a linear layer multiplies, adds its bias and a residual`(precision: Precision, rows: Int) {
        let (inputs, outputs) = (100, 150)
        let weights = tensor([outputs, inputs], seed: 1)
        let bias = tensor([outputs], seed: 2)
        let layer = Linear(weights, bias: bias, precision: precision)
        let input = tensor([rows, inputs], seed: 3)
        let result = tensor([rows, outputs], seed: 4)
        var expected = result.array
        for row in 0..<rows {
            for output in 0..<outputs {
                var sum = bias.pointer[output]
                for k in 0..<inputs { sum += input.pointer[row * inputs + k] * weights.pointer[output * inputs + k] }
                expected[row * outputs + output] += sum
            }
        }
        let scratch = Scratch()
        for panels in [0..<1, 1..<3] {
            layer.apply(
                to: Rows(input.pointer, stride: inputs, count: rows), panels: panels, output: result.pointer,
                outputStride: outputs, finish: Finish(residual: result.pointer, residualStride: outputs),
                scratch: scratch)
        }
        let limit: Float =
            switch precision {
            case .float32: 1e-6
            case .bfloat16: 4e-3
            case .int8: 1.2e-2
            }
        #expect(relativeError(result.array, expected) < limit)
    }

    @Test(arguments: Precision.allCases)
    func `a row's outputs have the same bits whatever rows are computed with it`(precision: Precision) {
        let (inputs, outputs, rows) = (100, 150, 300)
        let layer = Linear(
            tensor([outputs, inputs], seed: 8), bias: tensor([outputs], seed: 9), precision: precision, apart: [3, 50])
        let input = tensor([rows, inputs], seed: 10)
        let scratch = Scratch()
        func compute(_ range: Range<Int>) -> [UInt32] {
            let result = Tensor(shape: [range.count, outputs])
            layer.apply(
                to: Rows(input.pointer + range.lowerBound * inputs, stride: inputs, count: range.count),
                output: result.pointer, outputStride: outputs, finish: Finish(gelu: true), scratch: scratch)
            return result.array.map(\.bitPattern)
        }
        let together = compute(0..<rows)
        for count in [1, 3, 8, 17] {
            for first in stride(from: 0, to: 2 * count, by: count) {
                #expect(
                    compute(first..<first + count)[...]
                        == together[first * outputs..<(first + count) * outputs])
            }
        }
    }

    /// 300 rows are more than a layer takes at a time.
    @Test(arguments: Precision.allCases, [[], [7]])
    func `a feed-forward part computes what its two layers do, a row alone as among others`(
        precision: Precision, apart: [Int]
    ) {
        let (width, middle, rows) = (100, 150, 300)
        let first = Linear(
            tensor([middle, width], seed: 30), bias: tensor([middle], seed: 31), precision: precision, apart: apart)
        let second = Linear(tensor([width, middle], seed: 32), precision: precision)
        let feedForward = FeedForward(first, second)
        let scratch = Scratch()
        let input = tensor([rows, width], seed: 33)
        let inputRows = Rows(input.pointer, stride: width, count: rows)
        func compute(_ range: Range<Int>) -> [Float] {
            let result = Tensor(shape: [range.count, width])
            let place = input.pointer + range.lowerBound * width
            feedForward.apply(
                to: Rows(place, stride: width, count: range.count), output: result.pointer, outputStride: width,
                finish: Finish(residual: place, residualStride: width), scratch: scratch)
            return result.array
        }
        let result = compute(0..<rows)
        let (between, expected) = (Tensor(shape: [rows, middle]), Tensor(shape: [rows, width]))
        first.apply(
            to: inputRows, output: between.pointer, outputStride: middle, finish: Finish(gelu: true), scratch: scratch)
        second.apply(
            to: Rows(between.pointer, stride: middle, count: rows), output: expected.pointer, outputStride: width,
            finish: Finish(residual: input.pointer, residualStride: width), scratch: scratch)
        let largest = expected.array.map(abs).max() ?? 0
        let limit = largest * (precision == .bfloat16 ? 0.004 : 0)
        #expect(zip(result, expected.array).allSatisfy { abs($0 - $1) <= limit })
        for range in [0..<1, 255..<258, 290..<300] {
            #expect(compute(range)[...] == result[range.lowerBound * width..<range.upperBound * width])
        }
    }

    @Test(arguments: Precision.allCases)
    func `inputs kept apart may be as large as they like`(precision: Precision) {
        let (inputs, outputs, rows) = (64, 70, 5)
        let weights = tensor([outputs, inputs], seed: 11)
        let input = tensor([rows, inputs], seed: 12)
        for row in 0..<rows { input.pointer[row * inputs + 9] *= 1000 }
        let layer = Linear(weights, precision: precision, apart: [9])
        let result = Tensor(shape: [rows, outputs])
        layer.apply(
            to: Rows(input.pointer, stride: inputs, count: rows), output: result.pointer, outputStride: outputs,
            scratch: Scratch())
        // What is left without the large input is as exact as it would be if there were none.
        var (got, expected) = ([Float](), [Float]())
        for row in 0..<rows {
            for output in 0..<outputs {
                let large = input.pointer[row * inputs + 9] * weights.pointer[output * inputs + 9]
                got.append(result.pointer[row * outputs + output] - large)
                expected.append(
                    (0..<inputs).reduce(0) {
                        $1 == 9 ? $0 : $0 + input.pointer[row * inputs + $1] * weights.pointer[output * inputs + $1]
                    })
            }
        }
        #expect(relativeError(got, expected) < (precision == .int8 ? 1.3e-2 : 4e-3))
    }

    @Test(arguments: [Precision.float32, .bfloat16], [false, true])
    func `a row's attention has the same bits whatever rows are computed with it`(
        precision: Precision, exactly: Bool
    ) {
        let (size, positions, rows) = (24, 400, 70)
        let keys = tensor([positions, size], seed: 13)
        let queries = tensor([rows, size], seed: 14)
        let store = KeyValueStore(heads: 1, headSize: size, capacity: positions, precision: precision)
        let all = Rows(keys.pointer, stride: size, count: positions)
        store.store(keys: all, values: all, at: 0)
        func attend(_ range: Range<Int>) -> [UInt32] {
            let result = Tensor(shape: [range.count, size])
            store.attend(
                Rows(queries.pointer + range.lowerBound * size, stride: size, count: range.count), head: 0,
                length: positions, output: result.pointer, outputStride: size, exactly: exactly, scratch: Scratch())
            return result.array.map(\.bitPattern)
        }
        let together = attend(0..<rows)
        for count in [1, 3, 8, 17] {
            #expect(attend(count..<2 * count)[...] == together[count * size..<2 * count * size])
        }
    }

    @Test(arguments: [Precision.float32, .bfloat16], [1, 5, 80])
    func `attention averages the values by the softmax of the scores`(precision: Precision, rows: Int) {
        let (heads, size, positions) = (3, 24, 70)
        let keys = tensor([positions, heads * size], seed: 5)
        let values = tensor([positions, heads * size], seed: 6)
        let queries = tensor([rows, heads * size], seed: 7)
        let store = KeyValueStore(heads: heads, headSize: size, capacity: positions, precision: precision)
        for range in [0..<64, 64..<70] {
            let place = range.lowerBound * heads * size
            store.store(
                keys: Rows(keys.pointer + place, stride: heads * size, count: range.count),
                values: Rows(values.pointer + place, stride: heads * size, count: range.count), at: range.lowerBound)
        }
        let result = Tensor(shape: [rows, heads * size])
        let weights = Tensor(shape: [rows, positions])
        var expected = [Float](repeating: 0, count: result.count)
        for head in 0..<heads {
            store.attend(
                Rows(queries.pointer + head * size, stride: heads * size, count: rows), head: head, length: positions,
                output: result.pointer + head * size, outputStride: heads * size, weights: weights.pointer,
                scratch: Scratch())
            for row in 0..<rows {
                let scores = (0..<positions).map { position in
                    (0..<size).reduce(Float(0)) {
                        $0 + queries.pointer[row * heads * size + head * size + $1]
                            * keys.pointer[position * heads * size + head * size + $1]
                    } / Float(size).squareRoot()
                }
                let sum = scores.reduce(0) { $0 + Float.exp($1) }
                for (position, score) in scores.enumerated() {
                    let share = Float.exp(score) / sum
                    #expect(abs(weights.pointer[row * positions + position] - share) < 1e-3)
                    for k in 0..<size {
                        expected[row * heads * size + head * size + k] +=
                            share * values.pointer[position * heads * size + head * size + k]
                    }
                }
            }
        }
        #expect(relativeError(result.array, expected) < (precision == .float32 ? 1e-6 : 8e-3))
    }

    @Test(arguments: [1, 2, 4]) func `a team does every part once, however often it is asked`(threads: Int) {
        let team = ThreadTeam(threads: threads)
        let sum = Atomic<Int>(0)
        for round in 0..<2000 {
            let parts = round % 37
            team.run(parts) { worker, part in
                precondition(0..<threads ~= worker)
                sum.wrappingAdd(part + 1, ordering: .relaxed)
            }
        }
        let expected = (0..<2000).reduce(0) { $0 + ($1 % 37) * ($1 % 37 + 1) / 2 }
        #expect(sum.load(ordering: .relaxed) == expected)
    }
}

extension Float {
    fileprivate static func exp(_ x: Float) -> Float {
        // The series, by halving: independent of the engine's own exponential.
        let y = Double(x) / 1024
        var power = 1 + y + y * y / 2 + y * y * y / 6 + y * y * y * y / 24
        for _ in 0..<10 { power *= power }
        return Float(power)
    }
}
