// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Words whose full stop ends no sentence, or only before a capital letter.
///
/// UAX #29 knows no abbreviations and would end a sentence after "Dr.", and it goes on after any full stop before a
/// lower-case letter (SB8), which is right for proper texts and wrong for those without capitals ("take one. do not take
/// more"). For languages with a list here such a full stop ends a sentence too, unless it stands after one of these words.
struct Abbreviations: Sendable {
    /// End no sentence, whatever follows.
    private(set) var always = HashIndex(of: [])
    /// End none before a lower-case letter or a digit: they may end a sentence themselves ("500 mg. The ...").
    private(set) var beforeLowerCase = HashIndex(of: [])
    /// End none before a digit ("no. 5").
    private(set) var beforeDigits = HashIndex(of: [])
    /// Whether a full stop before a lower-case letter or a digit ends a sentence after any other word.
    private(set) var endsBeforeLowerCase = false
    /// Whether a number with a full stop is an ordinal ("am 5. mai"), so that it ends no sentence before a lower-case letter.
    private(set) var hasOrdinals = false

    /// Those of a language; none where there is no list.
    static func of(_ language: TextLanguage) -> Abbreviations { lists[language.code] ?? Abbreviations() }

    /// Whether the sentence goes on after a word, the full stop that follows it directly, and spaces.
    ///
    /// - Parameters:
    ///   - word: The digest of the word in lower case.
    ///   - next: What follows the spaces.
    @inline(__always)
    func continues(after word: UInt64, before next: Next) -> Bool {
        if always.contains(word) { return true }
        return switch next {
        case .lowerCase: beforeLowerCase.contains(word)
        case .digit: beforeLowerCase.contains(word) || beforeDigits.contains(word)
        case .other: false
        }
    }

    /// Whether a sentence ends after a word, the full stop that follows it directly, and spaces, though UAX #29 goes on.
    ///
    /// - Parameters:
    ///   - word: The word.
    ///   - isFirst: Whether it begins its sentence: a number there counts what follows ("1. take the tablet").
    ///   - isDotted: Whether it has a full stop inside, as only abbreviations have ("t.d.s").
    ///   - next: What follows the spaces.
    @inline(__always)
    func ends(after word: SpokenWord, isFirst: Bool, isDotted: Bool, before next: Next) -> Bool {
        guard endsBeforeLowerCase, next != .other else { return false }
        if word.letters == 0 {
            if isFirst || hasOrdinals { return false }
        } else if isDotted || (word.letters == 1 && word.digits == 0) {
            // A single letter is an initial or a unit.
            return false
        }
        return !continues(after: word.hash, before: next)
    }

    /// What begins after a full stop and spaces.
    enum Next {
        case lowerCase, digit, other
    }

    private init() {}

    private init(always: String = "", beforeLowerCase: String, beforeDigits: String = "", hasOrdinals: Bool = false) {
        func index(_ words: String) -> HashIndex { HashIndex(of: words.split(separator: " ").map(String.init)) }
        self.always = index(always)
        self.beforeLowerCase = index(beforeLowerCase + " " + Self.international)
        self.beforeDigits = index(beforeDigits)
        self.hasOrdinals = hasOrdinals
        endsBeforeLowerCase = true
    }

    /// Units and words that many languages have.
    private static let international =
        "mg mcg µg ml dl cl kg cm mm km kcal mmol max min vol etc ca cf vs dr prof st tab tabs cap caps approx inj susp"

    // Only abbreviations that are no word of the language, or hardly ever the last one of a sentence.
    private static let lists: [String: Abbreviations] = [
        "en": Abbreviations(
            always: "al approx cf dr e.g fig i.e jr mr mrs ms mt prof st viz vs",
            beforeLowerCase: """
                amt appt appts apt assoc avg avail bp cont contd dept dev diff dist doc eqn esp est eve ext freq gtt hosp \
                hr hrs hx inc incl int intl lab lb lbs lic ltd meds mins mo mos nat neg neuro oz pt pts px qty ref resp rev \
                rx sec secs sig soln spec sr tbsp temp tsp tx univ wk wks wt yr yrs
                """, beforeDigits: "no nos nr p pp ch art"),
        "de": Abbreviations(
            beforeLowerCase: """
                abk allg bes bspw bzgl bzw dipl dos entspr evtl exkl fam ggf ggfs hr fr inkl insb jhd kap konz lat med mind \
                mio mrd nr bd pat pkt präp rd sog std stk str sr tabl tbl tel tgl tägl u.a usw vgl zzgl zus abs abb chron \
                hl ing verl wg
                """, hasOrdinals: true),
        "fr": Abbreviations(
            beforeLowerCase:
                "env mme mlle mr mm cie chap comp éd env ex fig hab inf janv juil gél hosp pharm sup tél boul av",
            beforeDigits: "no nos nº p pp art"),
        "es": Abbreviations(
            beforeLowerCase: """
                admón aprox av avda comp dra dña ej esq fig máx mín núm pág págs pról ptas sr sra sres srta tel teléf ud uds \
                vd vds adm cáps gts
                """, beforeDigits: "no nos nº art cap p pp"),
        "it": Abbreviations(
            beforeLowerCase:
                "dott dottssa avv cap ecc es fig gent ing max pag pagg sig sigg sigra spett cpr tel circa artt cfr",
            beforeDigits: "n nn p pp art"),
        "nl": Abbreviations(
            beforeLowerCase: """
                afb bijv bv blz dhr dwz enz evt evtl excl fam ged gem incl inz jl mevr mej mld mln mw nl nr ong par resp \
                sint tel tnv vgl zgn zn mbt obv
                """, hasOrdinals: false),
        "pt": Abbreviations(
            beforeLowerCase: "aprox av comp dra ex exma exmo fig hab máx mín núm pág sr sra srta tel cáps obs",
            beforeDigits: "no nos nº art p pp"),
        "ru": Abbreviations(
            beforeLowerCase:
                "напр др пр стр рис табл тыс млн млрд руб коп мг мл мкг гр см мин сек час проф акад т.е т.д т.п "
                + "т.к ул им обл гл чел кап ок прибл макс", beforeDigits: "ст", hasOrdinals: false),
        "hu": Abbreviations(
            beforeLowerCase: "pl kb stb ill ún vö dr özv ifj id tel old fej mg db pld ua km bp", hasOrdinals: true),
    ]
}
