// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Domain

/// What fluency is measured with, beside the words.
struct FluencyContext {
    /// Seconds.
    var recordingDuration: Double?
    /// Seconds.
    var timeLimit: Int?
    var language: TextLanguage
    var sentences: SentenceSource
    var knowsFillers: Bool
    var hasDictionary: Bool
    /// The words that the recogniser heard, where a person has written others; nil where nothing else is known.
    var heard: [Word]?
}

extension AnswerAnalyzer {
    /// Adds the measures of the flow of speech (De Jong & Wempe 2009 and others; docs/measures.md).
    func addFluency(
        of timeline: SpeechTimeline, words: [Word], _ text: SpokenText, _ context: FluencyContext,
        to list: inout MeasureList
    ) {
        let fluency = MeasureCatalogue.all.filter { $0.group == .fluency && $0.isReported(for: context.language) }
        guard timeline.wordCount > 0 else { return list.add(fluency, na: "There are no words.") }
        let interpolated = words.count { $0.timing == .interpolated }
        var timeline = timeline
        if interpolated * 2 > words.count {
            // Estimated times have no pauses; when there was speech is known from what was heard, whatever the words.
            guard let heard = heardTimeline(context.heard) else {
                return list.add(fluency, na: Self.estimates(interpolated, words.count))
            }
            timeline = SpeechTimeline(words: timeline.words, while: heard)
        }
        guard timeline.span > 0, timeline.phonation > 0 else {
            return list.add(fluency, na: "The words have no times.")
        }
        let low = lowReasons(timeline, words)
        addRates(timeline, context, low, to: &list)
        addPauses(timeline, context, low, to: &list)
        addRuns(timeline, context, low, to: &list)
        addDisfluencies(timeline, text, context, low, to: &list)
        addUseOfTime(timeline, context, low, to: &list)
    }

    /// When the recogniser heard speech; nil where that is not known.
    private func heardTimeline(_ words: [Word]?) -> SpeechTimeline? {
        let timed = (words ?? []).filter { $0.timing == .recognised && $0.end > $0.start }
        guard !timed.isEmpty else { return nil }
        return SpeechTimeline(
            words: timed.map { SpeechTimeline.TimedWord(start: $0.start, end: $0.end, words: 1, syllables: 0) },
            pauseThreshold: configuration.pauseThreshold)
    }

    private func lowReasons(_ timeline: SpeechTimeline, _ words: [Word]) -> [String?] {
        let interpolated = words.count { $0.timing == .interpolated }
        return [
            timeline.wordCount < 10 ? "There are fewer than 10 words." : nil,
            timeline.span < 5_000 ? "There are fewer than 5 seconds of speech." : nil,
            timeline.isBorrowed
                ? Self.estimates(interpolated, words.count)
                    + " Times and pauses are those of the words that were heard."
                : interpolated * 5 > words.count ? Self.estimates(interpolated, words.count) : nil,
        ]
    }

    private static func estimates(_ interpolated: Int, _ count: Int) -> String {
        "The times of \(100 * interpolated / count) % of the words are estimates after an edit."
    }

    private func syllableReason(_ context: FluencyContext) -> String? {
        if context.language == .unknown { return "The language is not known, so syllables can't be counted." }
        return context.language.hasSyllables ? nil : "There is no syllable model for this language."
    }

    private func dictionaryReason(_ context: FluencyContext) -> String? {
        context.hasDictionary || context.language != .english ? nil : Self.rulesOnly
    }

    /// Said where syllables were counted without the dictionary.
    static var rulesOnly: String {
        "Syllables were counted by rules alone, because the pronunciation dictionary is not installed."
    }

