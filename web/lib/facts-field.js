// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h } from "./dom.js";
import { areaField, textField } from "./forms.js";
import { t } from "./i18n.js";

/** What a student may ask for, as a field of a form: a row each of what is asked and what is told. */
export function factsField(facts) {
  const list = h("ol", { class: "fact-editors" });
  const message = h("p", { class: "field-error", role: "alert", hidden: true });
  const add = (fact = {}) => {
    const label = textField(t("facts.label"), { required: true, maxlength: 200, value: fact.label ?? "" });
    const text = areaField(t("facts.text"), { required: true, rows: 2, maxlength: 2000, value: fact.text ?? "" });
    const row = h("li", { class: "key-point-editor" }, label, text,
      h("button", { type: "button", class: "plain", onclick: () => row.remove() }, t("facts.remove")));
    const id = fact.id ?? `f-${crypto.randomUUID().slice(0, 8)}`;
    Object.defineProperty(row, "value", { get: () => ({ id, label: label.value.trim(), text: text.value.trim() }) });
    list.append(row);
    return row;
  };
  facts.forEach(add);
  const element = h("fieldset", { class: "field facts-field" }, h("legend", {}, t("facts.title")),
    h("p", { class: "hint" }, t("facts.hint")), list, message,
    h("div", { class: "actions" },
      h("button", { type: "button", onclick: () => add().querySelector("input").focus() }, t("facts.add"))));
  const incomplete = () => [...list.children].find(({ value }) => !value.label || !value.text);
  element.control = {
    checkValidity: () => !incomplete(),
    focus: () => incomplete()?.querySelector("input").focus(),
    validity: { valueMissing: true },
    matches: () => false,
  };
  element.showError = (text) => {
    message.hidden = !text;
    message.textContent = text ?? "";
  };
  Object.defineProperty(element, "value", { get: () => [...list.children].map((row) => row.value) });
  return element;
}
