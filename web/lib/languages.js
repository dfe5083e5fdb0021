// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { manyField, selectField } from "./forms.js";
import { collate, languageName, t } from "./i18n.js";

/** Languages a course or a question may expect; engines say which of them they can write down. */
const TAGS = ["ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "ms", "nl",
  "no", "pl", "pt", "ro", "ru", "si", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh"];

/** Tags with their names in the order of the reader's alphabet, `more` among them. */
const named = (more) => [...new Set([...TAGS, ...more])].map((tag) => [tag, languageName(tag)])
  .sort((left, right) => collate(left[1], right[1]));

/** A choice of language, with "any" first. */
export function languageField(label, value, hint = null) {
  return selectField(label, [["", t("language.any")], ...named(value ? [value] : [])], { value: value ?? "", required: false, hint });
}

/** A choice of several languages, each `{language, weight}`. */
export function languagesField(label, languages, hint = null) {
  const values = languages.map(({ language }) => language);
  return manyField(label, named(values), { values, hint });
}

/** What to send for chosen tags: those that were chosen before keep their weights. */
export const weighted = (tags, before) =>
  tags.map((tag) => before.find(({ language }) => language === tag) ?? { language: tag, weight: 1 });

/** The names of languages in one line. */
export const languageNames = (languages) => languages.map(({ language }) => languageName(language)).join(", ");
