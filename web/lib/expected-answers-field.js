// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h } from "./dom.js";
import { areaField } from "./forms.js";
import { t } from "./i18n.js";

/** The answers that are all good, as a field of a form: a box each, one to begin with. Its value is a list of texts. */
export function expectedAnswersField(answers) {
  const list = h("ol", { class: "answer-editors" });
  const number = () => [...list.children].forEach((row, index) => {
    row.area.querySelector("label").firstChild.textContent =
      index === 0 ? t("question.expected") : t("question.expected_other", { count: index + 1 });
    row.remover.hidden = list.children.length < 2;
  });
  const add = (text = "") => {
    const area = areaField(t("question.expected"), { required: true, value: text, maxlength: 20000, dir: "auto" });
    const remover = h("button", { type: "button", class: "plain", onclick: () => {
      row.remove();
      number();
    } }, t("question.expected_remove"));
    const row = h("li", {}, area, h("div", { class: "actions" }, remover));
    Object.assign(row, { area, remover });
    list.append(row);
    number();
    return row;
  };
  (answers.length > 0 ? answers : [""]).forEach((text) => add(text));
  const element = h("fieldset", { class: "field expected-answers-field" }, h("legend", {}, t("question.expected_legend")),
    h("p", { class: "hint" }, t("question.expected_hint")), list,
    h("div", { class: "actions" },
      h("button", { type: "button", onclick: () => add().area.control.focus() }, t("question.expected_add"))));
  const areas = () => [...list.children].map((row) => row.area);
  const blank = () => areas().find((area) => !area.value.trim());
  element.control = {
    checkValidity: () => !blank(),
    focus: () => (blank() ?? areas()[0]).control.focus(),
    validity: { valueMissing: true },
    matches: () => false,
  };
  element.showError = (text) => areas().forEach((area) => area.showError(text && (area === (blank() ?? areas()[0])) ? text : null));
  Object.defineProperty(element, "value", { get: () => areas().map((area) => area.value.trim()) });
  return element;
}
