// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { announce, fill, h } from "../lib/dom.js";
import { clock, languageName, preciseClock, t, UNDETERMINED } from "../lib/i18n.js";
import { highlight } from "../lib/highlights.js";

/** Below this confidence a word is worth a second look. */
export const DOUBTFUL = 0.5;

/**
 * A transcript to read: a click on a word (or Enter, after moving to it with the arrow keys) plays from there, and the
 * word being heard is marked.
 *
 * Dispatches `seek` with the time in seconds.
 */
class OracyTranscript extends HTMLElement {
  #words = []; // of all segments, in order
  #spans = [];
  #playing = -1;
  #following = true;
  #cursor = 0;
  #doubt = -1;
  #jump = null;

  configure(transcript) {
    this.#words = transcript.segments.flatMap((segment) => segment.words);
    this.#playing = -1;
    this.#cursor = 0;
    this.#doubt = -1;
    let index = 0;
    this.#spans = [];
    const isMixed = new Set(transcript.segments.map((segment) => segment.language)).size > 1;
    const paragraphs = transcript.segments.map((segment, number) => {
      const changes = isMixed && segment.language !== transcript.segments[number - 1]?.language;
      const lang = segment.language && segment.language !== UNDETERMINED && segment.language !== transcript.language ? segment.language : null;
      const text = h("p", { class: "segment-text", lang });
      for (const word of segment.words) {
        const span = h("span", { class: classOf(word), "data-word": index, tabindex: index === 0 ? 0 : -1 }, word.word);
        if (this.#spans.length && text.childNodes.length) text.append(" ");
        text.append(span);
        this.#spans.push(span);
        index += 1;
      }
      return h("div", { class: "segment" },
        h("button", {
          class: "word-time numeric", "aria-label": t("transcript.play_from", { time: clock(segment.start) }),
          onclick: () => this.#seek(segment.start),
        }, clock(segment.start)),
        h("div", {},
          changes && h("p", { class: "segment-language" }, h("span", { class: "badge" }, languageName(segment.language))),
          text));
    });
    const body = h("div", {
      class: this.#words.length > 3000 ? "transcript-text long" : "transcript-text", dir: "auto", lang: transcript.language, role: "group", "aria-label": t("transcript.label"),
      onclick: (event) => this.#clicked(event), onkeydown: (event) => this.#key(event),
    }, paragraphs);
    this.#jump = h("button", {
      class: "slim follow", hidden: true, onclick: () => {
        this.#following = true;
        this.#jump.hidden = true;
        this.#reveal();
      },
    }, t("transcript.follow"));
    fill(this, this.#toolbar(), body, this.#jump);
    highlight("evidence", []);
    highlight("playing", []);
    highlight("names", []);
  }

  connectedCallback() {
    for (const name of ["wheel", "touchmove"]) addEventListener(name, this.#scrolled, { passive: true });
  }

  disconnectedCallback() {
    for (const name of ["wheel", "touchmove"]) removeEventListener(name, this.#scrolled);
  }

  /** Whoever scrolls while the recording plays wants to read elsewhere. */
  #scrolled = () => {
    if (this.#playing < 0 || !this.dataset.playing) return;
    this.#following = false;
    this.#jump.hidden = false;
  };

  #toolbar() {
    const doubtful = this.#words.filter(isDoubtful).length;
    const kinds = new Set(this.#words.map((word) => word.kind));
    return h("div", { class: "transcript-legend small" },
      doubtful > 0
        ? h("button", { class: "slim", onclick: () => this.nextDoubtful() }, t("transcript.next_doubtful"),
          h("span", { class: "badge warn" }, String(doubtful)))
        : null,
      doubtful > 0 && h("span", { class: "quiet" }, h("span", { class: "doubtful" }, t("transcript.wavy")), ` ${t("transcript.wavy_means")}`),
      kinds.has("filler") && h("span", { class: "quiet" }, h("span", { class: "filler" }, t("transcript.filler")), ` ${t("transcript.filler_means")}`),
      kinds.has("edited") && h("span", { class: "quiet" }, h("span", { class: "edited" }, t("transcript.edited")), ` ${t("transcript.edited_means")}`));
  }

  #seek(seconds) { this.dispatchEvent(new CustomEvent("seek", { detail: seconds })); }

  #clicked(event) {
    const span = event.target.closest("[data-word]");
    if (!span || !getSelection().isCollapsed) return;
    this.#move(Number(span.dataset.word));
    this.#seek(this.#words[this.#cursor].start);
  }

  #key(event) {
    if (!event.target.matches("[data-word]") || event.altKey || event.ctrlKey || event.metaKey) return;
    const rightToLeft = getComputedStyle(event.target).direction === "rtl";
    const steps = { ArrowRight: rightToLeft ? -1 : 1, ArrowLeft: rightToLeft ? 1 : -1, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      this.#move(Math.min(Math.max(0, this.#cursor + steps[event.key]), this.#spans.length - 1), true);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#seek(this.#words[this.#cursor].start);
    }
  }

