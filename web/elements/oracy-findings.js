// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { fill, h } from "../lib/dom.js";
import { doseInWords } from "../lib/doses.js";
import { clock, number, t } from "../lib/i18n.js";

/** What can be named, in the order of display. */
const TYPES = ["DRUG", "DOSE", "CONDITION", "QUANTITY", "DATE", "PERSON", "ORG", "PLACE"];

/** What stands for a tone beside its colour. */
const TONE_SIGNS = { positive: "+", neutral: "·", negative: "−" };

/**
 * The tone along the answer, and who and what it names; each with the words it rests on.
 *
 * Dispatches `evidence` with `{evidence, label, play}` when somebody asks for the words.
 */
class OracyFindings extends HTMLElement {
  configure(analysis) {
    fill(this, this.#tone(analysis.sentiment), this.#names(analysis));
  }

  #tone(sentiment) {
    if (!sentiment) return null;
    if (sentiment.label === "na") {
      return sentiment.reason && h("details", { class: "measure-group", "data-group": "tone" },
        h("summary", {}, h("h3", {}, t("tone.title"))), h("p", { class: "quiet small" }, sentiment.reason));
    }
    const label = t(`tone.${sentiment.label}`);
    const along = t(sentiment.unit === "clause" ? "tone.along_clauses" : "tone.along");
    return h("details", { class: "measure-group", "data-group": "tone", open: true },
      h("summary", {}, h("h3", {}, t("tone.title")), h("span", { class: "badge" }, label),
        h("span", { class: "quiet small numeric" }, signed(sentiment.score))),
      h("p", { class: "quiet small" }, t("tone.explanation")),
      sentiment.valid === "low" && h("p", { class: "small measure-reason" },
        h("span", { class: "badge warn" }, t("measures.valid_low")), " ", sentiment.reason),
      h("p", { class: "small" }, along),
      h("ol", { class: "tone-strip", "aria-label": along }, sentiment.sentences.map((sentence) => {
        const words = sentence.end_word - sentence.start_word;
        const name = t("tone.sentence", { time: clock(sentence.start_s ?? 0), label: t(`tone.${sentence.label}`) });
        return h("li", { style: `flex-grow: ${Math.max(1, words)}` }, h("button", {
          class: "tone-bar", "data-label": sentence.label, "aria-label": name, title: `${name} (${signed(sentence.score)})`,
          onclick: () => this.#show([sentence], name, true),
        }, h("span", { "aria-hidden": "true" }, TONE_SIGNS[sentence.label])));
      })),
      h("ul", { class: "tone-legend small" }, Object.entries(TONE_SIGNS).map(([name, sign]) => h("li", {},
        h("span", { class: "tone-sign", "data-label": name, "aria-hidden": "true" }, sign), " ", t(`tone.means_${name}`)))));
  }

  #names(analysis) {
    const entities = analysis.entities ?? [];
    if (!entities.length && !analysis.entities_reason) return null;
    const groups = TYPES.map((type) => [type, entities.filter((entity) => entity.type === type)])
      .filter(([, members]) => members.length);
    return h("details", { class: "measure-group", "data-group": "names", open: entities.length > 0 },
      h("summary", {}, h("h3", {}, t("names.title")), h("span", { class: "quiet small" }, number(entities.length))),
      groups.map(([type, members]) => h("div", { class: "names-of-type", "data-type": type },
        h("h4", {}, t(`names.${type}`)),
        h("ul", { class: "evidence-list" }, members.map((entity) => h("li", {},
          h("button", { class: "chip", onclick: () => this.#show([entity], entity.text, true) },
            entity.start_s !== null && entity.start_s !== undefined
              && h("span", { class: "numeric quiet" }, clock(entity.start_s)),
            entity.text,
            meaning(entity) && h("span", { class: "quiet" }, ` = ${meaning(entity)}`),
            entity.respelled && h("span", { class: "badge warn" }, t("names.respelled")))))))),
      !entities.length && h("p", { class: "quiet small" }, t("names.none")),
      analysis.entities_reason && h("p", { class: "quiet small" }, t("names.not_all", { reason: analysis.entities_reason })));
  }

  #show(evidence, label, play) {
    this.dispatchEvent(new CustomEvent("evidence", { detail: { evidence, label, play } }));
  }
}

/** A score with its sign, so that a rounded zero has none. */
function signed(score) {
  const text = number(Math.abs(score), 2);
  return `${Math.abs(score) < 0.005 ? "" : score > 0 ? "+" : "−"}${text}`;
}

/** What is meant, where the words do not say it already. */
function meaning({ text, normalized, dose }) {
  if (dose) return doseInWords(dose);
  return normalized && normalized.toLowerCase() !== text.toLowerCase() ? normalized : null;
}

customElements.define("oracy-findings", OracyFindings);
