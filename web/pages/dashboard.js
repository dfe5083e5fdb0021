// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, get } from "../lib/api.js";
import { histogram, shares } from "../lib/charts.js";
import { h, toast } from "../lib/dom.js";
import { problemText } from "../lib/forms.js";
import { moment, t } from "../lib/i18n.js";
import {
  clip, courseCrumbs, courseTabs, download, FEWEST, figure, filterForm, flags, measureName, namedDownload, section, statistic,
} from "../lib/insight.js";
import { statusBadge, table } from "../lib/lists.js";
import { emptyState, loadInto } from "../lib/states.js";

const STATES = ["covered", "partial", "missing", "contradicted", "uncertain"];

/** How a class does: scores beside tone, readability and entities, who and what needs a look, and what it missed. */
export default async function page({ parameters: { id }, query }) {
  const course = await get(`/courses/${id}`);
  const asked = { question_id: query.get("question"), from: query.get("from"), to: query.get("to"), group: query.get("group") };
  const path = `/courses/${id}/dashboard`;
  const [questions, groups, report] = await Promise.all([
    all("/questions", { course_id: id }), get("/groups"), get(path, { query: asked }),
  ]);
  const file = (name) => download(path, name, asked);
  const named = (name) => namedDownload(path, name, t(`insight.table.${name}`), asked);
  return {
    title: t("insight.dashboard_of", { name: course.name }),
    crumbs: courseCrumbs(course),
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("insight.dashboard_of", { name: course.name })),
        h("p", { class: "quiet lead" }, t("insight.dashboard_lead")))),
      h("div", { class: "sections" },
        courseTabs(id, "dashboard"), filterForm(path, questions, groups, asked),
        report.hidden > 0 && h("p", { class: "notice" }, t("insight.hidden", { count: report.hidden })),
        report.held > 0 && h("p", { class: "notice" }, t("insight.held", { count: report.held })),
        report.group ? groupView(report, file) : report.answers === 0
          ? emptyState(t("insight.none_title"), t("insight.none_text"), h("a", { class: "button", href: `/courses/${id}` }, course.name), "microphone")
          : [
            overview(report, file),
            section(t("insight.table.students"), file("students"), students(report, id)),
            section(t("insight.table.questions"), file("questions"), questionRows(report, id)),
            missed(report, named),
            answers(id, asked),
          ]),
    ],
  };
}

/** A group: means only, so that nobody can be told from it. */
function groupView(report, file) {
  if (report.answers === 0) return emptyState(t("insight.group_none_title"), t("insight.group_none_text"), null, "people");
  const titles = new Map(report.questions.map(({ id, title }) => [id, title]));
  return [
    h("p", { class: "notice" }, t("insight.group_text", { name: report.group, count: report.answers })),
    section(t("insight.table.distributions"), file("distributions"), table(t("insight.table.distributions"), [
      { label: t("insight.what"), cell: ([key]) => measureName(key, report.labels) },
      { label: t("insight.mean"), number: true, cell: ([, row]) => statistic(row.mean) },
      { label: t("insight.sd"), number: true, cell: ([, row]) => figure(row.sd.value) },
    ], Object.entries(report.measures))),
    section(t("insight.table.questions"), file("questions"), table(t("insight.table.questions"), [
      { label: t("response.question"), cell: (row) => row.title },
      { label: t("insight.answers"), number: true, cell: (row) => String(row.answers) },
      { label: t("insight.mean_score"), number: true, cell: (row) => statistic(row.score) },
    ], report.questions)),
    section(t("insight.missed"), file("key_points"), report.key_points.length ? table(t("insight.missed"), [
      { label: t("key_points.label"), cell: ({ label }) => label },
      { label: t("response.question"), cell: (point) => titles.get(point.question) ?? "–" },
      { label: t("insight.missed_share"), number: true, cell: (point) => statistic(point.missed) },
    ], report.key_points) : h("p", { class: "quiet" }, t("insight.no_key_points"))),
  ];
}

