// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import Glibc

/// Measures answers as fast as it can: one round for each line on standard input, which names a file with one answer
/// to a line. Writes one line of JSON for each round. The driver (bench_text.py) alternates it with textstat.
@main
enum TextBench {
    static func main() throws {
        let analyzer = try AnswerAnalyzer()
        // Reads the dictionary, as textstat's is read before its first round.
        let started = cpuSeconds()
        _ = analyzer.counts(of: "Ready.", language: "en")
        let loading = cpuSeconds() - started
        while let path = readLine() {
            let answers = try lines(of: path)
            let all = time(answers) { answer in
                analyzer.measures(of: answer, language: "en", expected: nil).reduce(0) { $0 + ($1.value ?? 0) }
            }
            let formulas = time(answers) { answer in
                let counts = analyzer.counts(of: answer, language: "en")
                return counts.fleschReadingEase + counts.fleschKincaidGrade + counts.gunningFog + counts.smog
                    + counts.automatedReadabilityIndex + counts.colemanLiau + counts.lix + counts.rix
            }
            print(
                #"{"all": \#(all.seconds), "formulas": \#(formulas.seconds), "loading": \#(loading), "#
                    + #""sums": [\#(all.sum), \#(formulas.sum)]}"#)
            fflush(nil)
        }
    }

    /// Seconds of processor time for a round, and the sum of its results, which keeps it from being left out.
    private static func time(_ answers: [String], _ body: (String) -> Double) -> (seconds: Double, sum: Double) {
        let start = cpuSeconds()
        var sum = 0.0
        for answer in answers { sum += body(answer) }
        return (cpuSeconds() - start, sum)
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func lines(of path: String) throws -> [String] {
        guard let file = fopen(path, "r") else { throw POSIXError(path: path, number: errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
    }

    private struct POSIXError: Error {
        var path: String
        var number: Int32
    }
}
