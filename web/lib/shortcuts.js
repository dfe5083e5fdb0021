// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { openDialog } from "./dialogs.js";

const STORAGE = "oracy.shortcuts";
const shortcuts = [];

/** Whether the keys are on; they can be switched off (WCAG 2.1.4), as they may collide with other software. */
export function shortcutsEnabled() {
  try {
    return localStorage.getItem(STORAGE) !== "off";
  } catch {
    return true;
  }
}

export function enableShortcuts(on) {
  try {
    localStorage.setItem(STORAGE, on ? "on" : "off");
  } catch {
    // The choice then lasts for this page only.
  }
}

/** Adds a shortcut: the physical key (`KeyboardEvent.code`) with Alt, what it does, and its name for the help. */
export function addShortcut(code, label, action) {
  shortcuts.push({ code, label, action });
}

const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]") !== null;

document.addEventListener("keydown", (event) => {
  if (!shortcutsEnabled() || shortcuts.length === 0 || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && !event.ctrlKey && !event.metaKey && !typing(event.target)) {
    event.preventDefault();
    showShortcuts();
    return;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const shortcut = shortcuts.find((candidate) => candidate.code === event.code);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.action();
});

/** Opens the list of keys. */
export function showShortcuts() {
  return openDialog(t("shortcuts.title"), (close) => {
    const toggle = h("input", {
      type: "checkbox", id: "shortcuts-on", checked: shortcutsEnabled(),
      onchange: (event) => enableShortcuts(event.target.checked),
    });
    return [
      h("dl", { class: "shortcut-list" },
        shortcuts.map(({ code, label }) => [
          h("dt", {}, h("kbd", {}, "Alt"), " + ", h("kbd", {}, code.replace("Key", ""))), h("dd", {}, label),
        ]),
        h("dt", {}, h("kbd", {}, "?")), h("dd", {}, t("shortcuts.help"))),
      h("div", { class: "check" }, toggle, h("label", { for: "shortcuts-on" }, t("shortcuts.enable"))),
      h("div", { class: "actions" }, h("button", { class: "primary", onclick: () => close() }, t("action.close"))),
    ];
  });
}
