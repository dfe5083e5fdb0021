// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { intervals, rangeOf } from "./charts.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { download, section, statisticColumn } from "./insight.js";
import { table } from "./lists.js";
import { emptyState } from "./states.js";

const FIGURES = ["wer", "smd", "coverage_gap", "pass_flip", "unscorable"];

/** A fairness report; null where nobody is asked for a group. */
export function fairnessView(report, path, user) {
  if (!report) {
    return emptyState(t("insight.no_groups_title"), t("insight.no_groups_text"),
      user.role === "admin" && h("a", { class: "button", href: "/institution#groups" }, t("insight.choose_groups")), "people");
  }
  if (!report.groups.length) return emptyState(t("insight.nobody_declared_title"), t("insight.nobody_declared_text"), null, "people");
  const shown = report.groups.filter(({ suppressed }) => !suppressed);
  const rows = (key) => shown.map((group) => ({ label: group.name, ...group[key] })).filter(({ value }) => value !== null);
  return section(report.attribute, download(path, "groups"),
    shown.length > 1 && h("div", { class: "halves" }, FIGURES.filter((key) => rows(key).length > 1).map((key) => {
      const all = rows(key);
      return h("figure", { class: "card" }, intervals({
        title: t(`insight.${key}`), rows: all, xLabel: t(`insight.${key}`), zero: 0,
        range: rangeOf(all.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]), { least: 0, most: 0 }),
      }), h("figcaption", { class: "quiet small" }, t(`insight.${key}_hint`)));
    })),
    table(report.attribute, [
      { label: t("insight.group"), cell: ({ name }) => name ?? h("strong", {}, t("insight.together")) },
      {
        label: t("insight.students"), number: true,
        cell: ({ students, suppressed }) => (suppressed ? h("span", { class: "badge" }, t("insight.suppressed")) : String(students)),
      },
      ...FIGURES.map((key) => statisticColumn(t(`insight.${key}`), key)),
    ], [...report.groups, report.overall]),
    h("p", { class: "quiet small" }, t("insight.suppressed_hint")));
}
