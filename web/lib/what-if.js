// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { post } from "./api.js";
import { fill, h, toast, uniqueId } from "./dom.js";
import { areaField, form, problemText } from "./forms.js";
import { percent, t } from "./i18n.js";
import { table } from "./lists.js";

/** What all answers would earn if the key points counted otherwise; applied only after it has been seen. */
export function whatIf(question) {
  const rows = question.key_points.map(countingRow);
  const partial = percentField("what_if.partial_credit", question.partial_credit);
  const contradicted = percentField("what_if.contradicted_credit", question.contradicted_credit, -100, 0);
  const pass = percentField("what_if.pass_mark", null);
  const result = h("div", { class: "stack", "aria-live": "polite" });
  const message = h("p", { class: "form-error", role: "alert", hidden: true });
  const change = () => ({
    key_points: rows.map(({ change }) => change()), partial_credit: partial.share(),
    contradicted_credit: contradicted.share(), pass_mark: pass.share(),
  });
  const counts = () => JSON.stringify({ ...change(), pass_mark: undefined });
  const before = counts();
  const complain = (text) => {
    fill(result);
    fill(message, text);
    message.hidden = false;
  };
  const look = async (event) => {
    event.preventDefault();
    message.hidden = true;
    if (counts() === before) return complain(t("what_if.unchanged"));
    const asked = change();
    try {
      const seen = await post(`/questions/${question.id}/what_if`, asked);
      fill(result, ...shown(seen), seen.answers > 0 && applyForm(question, asked, seen.preview));
    } catch (error) {
      complain(problemText(error));
    }
  };
  // What was shown is no longer what would be applied.
  const stale = () => fill(result);
  return h("details", { class: "disclosure", id: "what-if" }, h("summary", {}, t("what_if.title")),
    h("div", { class: "disclosed stack" }, h("p", { class: "quiet" }, t("what_if.text")),
      h("form", { class: "form", novalidate: true, onsubmit: look, oninput: stale },
        h("div", { class: "table-frame" }, h("table", {},
          h("caption", { class: "visually-hidden" }, t("key_points.title")),
          h("thead", {}, h("tr", {}, ["label", "weight", "essential", "critical", "retired"].map((name) =>
            h("th", { scope: "col" }, t(`key_points.${name}`))))),
          h("tbody", {}, rows.map(({ row }) => row)))),
        h("div", { class: "inline-fields" }, partial.element, contradicted.element, pass.element), message,
        h("div", { class: "actions" }, h("button", { type: "submit", class: "primary" }, t("what_if.show")))),
      result));
}

/** A row of what one key point counts. */
function countingRow(point) {
  const name = (what) => `${point.label}: ${t(`key_points.${what}`)}`;
  const weight = h("input", { type: "number", min: 0.1, max: 1000, step: "any", value: String(point.weight), "aria-label": name("weight") });
  const boxes = ["essential", "critical", "retired"].map((flag) =>
    h("input", { type: "checkbox", checked: point[flag], "aria-label": name(flag) }));
  return {
    row: h("tr", {}, h("th", { scope: "row", dir: "auto", "data-label": t("key_points.label") }, point.label),
      h("td", { "data-label": t("key_points.weight") }, weight),
      ["essential", "critical", "retired"].map((flag, index) => h("td", { "data-label": t(`key_points.${flag}`) }, boxes[index]))),
    change: () => ({
      id: point.id, weight: Number(weight.value), essential: boxes[0].checked, critical: boxes[1].checked, retired: boxes[2].checked,
    }),
  };
}

/** A share, written in per cent; undefined where nothing is written. */
function percentField(key, share, min = 0, max = 100) {
  const input = h("input", { type: "number", min, max, step: "any", id: uniqueId("share"),
    value: share === null ? "" : String(Math.round(share * 1000) / 10) });
  return {
    element: h("div", { class: "field" }, h("label", { for: input.id }, t(key)), input),
    share: () => input.value === "" ? undefined : Number(input.value) / 100,
  };
}

function shown(seen) {
  const score = (value) => value === null ? "–"
    : value.high - value.low < 0.005 ? percent(value.point)
      : `${percent(value.point)} (${t("key_points.interval", { low: percent(value.low), high: percent(value.high) })})`;
  const effect = ({ before, after, score_hidden: hidden, changed, band_changed: moved }) => {
    if (hidden) return h("span", { class: "quiet" }, t("what_if.hidden"));
    if (before.passes !== after.passes) {
      return h("span", { class: `badge ${after.passes ? "good" : "bad"}` }, t(after.passes ? "what_if.passes" : "what_if.fails"));
    }
    if (moved) return h("span", { class: "badge warn" }, t("what_if.other_band"));
    return h("span", { class: "quiet" }, t(changed ? "what_if.same_band" : "what_if.same"));
  };
  return [
    h("p", { role: "status" }, t("what_if.summary", {
      count: seen.answers, changed: seen.changed, bands: seen.bands_changed, pass: seen.now_pass, fail: seen.now_fail,
    }), " ", seen.left_out > 0 && t("what_if.left_out", { count: seen.left_out })),
    seen.items.length > 0 && table(t("what_if.title"), [
      { label: t("response.owner"), cell: (item) => h("a", { href: `/responses/${item.response_id}` }, item.owner.name) },
      { label: t("what_if.before"), number: true, cell: (item) => score(item.before) },
      { label: t("what_if.after"), number: true, cell: (item) => score(item.after) },
      { label: t("what_if.effect"), cell: effect },
    ], seen.items),
  ];
}

const applyForm = (question, asked, preview) => h("section", { class: "card" }, h("h3", {}, t("what_if.apply_title")),
  h("p", { class: "quiet small" }, t("what_if.apply_text")),
  form({
    fields: { reason: areaField(t("mark.reason"), { rows: 2, required: true, maxlength: 1000 }) }, submit: t("what_if.apply"),
    send: async ({ reason }) => {
      await post(`/questions/${question.id}/rescore`, { ...asked, preview, reason });
      toast(t("what_if.applied"));
      location.reload();
    },
  }));
