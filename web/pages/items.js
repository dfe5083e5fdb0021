// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, get } from "../lib/api.js";
import { scatter } from "../lib/charts.js";
import { h } from "../lib/dom.js";
import { selectField } from "../lib/forms.js";
import { number, t } from "../lib/i18n.js";
import { courseCrumbs, courseTabs, download, figure, flags, questionChooser, section, statistic, statisticColumn } from "../lib/insight.js";
import { table } from "../lib/lists.js";
import { emptyState, errorState } from "../lib/states.js";

/** What questions, a question's key points or the criteria of its rubric are worth. */
export default async function page({ parameters: { id }, query }) {
  const course = await get(`/courses/${id}`);
  const question = query.get("question");
  const asked = { question_id: question, by: question ? query.get("by") ?? "key_points" : null, attempt: query.get("attempt") };
  const path = `/courses/${id}/items`;
  const [questions, report] = await Promise.all([
    all("/questions", { course_id: id }), get(path, { query: asked }).catch((error) => error),
  ]);
  const choose = (name) => (event) => {
    const address = new URL(location.href);
    address.searchParams.set(name, event.target.value);
    location.assign(address);
  };
  return {
    title: t("insight.items_of", { name: course.name }),
    crumbs: courseCrumbs(course),
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("insight.items_of", { name: course.name })),
        h("p", { class: "quiet lead" }, t("insight.items_lead")))),
      h("div", { class: "sections" },
        courseTabs(id, "items"),
        h("div", { class: "form inline" }, questionChooser(questions, question),
          question && selectField(t("insight.by"), ["key_points", "criteria"].map((kind) => [kind, t(`insight.by.${kind}`)]),
            { value: asked.by, onchange: choose("by") }),
          selectField(t("insight.attempt"), ["first", "last"].map((which) => [which, t(`insight.attempt.${which}`)]),
            { value: asked.attempt ?? "first", onchange: choose("attempt") })),
        report instanceof Error
          ? report.code === "no_rubric" ? emptyState(t("insight.no_rubric_title"), t("insight.no_rubric_text"), null, "edit") : errorState(report)
          : content(report, path, asked)),
    ],
  };
}

function content(report, path, asked) {
  if (!report.students || !report.items.length) return emptyState(t("insight.none_title"), t("insight.no_items_text"), null, "text");
  const points = report.items.filter(({ facility, discrimination }) => facility.value !== null && discrimination.value !== null);
  return [
    section(t("insight.table.exam"), download(path, "exam", asked), h("dl", { class: "levels-read" },
      [["students", String(report.students)], ["complete", String(report.complete)]].map(([key, value]) =>
        [h("dt", {}, t(`insight.${key}`)), h("dd", {}, value)]),
      ["mean_total", "sd_total", "alpha", "sem"].map((key) => [h("dt", {}, t(`insight.${key}`)), h("dd", {}, statistic(report[key]))]))),
    section(t("insight.table.items"), download(path, "items", asked),
      points.length > 1 && h("figure", { class: "card" }, scatter({
        title: t("insight.items_plot"), xLabel: t("insight.facility"), yLabel: t("insight.discrimination"),
        xRange: [0, 1], yRange: [Math.min(0, ...points.map(({ discrimination }) => discrimination.value)), 1],
        points: points.map(({ label, facility, discrimination }) => ({
          x: facility.value, y: discrimination.value, label: `${label}: ${number(facility.value)}, ${number(discrimination.value)}`,
        })),
      }), h("figcaption", { class: "quiet small" }, t("insight.items_plot"))),
      table(t("insight.table.items"), [
        { label: t("insight.item"), cell: (row) => (report.by === "questions" ? h("a", { href: `?question=${row.id}` }, row.label) : row.label) },
        { label: t("insight.look"), cell: (row) => flags(row.flags, "item_flag") },
        statisticColumn(t("insight.facility"), "facility"),
        { label: t("insight.sd"), number: true, cell: (row) => figure(row.sd.value) },
        statisticColumn(t("insight.discrimination"), "discrimination"),
        { label: t("insight.upper_lower"), number: true, cell: (row) => figure(row.upper_lower.value) },
        { label: t("insight.efficiency"), number: true, cell: (row) => figure(row.efficiency.value) },
        { label: t("insight.alpha_if_deleted"), number: true, cell: (row) => figure(row.alpha_if_deleted.value) },
        { label: t("insight.missing"), number: true, cell: (row) => String(row.missing) },
      ], report.items),
      report.by === "key_points" && h("p", {}, h("a", { href: `/courses/${report.course_id}/dashboard?question=${report.question_id}` }, t("insight.listen")))),
  ];
}
