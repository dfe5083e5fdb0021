// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#include "oracy_cld2.h"

// The library's header uses FILE without saying so.
#include <cstdio>

#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

extern "C" bool oracy_identifyLanguages(
    const char *text, int32_t length, const char *hint, struct OracyLanguages *languages,
    struct OracyPassage *passages, int32_t capacity, int32_t *passageCount) {
    *languages = {};
    *passageCount = 0;
    if (length <= 0) { return false; }
    try {
        const CLD2::CLDHints hints = {hint, nullptr, CLD2::UNKNOWN_ENCODING, CLD2::UNKNOWN_LANGUAGE};
        CLD2::Language found[OracyMostLanguages];
        int percents[OracyMostLanguages];
        CLD2::ResultChunkVector chunks;
        int letters = 0;
        int valid = 0;
        // Best effort: whether a short text is enough to go by is decided by what was measured of such answers.
        CLD2::ExtDetectLanguageSummaryCheckUTF8(
            text, length, true, &hints, CLD2::kCLDFlagBestEffort, found, percents, languages->scores, &chunks,
            &letters, &languages->isReliable, &valid);
        if (valid < length) { return false; }
        for (int i = 0; i < OracyMostLanguages; i++) {
            languages->codes[i] = CLD2::LanguageCode(found[i]);
            languages->percents[i] = percents[i];
        }
        languages->letters = letters;
        for (const CLD2::ResultChunk &chunk : chunks) {
            if (*passageCount < capacity) {
                passages[*passageCount] = {
                    chunk.offset, chunk.bytes, CLD2::LanguageCode(static_cast<CLD2::Language>(chunk.lang1))};
            }
            ++*passageCount;
        }
        return true;
    } catch (...) {
        return false;
    }
}
