// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { Problem } from "../lib/api.js";
import { announce, fill, h, icon } from "../lib/dom.js";
import { percent, t } from "../lib/i18n.js";
import { problemText } from "../lib/forms.js";
import { submitAudio } from "../lib/upload-form.js";

/**
 * Sends one file and shows how far it is; a failure says why and offers to try again under the same key.
 *
 * With `trial`, what sends it elsewhere than to the answers, the server tells what it hears and keeps nothing.
 *
 * Dispatches `uploaded` with the server's answer, and `abandoned` when the person cancels.
 */
class OracyUpload extends HTMLElement {
  #abort = null;
  trial = null;

  async start(file, fields, key = crypto.randomUUID()) {
    this.#abort = new AbortController();
    const bar = h("progress", { max: 1, value: 0, "aria-label": t("upload.progress") });
    const text = h("span", { class: "numeric" }, t("upload.sending"));
    const heard = h("div", { class: "partial", dir: "auto", "aria-live": "polite" });
    fill(this,
      h("div", { class: "stack" },
        h("div", { class: "section-head" }, text,
          h("button", { class: "slim", onclick: () => this.#abort.abort() }, t("action.cancel"))),
        bar, this.trial && heard));
    announce(t("upload.sending"));
    const leaving = (event) => event.preventDefault();
    addEventListener("beforeunload", leaving);
    try {
      const answer = await (this.trial ?? submitAudio)(file, fields, {
        key, signal: this.#abort.signal,
        onprogress: (share) => {
          bar.value = share;
          text.textContent = share < 1 ? t("upload.sent", { share: percent(share) }) : t(this.trial ? "upload.hearing" : "upload.saving");
        },
        onwork: (share) => {
          bar.value = share;
          text.textContent = t("upload.heard", { share: percent(share) });
        },
        onsegment: (segment) => heard.append(h("p", {}, segment.text)),
      });
      removeEventListener("beforeunload", leaving);
      fill(this, !this.trial && h("p", { class: "notice good" }, t("upload.done")));
      this.dispatchEvent(new CustomEvent("uploaded", { detail: answer, bubbles: true }));
    } catch (error) {
      removeEventListener("beforeunload", leaving);
      if (error.name === "AbortError") {
        fill(this);
        this.dispatchEvent(new CustomEvent("abandoned", { bubbles: true }));
        return;
      }
      fill(this,
        h("div", { class: "notice bad", role: "alert" },
          h("strong", {}, t("upload.failed")), " ", problemText(error),
          h("div", { class: "actions" },
            mayPass(error) && h("button", { class: "primary", onclick: () => this.start(file, fields, key) }, icon("upload"), t("action.retry")),
            h("button", { onclick: () => { fill(this); this.dispatchEvent(new CustomEvent("abandoned", { bubbles: true })); } },
              t("action.cancel")))));
    }
  }
}

/** Whether the same recording may be accepted another time. */
const mayPass = (error) => !(error instanceof Problem) || error.status >= 500 || error.status === 429 || error.status === 401;

customElements.define("oracy-upload", OracyUpload);
