// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { expectedAnswersField } from "./expected-answers-field.js";
import { factsField } from "./facts-field.js";
import { form, areaField, checkField, textField, valuesOf } from "./forms.js";
import { keyPointsField } from "./key-points-field.js";
import { languageField, languagesField, weighted } from "./languages.js";
import { t } from "./i18n.js";

/**
 * The form that makes a question or its next version; `allowed` are the server's limits. Its `draft()` is the version as
 * it would be sent now.
 */
export function questionForm({ allowed, question = null, submit, send, extra = null }) {
  const fields = {
    title: textField(t("question.title"), { required: true, maxlength: 200, value: question?.title ?? "" }),
    prompt: areaField(t("question.prompt"), { required: true, value: question?.prompt ?? "", hint: t("question.prompt_hint") }),
    scenario: areaField(t("question.scenario"), { maxlength: 10000, value: question?.scenario ?? "", hint: t("question.scenario_hint") }),
    facts: factsField(question?.facts ?? []),
    expected_answers: expectedAnswersField(question?.expected_answers ?? []),
    key_points: keyPointsField(question?.key_points ?? [], () => ({
      expected_answers: fields.expected_answers.value.filter(Boolean), ...(fields.language.value && { language: fields.language.value }),
    })),
    contradicted_credit: textField(t("question.contradicted"), {
      type: "number", min: -1, max: 0, step: "any", required: true, value: String(question?.contradicted_credit ?? 0),
      hint: t("question.contradicted_hint"),
    }),
    vocabulary: areaField(t("question.vocabulary"), {
      rows: 3, value: (question?.vocabulary?.own ?? []).join("\n"),
      hint: [t("question.vocabulary_hint"), question?.vocabulary?.derived?.length > 0
        && t("question.vocabulary_derived", { words: question.vocabulary.derived.join(", ") })].filter(Boolean).join(" "),
    }),
    language: languageField(t("question.language"), question?.language ?? null),
    languages: languagesField(t("question.languages"), question?.languages ?? [], t("question.languages_hint")),
    time_limit: textField(t("question.time_limit"), {
      type: "number", min: 5, max: allowed.audio_seconds, step: 1, required: true, inputmode: "numeric",
      value: String(question?.time_limit ?? 120), hint: t("question.time_limit_hint", { limit: allowed.audio_seconds }),
    }),
    withheld: checkField(t("question.withheld"), { checked: question?.withheld ?? false, hint: t("question.withheld_hint") }),
  };
  const version = ({ language, languages, time_limit: limit, scenario, vocabulary, contradicted_credit: contradicted, ...values }) => ({
    ...values, contradicted_credit: Number(contradicted), ...(scenario.trim() && { scenario }),
    vocabulary: vocabulary.split("\n").map((word) => word.trim()).filter(Boolean), ...(question && { partial_credit: question.partial_credit }), ...(language && { language }), languages: weighted(languages, question?.languages ?? []), time_limit: Number(limit),
  });
  const element = form({ fields, submit, extra, send: (values) => send(version(values)) });
  element.draft = () => version(valuesOf(fields));
  return element;
}