    private func addRates(
        _ timeline: SpeechTimeline, _ context: FluencyContext, _ low: [String?], to list: inout MeasureList
    ) {
        let seconds = Double(timeline.span) / 1_000
        let tooFast = Self.tooFast(timeline, context)
        if let tooFast {
            list.add(.speechRate, na: tooFast)
        } else if context.language.hasSpaces {
            list.add(
                .speechRate, 60 * Double(timeline.wordCount) / seconds, low: low,
                basis: [.init("words", Double(timeline.wordCount)), .init("seconds", seconds)])
        } else {
            list.add(.speechRate, na: Self.notComparable)
        }
        if !context.language.hasLetters {
            if let tooFast {
                list.add(.characterRate, na: tooFast)
            } else {
                list.add(
                    .characterRate, 60 * Double(timeline.characterCount) / seconds, low: low,
                    basis: [.init("characters", Double(timeline.characterCount)), .init("seconds", seconds)])
            }
        }
        let syllables = Double(timeline.syllableCount)
        let speaking = Double(timeline.phonation) / 1_000
        if let reason = syllableReason(context) ?? tooFast {
            list.add([.syllableRate, .articulationRate], na: reason)
        } else {
            let low = low + [dictionaryReason(context)]
            list.add(
                .syllableRate, syllables / seconds, low: low,
                basis: [.init("syllables", syllables), .init("seconds", seconds)])
            list.add(
                .articulationRate, 1_000 * syllables / Double(timeline.phonation), low: low,
                basis: [.init("syllables", syllables), .init("speaking_seconds", speaking)])
        }
        list.add(
            .phonationRatio, Double(timeline.phonation) / Double(timeline.span), low: low,
            basis: [.init("speaking_seconds", speaking), .init("seconds", seconds)])
    }

    /// Why there is no pace; nil where somebody may have spoken so fast.
    ///
    /// Auctioneers reach some 400 words a minute, and the fastest speech that is understood has some ten syllables a second.
    private static func tooFast(_ timeline: SpeechTimeline, _ context: FluencyContext) -> String? {
        let minutes = Double(timeline.span) / 60_000
        let isTooFast =
            context.language.hasSpaces && Double(timeline.wordCount) > 450 * minutes
            || Double(timeline.syllableCount) > 720 * minutes
            || !context.language.hasLetters && Double(timeline.characterCount) > 900 * minutes
        return isTooFast
            ? "Nobody says so much in \(seconds(timeline.span)) s: the words and the times of speech do not belong together."
            : nil
    }

    private func addPauses(
        _ timeline: SpeechTimeline, _ context: FluencyContext, _ low: [String?], to list: inout MeasureList
    ) {
        let pauses = timeline.pauses
        let none = "There is no pause of \(Self.seconds(configuration.pauseThreshold)) s or more."
        let evidence =
            timeline.isBorrowed ? { _ in [] } : { (pauses: [SpeechTimeline.Pause]) in pauses.map(Self.evidence) }
        list.add(.pauseCount, Double(pauses.count), low: low, evidence: evidence(pauses))
        let number = Measure.Part("pauses", Double(pauses.count))
        list.add(
            .pauseRate, 60_000 * Double(pauses.count) / Double(timeline.span), low: low,
            basis: [number, .init("seconds", Double(timeline.span) / 1_000)], evidence: evidence(pauses))
        let longest = pauses.max { $0.milliseconds < $1.milliseconds }
        let mean = pauses.isEmpty ? nil : Double(timeline.pausesTotal) / Double(pauses.count) / 1_000
        let all: [Measure.Part] = [number, .init("pause_seconds", Double(timeline.pausesTotal) / 1_000)]
        list.add(.pauseMean, mean, orNA: none, low: low, basis: all, evidence: evidence(pauses))
        list.add(
            .pauseMedian, timeline.medianPause.map { $0 / 1_000 }, orNA: none, low: low, basis: [number],
            evidence: evidence(pauses))
        list.add(
            .pauseMax, longest.map { Double($0.milliseconds) / 1_000 }, orNA: none, low: low,
            evidence: evidence(longest.map { [$0] } ?? []))
        let long = pauses.filter { $0.milliseconds >= configuration.longPauseThreshold }
        list.add(.longPauses, Double(long.count), low: low, evidence: evidence(long))

        guard !timeline.isBorrowed else {
            return list.add(
                .pauseMidClause, na: "It can't be told between which of the words that were written the pauses were.")
        }
        switch context.sentences {
        case .pauses, .none:
            list.add(.pauseMidClause, na: "Without punctuation it can't be told where clauses end.")
        case .human, .model:
            let inside = pauses.filter { !timeline.words[$0.after].isPunctuated }
            let few = pauses.count < 5 ? "There are fewer than 5 pauses." : nil
            let ratio = pauses.isEmpty ? nil : Double(inside.count) / Double(pauses.count)
            list.add(
                .pauseMidClause, ratio, orNA: none, low: low + [few],
                basis: [.init("unmarked_pauses", Double(inside.count)), number], evidence: inside.map(Self.evidence))
        }
    }

