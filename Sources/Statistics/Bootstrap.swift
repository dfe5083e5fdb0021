// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How intervals are made: by drawing samples of the same size from the sample, with replacement (Efron 1979), and
/// taking percentiles of the statistic over them. The same seed gives the same interval, always.
///
/// Percentile intervals are too narrow in small samples: below ``Statistic/smallSample`` read them as a lower bound of
/// the doubt.
public struct Bootstrap: Sendable, Hashable {
    /// How many samples are drawn; 0 makes no intervals.
    public var resamples: Int
    /// The share of the statistic's resampled values inside the interval, above 0 and below 1.
    public var confidence: Double
    /// Where the random numbers start.
    public var seed: UInt64

    /// 1,000 resamples and 95 %, unless told otherwise.
    public init(resamples: Int = 1_000, confidence: Double = 0.95, seed: UInt64 = 1) {
        self.resamples = resamples
        self.confidence = confidence
        self.seed = seed
    }

    /// As many resamples as a report over many answers has time for: 1,000 up to 2,000 units, then fewer, never below
    /// 200. The more units, the narrower the interval, and the less the number of resamples matters.
    public static func sized(for units: Int) -> Bootstrap {
        Bootstrap(resamples: min(1_000, max(200, 2_000_000 / max(1, units))))
    }

    /// No intervals.
    public static let none = Bootstrap(resamples: 0)

    /// Intervals of several statistics over the same resamples.
    ///
    /// - Parameters:
    ///   - count: How many statistics there are.
    ///   - sampleSize: How many units are drawn from, and drawn.
    ///   - compute: Gets the drawn units' indices, and gives `count` values, nil where one is undefined.
    /// - Returns: An interval for each; nil where fewer than nine of ten resamples had a value.
    func intervals(of count: Int, sampleSize: Int, _ compute: ([Int]) -> [Double?]) -> [ClosedRange<Double>?] {
        guard resamples > 0, sampleSize > 1 else { return Array(repeating: nil, count: count) }
        var generator = SeededGenerator(seed: seed)
        var drawn = [Int](repeating: 0, count: sampleSize)
        var values = [[Double]](repeating: [], count: count)
        for _ in 0..<resamples {
            for index in drawn.indices { drawn[index] = generator.index(below: sampleSize) }
            for (index, value) in compute(drawn).enumerated() { if let value { values[index].append(value) } }
        }
        return values.map(interval)
    }

    /// Intervals of several statistics of units of which many are alike: the same as of the units one by one, but each
    /// resample is told by how often each kind was drawn.
    ///
    /// - Parameters:
    ///   - count: How many statistics there are.
    ///   - tally: The units.
    ///   - compute: Gets how often each kind was drawn, and gives `count` values, nil where one is undefined.
    /// - Returns: An interval for each; nil where fewer than nine of ten resamples had a value.
    func intervals<Kind>(
        of count: Int, _ tally: Tally<Kind>, _ compute: ([Int]) -> [Double?]
    ) -> [ClosedRange<Double>?] {
        guard resamples > 0, tally.units.count > 1 else { return Array(repeating: nil, count: count) }
        var generator = SeededGenerator(seed: seed)
        var values = [[Double]](repeating: [], count: count)
        var counts = tally.counts
        for _ in 0..<resamples {
            for kind in counts.indices { counts[kind] = 0 }
            for _ in tally.units.indices { counts[tally.units[generator.index(below: tally.units.count)]] += 1 }
            for (index, value) in compute(counts).enumerated() { if let value { values[index].append(value) } }
        }
        return values.map(interval)
    }

    /// The interval that holds the greater part of a statistic's resampled values; nil where fewer than nine of ten
    /// resamples had one.
    func interval(_ values: [Double]) -> ClosedRange<Double>? {
        let sorted = values.filter(\.isFinite).sorted()
        guard sorted.count * 10 >= resamples * 9 else { return nil }
        let tail = confidence.isFinite ? (1 - min(max(confidence, 0), 1)) / 2 : 0.025
        let low = Self.quantile(tail, ofSorted: sorted)
        return low...max(low, Self.quantile(1 - tail, ofSorted: sorted))
    }

    /// The interval of one statistic.
    func interval(sampleSize: Int, _ compute: ([Int]) -> Double?) -> ClosedRange<Double>? {
        intervals(of: 1, sampleSize: sampleSize) { [compute($0)] }[0]
    }

    /// A quantile by linear interpolation between order statistics (definition 7 of Hyndman & Fan 1996).
    static func quantile(_ share: Double, ofSorted values: [Double]) -> Double {
        let place = share * Double(values.count - 1)
        let below = min(max(Int(place), 0), values.count - 1)
        let above = min(below + 1, values.count - 1)
        return values[below] + (place - Double(below)) * (values[above] - values[below])
    }
}

/// Units of which many are alike, such as pairs of whole marks: what kinds there are, and which each unit is of.
struct Tally<Kind: Hashable> {
    /// The kinds, in the order in which they first occur.
    let kinds: [Kind]
    /// For each unit the place of its kind.
    let units: [Int]
    /// How many units are of each kind.
    let counts: [Int]

    init(_ all: [Kind]) {
        var places: [Kind: Int] = [:]
        var kinds: [Kind] = []
        var counts: [Int] = []
        units = all.map { kind in
            let place = places[kind] ?? kinds.count
            if place == kinds.count {
                places[kind] = place
                kinds.append(kind)
                counts.append(0)
            }
            counts[place] += 1
            return place
        }
        self.kinds = kinds
        self.counts = counts
    }
}

/// Random numbers from a seed (SplitMix64; Steele, Lea and Flood 2014).
struct SeededGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// 64 random bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// An index below a bound, by multiplication (Lemire 2019; its bias of bound / 2^64 does not matter here).
    mutating func index(below bound: Int) -> Int { Int(next().multipliedFullWidth(by: UInt64(bound)).high) }
}
