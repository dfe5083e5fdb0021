// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Glibc

/// Decibels relative to full scale (a power of 1, or an amplitude of 1).
enum Decibels {
    /// The level of a power; -infinity for 0.
    static func level(power: Double) -> Double { 10 * log10(power) }

    /// The level of an amplitude; -infinity for 0.
    static func level(amplitude: Double) -> Double { 20 * log10(amplitude) }

    /// The factor that raises a signal by so many decibels.
    static func factor(_ decibels: Double) -> Double { pow(10, decibels / 20) }
}
