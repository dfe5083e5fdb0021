// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once

// ICU renames its functions by macro (ubrk_open is ubrk_open_72 in the library), which Swift can't call by name:
// each function that we need has a wrapper here. Text is UTF-16; a status above zero is ICU's error code.

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/unorm2.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>
#include <unicode/utypes.h>

/// Opens an iterator over the words of a text, which must outlive it. NULL on failure. Close it with oracy_breakClose.
static inline UBreakIterator *oracy_wordBreakOpen(const char *locale, const uint16_t *text, int32_t length) {
    UErrorCode status = U_ZERO_ERROR;
    return ubrk_open(UBRK_WORD, locale, (const UChar *)text, length, &status);
}

/// Opens an iterator over the sentences of a text, which must outlive it. NULL on failure.
static inline UBreakIterator *oracy_sentenceBreakOpen(const char *locale, const uint16_t *text, int32_t length) {
    UErrorCode status = U_ZERO_ERROR;
    return ubrk_open(UBRK_SENTENCE, locale, (const UChar *)text, length, &status);
}

/// The next boundary, or -1 after the last.
static inline int32_t oracy_breakNext(UBreakIterator *iterator) { return ubrk_next(iterator); }

/// Frees an iterator.
static inline void oracy_breakClose(UBreakIterator *iterator) { ubrk_close(iterator); }

/// Brings a text into Normalization Form C. Returns the length it needs, or -1; nothing is written beyond `capacity`.
static inline int32_t oracy_composeNFC(const uint16_t *text, int32_t length, uint16_t *output, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) { return -1; }
    int32_t needed = unorm2_normalize(nfc, (const UChar *)text, length, (UChar *)output, capacity, &status);
    return U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR ? -1 : needed;
}

/// The full canonical decomposition of a code point. Returns its length, or -1 when there is none.
static inline int32_t oracy_decompose(int32_t codePoint, uint16_t *output, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&status);
    if (U_FAILURE(status)) { return -1; }
    int32_t length = unorm2_getDecomposition(nfc, codePoint, (UChar *)output, capacity, &status);
    return U_FAILURE(status) || length > capacity ? -1 : length;
}

/// Writes a text in lower case by the rules of a locale. Returns the length it needs, or -1.
static inline int32_t oracy_lowerCase(
    const uint16_t *text, int32_t length, const char *locale, uint16_t *output, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t needed = u_strToLower((UChar *)output, capacity, (const UChar *)text, length, locale, &status);
    return U_FAILURE(status) && status != U_BUFFER_OVERFLOW_ERROR ? -1 : needed;
}

/// Whether ICU knows a language code of ISO 639, of two or three letters.
static inline bool oracy_isLanguage(const char *code) { return uloc_getISO3Language(code)[0] != 0; }

/// Whether a code point is a letter (general category L).
static inline bool oracy_isLetter(int32_t codePoint) { return u_isalpha(codePoint); }

/// Whether a code point is a decimal digit (general category Nd).
static inline bool oracy_isDigit(int32_t codePoint) { return u_isdigit(codePoint); }

/// Whether a code point is an upper-case or title-case letter.
static inline bool oracy_isUpper(int32_t codePoint) { return u_isupper(codePoint) || u_istitle(codePoint); }
/// Whether a code point is a lower-case letter.
static inline bool oracy_isLower(int32_t codePoint) { return u_islower(codePoint); }

/// The Sentence_Break property of a code point, a USentenceBreak.
static inline int32_t oracy_sentenceBreakProperty(int32_t codePoint) {
    return u_getIntPropertyValue(codePoint, UCHAR_SENTENCE_BREAK);
}

/// How a number is written out in words.
enum OracySpelling {
    OracySpellingCardinal = 0, ///< five hundred
    OracySpellingOrdinal = 1,  ///< twenty-first
    OracySpellingYear = 2,     ///< twenty twenty-four
};

