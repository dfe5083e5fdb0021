// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, get } from "../lib/api.js";
import { intervals } from "../lib/charts.js";
import { h } from "../lib/dom.js";
import { t, translated } from "../lib/i18n.js";
import { courseCrumbs, courseTabs, download, questionChooser, section, statisticColumn } from "../lib/insight.js";
import { table } from "../lib/lists.js";
import { emptyState } from "../lib/states.js";

/** How far the machine and markers agree, criterion by criterion. */
export default async function page({ parameters: { id }, query }) {
  const course = await get(`/courses/${id}`);
  const question = query.get("question");
  const asked = { question_id: question };
  const path = `/courses/${id}/agreement`;
  const [questions, report] = await Promise.all([all("/questions", { course_id: id }), get(path, { query: asked })]);
  return {
    title: t("insight.agreement_of", { name: course.name }),
    crumbs: courseCrumbs(course),
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("insight.agreement_of", { name: course.name })),
        h("p", { class: "quiet lead" }, t("insight.agreement_lead")))),
      h("div", { class: "sections" },
        courseTabs(id, "agreement"), questionChooser(questions, question),
        report.pairs.length ? pairs(report, path, asked) : emptyState(t("insight.no_pairs_title"), t("insight.no_pairs_text"), null, "check"),
        groups(report, path, asked)),
    ],
  };
}

const who = (name) => (name === "machine" || name === "people" ? t(`insight.${name}`) : name);
const what = (name) => translated(`insight.criterion.${name}`, name);

function pairs(report, path, asked) {
  const rows = report.pairs.filter(({ qwk }) => qwk.value !== null).slice(0, 12);
  return section(t("insight.table.pairs"), download(path, "pairs", asked),
    rows.length > 0 && h("figure", { class: "card" }, intervals({
      title: t("insight.qwk"), range: [Math.min(0, ...rows.map(({ qwk }) => qwk.low ?? qwk.value)), 1], xLabel: t("insight.qwk"), zero: 0,
      rows: rows.map(({ criterion, first, second, qwk }) => ({ label: `${what(criterion)}: ${who(first)}, ${who(second)}`, ...qwk })),
    }), h("figcaption", { class: "quiet small" }, t("insight.qwk_hint"))),
    table(t("insight.table.pairs"), [
      { label: t("insight.criterion"), cell: (row) => what(row.criterion) },
      { label: t("insight.markers"), cell: (row) => `${who(row.first)} – ${who(row.second)}` },
      ...["exact", "adjacent", "kappa", "qwk", "smd"].map((key) => statisticColumn(t(`insight.${key}`), key)),
    ], report.pairs));
}

function groups(report, path, asked) {
  const several = report.groups.filter(({ markers }) => markers > 1);
  if (!several.length) return null;
  return section(t("insight.table.groups"), download(path, "groups", asked),
    h("p", { class: "quiet" }, t("insight.groups_hint")),
    table(t("insight.table.groups"), [
      { label: t("insight.criterion"), cell: (row) => what(row.criterion) },
      { label: t("insight.markers"), number: true, cell: (row) => String(row.markers) },
      ...["alpha_nominal", "alpha_ordinal", "alpha_interval", "icc"].map((key) => statisticColumn(t(`insight.${key}`), key)),
    ], several));
}
