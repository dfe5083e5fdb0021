// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { Problem, Unreachable } from "./api.js";
import { h, fill, icon } from "./dom.js";
import { t } from "./i18n.js";
import { problemText } from "./forms.js";

/** Grey lines that stand where the content will be. */
export const skeleton = (lines = 4) =>
  h("div", { class: "skeleton", role: "status" },
    h("span", { class: "visually-hidden" }, t("state.loading")),
    Array.from({ length: lines }, () => h("span", { class: "skeleton-line" })));

/** What to show where there is nothing yet: what it would be, and what to do next. */
export const emptyState = (title, text, action = null, name = "text") =>
  h("div", { class: "empty" }, icon(name), h("p", { class: "empty-title" }, title), text && h("p", {}, text), action);

/** What went wrong, what to do, and the number to quote to whoever runs the server. */
export function errorState(error, retry = null) {
  let title = t("error.title"), text = problemText(error);
  if (error instanceof Unreachable) title = t("error.offline_title");
  else if (error instanceof Problem && error.status === 404) {
    title = t("error.not_found_title");
    text = t("error.not_found_text");
  } else if (error instanceof Problem && error.status === 403) {
    title = t("error.forbidden_title");
    text = t("error.forbidden_text");
  }
  return h("div", { class: "empty error-state", role: "alert" },
    icon("alert"), h("p", { class: "empty-title" }, title), h("p", {}, text),
    error.requestId && h("p", { class: "quiet small" }, t("error.request_id", { id: error.requestId })),
    h("div", { class: "actions center" },
      retry && h("button", { class: "primary", onclick: retry }, t("action.retry")),
      h("a", { class: "button", href: "/" }, t("action.home"))));
}

/**
 * Fills `place` with what `load` resolves to; shows a skeleton when that takes over 300 ms and an error with a way to
 * try again when it fails.
 */
export async function loadInto(place, load) {
  const timer = setTimeout(() => fill(place, skeleton()), 300);
  place.setAttribute("aria-busy", "true");
  try {
    const content = await load();
    clearTimeout(timer);
    fill(place, content);
  } catch (error) {
    clearTimeout(timer);
    if (error.name !== "Problem" && error.name !== "Unreachable") console.error(error);
    fill(place, errorState(error, () => loadInto(place, load)));
  } finally {
    place.removeAttribute("aria-busy");
  }
}
