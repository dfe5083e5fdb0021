// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Domain
import Glibc
import Testing
import TextEncoders

@testable import Assessment

@Suite("Learned judge of coverage")
struct CoverageFeatureTests {
    @Test func `has a weight for every feature`() throws {
        for name in LearnedJudge.entailment {
            let weights = try #require(LearnedJudge.weights(for: name))
            #expect(weights.factors.count == 3 && weights.biases.count == 3)
            for factors in weights.factors { #expect(factors.count == CoverageFeatures.names.count) }
        }
        #expect(LearnedJudge.weights(for: "somebodys-pairs") == nil && LearnedJudge.weights(for: nil) == nil)
    }

    @Test func `hands what quantities and drugs contradict to a person at most, and can't undo what is forbidden`() {
        let changes: [((inout SignEvidence) -> Void, KeyPointResult.State)] = [
            ({ $0.numbersWrong = 1 }, .uncertain), ({ $0.isSwapped = true }, .uncertain),
            ({ $0.isForbiddenSaid = true }, .contradicted),
        ]
        for (change, state) in changes {
            var verdict = Self.verdict(.contradicted)
            change(&verdict.signs)
            let isFor = LearnedJudge.Opinion(isOther: 0, isFor: 1, isAgainst: 0)
            #expect(Self.revised(verdict, isFor, isWordList: false).state == state)
            let isDoubtful = LearnedJudge.Opinion(isOther: 0.3, isFor: 0.4, isAgainst: 0.3)
            #expect(Self.revised(verdict, isDoubtful, isWordList: false).state == .contradicted)
        }
    }

    @Test func `covers what is said whole in other words, and nothing that a model of meaning can't tell`() {
        let isWhole = LearnedJudge.Opinion(isOther: 0, isFor: 1, isAgainst: 0, isEntailed: 0.95)
        for state in [KeyPointResult.State.missing, .partial] {
            let revised = Self.revised(Self.verdict(state), isWhole, isWordList: false)
            #expect(revised.state == .covered && revised.flags.contains(.byMeaning))
            #expect(Self.revised(Self.verdict(state), isWhole, isWordList: true).state == state)
            let critical = Self.revised(Self.verdict(state), isWhole, isWordList: false, isCritical: true)
            #expect(critical.state == .partial && critical.flags.contains(.byMeaning))
        }
        for state in [KeyPointResult.State.uncertain, .contradicted] {
            #expect(Self.revised(Self.verdict(state), isWhole, isWordList: false).state == .partial)
        }
        let doubts: [(inout SignEvidence) -> Void] = [
            { $0.numbersAsked = 1 },
            {
                $0.numbersAsked = 2; $0.numbersRight = 1
            }, { $0.numbersWrong = 1 },
            { $0.isSwapped = true }, { $0.isOtherName = true }, { $0.isHedged = true }, { $0.isForbiddenSaid = true },
        ]
        for doubt in doubts {
            var verdict = Self.verdict(.partial)
            doubt(&verdict.signs)
            #expect(Self.revised(verdict, isWhole, isWordList: false).state == .partial)
        }
        for opinion in [
            LearnedJudge.Opinion(isOther: 0.2, isFor: 0.8, isAgainst: 0, isEntailed: 1),
            LearnedJudge.Opinion(isOther: 0, isFor: 0.94, isAgainst: 0.06, isEntailed: 1),
            LearnedJudge.Opinion(isOther: 0, isFor: 1, isAgainst: 0, isEntailed: 0.8),
        ] {
            #expect(Self.revised(Self.verdict(.partial), opinion, isWordList: false).state == .partial)
        }
    }

    @Test func `decides on a denial that only signs show, and covers nothing by words alone`() {
        let isFor = LearnedJudge.Opinion(isOther: 0, isFor: 1, isAgainst: 0)
        #expect(Self.revised(Self.verdict(.contradicted), isFor, isWordList: false).state == .partial)
        let isOpen = LearnedJudge.Opinion(isOther: 0.2, isFor: 0.4, isAgainst: 0.4)
        #expect(Self.revised(Self.verdict(.contradicted), isOpen, isWordList: false).state == .uncertain)
        for state in [KeyPointResult.State.missing, .partial, .uncertain, .contradicted] {
            #expect(Self.revised(Self.verdict(state), isFor, isWordList: false).state != .covered)
        }
        let isAgainst = LearnedJudge.Opinion(isOther: 0, isFor: 0, isAgainst: 1)
        #expect(Self.revised(Self.verdict(.covered), isAgainst, isWordList: false).state == .contradicted)
        #expect(Self.revised(Self.verdict(.uncertain), isFor, isWordList: true).state == .uncertain)
    }

    @Test func `takes the word of a model of entailment that is sure, where nothing speaks against it`() {
        func state(_ against: Double, _ verdict: WindowVerdict, entailed: Double = 0, contradicted: Double = 0.99)
            -> KeyPointResult.State
        {
            let opinion = LearnedJudge.Opinion(
                isOther: 0.9 - against, isFor: 0.1, isAgainst: against, isEntailed: entailed,
                isContradicted: contradicted)
            return Self.revised(verdict, opinion, isWordList: false).state
        }
        for ruled in [KeyPointResult.State.missing, .partial, .uncertain, .covered] {
            #expect(state(0.3, Self.verdict(ruled)) == .contradicted)
            #expect(state(0.2, Self.verdict(ruled)) != .contradicted)
            #expect(state(0.3, Self.verdict(ruled), contradicted: 0.9) != .contradicted)
            #expect(state(0.3, Self.verdict(ruled), entailed: 0.1) != .contradicted)
            var hedged = Self.verdict(ruled)
            hedged.signs.isHedged = true
            #expect(ruled == .covered || state(0.4, hedged) != .contradicted)
            var right = Self.verdict(ruled)
            (right.signs.numbersAsked, right.signs.numbersRight) = (1, 1)
            #expect(right.signs.isQuantityRight)
            #expect(state(0.8, right) == .contradicted)
            #expect(ruled == .missing || ruled == .uncertain || state(0.45, right) != .contradicted)
        }
    }

    @Test func `is asked only where the model that it was fitted on reads the language`() throws {
        let keyPoint = KeyPoint(id: "food", label: "Take it with food")
        func comparison(_ name: String, _ language: String) throws -> Meanings.Closeness? {
            let folder = Self.encoder
            let embedder = SentenceEmbedder(
                model: LazyTextEncoder(name: name, digest: "", languages: ["en"]) { () throws(TextEncoderError) in
                    try TextEncoder(.init(folder: folder))
                })
            let knowledge = Assessor(analyzer: try AnswerAnalyzer(embedders: [embedder]), drugs: nil).knowledge
            let reader = StatementReader(knowledge: knowledge, language: language)
            let answer = ReadAnswer(
                AnswerText("Take it with food.", language: language), Speech(typed: "Take it with food."), reader)
            let meanings = Meanings(
                of: answer, [ReadKeyPoint(keyPoint, reader: reader)], knowledge: knowledge, language: language)
            #expect((meanings.cosine(0..<1, 0) != nil) == (language == "en"))
            return meanings.closeness(answer.windows)?[0..<1]?.first
        }
        #expect(try comparison("another-model", "en") == nil)
        #expect(try comparison(LearnedJudge.model, "de") == nil)
        #expect(try comparison(LearnedJudge.model, "en") != nil)
    }

    @Test func `asks no other model of entailment than the one that it was fitted on, and says so`() throws {
        func assessment(_ names: [String], embedder: String = LearnedJudge.model, _ language: String?) throws
            -> AnswerAssessment
        {
            let folder = Self.encoder
            func model(_ name: String) -> LazyTextEncoder {
                LazyTextEncoder(name: name, digest: "0", languages: ["en"]) { () throws(TextEncoderError) in
                    try TextEncoder(.init(folder: folder))
                }
            }
            let assessor = Assessor(
                analyzer: try AnswerAnalyzer(embedders: [SentenceEmbedder(model: model(embedder))]), drugs: nil,
                entailment: names.map { EntailmentClassifier(model: model($0)) })
            for name in LearnedJudge.entailment { #expect(assessor.engine.contains(name) == names.contains(name)) }
            if !names.isEmpty, language == "en" {
                let known = LearnedJudge.entailment.filter(names.contains)
                #expect(assessor.knowledge.entailmentModel(in: language) == known.first)
                #expect(assessor.knowledge.entailmentModel(in: language, isLast: true) == known.last)
            }
            #expect(!assessor.engine.contains("somebodys-pairs"))
            return assessor.assess(
                "Take it with food.", keyPoints: [KeyPoint(id: "food", label: "Take it with food")], language: language)
        }
        let reasons: [([String], String, String?, String)] = [
            ([], LearnedJudge.model, "en", "No model of entailment is installed."),
            (
                ["somebodys-pairs"], LearnedJudge.model, "en",
                "fitted on mpnet-entailment and minilm-entailment, which are not"
            ),
            (LearnedJudge.entailment, LearnedJudge.model, "de", "does not know this language"),
            (LearnedJudge.entailment, "another-model", "en", "sentences are read with another-model"),
            // It is installed, but the file is one of another kind.
            (["somebodys-pairs", "minilm-entailment"], LearnedJudge.model, "en", "its labels are not"),
            (["minilm-entailment", "mpnet-entailment"], LearnedJudge.model, "en", "its labels are not"),
        ]
        for (names, embedder, language, words) in reasons {
            let reason = try assessment(names, embedder: embedder, language).judgeReason
            #expect(reason?.contains(words) == true, "\(reason ?? "nil")")
        }
    }

    private static func revised(
        _ verdict: WindowVerdict, _ opinion: LearnedJudge.Opinion, isWordList: Bool, isCritical: Bool = false
    ) -> WindowVerdict {
        LearnedJudge.revised(verdict, opinion, isWordList: isWordList, isCritical: isCritical)
    }

    private static let encoder =
        #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 }
        + "/Fixtures/encoders/bert"

    /// What training/coverage/train.py needs beside the features to decide as ``Coverage`` does.
    private static func ruled(_ found: (window: Window, verdict: WindowVerdict), _ point: ReadKeyPoint) -> String {
        let (window, verdict) = found
        let signs = verdict.signs
        let numbers = [
            Double(window.sentences.lowerBound), Double(window.sentences.upperBound), verdict.relevance, verdict.share,
            verdict.contentShare, signs.agreeing, signs.conflicting,
        ]
        let flags = [
            ("list", window.isWordList), ("drugOnly", verdict.isAboutDrugOnly), ("whole", verdict.isWhole),
            ("number", signs.numbersWrong > 0), ("swap", signs.isSwapped), ("forbidden", signs.isForbiddenSaid),
            ("incomplete", signs.numbersRight != signs.numbersAsked), ("hedged", signs.isHedged),
            ("explicit", signs.isExplicit), ("critical", point.keyPoint.isCritical),
            ("denies", point.sign < 0), ("negated", verdict.flags.contains(.negated)),
            ("onlyDrug", verdict.flags == [.wrongDrug]), ("forbiddenSaid", verdict.flags.contains(.forbiddenSaid)),
            ("right", signs.isQuantityRight), ("inconsistent", verdict.flags.contains(.inconsistent)),
        ]
        return ([verdict.state.rawValue] + numbers.map { "\($0)" } + flags.filter(\.1).map(\.0)).joined(separator: " ")
    }

    private static func verdict(_ state: KeyPointResult.State) -> WindowVerdict {
        WindowVerdict(state: state, flags: [], share: 0.5, evidence: nil, relevance: 0.5, embedding: 0.5)
    }

    /// Not a check: writes what training/coverage/train.py reads, `ORACY_COVERAGE_FEATURES=SET:FILE` with the folder of
    /// all-MiniLM-L6-v2 in `ORACY_MINILM`, the list of drug names in `ORACY_DRUG_NAMES`, and for the larger model of entailment the
    /// folder of all-mpnet-base-v2 in `ORACY_MPNET`.
    @Test(
        .enabled(
            if: ["ORACY_COVERAGE_FEATURES", "ORACY_MINILM", "ORACY_DRUG_NAMES"].allSatisfy { (name: String) in
                getenv(name) != nil
            }))
    func `writes features for training`() throws {
        let place = String(cString: try #require(getenv("ORACY_COVERAGE_FEATURES"))).split(separator: ":")
        let folder = String(cString: try #require(getenv("ORACY_MINILM")))
        let (name, path) = (String(try #require(place.first)), String(try #require(place.last)))
        let model = LazyTextEncoder(name: "all-MiniLM-L6-v2", digest: "", languages: ["en"]) {
            () throws(TextEncoderError) in
            try TextEncoder(.init(folder: folder))
        }
        let analyzer = try AnswerAnalyzer(embedders: [SentenceEmbedder(model: model)])
        let drugs = try DrugVocabulary(path: String(cString: try #require(getenv("ORACY_DRUG_NAMES"))))
        // The other model of entailment, with the folder of all-mpnet-base-v2.
        let larger = getenv("ORACY_MPNET").map { String(cString: $0) }
        let entailmentName = larger == nil ? "minilm-entailment" : "mpnet-entailment"
        let judge = LazyTextEncoder(name: entailmentName, digest: "", languages: ["en"]) {
            () throws(TextEncoderError) in
            try TextEncoder(.init(folder: larger ?? folder, adapter: "weights/\(entailmentName)"))
        }
        let entailment = [EntailmentClassifier(model: judge)]
        let knowledge = Assessor(analyzer: analyzer, drugs: drugs, entailment: entailment).knowledge
        let reader = StatementReader(knowledge: knowledge, language: "en")
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        fputs("#" + CoverageFeatures.names.joined(separator: " ") + "\n", file)
        let set = try AdversarialSet(folder: name)
        for answer in set.answers {
            let points = set.keyPoints[answer.question] ?? []
            let text = AnswerText(answer.text, language: "en")
            let coverage = Coverage(
                ReadAnswer(text, Speech(typed: answer.text), reader), points.map { ReadKeyPoint($0, reader: reader) },
                knowledge: knowledge, language: "en")
            let opinions = Coverage.opinions(on: [coverage], knowledge: knowledge)[0]
            for (point, windows) in (opinions.flatMap(coverage.features) ?? []).enumerated() {
                for (index, features) in windows.enumerated() {
                    let values = features.values.map { String(($0 * 10_000).rounded() / 10_000) }
                    let sentences = coverage.verdicts[point][index].window.sentences
                    let asked = coverage.questions.first { $0.keyPoint == point && $0.sentences == sentences }
                    let fields = [
                        answer.id, answer.question, answer.category, points[point].id,
                        answer.targets.contains(points[point].id) ? "T" : "-", values.joined(separator: " "),
                        text.written(coverage.verdicts[point][index].window.tokens), points[point].label,
                        Self.ruled(coverage.verdicts[point][index], coverage.keyPoints[point]),
                        asked?.pair.second ?? "",
                    ]
                    fputs(fields.joined(separator: "\t") + "\n", file)
                }
            }
        }
    }
}
