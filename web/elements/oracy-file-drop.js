// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import "./oracy-upload.js";
import { fill, h, icon, uniqueId } from "../lib/dom.js";
import { fileSize, t } from "../lib/i18n.js";

const KINDS = "audio/*,video/webm,video/mp4,.wav,.flac,.mp3,.m4a,.mp4,.aac,.ogg,.oga,.opus,.webm";

/** A place to drop an audio file on or to choose one; shows it, lets it be heard, and sends it. */
class OracyFileDrop extends HTMLElement {
  #settings = { fields: {}, limit: Infinity };
  #url = null;

  /**
   * `fields` are sent before the file: an object, or a function that returns one when the file is sent; `limit` is the
   * largest file in bytes. With `trial`, a function that sends it, the file may be sent again and again; `submit` is
   * then what the button says.
   */
  configure(settings) {
    this.#settings = settings;
    this.#choose();
  }

  disconnectedCallback() { this.#release(); }

  #release() {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = null;
  }

  #choose(complaint = null) {
    this.#release();
    const id = uniqueId("file");
    const input = h("input", {
      type: "file", id, accept: KINDS, class: "visually-hidden", "aria-describedby": `${id}-hint`,
      onchange: () => input.files[0] && this.#chosen(input.files[0]),
    });
    const zone = h("label", {
      for: id, class: "drop",
      ondragover: (event) => { event.preventDefault(); zone.classList.add("over"); },
      ondragleave: () => zone.classList.remove("over"),
      ondrop: (event) => {
        event.preventDefault();
        zone.classList.remove("over");
        const [file] = event.dataTransfer.files;
        if (file) this.#chosen(file);
      },
    }, icon("upload"), h("span", { class: "drop-title" }, t("drop.title")),
    h("span", { class: "quiet small", id: `${id}-hint` }, t("drop.hint")));
    fill(this, complaint && h("p", { class: "field-error", role: "alert" }, complaint), input, zone);
  }

  #chosen(file) {
    if (file.size === 0) return this.#choose(t("drop.empty"));
    const { fields, limit, trial, submit = t("drop.send") } = this.#settings;
    if (file.size > limit) {
      return this.#choose(t("drop.too_large", { size: fileSize(file.size), limit: fileSize(limit) }));
    }
    this.#url = URL.createObjectURL(file);
    const upload = document.createElement("oracy-upload");
    const actions = h("div", { class: "actions" },
      h("button", {
        class: "primary", onclick: () => {
          actions.hidden = true;
          upload.start(file, typeof fields === "function" ? fields() : fields);
        },
      }, icon("upload"), submit),
      h("button", { onclick: () => this.#choose() }, t("drop.other")));
    upload.addEventListener("abandoned", () => { actions.hidden = false; });
    if (trial) {
      upload.trial = trial;
      upload.addEventListener("uploaded", () => { actions.hidden = false; });
    }
    fill(this, h("div", { class: "stack" },
      h("p", {}, h("strong", {}, file.name), " ", h("span", { class: "quiet small" }, fileSize(file.size))),
      h("audio", { controls: true, src: this.#url, preload: "metadata", "aria-label": t("drop.preview") }),
      actions, upload));
    actions.querySelector("button").focus();
  }
}

customElements.define("oracy-file-drop", OracyFileDrop);