/// Opens a formatter that writes numbers in words; NULL where ICU has no such rules for the very language.
///
/// ICU would fall back to the rules of another language without a word.
static inline void *oracy_spellOpen(const char *language, int spelling) {
    UErrorCode status = U_ZERO_ERROR;
    UNumberFormat *format = unum_open(UNUM_SPELLOUT, NULL, 0, language, NULL, &status);
    if (U_FAILURE(status)) { return NULL; }
    const char *found = unum_getLocaleByType(format, ULOC_ACTUAL_LOCALE, &status);
    char base[ULOC_LANG_CAPACITY] = "";
    if (U_SUCCESS(status) && found) { uloc_getLanguage(found, base, sizeof base, &status); }
    if (U_FAILURE(status) || strcmp(base, language) != 0) {
        unum_close(format);
        return NULL;
    }
    if (spelling != OracySpellingCardinal) {
        UChar name[40];
        u_uastrcpy(name, spelling == OracySpellingOrdinal ? "%spellout-ordinal" : "%spellout-numbering-year");
        unum_setTextAttribute(format, UNUM_DEFAULT_RULESET, name, -1, &status);
        if (U_FAILURE(status)) {
            unum_close(format);
            return NULL;
        }
    }
    return format;
}

/// Writes a decimal number (ASCII digits with at most one full stop) in words. Returns the length, or -1.
static inline int32_t oracy_spell(
    void *format, const char *number, int32_t length, uint16_t *output, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    int32_t written = unum_formatDecimal((UNumberFormat *)format, number, length, (UChar *)output, capacity, NULL, &status);
    return U_FAILURE(status) || written > capacity ? -1 : written;
}

/// Frees a formatter.
static inline void oracy_spellClose(void *format) { unum_close((UNumberFormat *)format); }

// Of unicode/unumberformatter.h (stable since ICU 62). With the header itself this module would define enumerations that
// Foundation's own ICU defines otherwise, and no file could import both.
typedef struct OracyUnitFormatter OracyUnitFormatter;
typedef struct OracyFormattedNumber OracyFormattedNumber;
U_CAPI OracyUnitFormatter *U_EXPORT2 unumf_openForSkeletonAndLocale(
    const UChar *skeleton, int32_t length, const char *locale, UErrorCode *status);
U_CAPI OracyFormattedNumber *U_EXPORT2 unumf_openResult(UErrorCode *status);
U_CAPI void U_EXPORT2 unumf_formatDecimal(
    const OracyUnitFormatter *formatter, const char *number, int32_t length, OracyFormattedNumber *result,
    UErrorCode *status);
U_CAPI int32_t U_EXPORT2 unumf_resultToString(
    const OracyFormattedNumber *result, UChar *output, int32_t capacity, UErrorCode *status);
U_CAPI void U_EXPORT2 unumf_close(OracyUnitFormatter *formatter);
U_CAPI void U_EXPORT2 unumf_closeResult(OracyFormattedNumber *result);

/// Opens a formatter that writes a number with the name of a unit, such as "500 Milligramm"; NULL on failure.
///
/// `unit` is what ICU's number skeletons call it: "unit/milligram", "currency/EUR".
static inline void *oracy_unitOpen(const char *language, const char *unit) {
    UErrorCode status = U_ZERO_ERROR;
    char skeleton[96] = "";
    strncat(skeleton, unit, 60);
    strncat(skeleton, " unit-width-full-name", 30);
    UChar wide[96];
    u_uastrcpy(wide, skeleton);
    OracyUnitFormatter *formatter = unumf_openForSkeletonAndLocale(wide, -1, language, &status);
    if (U_SUCCESS(status)) { return formatter; }
    unumf_close(formatter);
    return NULL;
}

/// Writes a decimal number (ASCII digits with at most one full stop) with its unit. Returns the length, or -1.
static inline int32_t oracy_unit(
    const void *formatter, const char *number, int32_t length, uint16_t *output, int32_t capacity) {
    UErrorCode status = U_ZERO_ERROR;
    OracyFormattedNumber *result = unumf_openResult(&status);
    unumf_formatDecimal((const OracyUnitFormatter *)formatter, number, length, result, &status);
    int32_t written = unumf_resultToString(result, (UChar *)output, capacity, &status);
    unumf_closeResult(result);
    return U_FAILURE(status) || written > capacity ? -1 : written;
}

/// Frees a unit formatter.
static inline void oracy_unitClose(void *formatter) { unumf_close((OracyUnitFormatter *)formatter); }
