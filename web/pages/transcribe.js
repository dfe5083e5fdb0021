// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import "../elements/oracy-file-drop.js";
import "../elements/oracy-recorder.js";
import { all, get } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { selectField } from "../lib/forms.js";
import { collate, languageName, t } from "../lib/i18n.js";
import { limits } from "../lib/limits.js";
import { transcriptionTable } from "../lib/lists.js";
import { emptyState, loadInto } from "../lib/states.js";

export default async function page({ user }) {
  const [{ items: engines }, allowed] = await Promise.all([get("/engines"), limits()]);
  const languages = [...new Set(engines.flatMap((engine) => engine.languages))];
  const automatic = engines.some((engine) => engine.identifies_language);
  const choice = selectField(t("transcribe.language"), [
    ["auto", automatic ? t("transcribe.auto") : t("transcribe.auto_only", { language: languageName(engines.find((engine) => engine.default)?.languages[0]) })],
    ...languages.map((tag) => [tag, languageName(tag)]).sort((left, right) => collate(left[1], right[1])),
  ], { value: "auto", hint: t(automatic ? "transcribe.language_hint" : "transcribe.language_hint_fixed") });
  const fields = () => ({ language: choice.value });
  const done = (event) => location.assign(`/responses/${event.detail.id}`);
  const drop = document.createElement("oracy-file-drop");
  drop.configure({ fields, limit: allowed.audio_bytes });
  drop.addEventListener("uploaded", done);
  const recorder = document.createElement("oracy-recorder");
  recorder.configure({ owner: user.id, scope: "free", limit: allowed.audio_seconds, fields });
  recorder.addEventListener("uploaded", done);
  const earlier = h("div");
  loadInto(earlier, async () => {
    const items = (await all("/responses", { mine: true })).filter((response) => !response.question_id);
    return items.length ? transcriptionTable(t("transcribe.earlier"), items)
      : emptyState(t("transcribe.none_title"), t("transcribe.none_text"), null, "text");
  });
  return {
    title: t("transcribe.title"),
    content: [
      h("div", { class: "page-head" }, h("div", {},
        h("h1", {}, t("transcribe.title")), h("p", { class: "quiet lead" }, t("transcribe.lead")))),
      h("div", { class: "sections" },
        h("section", { class: "card", "aria-label": t("transcribe.options") }, choice, engineNotes(engines)),
        h("div", { class: "halves" },
          h("section", { class: "card" }, h("h2", {}, t("transcribe.file")), drop),
          h("section", { class: "card" }, h("h2", {}, t("transcribe.microphone")), recorder)),
        h("section", { class: "section" }, h("h2", {}, t("transcribe.earlier")), earlier)),
    ],
  };
}

/** Which engines work here and what they can't do, in the server's own words. */
function engineNotes(engines) {
  if (!engines.length) return h("p", { class: "notice bad" }, t("transcribe.no_engine"));
  return engines.map((engine) => h("div", { class: engine.notice ? "notice warn" : "notice" },
    h("p", {}, h("strong", {}, `${engine.name} ${engine.model}`), " – ",
      t("transcribe.engine_languages", { count: engine.languages.length, language: languageName(engine.languages[0]) })),
    engine.notice && h("p", {}, engine.notice)));
}
