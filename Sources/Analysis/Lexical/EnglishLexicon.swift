// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Short lists of English words and phrases that the measures look for. They are our own, and meant to be extended.
///
/// A phrase is matched as a run of whole words; of several that begin at a word the longest counts.
package enum EnglishLexicon {
    /// Filled pauses. "Like" and "you know" are not among them: they are words of the message as often.
    static let fillers = [
        "um", "uh", "er", "erm", "ah", "eh", "hm", "hmm", "mm", "mmm", "mhm", "uhm", "umm", "uhh", "err", "ehm", "huh",
    ]

    /// Words that are said twice on purpose ("very very", "had had", "five five").
    static let doubled = [
        "very", "really", "so", "much", "far", "more", "had", "that", "no", "yes", "yeah", "bye", "ha", "blah", "now",
        "there", "again", "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "point", "million", "thousand", "hundred",
    ]

    /// Connectives by what they express (after the classes of Halliday & Hasan 1976).
    static let connectives: [(kind: String, phrases: [String])] = [
        (
            "addition",
            [
                "also", "besides", "furthermore", "moreover", "in addition", "as well as", "additionally", "likewise",
                "similarly", "not only", "apart from that", "on top of that",
            ]
        ),
        (
            "contrast",
            [
                "but", "however", "although", "though", "even though", "whereas", "yet", "nevertheless", "nonetheless",
                "instead", "on the other hand", "on the contrary", "in contrast", "despite", "in spite of",
                "rather than",
                "unless", "even if",
            ]
        ),
        (
            "cause",
            [
                "because", "because of", "so that", "therefore", "thus", "hence", "since", "as a result",
                "consequently",
                "due to", "for this reason", "that is why", "that's why", "in order to", "owing to", "accordingly",
            ]
        ),
        ("condition", ["if", "provided that", "as long as", "in case", "otherwise", "whether", "in that case"]),
        (
            "time",
            [
                "then", "before", "after", "afterwards", "when", "while", "until", "meanwhile", "next", "first",
                "firstly", "secondly", "thirdly", "finally", "at first", "at the same time", "as soon as",
                "first of all", "in the end", "in the meantime", "eventually",
            ]
        ),
        (
            "example",
            [
                "for example", "for instance", "such as", "in other words", "namely", "in particular",
                "specifically", "to sum up", "in summary", "in conclusion", "overall",
            ]
        ),
    ]

    /// Words that leave room for doubt (after Hyland 2005).
    static let hedges = [
        "maybe", "perhaps", "possibly", "probably", "might", "may", "could", "seems", "seem", "appears", "appear",
        "apparently", "likely", "unlikely", "usually", "generally", "often", "sometimes", "somewhat", "fairly",
        "roughly",
        "approximately", "about", "almost", "i think", "i guess", "i suppose", "i believe", "i feel", "i'm not sure",
        "i am not sure", "i don't know", "not sure", "sort of", "kind of", "a bit", "a little", "in general",
        "suggests",
        "suggest", "tends to", "tend to", "as far as i know", "it depends", "more or less",
    ]

    /// Words that leave none (after Hyland 2005).
    static let certainty = [
        "always", "never", "certainly", "definitely", "clearly", "obviously", "undoubtedly", "surely", "of course",
        "must", "absolutely", "completely", "totally", "entirely", "no doubt", "without doubt", "for sure", "i'm sure",
        "i am sure", "i'm certain", "i am certain", "i know", "in fact", "indeed", "exactly", "proven",
        "without question",
    ]

    /// Words that turn a statement round. They look like function words, but carry the meaning of an answer.
    static let polarity = [
        "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "cannot", "can't", "don't",
        "doesn't", "didn't", "isn't", "aren't", "wasn't", "weren't", "won't", "wouldn't", "shouldn't", "couldn't",
        "mustn't", "hasn't", "haven't", "hadn't", "needn't", "mightn't", "ain't", "against", "except", "unless",
    ]

    /// Words that hold a sentence together: articles, pronouns, prepositions, conjunctions, auxiliaries and particles.
    package static let functionWords = [
        "a", "an", "the", "this", "that", "these", "those", "such", "same", "other", "another", "each", "every",
        "either",
        "neither", "both", "all", "any", "some", "no", "none", "many", "much", "more", "most", "few", "fewer", "less",
        "least", "several", "enough", "own", "i", "me", "my", "mine", "myself", "you", "your", "yours", "yourself",
        "yourselves", "he", "him", "his", "himself", "she", "her", "hers", "herself", "it", "its", "itself", "we", "us",
        "our", "ours", "ourselves", "they", "them", "their", "theirs", "themselves", "one", "ones", "oneself",
        "someone",
        "somebody", "something", "anyone", "anybody", "anything", "everyone", "everybody", "everything", "nobody",
        "nothing", "who", "whom", "whose", "which", "what", "whoever", "whatever", "whichever", "where", "when", "why",
        "how", "there", "here", "about", "above", "across", "after", "against", "along", "among", "around", "as", "at",
        "before", "behind", "below", "beneath", "beside", "besides", "between", "beyond", "by", "despite", "down",
        "during", "except", "for", "from", "in", "inside", "into", "like", "near", "of", "off", "on", "onto", "out",
        "outside", "over", "past", "per", "since", "through", "throughout", "to", "toward", "towards", "under", "until",
        "till", "up", "upon", "via", "with", "within", "without", "and", "or", "but", "nor", "so", "yet", "if",
        "unless",
        "because", "although", "though", "while", "whereas", "whether", "than", "then", "once", "be", "am", "is", "are",
        "was", "were", "been", "being", "have", "has", "had", "having", "do", "does", "did", "doing", "will", "would",
        "shall", "should", "can", "could", "may", "might", "must", "ought", "not", "cannot", "can't", "don't",
        "doesn't",
        "didn't", "isn't", "aren't", "wasn't", "weren't", "won't", "wouldn't", "shouldn't", "couldn't", "mustn't",
        "hasn't", "haven't", "hadn't", "i'm", "i've", "i'll", "i'd", "you're", "you've", "you'll", "you'd", "he's",
        "he'll",
        "he'd", "she's", "she'll", "she'd", "it's", "it'll", "it'd", "we're", "we've", "we'll", "we'd", "they're",
        "they've", "they'll", "they'd", "that's", "there's", "here's", "what's", "who's", "let's", "also", "too",
        "just",
        "only", "even", "still", "again", "very", "quite", "rather", "ever", "never", "however", "therefore", "thus",
    ]
}
