// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Sums of squares and products of pairs about their means.
///
/// Values are taken relative to the first one, so that values that are all the same have no variance exactly.
struct PairMoments {
    let n: Int
    let meanX: Double
    let meanY: Double
    let sumXX: Double
    let sumYY: Double
    let sumXY: Double

    /// The moments of pairs, each as often as its index is listed. `indices` must not be empty.
    init(_ x: [Double], _ y: [Double], _ indices: [Int]) {
        n = indices.count
        let count = Double(n)
        let originX = x[indices[0]]
        let originY = y[indices[0]]
        var totalX = 0.0
        var totalY = 0.0
        for index in indices {
            totalX += x[index] - originX
            totalY += y[index] - originY
        }
        let shiftX = totalX / count
        let shiftY = totalY / count
        var xx = 0.0
        var yy = 0.0
        var xy = 0.0
        for index in indices {
            let dx = x[index] - originX - shiftX
            let dy = y[index] - originY - shiftY
            xx += dx * dx
            yy += dy * dy
            xy += dx * dy
        }
        meanX = originX + shiftX
        meanY = originY + shiftY
        sumXX = xx
        sumYY = yy
        sumXY = xy
    }

    /// The moments of pairs, each as often as is counted. Some count must be above 0.
    init(_ x: [Double], _ y: [Double], counts: [Int]) {
        let origin = counts.firstIndex { $0 > 0 } ?? 0
        let (originX, originY) = (x[origin], y[origin])
        var total = 0
        var totalX = 0.0
        var totalY = 0.0
        for (place, count) in counts.enumerated() where count > 0 {
            total += count
            totalX += Double(count) * (x[place] - originX)
            totalY += Double(count) * (y[place] - originY)
        }
        let shiftX = totalX / Double(total)
        let shiftY = totalY / Double(total)
        var xx = 0.0
        var yy = 0.0
        var xy = 0.0
        for (place, count) in counts.enumerated() where count > 0 {
            let dx = x[place] - originX - shiftX
            let dy = y[place] - originY - shiftY
            xx += Double(count) * (dx * dx)
            yy += Double(count) * (dy * dy)
            xy += Double(count) * (dx * dy)
        }
        n = total
        meanX = originX + shiftX
        meanY = originY + shiftY
        sumXX = xx
        sumYY = yy
        sumXY = xy
    }

    /// Pearson's r; nil without variance.
    var correlation: Double? {
        guard sumXX > 0, sumYY > 0 else { return nil }
        let r = sumXY / (sumXX.squareRoot() * sumYY.squareRoot())
        return r.isFinite ? min(1, max(-1, r)) : r
    }
}

/// Mean and variance of values, relative to the first one as in ``PairMoments``.
struct Moments {
    let n: Int
    let mean: Double
    let sumOfSquares: Double

    /// The moments of values; the mean of none is 0.
    init(_ values: some Collection<Double>) {
        n = values.count
        guard let origin = values.first else {
            mean = 0
            sumOfSquares = 0
            return
        }
        let shift = values.reduce(0) { $0 + ($1 - origin) } / Double(n)
        mean = origin + shift
        sumOfSquares = values.reduce(0) { $0 + ($1 - origin - shift) * ($1 - origin - shift) }
    }

    /// The sample variance, with n - 1; nil for fewer than two values.
    var variance: Double? { n > 1 ? sumOfSquares / Double(n - 1) : nil }
    /// The sample standard deviation; nil for fewer than two values.
    var standardDeviation: Double? { variance?.squareRoot() }
}

/// The places of values among their distinct values, for ranks with ties that are quick to find again for resamples.
struct DenseRanks {
    /// The place of each value among the distinct values, from 0.
    let places: [Int]
    /// How many distinct values there are.
    let distinct: Int

    init(_ values: [Double]) {
        let order = values.indices.sorted { values[$0] < values[$1] }
        var places = [Int](repeating: 0, count: values.count)
        var place = -1
        var last: Double?
        for index in order {
            if values[index] != last { place += 1 }
            last = values[index]
            places[index] = place
        }
        self.places = places
        distinct = place + 1
    }

    /// The mean rank of each distinct value, from 1, times two (so that it is whole), where each value occurs as often as
    /// is counted.
    func doubledMeanRanks(counts: [Int]) -> [Double] {
        var ofPlaces = [Int](repeating: 0, count: distinct)
        for (place, count) in zip(places, counts) { ofPlaces[place] += count }
        var below = 0
        return ofPlaces.map { count in
            defer { below += count }
            return Double(2 * below + count + 1)
        }
    }
}
