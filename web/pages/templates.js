// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, put } from "../lib/api.js";
import { fill, h, toast } from "../lib/dom.js";
import { areaField, form, selectField } from "../lib/forms.js";
import { currentLocale, LOCALES, t } from "../lib/i18n.js";

/** The sentences of feedback, for administrators to put in the school's words. */
export default async function page() {
  const place = h("div");
  const show = async (language) => fill(place, editor(await get(`/feedback_templates/${language}`)));
  const first = LOCALES[currentLocale()] ? currentLocale() : "en";
  const language = selectField(t("templates.language"), Object.entries(LOCALES), {
    value: first, onchange: (event) => show(event.target.value),
  });
  await show(first);
  return {
    title: t("templates.title"),
    crumbs: [{ text: t("nav.institution"), href: "/institution" }],
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("templates.title")),
        h("p", { class: "quiet lead" }, t("templates.text")))),
      h("div", { class: "sections" }, language, place),
    ],
  };
}

const forms = (template) => (template === null || typeof template === "string" ? { other: template } : template);

function editor({ language, items }) {
  const fields = {};
  for (const { rule, placeholders, standard, own } of items) {
    const usual = forms(standard), written = forms(own);
    const names = placeholders.map((name) => `{${name}}`).join(", ");
    const hint = [usual.other ?? t("templates.unused"), names && t("templates.placeholders", { names })].filter(Boolean).join(" · ");
    fields[rule] = areaField(rule, { rows: 2, maxlength: 1000, value: written.other ?? "", dir: "auto", lang: language, hint });
    if (placeholders.includes("count")) {
      fields[`${rule}.one`] = areaField(`${rule} (${t("templates.one")})`, {
        rows: 2, maxlength: 1000, value: written.one ?? "", dir: "auto", lang: language, hint: usual.one,
      });
    }
  }
  return h("section", { class: "card" }, form({
    fields, submit: t("action.save"),
    send: async (values) => {
      const templates = {};
      for (const { rule } of items) {
        const other = values[rule].trim(), one = values[`${rule}.one`]?.trim();
        if (other) templates[rule] = one ? { one, other } : other;
      }
      await put(`/feedback_templates/${language}`, { templates });
      toast(t("templates.saved"));
    },
  }));
}
