// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { fill, h } from "../lib/dom.js";
import { clock, languageName, number, t, translated } from "../lib/i18n.js";

/** The groups in the order of display. */
export const GROUPS = ["similarity", "fluency", "readability", "lexical", "audio"];
const OPEN = ["similarity", "fluency"];
/** What most people want to know; the rest of a group is one click away. */
const MAIN = new Set([
  "tfidf_cosine", "embedding_cosine", "rouge_l", "speech_rate_wpm", "articulation_rate", "phonation_ratio", "pause_count", "pause_max",
  "filled_pause_per_min", "language_probability", "words_per_sentence", "characters_per_min", "characters_per_sentence",
  "flesch_re", "fk_grade", "szigriszt_pazos", "kandel_moles", "amstad", "wstf1", "gulpease", "flesch_vacca", "douma", "martins",
  "oborneva", "flesch_hu", "osman", "lix", "mattr50",
  "mtld_mj2010", "lexical_density", "ttr", "snr_db", "speech_pct", "mean_conf", "low_conf_pct",
]);
/** So many measures with the same reservation share one sentence about it. */
const SHARED = 3;

export const measureLabel = (measure) => translated(`measure.${measure.key}`, measure.label);

/** The value with its unit as a person writes it; a dash where there is none. */
export function measureValue(measure) {
  const language = measure.key === "language_probability" && measure.value !== null && measure.evidence?.[0]?.note;
  if (language) return `${languageName(language)}\u00a0${bareValue(measure)}`;
  return [bareValue(measure), measureUnit(measure)].filter(Boolean).join("\u00a0");
}

/** The value without its unit, rounded to what it can carry. */
export function bareValue({ value }) {
  if (value === null || value === undefined) return "–";
  return number(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

/** The unit in the reader's language; empty for plain numbers and where there is no value. */
export function measureUnit({ value, unit }) {
  return value === null || value === undefined || unit === "1" || !unit ? "" : translated(`unit.${unit}`, unit);
}

/**
 * All measures of one analysis by group, each with what it means, how far it can be trusted, and the words it rests on.
 *
 * Dispatches `evidence` with `{evidence, label}` when somebody asks for the words.
 */
class OracyMeasures extends HTMLElement {
  configure(analysis) {
    const groups = GROUPS
      .map((group) => [group, analysis.measures.filter((measure) => measure.group === group)])
      .filter(([, measures]) => measures.length);
    fill(this, groups.map(([group, measures]) => {
      const computed = measures.filter((measure) => measure.valid !== "na");
      const missing = measures.filter((measure) => measure.valid === "na");
      const main = computed.filter((measure) => MAIN.has(measure.key));
      const rest = main.length ? computed.filter((measure) => !MAIN.has(measure.key)) : [];
      const shared = sharedReason(computed);
      const list = (some) => h("ul", { class: "measure-list" }, some.map((measure) => this.#measure(measure, shared)));
      return h("details", { class: "measure-group", "data-group": group, open: OPEN.includes(group) || groups.length === 1 },
        h("summary", {}, h("h3", {}, t(`measures.${group}`)),
          h("span", { class: "quiet small" }, number(computed.length))),
        group === "similarity" && computed.length > 0 && h("p", { class: "notice warn small" }, t("similarity.warning")),
        shared && h("p", { class: "small measure-reason" }, h("span", { class: "badge warn" }, t("measures.valid_low")), " ", shared),
        list(main.length ? main : computed),
        rest.length > 0 && h("details", { class: "more" },
          h("summary", {}, t("measures.more", { count: rest.length })), list(rest)),
        missing.length > 0 && h("details", { class: "more" },
          h("summary", {}, t("measures.not_computed", { count: missing.length })), list(missing)));
    }));
  }

  #measure(measure, shared) {
    const label = measureLabel(measure);
    return h("li", { class: "measure", "data-key": measure.key },
      h("div", { class: "measure-head" },
        h("span", { class: "measure-label" }, label),
        h("span", { class: "measure-value numeric" }, measureValue(measure))),
      h("p", { class: "quiet small" }, translated(`explanation.${measure.key}`, measure.explanation)),
      measure.valid !== "ok" && measure.reason && measure.reason !== shared && h("p", { class: "small measure-reason" },
        h("span", { class: measure.valid === "low" ? "badge warn" : "badge" }, t(`measures.valid_${measure.valid}`)), " ", measure.reason),
      (measure.evidence?.length > 0 || basis(measure)) && this.#evidence(measure, label));
  }

  #evidence(measure, label) {
    const list = h("ul", { class: "evidence-list" }, measure.evidence.map((evidence) => h("li", {},
      h("button", {
        class: "chip", onclick: () => this.#show([evidence], label, true),
      }, evidence.start_s !== null && h("span", { class: "numeric quiet" }, clock(evidence.start_s)),
      evidence.note ? `${evidence.text} (${note(measure, evidence)})` : evidence.text))));
    const numbers = basis(measure);
    const whole = h("div", { hidden: true }, numbers && h("p", { class: "quiet small measure-basis" }, numbers),
      measure.evidence.length > 0 && list);
    const button = h("button", {
      class: "plain small", "aria-expanded": "false", onclick: () => {
        whole.hidden = !whole.hidden;
        button.setAttribute("aria-expanded", String(!whole.hidden));
        if (measure.evidence.length > 0) this.#show(whole.hidden ? [] : measure.evidence, label, false);
      },
    }, measure.evidence.length > 0 ? t("measures.evidence", { count: measure.evidence.length }) : t("measures.basis"));
    return [button, whole];
  }

  #show(evidence, label, play) {
    this.dispatchEvent(new CustomEvent("evidence", { detail: { evidence, label, play } }));
  }
}

/** The numbers that a value was computed from in one line: "From: words 100 · sentences 8"; empty where there are none. */
function basis(measure) {
  const parts = Object.entries(measure.basis ?? {})
    .map(([name, value]) => `${translated(`basis.${name}`, name.replaceAll("_", " "))}\u00a0${number(value, 2)}`);
  return parts.length ? t("measures.basis_of", { parts: parts.join(" · ") }) : "";
}

/** What a place is said to be, in the reader's words where it is a language. */
function note(measure, evidence) {
  return measure.key === "language_probability" && evidence.note !== "und" ? languageName(evidence.note) : evidence.note;
}

/** The reservation that many of these measures have in common, or null. */
function sharedReason(measures) {
  const counts = new Map();
  for (const { valid, reason } of measures) if (valid === "low" && reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [reason, count] = [...counts].sort((left, right) => right[1] - left[1])[0] ?? [null, 0];
  return count >= SHARED ? reason : null;
}

customElements.define("oracy-measures", OracyMeasures);