  #move(index, focus = false) {
    this.#spans[this.#cursor]?.setAttribute("tabindex", "-1");
    this.#cursor = index;
    this.#spans[index].setAttribute("tabindex", "0");
    if (focus) this.#spans[index].focus();
  }

  /** Marks the word that is heard at `seconds`; `playing` decides whether the page scrolls along. */
  showTime(seconds, playing) {
    if (playing && !this.dataset.playing) {
      this.#following = true;
      this.#jump.hidden = true;
    }
    if (playing) this.dataset.playing = "yes";
    else delete this.dataset.playing;
    const index = this.#wordAt(seconds);
    if (index === this.#playing) return;
    this.#playing = index;
    highlight("playing", index < 0 ? [] : [this.#spans[index]]);
    if (index >= 0) this.dataset.current = String(index);
    else delete this.dataset.current;
    if (playing && this.#following) this.#reveal();
  }

  #reveal() {
    const span = this.#spans[this.#playing];
    if (!span) return;
    const box = span.getBoundingClientRect();
    if (box.top > innerHeight * 0.35 && box.bottom < innerHeight * 0.85) return;
    if (box.top > 200 && box.bottom < innerHeight * 0.85) return;
    span.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  /** The last word that has begun, as long as it ended less than a second ago. */
  #wordAt(seconds) {
    let low = 0, high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#words[middle].start <= seconds) low = middle + 1;
      else high = middle;
    }
    const word = this.#words[low - 1];
    return word && seconds < word.end + 1 ? low - 1 : -1;
  }

  /** Marks runs of words, `{start_word, end_word}` with the end excluded, and brings the first into view. */
  markEvidence(evidence) {
    const spans = evidence.flatMap(({ start_word: start, end_word: end }) => this.#spans.slice(start, Math.max(end, start + 1)));
    highlight("evidence", spans);
    this.dataset.evidence = String(spans.length);
    spans[0]?.scrollIntoView({ block: "center" });
  }

  /** Underlines who and what is named, as long as this transcript is shown. */
  markNames(entities) {
    highlight("names", entities.flatMap(({ start_word: start, end_word: end }) => this.#spans.slice(start, end)));
    this.dataset.names = String(entities.length);
  }

  /** Moves to the next word that the recogniser was not sure of and plays it. */
  nextDoubtful() {
    const after = this.#words.findIndex((word, index) => index > this.#doubt && isDoubtful(word));
    this.#doubt = after >= 0 ? after : this.#words.findIndex(isDoubtful);
    if (this.#doubt < 0) return announce(t("transcript.none_doubtful"));
    this.#move(this.#doubt, true);
    this.#seek(Math.max(0, this.#words[this.#doubt].start - 0.5));
    announce(t("transcript.doubtful_at", { word: this.#words[this.#doubt].word, time: preciseClock(this.#words[this.#doubt].start) }));
  }
}

const isDoubtful = (word) => word.confidence !== null && word.confidence < DOUBTFUL && !word.confirmed && word.kind !== "filler";

function classOf(word) {
  const kind = word.kind === "word" || word.kind === "number" ? null : word.kind;
  return ["word", kind, isDoubtful(word) && "doubtful"].filter(Boolean).join(" ");
}

customElements.define("oracy-transcript", OracyTranscript);
