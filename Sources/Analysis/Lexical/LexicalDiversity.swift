// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// How varied the words of a text are. Words are given as numbers of types: equal numbers, equal words.
struct LexicalDiversity {
    /// The type of each word, from 0.
    let types: [Int32]
    /// How many times each type occurs.
    let frequencies: [Int32]

    /// Creates the counts; types must be numbered from 0 without holes.
    init(types: [Int32], typeCount: Int) {
        self.types = types
        var frequencies = [Int32](repeating: 0, count: typeCount)
        for type in types { frequencies[Int(type)] += 1 }
        self.frequencies = frequencies
    }

    /// Types to words. Falls with the length of the text.
    var typeTokenRatio: Double { Double(frequencies.count) / Double(types.count) }

    /// Types to the square root of words (Guiraud 1954).
    var guiraud: Double { Double(frequencies.count) / Double(types.count).squareRoot() }

    /// The mean type-token ratio of all windows of a length (Covington & McFall 2010), with where the least varied window
    /// begins and how many types it has; nil for shorter texts.
    func movingAverage(window: Int) -> (mean: Double, least: Int, leastTypes: Int)? {
        guard window > 0, types.count >= window else { return nil }
        var counts = [Int32](repeating: 0, count: frequencies.count)
        var distinct = 0
        var sum = 0
        var (least, leastTypes) = (0, Int.max)
        for (index, type) in types.enumerated() {
            if counts[Int(type)] == 0 { distinct += 1 }
            counts[Int(type)] += 1
            if index >= window {
                let left = Int(types[index - window])
                counts[left] -= 1
                if counts[left] == 0 { distinct -= 1 }
            }
            guard index >= window - 1 else { continue }
            sum += distinct
            if distinct < leastTypes { (least, leastTypes) = (index - window + 1, distinct) }
        }
        return (Double(sum) / Double(window) / Double(types.count - window + 1), least, leastTypes)
    }

    /// The measure of textual lexical diversity (McCarthy & Jarvis 2010) is the mean of these two: the mean length of runs
    /// that keep a type-token ratio of 0.72 or more, forwards and backwards; nil when no word is repeated.
    ///
    /// A run ends when its ratio falls below 0.72; what is left counts for the part (1 - ratio) / (1 - 0.72) of one.
    /// There is no shortest run, which some programs have: hence the name `mtld_mj2010`.
    var mtldLengths: (forward: Double, backward: Double)? {
        guard let forward = mtldFactors(types), let backward = mtldFactors(types.reversed()) else { return nil }
        return (forward, backward)
    }

    /// The mean run length in one direction; nil when no run has begun to close.
    func mtldFactors(_ words: some Sequence<Int32>) -> Double? {
        let limit = 0.72
        // The number of the run in which a type was seen last; runs count from 1.
        var seen = [Int32](repeating: 0, count: frequencies.count)
        var run: Int32 = 1
        var distinct = 0
        var length = 0
        var factors = 0.0
        for word in words {
            length += 1
            if seen[Int(word)] != run {
                seen[Int(word)] = run
                distinct += 1
            }
            if Double(distinct) / Double(length) < limit {
                factors += 1
                run += 1
                distinct = 0
                length = 0
            }
        }
        if length > 0 { factors += (1 - Double(distinct) / Double(length)) / (1 - limit) }
        return factors > 0 ? Double(types.count) / factors : nil
    }

    /// HD-D (McCarthy & Jarvis 2007): the type-token ratio that a random draw of 42 words is expected to have; nil for
    /// shorter texts.
    ///
    /// A type of frequency f is missing from the draw with probability C(N-f, 42) / C(N, 42).
    var hdd: Double? {
        let draw = 42
        let count = types.count
        guard count >= draw else { return nil }
        // Equal frequencies have equal probabilities, and few different frequencies occur.
        let highest = Int(frequencies.max() ?? 0)
        var having = [Int32](repeating: 0, count: highest + 1)
        for frequency in frequencies { having[Int(frequency)] += 1 }
        var missing = 1.0
        var sum = 0.0
        for frequency in 1...highest {
            // C(N-f, d) / C(N, d) is the product over k = 0..<f of (N - d - k) / (N - k).
            missing *= Double(max(0, count - draw - frequency + 1)) / Double(count - frequency + 1)
            sum += Double(having[frequency]) * (1 - missing)
        }
        return sum / Double(draw)
    }
}
