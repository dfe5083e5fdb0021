// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

internal import Analysis

extension CueLexicon {
    /// The cues of English. Contractions are written out before they are looked for ("don't" is "do not").
    static let english = CueLexicon(
        language: "en",
        cues: [
            (
                .neutral,
                [
                    "not only", "not just", "not merely", "no doubt", "no wonder", "whether or not", "if not",
                    "why not",
                    "no matter", "not least", "no more than", "not more than", "no less than", "not less than",
                    "no later than", "not exceed", "no longer than", "not be more than", "no fewer than",
                    "not to mention", "no sooner", "cannot stress enough", "not enough", "not have enough",
                    "can not overemphasise", "no question", "is not it", "do not you", "not usually more than",
                    "or not", "not yet", "no getting round", "no getting around", "no excuse for not", "not see why",
                    "no reason not to", "nothing stopping", "other than that", "other than this", "can not stress",
                    "can not recommend enough",
                ]
            ),
            (
                .negator,
                [
                    "not", "never", "cannot", "nobody", "no one", "nothing", "neither", "nor", "none", "hardly",
                    "barely",
                    "no longer", "no way", "under no circumstances", "on no account", "at no point", "nowhere",
                    "not need to", "not have to", "no need to", "no need for", "no need", "need not", "no reason to",
                    "not necessary to", "unnecessary to", "there is no point", "not bother", "not required",
                    "under no circumstances should", "on no account should", "at no point should", "at no time",
                    "at no time should", "in no way", "by no means", "by no means should", "do not you dare",
                    "the last thing you want to", "the last thing you should", "the last thing to do",
                    "last thing you want $",
                    "the last thing i would", "pointless", "waste of time", "not worth", "optional", "no one needs to",
                    "nobody needs to", "not need any", "resist the urge to", "resist the temptation to", "unnecessary",
                    "far from", "anything but", "myth", "not true that", "wrong to say",
                ]
            ),
            (
                .negatorAfter,
                [
                    "no", "without", "instead of", "rather than", "as opposed to", "except", "apart from", "other than",
                    "zero",
                ]
            ),
            (
                .neglect,
                [
                    "hesitate to", "hesitate", "forget to", "forget", "fail to", "wait to", "neglect to", "omit to",
                    "delay",
                    "be afraid to", "be afraid of", "unless",
                ]
            ),
            (
                .avoid,
                [
                    "avoid", "stop", "discontinue", "cease", "withhold", "with hold", "hold off", "withdraw", "refuse",
                    "decline",
                    "refrain from", "stay away from", "stay off", "stay clear of", "keep away from", "keep off",
                    "keep away",
                    "steer clear of", "steer clear", "steer away from", "keep clear of", "rule out", "leave out",
                    "leave off", "skip", "omit", "miss out", "give up", "come off", "go without",
                    "do without", "cut out", "cut down", "cut back", "turn off", "turn down", "switch off", "put off",
                    "pause", "suspend", "abstain from", "quit", "halt", "abandon", "reject", "prohibit", "forbid",
                    "ban",
                    "advise against", "warn against", "advise her against", "advise him against", "advise them against",
                    "recommend against", "recommend her against", "counsel against", "decide against",
                    "against the use",
                    "say no to", "be a no", "off limits", "out of the question",
                    "be wary of", "beware of", "no go", "leave on the shelf",
                    "put back", "put on hold", "clear of", "hold his", "hold her", "hold the", "hold my", "hold your",
                    "take away", "shun", "keep from", "lay off", "deny", "discourage", "dissuade", "deter",
                    "off the menu", "off the cards", "well away from", "well clear of", "hold back from",
                    "hold back on",
                    "hold off on", "definite no", "a no from", "be out $", "off the list", "have to go $", "can wait $",
                    "will have to wait $", "have to wait $", "ditch", "scrap", "shelve", "wean off", "ease off",
                    "pack in", "do not mix", "not mix with", "no place here", "have no place", "talk him out of",
                    "talk her out of", "talk them out of", "warn him against", "warn her against", "warn them against",
                    "forbidden", "swerve", "nix", "cross off", "strike off", "say goodbye to", "take him off",
                    "take her off",
                    "take me off", "get him off", "get her off", "wean him off", "wean her off",
                ]
            ),
            (
                .proceed,
                [
                    "continue", "carry on", "keep on", "keep taking", "keep using", "keep giving", "go on",
                    "keep going",
                    "go ahead", "persist", "carry on with", "go on with", "keep up", "stay on", "maintain",
                    "keep it going",
                    "stick with", "stick to", "keep her on", "keep him on", "keep them on", "proceed", "press on",

                ]
            ),
            (
                .use,
                [
                    "take", "use", "give", "offer", "recommend", "suggest", "prescribe", "administer", "apply", "have",
                    "supply", "sell", "try", "start", "initiate", "go for", "opt for", "advise", "provide", "choose",
                    "should", "must", "need to", "have to", "ought to", "want to", "can", "may", "could", "would",
                    "inject", "swallow", "put", "encourage", "go with", "resume", "restart", "start again",
                    "start it again", "stick", "rub", "let",
                ]
            ),
            (
                .permit,
                [
                    "safe", "fine", "okay", "ok", "alright", "all right", "suitable", "appropriate", "acceptable",
                    "allow",
                    "permit", "good choice", "better choice", "best choice", "right choice", "good option",
                    "better option",
                    "best option", "good idea", "best thing", "good for", "compatible", "an option", "ideal",
                    "indicated",
                    "first choice", "first line", "drug of choice", "is good", "are good", "be good", "work well",
                    "be able to", "feel free", "licensed", "the right thing", "well tolerated", "perfect", "beneficial",
                    "advisable", "great", "favourable", "sensible", "reasonable", "welcome to",
                ]
            ),
            (
                .reassure,
                [
                    "no problem", "no problems", "no issue", "no issues", "no worry", "no worries", "no trouble",
                    "without any trouble", "without any problem", "without problems", "without a problem",
                    "without any issue", "no interaction", "no interactions", "no risk", "no danger", "no harm",
                    "no concern",
                    "no concerns", "nothing to worry about", "not to worry", "not worry",
                    "not be worried",
                    "no need to worry", "not have to worry", "not need to worry", "not an issue",
                    "not a problem", "not a concern", "not be an issue", "not be a problem", "harmless", "not harmful",
                    "not dangerous", "not unsafe", "not contraindicated", "not interact", "not affect", "no effect on",
                    "not do any harm", "nothing wrong with", "not hurt",
                    "not do you any harm", "not do her any harm", "not do him any harm",
                    "never hurt", "not harm", "do no harm", "no bother",
                    "no big deal", "that be normal", "be quite normal", "be just normal", "be totally normal",
                    "be perfectly normal",
                    "perfectly normal", "nothing serious", "ignore", "irrelevant", "not serious", "any time",
                    "whenever you want", "whenever you like", "regardless", "as long as you like",
                    "as much as you like",
                    "as many as you like", "as often as you like", "as you please", "get along well",
                ]
            ),
            (
                .indifferent,
                [
                    "not matter", "not matter if", "not matter whether", "make no difference", "make no odds",
                    "make little difference", "not make a difference", "not make any difference",
                    "not make much difference",
                    "no odds", "not worry about", "not worry too much about", "not be bothered about",
                    "never mind", "forget about", "up to you", "up to him", "up to her", "be neither here nor there",
                    "if you feel like it", "not important", "unimportant", "not fuss", "not be fussed", "not fussy",
                    "not stress about", "not lose sleep over", "take it or leave it", "whichever you like",
                    "either way be fine",
                ]
            ),
            (
                .unsafe,
                [
                    "unsafe", "unsuitable", "inappropriate", "contraindicated", "contra indicated", "inadvisable",
                    "dangerous", "harmful", "unacceptable", "unwise", "bad idea", "bad choice", "wrong choice",
                    "not good for", "danger", "hazardous", "risky", "impossible", "contraindication", "incompatible",
                    "too risky", "too dangerous", "ill advised", "inadvisable", "off the table", "useless",
                    "ineffective",
                    "no use", "no good", "of no use", "kill you", "kill her", "kill him", "kill them", "kill someone",
                    "kill a patient", "kill the patient", "kill people", "fatal", "lethal", "deadly", "poisonous",
                    "interact with",
                    "mix badly", "terrible idea", "poor choice", "real harm", "more harm than good", "ask for trouble",
                    "asking for trouble", "too early to", "too soon to", "a mistake to", "be wrong to", "thing worse",
                    "make it worse", "recipe for disaster", "play with fire", "playing with fire", "bad news",
                    "reckless",
                    "foolish", "foolhardy", "backfire", "a big mistake", "a mistake",
                ]
            ),
            (
                .hedge,
                [
                    "i am not sure", "i am not certain", "i do not know", "not sure if", "not sure whether", "no idea",
                    "i have no idea", "i can not remember", "i do not remember", "i can not recall", "i am unsure",
                    "unsure",
                    "i would need to check", "i would have to look", "i guess", "either way i am",
                ]
            ),
            (
                .condition,
                [
                    "if", "when", "whenever", "in case", "as long as", "provided that", "provided", "once", "while",
                    "whilst", "until", "till", "even when", "as soon as", "only if", "should you", "during",
                ]
            ),
            (
                .boundary,
                [
                    "because", "but", "however", "although", "though", "whereas", "since", "so", "so that", "therefore",
                    "otherwise", "which", "then", "as it", "as this", "as they", "as he", "as she", "as you",
                    "and then",
                    "because of", "due to", "then again", "unfortunately", "who", "instead",
                ]
            ),
        ],
        functionWords: EnglishLexicon.functionWords + [
            "okay", "ok", "well", "yes", "please", "really", "actually", "first", "maybe", "now", "lot", "lots", "bit",
            "thing", "things", "way", "kind", "sort", "always", "usually", "normally", "up", "get", "got", "let", "us",
            "s", "d", "m", "t", "re", "ll", "ve", "going", "gonna", "want", "also", "either", "actually", "straight",
            "away", "obviously", "basically", "anyway", "perhaps", "probably", "simply", "ask", "advise", "patient",
            "patients", "person", "people", "someone", "everyone", "make", "sure", "tell", "say", "think", "know",
            "need",
            "must", "should", "ever", "together", "become", "becomes", "occur", "occurs", "mean", "called", "else",
            "around", "back", "come", "go", "goes", "put", "keep", "like", "such", "good", "thing", "time", "times",
            "absolutely", "perfectly", "totally", "completely", "definitely", "entirely", "certainly", "extremely",
            "particularly",
            "already", "often", "sometimes", "generally", "important", "necessary", "needed", "yes", "right",
        ],
        verbs: [
            "take", "use", "give", "see", "call", "report", "go", "check", "repeat", "keep", "ring", "phone", "tell",
            "ask",
            "contact", "refer", "put", "lay", "lie", "sit", "stay", "wait", "drink", "eat", "rinse", "stop", "avoid",
            "start", "restart", "continue", "carry", "record", "write", "monitor", "measure", "recheck", "remove",
            "cover",
            "wash", "discard", "throw", "store", "rotate", "inject", "swallow", "open", "place", "get", "come", "leave",
            "make", "let", "have", "offer", "suggest", "recommend", "advise", "seek", "speak", "talk", "raise", "hold",
            "observe", "send", "apply", "turn", "roll", "roll", "do", "return", "arrange", "document",
        ],
        pronouns: ["i", "you", "he", "she", "we", "they", "it", "there", "that", "this"]
    )
}