    private static func evidence(_ pause: SpeechTimeline.Pause) -> Evidence {
        Evidence(words: pause.after..<(pause.after + 2), note: "\(seconds(pause.milliseconds)) s pause")
    }

    /// Milliseconds as seconds with two decimals.
    static func seconds(_ milliseconds: Int) -> String {
        let hundredths = (milliseconds + 5) / 10
        return "\(hundredths / 100)." + (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
    }

    private func addRuns(
        _ timeline: SpeechTimeline, _ context: FluencyContext, _ low: [String?], to list: inout MeasureList
    ) {
        if let tooFast = Self.tooFast(timeline, context) {
            return list.add([.runLength, .runLengthWords], na: tooFast)
        }
        if let reason = syllableReason(context) {
            list.add(.runLength, na: reason)
        } else {
            list.add(
                .runLength, Double(timeline.syllableCount) / Double(timeline.runs),
                low: low + [dictionaryReason(context)],
                basis: [.init("syllables", Double(timeline.syllableCount)), .init("runs", Double(timeline.runs))])
        }
        list.add(
            .runLengthWords, Double(timeline.wordCount) / Double(timeline.runs), low: low,
            basis: [.init("words", Double(timeline.wordCount)), .init("runs", Double(timeline.runs))])
    }

    private func addDisfluencies(
        _ timeline: SpeechTimeline, _ text: SpokenText, _ context: FluencyContext, _ low: [String?],
        to list: inout MeasureList
    ) {
        let count = Double(timeline.wordCount)
        let fillers = timeline.fillers
        if context.knowsFillers || !fillers.isEmpty {
            let said = Dictionary(
                text.words.lazy.filter { $0.traits.contains(.filler) }.map { (Int($0.position), text.text(of: $0)) },
                uniquingKeysWith: { first, _ in first })
            let evidence = fillers.map { Evidence(words: $0..<($0 + 1), note: said[$0]) }
            list.add(
                .fillerRate, 60_000 * Double(fillers.count) / Double(timeline.span), low: low,
                basis: [
                    .init("fillers", Double(fillers.count)), .init("seconds", Double(timeline.span) / 1_000),
                ], evidence: evidence)
            list.add(
                .fillersPerWords, 100 * Double(fillers.count) / count, low: low,
                basis: [.init("fillers", Double(fillers.count)), .init("words", count)], evidence: evidence)
        } else {
            list.add([.fillerRate, .fillersPerWords], na: "There is no list of fillers for this language.")
        }
        let repairs = Self.repairs(in: text)
        list.add(
            .repairRate, 100 * Double(repairs.count) / count, low: low,
            basis: [.init("repetitions", Double(repairs.count)), .init("words", count)], evidence: repairs)
    }

    /// The runs of words that were said again or broken off.
    private static func repairs(in text: SpokenText) -> [Evidence] {
        var repairs: [Evidence] = []
        for word in text.words where word.traits.contains(.repaired) {
            let position = Int(word.position)
            let note = word.traits.contains(.cutOff) ? "broken off" : "said again"
            if let last = repairs.last, last.note == note, last.words.upperBound >= position,
                note == "said again"
            {
                repairs[repairs.count - 1].words = last.words.lowerBound..<(position + 1)
            } else {
                repairs.append(Evidence(words: position..<(position + 1), note: note))
            }
        }
        return repairs
    }

    private func addUseOfTime(
        _ timeline: SpeechTimeline, _ context: FluencyContext, _ low: [String?], to list: inout MeasureList
    ) {
        list.add(.responseLatency, Double(timeline.start) / 1_000)
        if let duration = context.recordingDuration, duration.isFinite, duration >= 0 {
            // Ends that the recogniser puts beyond the recording are its rounding.
            list.add(
                .trailingSilence, max(0, (duration * 1_000).rounded() - Double(timeline.end)) / 1_000,
                basis: [.init("recording_seconds", duration)])
        } else {
            list.add(.trailingSilence, na: "The length of the recording is not known.")
        }
        if let limit = context.timeLimit, limit > 0 {
            list.add(
                .timeUsed, Double(timeline.span) / 1_000 / Double(limit),
                basis: [.init("seconds", Double(timeline.span) / 1_000), .init("time_limit_seconds", Double(limit))])
        } else {
            list.add(.timeUsed, na: "There is no time limit.")
        }
    }
}
