// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h, uniqueId } from "./dom.js";
import { t } from "./i18n.js";

/** A dialog with a title; `build` receives a function that closes it. Resolves with what it was closed with. */
export function openDialog(title, build, { wide = false } = {}) {
  return new Promise((resolve) => {
    const titleId = uniqueId("title");
    const dialog = h("dialog", { "aria-labelledby": titleId, class: wide ? "wide" : null });
    const close = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    dialog.append(h("div", { class: "stack" }, h("h2", { id: titleId }, title), build(close)));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Asks before something that can't be undone. */
export function confirmDialog(title, text, action) {
  return openDialog(title, (close) => [
    h("p", {}, text),
    h("div", { class: "actions" },
      h("button", { class: "danger", onclick: () => close(true) }, action),
      h("button", { onclick: () => close(false) }, t("action.cancel"))),
  ]);
}
