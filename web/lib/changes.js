// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h } from "./dom.js";
import { number, percent, t } from "./i18n.js";
import { GROUPS, measureLabel, measureValue } from "../elements/oracy-measures.js";
import { table } from "./lists.js";

const CONTEXT = 6; // equal words shown on each side of a change

/** A word difference as a paragraph: removed words struck through, added words underlined, long equal runs shortened. */
export function differenceText(changes, language = null) {
  const parts = changes.flatMap(({ op, from_words: from, to_words: to }, index) => {
    if (op !== "equal") {
      return [from.length ? h("del", {}, from.join(" ")) : null, from.length && to.length ? " " : null,
        to.length ? h("ins", {}, to.join(" ")) : null, " "];
    }
    const first = index === 0, last = index === changes.length - 1;
    if (to.length <= CONTEXT * 2) return [to.join(" "), " "];
    const start = first ? [] : to.slice(0, CONTEXT), end = last ? [] : to.slice(-CONTEXT);
    return [start.join(" "), h("span", { class: "quiet" }, " … "), end.join(" "), " "];
  });
  return h("p", { class: "difference", dir: "auto", lang: language }, parts);
}

/** The measures whose shown value differs, as before → after. */
export function measureChanges(before, after) {
  const earlier = new Map(before.map((measure) => [measure.key, measure]));
  const rows = after
    .map((measure) => ({ measure, old: earlier.get(measure.key) }))
    .filter(({ measure, old }) => old && measureValue(old) !== measureValue(measure))
    .sort((left, right) => GROUPS.indexOf(left.measure.group) - GROUPS.indexOf(right.measure.group));
  if (!rows.length) return h("p", { class: "quiet" }, t("changes.no_measures"));
  return table(t("changes.measures"), [
    { label: t("changes.measure"), cell: ({ measure }) => measureLabel(measure) },
    { label: t("changes.before"), number: true, cell: ({ old }) => measureValue(old) },
    { label: t("changes.after"), number: true, cell: ({ measure }) => h("strong", {}, measureValue(measure)) },
    { label: t("changes.difference"), number: true, cell: ({ measure, old }) => signed(measure, old) },
  ], rows);
}

function signed(measure, old) {
  if (typeof measure.value !== "number" || typeof old.value !== "number") return "–";
  const change = measure.value - old.value;
  return `${change > 0 ? "+" : change < 0 ? "−" : ""}${number(Math.abs(change), Math.abs(change) >= 10 ? 1 : 2)}`;
}

export const errorRate = (rate) => (rate === null || rate === undefined ? null : t("changes.wer", { rate: percent(rate) }));
