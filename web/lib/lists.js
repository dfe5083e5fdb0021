// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h, icon } from "./dom.js";
import { clock, languageName, moment, number, t } from "./i18n.js";
import { emptyState } from "./states.js";

const TONES = {
  empty: "busy", uploaded: "busy", transcribed: "busy", analysed: "good", marked: "good", released: "good",
  unscorable: "warn", failed: "bad",
};

/** How far a response has come, in words and a colour. */
export const statusBadge = (status) => h("span", { class: `badge ${TONES[status] ?? ""}` }, t(`status.${status}`));

/**
 * A table that turns into cards on narrow screens. `columns` are `{label, cell(item), number?}`; a column without a
 * label holds the actions.
 */
export function table(caption, columns, items) {
  return h("div", { class: "table-frame" },
    h("table", {},
      h("caption", { class: "visually-hidden" }, caption),
      h("thead", {}, h("tr", {}, columns.map(({ label, number: numeric }) =>
        label ? h("th", { scope: "col", class: numeric ? "number" : null }, label)
          : h("td", {})))),
      h("tbody", {}, items.map((item) => h("tr", {}, columns.map(({ label, cell, number: numeric }) =>
        h("td", { "data-label": label, class: numeric ? "number" : label ? null : "actions-cell" }, cell(item))))))));
}

/** A list of responses with status and the two headline numbers. */
export function responseTable(caption, responses, { owner = true, question = true } = {}) {
  const headline = (value) => (typeof value === "number" ? number(value) : h("span", { class: "quiet" }, "–"));
  return table(caption, [
    owner && { label: t("response.owner"), cell: (item) => responseLink(item, item.owner.name) },
    question && {
      label: t("response.question"),
      cell: (item) => (owner ? questionName(item) : responseLink(item, questionName(item))),
    },
    {
      label: t("response.date"),
      cell: (item) => (owner || question ? moment(item.created_at) : responseLink(item, moment(item.created_at))),
    },
    { label: t("response.status"), cell: (item) => statusBadge(item.status) },
    { label: t("response.similarity_short"), number: true, cell: (item) => headline(item.measures?.similarity) },
    { label: t("response.wpm_short"), number: true, cell: (item) => headline(item.measures?.wpm && Math.round(item.measures.wpm)) },
  ].filter(Boolean), responses);
}

const responseLink = (item, text) => h("a", { href: `/responses/${item.id}` }, text);
const questionName = (item) => item.question_title ?? t("response.free");

/** Free transcriptions, newest first. */
export function transcriptionTable(caption, responses) {
  return table(caption, [
    { label: t("response.date"), cell: (item) => responseLink(item, moment(item.created_at)) },
    { label: t("response.language"), cell: (item) => languageName(item.language.detected ?? item.language.chosen) },
    { label: t("response.length"), number: true, cell: (item) => (item.recording.duration === null ? "–" : t("unit.seconds", { count: Math.round(item.recording.duration) })) },
    { label: t("response.status"), cell: (item) => statusBadge(item.status) },
  ], responses);
}

/** Courses as tiles. */
export function courseTiles(courses, action = null) {
  if (!courses.length) return emptyState(t("course.none_title"), t("course.none_text"), action, "book");
  return h("ul", { class: "grid" }, courses.map((course) => h("li", {},
    h("a", { class: "tile", href: `/courses/${course.id}` },
      h("strong", {}, course.name),
      h("span", { class: "quiet small" },
        [t("course.questions", { count: course.question_count }), t("course.members", { count: course.member_count }),
          course.language && languageName(course.language)].filter(Boolean).join(" · "))))));
}

/** Questions as tiles; students see whether they have answered. */
export function questionTiles(questions, educator) {
  return h("ul", { class: "grid" }, questions.map((question) => h("li", {},
    h("a", { class: "tile", href: `/questions/${question.id}` },
      h("strong", {}, question.title),
      h("span", { class: "quiet small" }, t("question.limit", { limit: clock(question.time_limit) })),
      educator
        ? h("span", { class: "small" }, t("question.responses", { count: question.response_count ?? 0 }))
        : h("span", {}, question.my_responses
          ? h("span", { class: "badge good" }, icon("check"), t("question.answered", { count: question.my_responses }))
          : h("span", { class: "badge" }, t("question.open")))))));
}
