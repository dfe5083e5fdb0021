// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { post } from "./api.js";
import { fill, h, icon } from "./dom.js";
import { problemText } from "./forms.js";
import { t } from "./i18n.js";

/** What a student may ask for while answering: a button each, and what it says once they have asked. */
export function factsCard(question) {
  const list = h("ul", { class: "facts-asked", "aria-live": "polite" });
  const show = (item, fact) => {
    if (fact.text !== null) {
      return fill(item, h("strong", { dir: "auto" }, fact.label), h("p", { class: "prose", dir: "auto", lang: question.language }, fact.text));
    }
    const problem = h("p", { class: "field-error", hidden: true });
    const button = h("button", { type: "button", dir: "auto", onclick: async () => {
      button.disabled = true;
      try {
        show(item, await post(`/questions/${question.id}/facts/${encodeURIComponent(fact.id)}/reveal`));
      } catch (error) {
        problem.textContent = problemText(error);
        problem.hidden = false;
        button.disabled = false;
      }
    } }, icon("help"), fact.label);
    fill(item, button, problem);
  };
  list.append(...question.facts.map((fact) => {
    const item = h("li");
    show(item, fact);
    return item;
  }));
  return h("section", { class: "card", id: "facts" }, h("h2", {}, t("facts.ask")), h("p", { class: "quiet" }, t("facts.ask_text")), list);
}
