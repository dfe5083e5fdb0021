// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, put } from "../lib/api.js";
import { h, toast } from "../lib/dom.js";
import { fairnessView } from "../lib/fairness.js";
import { areaField, form, problemText, textField } from "../lib/forms.js";
import { t } from "../lib/i18n.js";
import { download, figure, measureName, section, statisticColumn } from "../lib/insight.js";
import { table } from "../lib/lists.js";

const COUNTS = ["questions", "students", "answering_students", "answers", "unscorable", "marked", "released"];
const MEANS = ["machine_score", "grade", "sentiment", "flesch_re", "entities", "wer"];

/** All courses of the institution, whether groups are treated alike, and what groups there are. */
export default async function page({ user }) {
  const [report, groups] = await Promise.all([get("/institution/report"), get("/groups")]);
  const fairness = groups.attribute ? await get("/institution/fairness") : null;
  return {
    title: t("institution.title"),
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("institution.title")),
        h("p", { class: "quiet lead" }, t("institution.lead"))),
      h("div", { class: "actions" }, h("a", { class: "button", href: "/institution/feedback" }, t("templates.title")))),
      h("div", { class: "sections" }, courses(report),
        h("section", { class: "section" }, h("h2", {}, t("insight.fairness")), fairnessView(fairness, "/institution/fairness", user)),
        choices(groups)),
    ],
  };
}

function courses(report) {
  const name = (row) => (row.id ? h("a", { href: `/courses/${row.id}/dashboard` }, row.name) : h("strong", {}, t("insight.together")));
  const rows = [...report.courses, report.total];
  return [
    section(t("institution.work"), download("/institution/report", "courses"), table(t("institution.work"), [
      { label: t("institution.course"), cell: name },
      ...COUNTS.map((key) => ({ label: t(`institution.${key}`), number: true, cell: (row) => String(row[key]) })),
    ], rows)),
    section(t("institution.results"), null, table(t("institution.results"), [
      { label: t("institution.course"), cell: name },
      ...MEANS.map((key) => ({ label: measureName(key), number: true, cell: (row) => figure(row[key]) })),
      statisticColumn(t("insight.exact"), "exact"), statisticColumn(t("insight.qwk"), "qwk"), statisticColumn(t("insight.smd"), "smd"),
    ], rows)),
  ];
}

function choices(groups) {
  const save = async (values) => {
    await put("/groups", values);
    location.reload();
  };
  return h("section", { class: "card stack", id: "groups" }, h("h2", {}, t("institution.groups")),
    h("p", { class: "quiet" }, t("institution.groups_text")),
    form({
      fields: {
        attribute: textField(t("institution.attribute"), { required: true, maxlength: 60, value: groups.attribute ?? "", hint: t("institution.attribute_hint") }),
        choices: areaField(t("institution.choices"), { required: true, rows: 4, value: groups.choices.join("\n"), hint: t("institution.choices_hint") }),
      },
      submit: t("action.save"),
      extra: groups.attribute && h("button", {
        type: "button", onclick: () => save({ attribute: null }).catch((error) => toast(problemText(error))),
      }, t("institution.ask_nobody")),
      send: ({ attribute, choices: lines }) => save({
        attribute, choices: lines.split("\n").map((line) => line.trim()).filter(Boolean),
      }),
    }));
}
