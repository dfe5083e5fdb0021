// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { fill, h, icon } from "../lib/dom.js";
import { clock, moment, number, percent, t } from "../lib/i18n.js";

/** What stands before a state, for those who do not see colours. */
const MARKS = { covered: "check", partial: "text", missing: "cross", contradicted: "alert", uncertain: "help" };

/**
 * What an answer does about each key point, with the words that show it, and what it earns as an interval.
 *
 * Dispatches `evidence` with `{evidence, label, play}` when somebody asks for the words.
 */
class OracyKeyPoints extends HTMLElement {
  /** `keypoints`, `keypoints_source`, `keypoints_reason`, `score`, `score_history` and `feedback` of an analysis. */
  configure({
    keypoints = [], keypoints_source: source = null, keypoints_reason: reason = null, score = null,
    score_history: history = [], feedback = [],
  }) {
    fill(this, ...(keypoints.length === 0 ? [] : [
      h("h2", {}, t("key_points.title")),
      keypoints.some(({ state, critical, retired, flags }) => critical && !retired && state === "contradicted" && !flags.includes("other_answer"))
        && h("p", { class: "notice bad", role: "note", id: "unsafe" }, h("strong", {}, t("key_points.unsafe"))),
      score && interval(score),
      history.map((earlier) => h("p", { class: "quiet small" }, t("what_if.history", {
        score: percent(earlier.point), version: earlier.question_version, date: moment(earlier.replaced_at), reason: earlier.reason,
      }))),
      source === "proposed" && h("p", { class: "notice warn small" }, t("key_points.proposed")),
      this.#advice(feedback),
      h("ul", { class: "key-points" }, keypoints.map((result) => this.#item(result))),
      reason && h("p", { class: "quiet small" }, t("key_points.rules_only", { reason })),
    ]));
  }

  /** What was done well and what to do next, each with the words that it rests on. */
  #advice(feedback) {
    return ["strength", "next_step"].map((kind) => {
      const items = feedback.filter((item) => item.kind === kind);
      return items.length > 0 && h("section", { class: "advice", "data-kind": kind }, h("h3", {}, t(`feedback.${kind}`)),
        h("ul", {}, items.map((item) => h("li", { "data-rule": item.rule, dir: "auto" }, item.text,
          item.evidence.length > 0 && item.evidence[0].start_s !== undefined && [" ", h("button", {
            class: "chip", onclick: () => this.#show({ evidence: item.evidence[0], label: item.text }),
          }, h("span", { class: "numeric quiet" }, clock(item.evidence[0].start_s)))]))));
    });
  }

  #item(result) {
    const { evidence, flags, label, other_wordings, state } = result;
    const timed = evidence && evidence.start_s !== undefined && evidence.start_s !== null;
    const { tfidf_cosine: words, embedding_cosine: meaning } = result.similarity;
    return h("li", { class: "key-point", "data-state": state },
      h("div", { class: "key-point-head" },
        h("span", { class: "badge state", "data-state": state }, icon(MARKS[state]), t(`key_points.${state}`)),
        h("strong", { dir: "auto" }, label),
        result.essential && h("span", { class: "badge" }, t("key_points.essential")),
        result.critical && h("span", { class: "badge warn" }, t("key_points.critical")),
        result.retired && h("span", { class: "badge" }, t("key_points.retired"))),
      flags.length > 0 && h("p", { class: "small" }, flags.map((flag) => t(`key_points.flag.${flag}`)).join(" ")),
      evidence && h("button", {
        class: "chip quote", onclick: () => this.#show(result),
      }, timed && h("span", { class: "numeric quiet" }, clock(evidence.start_s)), `“${evidence.text}”`),
      other_wordings.length > 0 && h("ul", { class: "small other-wordings" }, other_wordings.map((other) => this.#other(other, label))),
      words !== null && h("p", { class: "quiet small" }, meaning === null
        ? t("key_points.wording", { words: number(words, 2) })
        : t("key_points.wording_meaning", { words: number(words, 2), meaning: number(meaning, 2) })));
  }

  /** Other words that may have been said, and what would become of the key point with them. */
  #other({ source, probability, state, words, instead, start_word, end_word, start_s, end_s }, label) {
    const text = t(`key_points.other.${source}`, {
      words, instead: instead === "" ? t("key_points.other.nothing") : instead, state: t(`key_points.${state}`),
      probability: probability === null ? "" : percent(probability),
    });
    return h("li", { "data-source": source, dir: "auto" }, text, " ", h("button", {
      class: "chip", onclick: () => this.#show({ evidence: { text: words, start_word, end_word, start_s, end_s }, label }),
    }, h("span", { class: "numeric quiet" }, clock(start_s))));
  }

  #show({ evidence, label }) {
    this.dispatchEvent(new CustomEvent("evidence", { detail: { evidence: [evidence], label, play: true } }));
  }
}

/** The score as a bar from its low to its high end, and in words. */
function interval({ low, point, high, holds, release }) {
  const reasons = holds.map((hold) => t(`key_points.hold.${hold}`));
  if (release === "person" && !holds.length) reasons.push(t("key_points.wide"));
  const text = high - low < 0.005 ? percent(point) : t("key_points.interval", { low: percent(low), high: percent(high) });
  return h("div", { class: "score" },
    h("p", { class: "score-text" }, h("span", { class: "score-number" }, text), " ", h("span", { class: "quiet small" }, t("key_points.score"))),
    h("div", { class: "score-bar", "aria-hidden": "true" },
      h("span", { style: `inset-inline-start: ${100 * low}%; inline-size: ${Math.max(1, 100 * (high - low))}%` })),
    reasons.length > 0 && h("details", { class: "small" }, h("summary", {}, t("key_points.held")),
      h("ul", {}, reasons.map((reason) => h("li", {}, reason)))));
}

customElements.define("oracy-key-points", OracyKeyPoints);
