// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h } from "./dom.js";
import { languageName, percent, t, UNDETERMINED } from "./i18n.js";

const KNOWN = ["silence", "noise", "wrong_language", "too_short"];

/** Whether there are words of our own for a reason; the server's say what happened otherwise. */
export const isKnown = (code) => KNOWN.includes(code);

/**
 * Why a response has no result, and what may be done about it; nothing for one that has a result. In an examination the
 * student is not told what was heard.
 */
export function obstacle({ status, reason, reason_code: code, language: { detected, probability } }, ...actions) {
  if (status !== "unscorable" && status !== "failed") return null;
  const key = !isKnown(code) ? status : code === "wrong_language" && !detected ? "another_language" : code;
  return h("div", { class: status === "failed" ? "notice bad obstacle" : "notice warn obstacle" },
    h("p", {}, h("strong", {}, t(`status.${status}`)), !isKnown(code) && reason && ` – ${reason}`),
    h("p", {}, t(`unscorable.${key}`, { language: languageName(detected ?? UNDETERMINED), share: percent(probability ?? 0) })),
    actions);
}

/** What is said of a transcript whose language was not recognised. */
export function unknownLanguage({ languages }) {
  const heard = languages.filter(({ language, probability }) => language !== UNDETERMINED && probability !== null)
    .sort((left, right) => right.probability - left.probability)[0];
  return heard ? t("transcript.language_unknown", { language: languageName(heard.language), share: percent(heard.probability) })
    : t("language.undetermined");
}
