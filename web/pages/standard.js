// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, put, remove } from "../lib/api.js";
import { rangeOf, scatter } from "../lib/charts.js";
import { h, toast } from "../lib/dom.js";
import { form, problemText, selectField, textField } from "../lib/forms.js";
import { moment, number, percent, t } from "../lib/i18n.js";
import { download, figure, namedDownload, section, statistic } from "../lib/insight.js";
import { table } from "../lib/lists.js";
import { emptyState } from "../lib/states.js";

/** The pass mark of a question: what it is, and what it may rest on. */
export default async function page({ parameters: { id }, query }) {
  const path = `/questions/${id}/standard`;
  const asked = { borderline: query.get("borderline") };
  const report = await get(path, { query: asked });
  const course = await get(`/courses/${report.course_id}`);
  const title = t("standard.title", { name: report.question_title });
  return {
    title,
    crumbs: [
      { text: t("nav.courses"), href: "/courses" }, { text: course.name, href: `/courses/${course.id}` },
      { text: report.question_title, href: `/questions/${id}` },
    ],
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, title), h("p", { class: "quiet lead" }, t("standard.lead")))),
      h("div", { class: "sections" }, passMark(report, id), regression(report, path, asked), angoff(report, path, id)),
    ],
  };
}

function passMark(report, id) {
  const { pass_mark: mark } = report;
  const set = async (score, method) => {
    await put(`/questions/${id}/pass_mark`, { score, method });
    toast(t("standard.saved"));
    location.reload();
  };
  const take = async () => {
    try {
      await remove(`/questions/${id}/pass_mark`);
      location.reload();
    } catch (error) {
      toast(problemText(error));
    }
  };
  const found = [["borderline_regression", report.regression.cut], ["angoff", report.angoff.cut]]
    .filter(([, cut]) => cut.value !== null && cut.value >= 0 && cut.value <= 1);
  return h("section", { class: "card stack", id: "pass-mark" }, h("h2", {}, t("standard.pass_mark")),
    mark ? h("p", {}, h("strong", {}, percent(mark.score)), ` · ${t(`standard.method.${mark.method}`)} · ${moment(mark.set_at)}`)
      : h("p", { class: "quiet" }, t("standard.none")),
    h("div", { class: "actions" },
      found.map(([method, cut]) => h("button", {
        onclick: () => set(cut.value, method).catch((error) => toast(problemText(error))),
      }, t("standard.use", { method: t(`standard.method.${method}`), score: percent(cut.value) }))),
      mark && h("button", { class: "danger", onclick: take }, t("standard.remove"))),
    form({
      inline: true, submit: t("standard.set"),
      fields: { score: textField(t("standard.own"), { type: "number", min: 0, max: 100, step: "any", required: true }) },
      send: ({ score }) => set(Number(score) / 100, "fixed"),
    }));
}

function regression(report, path, asked) {
  const { regression: line, scale } = report;
  const body = !line.performances.length
    ? emptyState(t("standard.no_ratings_title"), t("standard.no_ratings_text"), null, "check")
    : [
      scale.length > 1 && selectField(t("standard.borderline"), scale.map(({ score, label }) => [String(score), `${score}: ${label}`]), {
        value: String(line.borderline), onchange: (event) => location.assign(`?borderline=${event.target.value}`),
      }),
      line.extrapolated && h("p", { class: "notice warn" }, t("standard.extrapolated")),
      h("figure", { class: "card" }, scatter({
        title: t("standard.plot"), xLabel: t("mark.global"), yLabel: t("insight.score"), yRange: [0, 1],
        xRange: rangeOf([...scale.map(({ score }) => score), ...line.performances.map(({ rating }) => rating)]),
        xTicks: scale.length ? scale.map(({ score }) => score) : undefined,
        points: line.performances.map(({ rating, score, count }) => ({ x: rating, y: score, count, label: `${number(rating)}, ${number(score)}: ${count}` })),
        line: line.slope.value === null ? null : [line.slope.value, line.intercept.value],
        cross: line.cut.value === null ? null : [line.borderline, line.cut.value],
      }), h("figcaption", { class: "actions" }, h("span", { class: "quiet small" }, t("standard.plot")), download(path, "performances", asked))),
      h("dl", { class: "levels-read" }, ["cut", "r2", "slope", "rmse"].map((key) =>
        [h("dt", {}, t(`standard.${key}`)), h("dd", {}, statistic(line[key]))])),
    ];
  return section(t("standard.method.borderline_regression"), download(path, "regression", asked),
    h("p", { class: "quiet" }, t("standard.regression_text")), body);
}

function angoff(report, path, id) {
  const { angoff: judged } = report;
  if (!judged.items.length) {
    return section(t("standard.method.angoff"), null, h("p", { class: "quiet" }, t("insight.no_key_points")));
  }
  const fields = Object.fromEntries(judged.items.map(({ id: item, label }) => [item, textField(label, {
    type: "number", min: 0, max: 100, step: 1,
    value: report.my_estimates[item] === undefined ? "" : Math.round(report.my_estimates[item] * 100),
  })]));
  return section(t("standard.method.angoff"), h("div", { class: "actions" },
    ["angoff", "items", "judges"].map((name) => namedDownload(path, name, t(`standard.file.${name}`)))),
    h("p", { class: "quiet" }, t("standard.angoff_text")),
    h("dl", { class: "levels-read" }, ["cut", "sd", "se"].map((key) =>
      [h("dt", {}, t(`standard.${key}`)), h("dd", {}, statistic(judged[key]))])),
    judged.judges.length > 0 && table(t("standard.judges"), [
      { label: t("standard.judge"), cell: ({ name }) => name },
      { label: t("standard.cut"), number: true, cell: ({ cut }) => (cut === null ? t("standard.incomplete") : figure(cut)) },
    ], judged.judges),
    h("div", { class: "card stack" }, h("h3", {}, t("standard.mine")), form({
      fields, submit: t("standard.save_mine"),
      send: async (values) => {
        const estimates = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "")
          .map(([item, value]) => [item, Number(value) / 100]));
        await put(`/questions/${id}/standard/estimates`, { estimates });
        location.reload();
      },
    })));
}
