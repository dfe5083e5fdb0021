// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { fill, h, uniqueId } from "../lib/dom.js";
import { clock, t } from "../lib/i18n.js";
import { highlightParts } from "../lib/highlights.js";
import { folded, words } from "../lib/words.js";
import { DOUBTFUL } from "./oracy-transcript.js";

/**
 * A transcript to correct, one editable paragraph an utterance. The word being heard and the doubtful words stay marked
 * while typing, because words that were not touched keep their times; Alt + click plays from a word.
 *
 * Dispatches `seek` (seconds), `save` ({text, reason}) and `cancel`. A draft survives a reload of the page.
 */
class OracyTranscriptEditor extends HTMLElement {
  #transcript = null;
  #boxes = [];
  #key = "";
  #save = null;
  #reason = null;

  configure(transcript) {
    this.#transcript = transcript;
    this.#key = `oracy.draft.${transcript.response_id}.${transcript.version}`;
    const draft = this.#readDraft();
    const hintId = uniqueId("hint"), reasonId = uniqueId("reason");
    this.#boxes = transcript.segments.map((segment, index) => {
      const box = h("div", {
        class: "segment-text editable", role: "textbox", "aria-multiline": "false", spellcheck: "true",
        dir: "auto", lang: transcript.language, "aria-describedby": hintId,
        "aria-label": t("editor.segment", { count: index + 1, time: clock(segment.start) }),
        oninput: () => this.#typed(), onkeydown: (event) => this.#keyed(event, index), onclick: (event) => this.#clicked(event, index),
        onpaste: (event) => this.#pasted(event),
      }, draft?.[index] ?? textOf(segment));
      box.setAttribute("contenteditable", "plaintext-only");
      if (box.contentEditable !== "plaintext-only") box.setAttribute("contenteditable", "true");
      return box;
    });
    this.#reason = h("input", { type: "text", id: reasonId, maxlength: 200 });
    this.#save = h("button", { class: "primary", onclick: () => this.#submit() }, t("editor.save"));
    fill(this,
      draft && h("p", { class: "notice" }, t("editor.draft"), " ",
        h("button", { class: "plain", onclick: () => { this.forgetDraft(); this.configure(transcript); } }, t("editor.discard_draft"))),
      h("p", { class: "hint", id: hintId }, t("editor.hint")),
      h("div", { class: "transcript-text" }, transcript.segments.map((segment, index) =>
        h("div", { class: "segment" },
          h("button", {
            class: "word-time numeric", "aria-label": t("transcript.play_from", { time: clock(segment.start) }),
            onclick: () => this.#seek(segment.start),
          }, clock(segment.start)),
          this.#boxes[index]))),
      h("div", { class: "field" }, h("label", { for: reasonId }, t("editor.reason"), h("span", { class: "optional" }, ` ${t("form.optional")}`)), this.#reason),
      h("div", { class: "actions" }, this.#save,
        h("button", {
          onclick: () => {
            this.forgetDraft();
            this.dispatchEvent(new CustomEvent("cancel"));
          },
        }, t("action.cancel"))));
    this.#markDoubtful();
    this.#boxes[0]?.focus();
  }

  disconnectedCallback() {
    highlightParts("doubtful", []);
    highlightParts("playing", []);
  }

  /** The corrected text, one line an utterance. */
  get text() { return this.#boxes.map((box) => box.textContent.replace(/\s+/gu, " ").trim()).filter(Boolean).join("\n"); }

  /** Shows that the text is being sent. */
  set busy(on) {
    this.#save.disabled = on;
    this.#save.textContent = t(on ? "editor.saving" : "editor.save");
  }

  forgetDraft() {
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // There is then no draft either.
    }
  }

  #readDraft() {
    try {
      const draft = JSON.parse(localStorage.getItem(this.#key));
      return Array.isArray(draft) && draft.length === this.#transcript.segments.length ? draft : null;
    } catch {
      return null;
    }
  }

  #typed() {
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#boxes.map((box) => box.textContent)));
    } catch {
      // Typing goes on without a draft.
    }
    this.#markDoubtful();
  }

  #keyed(event, index) {
    if (event.key === "Enter" && !event.altKey) {
      event.preventDefault();
      this.#boxes[index + 1]?.focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#seekToCaret(index);
    } else if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#submit();
    }
  }

  #clicked(event, index) { if (event.altKey) this.#seekToCaret(index); }

  /** Only for browsers whose editable text would take formatting along. */
  #pasted(event) {
    if (event.currentTarget.contentEditable === "plaintext-only") return;
    event.preventDefault();
    document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
  }

  #seekToCaret(index) {
    const selection = getSelection();
    const caret = this.#boxes[index].contains(selection.anchorNode) ? selection.anchorOffset : 0;
    const match = this.#tokens(index).findLast((token) => token.start <= caret && token.word);
    this.#seek(match?.word.start ?? this.#transcript.segments[index].start);
  }

  #seek(seconds) { this.dispatchEvent(new CustomEvent("seek", { detail: seconds })); }

  #submit() {
    const before = this.#transcript.segments.map(textOf).join("\n");
    if (this.text === before) return this.dispatchEvent(new CustomEvent("cancel"));
    this.dispatchEvent(new CustomEvent("save", { detail: { text: this.text, reason: this.#reason.value.trim() || null } }));
  }

  /** The words in a box with their place in its text; those before and after the edit with the timed word they are. */
  #tokens(index) {
    const segment = this.#transcript.segments[index];
    const node = this.#boxes[index].firstChild;
    if (node?.nodeType !== Node.TEXT_NODE) return [];
    const tokens = [...node.data.matchAll(/\S+/gu)].map((found) => ({
      node, start: found.index, end: found.index + found[0].length, text: found[0], word: null,
    }));
    const same = (token, word) => token && word && folded(token.text) === folded(word.word);
    let head = 0;
    while (same(tokens[head], segment.words[head])) {
      tokens[head].word = segment.words[head];
      head += 1;
    }
    for (let tail = 1; tail <= Math.min(tokens.length, segment.words.length) - head; tail += 1) {
      if (!same(tokens.at(-tail), segment.words.at(-tail))) break;
      tokens.at(-tail).word = segment.words.at(-tail);
    }
    return tokens;
  }

  #markDoubtful() {
    highlightParts("doubtful", this.#boxes.flatMap((_, index) => this.#tokens(index))
      .filter(({ word }) => word && word.confidence !== null && word.confidence < DOUBTFUL)
      .map(({ node, start, end }) => [node, start, end]));
  }

  /** Marks the word that is heard at `seconds`. */
  showTime(seconds) {
    const index = this.#transcript.segments.findIndex((segment) => seconds >= segment.start && seconds <= segment.end);
    const token = index < 0 ? null
      : this.#tokens(index).find(({ word }) => word && seconds >= word.start && seconds < word.end);
    highlightParts("playing", token ? [[token.node, token.start, token.end]] : []);
  }
}

const textOf = (segment) => words(segment.text || segment.words.map((word) => word.word).join(" ")).join(" ");

customElements.define("oracy-transcript-editor", OracyTranscriptEditor);
