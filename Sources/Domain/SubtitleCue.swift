// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A piece of a transcript that fits on a screen: at most two lines, for at most seven seconds.
///
/// The limits are those of broadcast subtitling: 42 columns a line, where a letter of Chinese or Japanese takes two.
public struct SubtitleCue: Sendable, Hashable {
    /// When it appears, in milliseconds from the start of the recording.
    public var start: Int
    /// When it disappears, in milliseconds; later than `start`.
    public var end: Int
    /// One or two lines.
    public var lines: [String]

    /// Creates a cue.
    public init(start: Int, end: Int, lines: [String]) {
        self.start = start
        self.end = end
        self.lines = lines
    }

    /// Columns of one line.
    public static let lineWidth = 42
    /// The longest time a cue is shown, in milliseconds, unless one word lasts longer.
    public static let longestTime = 7_000
    /// A silence, in milliseconds, after which a new cue begins.
    public static let longestPause = 1_500
    /// The shortest time a cue is shown, in milliseconds, where the next one leaves room.
    public static let shortestTime = 1_000
}

extension Transcript {
    /// The transcript cut into cues: at the end of segments, at long pauses, after sentences that fill a line, and
    /// wherever two lines or seven seconds are full.
    public var subtitleCues: [SubtitleCue] {
        var cues: [SubtitleCue] = []
        for segment in segments {
            var line = SubtitleText()
            var start = 0
            var end = 0
            func finish() {
                guard !line.isEmpty else { return }
                cues.append(SubtitleCue(start: start, end: end, lines: line.lines))
                line = SubtitleText()
            }
            for word in segment.timedWords {
                if !line.isEmpty {
                    let isTooLong = word.end - start > SubtitleCue.longestTime
                    let isAfterPause = word.start - end >= SubtitleCue.longestPause
                    let isAfterSentence = line.endsSentence && line.width >= SubtitleCue.lineWidth
                    if isTooLong || isAfterPause || isAfterSentence || !line.fits(word.text) { finish() }
                }
                if line.isEmpty { start = word.start }
                end = max(start, word.end)
                line.append(word.text)
            }
            finish()
        }
        for index in cues.indices {
            let next = index + 1 < cues.count ? cues[index + 1].start : Int.max
            let wanted = max(cues[index].end, cues[index].start + SubtitleCue.shortestTime)
            cues[index].end = max(cues[index].end, min(wanted, next), cues[index].start + 1)
        }
        return cues
    }

    /// The transcript as a SubRip file (.srt).
    public var subRip: String {
        subtitleCues.enumerated().map { index, cue in
            let times = "\(clock(cue.start, decimal: ",")) --> \(clock(cue.end, decimal: ","))"
            // SubRip has no escapes, and an arrow would read as a line of times.
            let lines = cue.lines.map { $0.replacing("-->", with: "-- >") }
            return "\(index + 1)\n\(times)\n\(lines.joined(separator: "\n"))\n"
        }.joined(separator: "\n")
    }

    /// The transcript as a WebVTT file (.vtt; W3C WebVTT §4).
    public var webVTT: String {
        (["WEBVTT\n"]
            + subtitleCues.map { cue in
                let times = "\(clock(cue.start, decimal: ".")) --> \(clock(cue.end, decimal: "."))"
                let lines = cue.lines.map {
                    $0.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
                }
                return "\(times)\n\(lines.joined(separator: "\n"))\n"
            }).joined(separator: "\n")
    }

    /// Hours, minutes, seconds and milliseconds: "00:01:02.345".
    private func clock(_ milliseconds: Int, decimal: String) -> String {
        func padded(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let time = max(0, milliseconds)
        return "\(padded(time / 3_600_000, 2)):\(padded(time / 60_000 % 60, 2)):\(padded(time / 1000 % 60, 2))"
            + "\(decimal)\(padded(time % 1000, 3))"
    }
}

extension Segment {
    /// The words, or those of the text spread over the segment when the source has no word times.
    fileprivate var timedWords: [Word] {
        guard words.isEmpty else { return words }
        let tokens = TextToken.tokens(in: text[...])
        let total = max(1, tokens.reduce(0) { $0 + text[$1.range].count })
        let length = max(0, end - start)
        var passed = 0
        return tokens.map { token in
            let from = start + length * passed / total
            passed += text[token.range].count
            return Word(
                text: String(text[token.range]), start: from, end: start + length * passed / total,
                timing: .interpolated)
        }
    }
}

/// The words of one cue while it grows.
private struct SubtitleText {
    /// Words with the space before them, if one belongs there.
    private var pieces: [String] = []
    private var widths: [Int] = []
    private(set) var width = 0

    var isEmpty: Bool { pieces.isEmpty }

    var endsSentence: Bool {
        guard let last = pieces.last?.last(where: { !"\"'”’»)]".contains($0) }) else { return false }
        return ".?!…。？！".contains(last)
    }

    mutating func append(_ word: String) {
        let word = word.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !word.isEmpty else { return }
        let piece = needsSpace(before: word) ? " " + word : word
        pieces.append(piece)
        widths.append(Self.width(of: piece))
        width += widths[widths.count - 1]
    }

    /// Whether the word still fits on one of two lines.
    func fits(_ word: String) -> Bool {
        var longer = self
        longer.append(word)
        return longer.width <= SubtitleCue.lineWidth || longer.lineBreak != nil
    }

    /// The text on one line if it fits, else on two of similar length.
    var lines: [String] {
        guard width > SubtitleCue.lineWidth, let lineBreak else { return [pieces.joined()] }
        return [pieces[..<lineBreak].joined(), String(pieces[lineBreak...].joined().drop(while: \.isWhitespace))]
    }

    /// Where the second line begins, so that both fit and the longer one is shortest; nil when there is no such place.
    private var lineBreak: Int? {
        var best: (index: Int, width: Int)?
        var first = 0
        for index in pieces.indices.dropFirst() {
            first += widths[index - 1]
            let second = width - first - (pieces[index].first == " " ? 1 : 0)
            let longer = max(first, second)
            if longer <= SubtitleCue.lineWidth, longer < best?.width ?? .max { best = (index, longer) }
        }
        return best?.index
    }

    private func needsSpace(before word: String) -> Bool {
        guard let last = pieces.last?.last, let next = word.first else { return false }
        return !(last.isWrittenWithoutSpaces && next.isWrittenWithoutSpaces) && !"。、，？！".contains(last)
    }

    private static func width(of text: String) -> Int {
        text.reduce(0) { sum, character in
            sum + (character.isWrittenWithoutSpaces && character >= "\u{3005}" ? 2 : 1)
        }
    }
}