function overview(report, file) {
  const rows = [["score", report.score], ...Object.entries(report.measures)];
  return section(t("insight.table.distributions"), file("distributions"),
    report.score.n < FEWEST ? h("p", { class: "quiet" }, t("insight.too_few", { count: report.score.n }))
      : h("figure", { class: "card" }, histogram({
        title: t("insight.histogram"), counts: report.histogram, xLabel: t("insight.score"), yLabel: t("insight.answers"),
      }), h("figcaption", { class: "actions" }, h("span", { class: "quiet small" }, t("insight.histogram")), file("histogram"))),
    table(t("insight.table.distributions"), [
      { label: t("insight.what"), cell: ([key]) => measureName(key, report.labels) },
      { label: t("insight.mean"), number: true, cell: ([, row]) => statistic(row.mean) },
      { label: t("insight.sd"), number: true, cell: ([, row]) => figure(row.sd.value) },
      { label: t("insight.median"), number: true, cell: ([, row]) => figure(row.median) },
      { label: t("insight.quartiles"), number: true, cell: ([, row]) => `${figure(row.q1)} … ${figure(row.q3)}` },
      { label: t("insight.range"), number: true, cell: ([, row]) => `${figure(row.min)} … ${figure(row.max)}` },
    ], rows),
    Object.entries(report.reasons).length > 0 && h("ul", { class: "quiet small", id: "no-values" }, Object.entries(report.reasons).map(([key, reason]) =>
      h("li", {}, t("insight.no_values", { name: measureName(key, report.labels), reason })))),
    h("p", { class: "quiet small" }, t("insight.not_marks")));
}

/** Measures that a narrow table has room for; the file has all of them. */
const shown = (report) => Object.keys(report.measures)
  .filter((key) => ["sentiment", "flesch_re", "szigriszt_pazos", "amstad", "kandel_moles", "gulpease", "speech_rate_wpm", "entities"].includes(key)).slice(0, 4);

const measureColumns = (report) => shown(report).map((key) => (
  { label: measureName(key, report.labels), number: true, cell: (row) => figure(row[key]) }));

function students(report, course) {
  if (!report.students.length) return h("p", { class: "quiet" }, t("insight.no_students"));
  return [
    table(t("insight.table.students"), [
      { label: t("insight.student"), cell: (row) => h("a", { href: `/courses/${course}/students/${row.id}` }, row.name) },
      { label: t("insight.look"), cell: (row) => flags(row.flags, "student_flag") },
      { label: t("insight.answers"), number: true, cell: (row) => String(row.answers) },
      { label: t("insight.mean_score"), number: true, cell: (row) => figure(row.score) },
      ...measureColumns(report),
    ], report.students),
    report.questions.length > 1 && heat(report),
  ];
}

/** Everybody's newest score for each question. */
function heat(report) {
  return h("details", { class: "disclosure" }, h("summary", {}, t("insight.heat")),
    h("div", { class: "disclosed scroll", tabindex: "0", role: "region", "aria-label": t("insight.heat") },
      h("table", { class: "heat" },
        h("caption", { class: "visually-hidden" }, t("insight.heat")),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("insight.student")),
          report.questions.map(({ title }) => h("th", { scope: "col" }, title)))),
        h("tbody", {}, report.students.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name),
          report.questions.map(({ id }) => h("td", { class: `number ${band(row.scores[id])}` }, figure(row.scores[id])))))))));
}

/** The fifth that a score lies in; the number in the cell says the same. */
const band = (score) => (score === null || score === undefined ? "" : `band-${Math.min(4, Math.floor(score * 5 + 1e-9))}`);

