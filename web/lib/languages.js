// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { selectField } from "./forms.js";
import { collate, languageName, t } from "./i18n.js";

/** Languages a course or a question may expect; engines say which of them they can write down. */
const TAGS = ["ar", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "ms", "nl",
  "no", "pl", "pt", "ro", "ru", "si", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh"];

/** A choice of language in the order of the reader's alphabet, with "any" first. */
export function languageField(label, value, hint = null) {
  const tags = value && !TAGS.includes(value) ? [...TAGS, value] : TAGS;
  const options = tags.map((tag) => [tag, languageName(tag)]).sort((left, right) => collate(left[1], right[1]));
  return selectField(label, [["", t("language.any")], ...options], { value: value ?? "", required: false, hint });
}
