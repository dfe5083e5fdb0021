// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, get } from "../lib/api.js";
import { bands, rangeOf } from "../lib/charts.js";
import { h } from "../lib/dom.js";
import { selectField } from "../lib/forms.js";
import { moment, t } from "../lib/i18n.js";
import { courseCrumbs, download, figure, measureName, questionChooser, section, statistic } from "../lib/insight.js";
import { table } from "../lib/lists.js";
import { emptyState } from "../lib/states.js";

const MEASURES = ["score", "speech_rate_wpm", "filled_pause_per_min", "words_per_sentence", "flesch_re", "mattr50", "sentiment", "entities"];

/** One student's way: one's own at /progress, a student's of a course at /courses/…/students/…. */
export default async function page({ user, parameters, query }) {
  const own = !parameters.student;
  const courses = own ? await all("/courses") : [await get(`/courses/${parameters.id}`)];
  const chosen = own ? courses.find(({ id }) => id === query.get("course")) : courses[0];
  const questions = chosen ? await all("/questions", { course_id: chosen.id }) : [];
  const measure = MEASURES.includes(query.get("measure")) ? query.get("measure") : "score";
  const path = own ? "/me/progress" : `/courses/${parameters.id}/students/${parameters.student}/progress`;
  const asked = { course_id: own ? chosen?.id : null, question_id: query.get("question"), measure };
  const report = await get(path, { query: asked });
  const title = own ? t("progress.title") : t("progress.title_of", { name: report.name });
  const choose = (name) => (event) => {
    const address = new URL(location.href);
    address.searchParams.set(name, event.target.value);
    if (name === "course") address.searchParams.delete("question");
    location.assign(address);
  };
  return {
    title,
    crumbs: own ? [] : [...courseCrumbs(chosen), { text: t("insight.dashboard"), href: `/courses/${chosen.id}/dashboard` }],
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, title), h("p", { class: "quiet lead" }, t("progress.lead")))),
      h("div", { class: "sections" },
        h("div", { class: "form inline" },
          own && courses.length > 1 && selectField(t("marking.course"), [["", t("marking.all_courses")], ...courses.map(({ id, name }) => [id, name])],
            { value: chosen?.id ?? "", onchange: choose("course") }),
          chosen && questionChooser(questions, query.get("question")),
          selectField(t("progress.measure"), MEASURES.map((key) => [key, measureName(key, report.labels)]), { value: measure, onchange: choose("measure") })),
        report.attempts.length ? content(report, path, asked, user)
          : emptyState(t("progress.none_title"), t("progress.none_text"), own && h("a", { class: "button", href: "/" }, t("nav.home")), "microphone")),
    ],
  };
}

function content(report, path, asked) {
  const known = report.attempts.filter(({ mark }) => mark !== null);
  const isScore = report.measure === "score";
  return [
    section(t("insight.table.attempts"), h("div", { class: "actions" }, download(path, "attempts", asked), download(path, "progress", asked)),
      h("p", { class: report.reliable_change || report.reliable_slope ? "notice good" : "notice" }, verdict(report)),
      known.length > 0 && h("figure", { class: "card" }, bands({
        title: t("progress.plot"), xLabel: t("progress.attempt"), yLabel: measureName(report.measure, report.labels),
        yRange: isScore ? [0, 1] : rangeOf(known.flatMap(({ mark, low, high }) => [mark, low ?? mark, high ?? mark])),
        points: report.attempts.map(({ mark, low, high, question }) => ({ value: mark, low, high, label: `${question}: ${figure(mark)}` })),
      }), h("figcaption", { class: "quiet small" }, report.sem === null ? t("progress.no_bands") : t("progress.bands", { sem: figure(report.sem) }))),
      table(t("insight.table.attempts"), [
        { label: t("response.question"), cell: (row) => h("a", { href: `/responses/${row.response}` }, row.question) },
        { label: t("response.date"), cell: (row) => moment(row.time) },
        { label: measureName(report.measure, report.labels), number: true, cell: (row) => figure(row.mark) },
        { label: t("progress.band"), number: true, cell: (row) => (row.low === null ? "–" : `${figure(row.low)} … ${figure(row.high)}`) },
        { label: t("progress.change"), number: true, cell: (row) => figure(row.change) },
        {
          label: t("progress.noise"),
          cell: (row) => (row.reliable_change === null ? "–" : t(row.reliable_change ? "progress.real" : "progress.noise_only")),
        },
      ], report.attempts)),
    h("dl", { class: "levels-read" }, [["change", report.change], ["slope", report.slope]].map(([key, value]) =>
      [h("dt", {}, t(`progress.all_${key}`)), h("dd", {}, statistic(value))])),
  ];
}

/** What can be said of all attempts together. */
function verdict(report) {
  if (report.change.value === null) return t("progress.one_attempt");
  if (report.sem === null) return t("progress.unknown_noise");
  if (report.reliable_change || report.reliable_slope) {
    return t((report.reliable_change ? report.change.value : report.slope.value) > 0 ? "progress.up" : "progress.down");
  }
  return t("progress.within_noise");
}