function questionRows(report, course) {
  return table(t("insight.table.questions"), [
    { label: t("response.question"), cell: (row) => h("a", { href: `/courses/${course}/dashboard?question=${row.id}` }, row.title) },
    { label: t("insight.look"), cell: (row) => flags(row.flags, "question_flag") },
    { label: t("insight.answers"), number: true, cell: (row) => String(row.answers) },
    { label: t("insight.unscorable"), number: true, cell: (row) => String(row.unscorable) },
    { label: t("insight.mean_score"), number: true, cell: (row) => statistic(row.score) },
    ...measureColumns(report),
  ], report.questions);
}

function missed(report, named) {
  const points = report.key_points.filter((point) => point.missed.n > 0 || point.counts.uncertain > 0);
  const titles = new Map(report.questions.map(({ id, title }) => [id, title]));
  if (!points.length) return section(t("insight.missed"), null, h("p", { class: "quiet" }, t("insight.no_key_points")));
  return section(t("insight.missed"), h("div", { class: "actions" }, named("key_points"), named("examples")),
    h("figure", { class: "card" }, shares({
      title: t("insight.missed"),
      rows: points.slice(0, 12).map(({ label, counts }) => ({
        label, parts: STATES.map((state) => ({ kind: state, value: counts[state], label: t(`key_points.${state}`) })),
      })),
    }), h("figcaption", { class: "chips" }, STATES.map((state) =>
      h("span", { class: "legend" }, h("span", { class: `swatch part-${state}`, "aria-hidden": "true" }), t(`key_points.${state}`))))),
    table(t("insight.missed"), [
      { label: t("key_points.label"), cell: ({ label }) => label },
      { label: t("response.question"), cell: (point) => titles.get(point.question) ?? "–" },
      { label: t("insight.missed_share"), number: true, cell: (point) => statistic(point.missed) },
      ...STATES.map((state) => ({ label: t(`key_points.${state}`), number: true, cell: (point) => String(point.counts[state]) })),
      {
        label: t("insight.examples"),
        cell: ({ examples }) => (examples.length ? h("ul", { class: "stack tight" }, examples.map((example) => h("li", { class: "chips" },
          h("a", { href: `/responses/${example.response}` }, t(`key_points.${example.state}`)),
          clip(example.response, example.start, example.end)))) : "–"),
      },
    ], points));
}

/** The answers one by one, a page at a time. */
function answers(course, asked) {
  const place = h("div", { class: "stack" });
  const path = `/courses/${course}/answers`;
  loadInto(place, async () => {
    const first = await get(path, { query: { ...asked, limit: 20 } });
    const rows = h("div", { class: "stack" });
    const show = (items) => rows.append(table(t("insight.table.answers"), [
      { label: t("insight.student"), cell: (row) => h("a", { href: `/responses/${row.response}` }, row.student_name ?? t("insight.former")) },
      { label: t("response.question"), cell: (row) => row.question_title },
      { label: t("response.date"), cell: (row) => moment(row.created_at) },
      { label: t("response.status"), cell: (row) => statusBadge(row.status) },
      { label: t("insight.score"), number: true, cell: (row) => figure(row.score) },
      { label: t("insight.interval"), number: true, cell: (row) => (row.low === null ? "–" : `${figure(row.low)} … ${figure(row.high)}`) },
      { label: t("insight.source"), cell: (row) => (row.source ? t(`insight.source.${row.source}`) : "–") },
      { label: measureName("sentiment"), number: true, cell: (row) => figure(row.sentiment) },
      { label: measureName("entities"), number: true, cell: (row) => figure(row.entities) },
    ], items));
    let next = first.next;
    const more = h("button", { hidden: !next }, t("marking.more"));
    more.addEventListener("click", async () => {
      more.disabled = true;
      try {
        const page = await get(path, { query: { ...asked, limit: 20, after: next } });
        show(page.items);
        next = page.next;
        more.hidden = !next;
      } catch (error) {
        toast(problemText(error));
      } finally {
        more.disabled = false;
      }
    });
    show(first.items);
    return [rows, more];
  });
  return section(t("insight.table.answers"), download(path, "answers", asked), place);
}
