// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import "../elements/oracy-file-drop.js";
import "../elements/oracy-key-points.js";
import "../elements/oracy-measures.js";
import "../elements/oracy-recorder.js";
import "../elements/oracy-transcript.js";
import { post } from "./api.js";
import { announce, fill, h } from "./dom.js";
import { areaField, form } from "./forms.js";
import { t, UNDETERMINED } from "./i18n.js";
import { obstacle, unknownLanguage } from "./obstacles.js";
import { tryAudio } from "./upload-form.js";

/**
 * Shows what becomes of each key point in an answer that an educator types, speaks or has recorded.
 *
 * `draft` gives the question as it is being edited, or null; the bench's `showDraft` says whether that is tried. The same
 * recording may be tried again after every change of the draft.
 */
export function tryBench(question, allowed, draft) {
  const result = h("div", { class: "stack", id: "tried" });
  const changed = h("p", { class: "notice small", id: "try-draft", hidden: true }, t("try.draft"));
  const spoken = (element, settings) => {
    element.configure({
      ...settings, fields: () => formFields(draft()), submit: t("try.action"),
      trial: (file, fields, options) => tryAudio(question.id, file, fields, options),
    });
    element.addEventListener("uploaded", ({ detail }) => showSpoken(result, detail, element.querySelector("audio")));
    return element;
  };
  const element = h("details", { class: "disclosure", id: "try" }, h("summary", {}, t("try.title")),
    h("div", { class: "disclosed stack" }, h("p", { class: "quiet" }, t("try.text")), changed,
      h("div", { class: "halves" },
        h("section", {}, h("h3", {}, t("try.type")), form({
          fields: { text: areaField(t("try.answer"), { required: true, rows: 5 }) }, submit: t("try.action"),
          send: async (values) => {
            const points = keyPoints(await post(`/questions/${question.id}/try`, { ...values, ...written(draft()) }));
            fill(result, points);
            announce(t("try.ready"));
          },
        })),
        h("section", {}, h("h3", {}, t("try.speak")),
          spoken(document.createElement("oracy-recorder"), { limit: question.time_limit }),
          h("details", { class: "disclosure" }, h("summary", {}, t("try.upload")),
            h("div", { class: "disclosed" }, spoken(document.createElement("oracy-file-drop"), { limit: allowed.audio_bytes }))))),
      result));
  element.showDraft = (isEdited) => { changed.hidden = !isEdited; };
  return element;
}

/** A draft without the expected answers that are not written yet. */
const written = (draft) => draft && { ...draft, expected_answers: draft.expected_answers.filter(Boolean) };

/** What a form sends of a draft. The language of the question is what is listened for, not what is surely spoken. */
function formFields(draft) {
  if (!draft) return {};
  const {
    language, languages, expected_answers: expected, key_points: points, partial_credit: credit, contradicted_credit: contradicted,
    vocabulary, time_limit: limit,
  } = written(draft);
  const documents = {
    expected_answers: expected, key_points: points, partial_credit: credit, contradicted_credit: contradicted, vocabulary,
    time_limit: limit, languages: languages.length === 0 && language ? [language] : languages,
  };
  return Object.fromEntries(Object.entries(documents).map(([name, value]) => [name, JSON.stringify(value)]));
}

function keyPoints(assessment) {
  const element = document.createElement("oracy-key-points");
  element.configure(assessment);
  return element;
}

/** Shows what was said and what it covers; a word or a piece of evidence plays from there. */
function showSpoken(place, trial, audio) {
  const { transcript, engine, recording } = trial;
  const play = (seconds) => {
    audio.currentTime = seconds;
    audio.play().catch(() => {}); // it may have been put away since
  };
  const parts = [
    obstacle({ ...trial, language: { detected: transcript?.language, probability: transcript?.language_probability } }),
    transcript && engine.notice && h("p", { class: "notice warn small" }, engine.notice),
    transcript?.language === UNDETERMINED && h("p", { class: "notice warn small" }, unknownLanguage(transcript)),
  ];
  const points = keyPoints(trial);
  if (transcript?.segments.length) {
    const reader = document.createElement("oracy-transcript");
    reader.configure(transcript);
    reader.addEventListener("seek", ({ detail }) => play(detail));
    points.addEventListener("evidence", ({ detail: { evidence, label } }) => {
      reader.markEvidence(evidence);
      if (evidence[0].start_s !== undefined) play(evidence[0].start_s);
      announce(t("measures.marked", { count: evidence.length, label }));
    });
    audio.ontimeupdate = () => reader.showTime(audio.currentTime, !audio.paused);
    parts.push(h("section", { class: "stack", "aria-label": t("transcript.title") }, h("h3", {}, t("transcript.title")), reader));
  } else {
    audio.ontimeupdate = null;
  }
  const quality = document.createElement("oracy-measures");
  quality.configure({ measures: recording.quality });
  fill(place, parts, points, h("details", { class: "disclosure", open: trial.status === "unscorable" },
    h("summary", {}, t("response.quality")), h("div", { class: "disclosed" }, quality)));
  announce(t("try.ready"));
}
