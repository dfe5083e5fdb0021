// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once

// The Compact Language Detector 2 is C++: this is what we need of it, as C. No exception leaves it.

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    OracyMostLanguages = 3, ///< How many languages are told of one text.
};

/// The languages of a text, most of it first.
struct OracyLanguages {
    /// BCP 47 tags that live as long as the program; "un" and NULL are no language.
    const char *codes[OracyMostLanguages];
    /// The share of the text in each language, 0...100.
    int32_t percents[OracyMostLanguages];
    /// How usual the text is for each language; 1 is ordinary writing.
    double scores[OracyMostLanguages];
    /// How much of the text, in bytes of UTF-8, was letters.
    int32_t letters;
    /// Whether the first language is well ahead of the next.
    bool isReliable;
};

/// A stretch of a text in one language.
struct OracyPassage {
    int32_t start;    ///< Where it begins, in bytes.
    int32_t length;   ///< Its length in bytes.
    const char *code; ///< Its language; "un" where that can't be told.
};

/// Tells the languages of a text.
///
/// `text` is UTF-8 without control characters but white space: anything else is refused. `hint` is a BCP 47 tag that
/// the text is likely in, or NULL. Up to `capacity` passages are written; `passageCount` says how many there are.
/// Returns false when the text was refused or memory ran out.
bool oracy_identifyLanguages(
    const char *text, int32_t length, const char *hint, struct OracyLanguages *languages,
    struct OracyPassage *passages, int32_t capacity, int32_t *passageCount);

#ifdef __cplusplus
}
#endif
