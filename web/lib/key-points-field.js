// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { post } from "./api.js";
import { fill, h, icon, uniqueId } from "./dom.js";
import { areaField, problemText, selectField, textField } from "./forms.js";
import { t } from "./i18n.js";

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const commas = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);

/**
 * The key points of a question as a field of a form: one block each, the rest of it folded away.
 *
 * `source()` gives `{expected_answers, language}` from which key points are proposed on request.
 */
export function keyPointsField(keyPoints, source) {
  const list = h("ol", { class: "key-point-editors" });
  const message = h("p", { class: "field-error", role: "alert", hidden: true });
  const say = (text) => {
    message.hidden = !text;
    message.textContent = text ?? "";
  };
  const add = (keyPoint) => {
    const editor = keyPointEditor(keyPoint, () => editor.remove());
    list.append(editor);
    return editor;
  };
  keyPoints.forEach(add);
  const propose = h("button", { type: "button", onclick: async () => {
    say(null);
    propose.disabled = true;
    try {
      const { items } = await post("/key_points/propose", source());
      const known = new Set([...list.children].map((editor) => editor.value.label));
      items.filter(({ label }) => !known.has(label)).forEach(add);
      if (items.length === 0) say(t("key_points.none_proposed"));
    } catch (error) {
      say(problemText(error));
    } finally {
      propose.disabled = false;
    }
  } }, icon("text"), t("key_points.propose"));
  const element = h("fieldset", { class: "field key-points-field" },
    h("legend", {}, t("key_points.title")), h("p", { class: "hint" }, t("key_points.hint")), list, message,
    h("div", { class: "actions" }, propose,
      h("button", { type: "button", onclick: () => add({}).querySelector("input").focus() }, t("key_points.add"))));
  // A form asks its fields for a control that checks itself and takes the focus.
  element.control = {
    checkValidity: () => [...list.children].every((editor) => editor.value.label),
    focus: () => [...list.children].find((editor) => !editor.value.label)?.querySelector("input").focus(),
    validity: { valueMissing: true },
    matches: () => false,
  };
  element.showError = say;
  Object.defineProperty(element, "value", { get: () => [...list.children].map((editor) => editor.value) });
  return element;
}

function keyPointEditor(keyPoint, remove) {
  const label = textField(t("key_points.label"), { required: true, maxlength: 500, value: keyPoint.label ?? "" });
  const weight = textField(t("key_points.weight"), {
    type: "number", min: 0.1, max: 1000, step: "any", required: true, value: String(keyPoint.weight ?? 1),
  });
  const [essential, critical] = ["essential", "critical"].map((name) => {
    const box = h("input", { type: "checkbox", id: uniqueId("key-point"), checked: keyPoint[name] ?? false });
    return { box, element: h("label", { class: "check", for: box.id }, box, t(`key_points.${name}`)) };
  });
  const polarity = selectField(t("key_points.polarity"),
    [["", t("key_points.from_label")], ["affirm", t("key_points.affirm")], ["negate", t("key_points.negate")]],
    { value: keyPoint.polarity ?? "", required: false });
  const area = (name, value) => areaField(t(`key_points.${name}`), { rows: 2, value, hint: t(`key_points.${name}_hint`) });
  const phrases = area("phrases", (keyPoint.phrases ?? []).join("\n"));
  const concepts = area("concepts", (keyPoint.concepts ?? []).map((group) => group.join(", ")).join("\n"));
  const forbidden = area("forbidden", (keyPoint.forbidden ?? []).join("\n"));
  const numbers = numbersField(keyPoint.numbers ?? []);
  const answers = textField(t("key_points.answers"), {
    value: (keyPoint.expected_answers ?? []).join(", "), pattern: "[0-9, ]*", maxlength: 60, hint: t("key_points.answers_hint"),
  });
  const element = h("li", { class: "key-point-editor" }, label,
    h("div", { class: "inline-fields" }, weight, essential.element, critical.element,
      keyPoint.retired && h("span", { class: "badge" }, t("key_points.retired")),
      h("button", { type: "button", class: "plain", onclick: remove }, t("key_points.remove"))),
    h("details", { class: "disclosure" }, h("summary", {}, t("key_points.more")),
      h("div", { class: "disclosed" }, phrases, concepts, numbers, forbidden, polarity, answers)));
  const id = keyPoint.id ?? `k-${crypto.randomUUID().slice(0, 8)}`;
  Object.defineProperty(element, "value", { get: () => ({
    id, label: label.value.trim(), weight: Number(weight.value) || 1,
    essential: essential.box.checked, critical: critical.box.checked, retired: keyPoint.retired ?? false,
    ...(polarity.value && { polarity: polarity.value }),
    phrases: lines(phrases.value), concepts: lines(concepts.value).map(commas).filter(({ length }) => length > 0),
    numbers: numbers.value, forbidden: lines(forbidden.value),
    expected_answers: commas(answers.value).map(Number).filter(Number.isInteger),
  }) });
  return element;
}

/** Quantities that have to be right: a row of relation, value, unit, tolerance and role each, and an empty one to fill in. */
function numbersField(numbers) {
  const rows = h("div", { class: "stack" });
  const input = (name, value, properties = {}) =>
    h("input", { "aria-label": t(`key_points.number.${name}`), placeholder: t(`key_points.number.${name}`), value: value ?? "", ...properties });
  const add = (number = {}) => {
    const options = [["", "key_points.from_label"], ["equal", "key_points.number.equal"],
      ["at_least", "key_points.number.at_least"], ["at_most", "key_points.number.at_most"]];
    const row = h("div", { class: "number-row" },
      h("select", { "aria-label": t("key_points.number.relation") },
        options.map(([value, name]) => h("option", { value, selected: value === (number.relation ?? "") }, t(name)))),
      input("value", number.value, { type: "number", step: "any", min: 0 }), input("unit", number.unit, { maxlength: 60 }),
      input("tolerance", number.tolerance || null, { type: "number", step: "any", min: 0 }), input("role", number.role, { maxlength: 200 }));
    const [relation, value, unit, tolerance, role] = row.children;
    Object.defineProperty(row, "value", { get: () => value.value === "" ? null : {
      value: Number(value.value), tolerance: Number(tolerance.value) || 0, ...(relation.value && { relation: relation.value }),
      ...(unit.value.trim() && { unit: unit.value.trim() }), ...(role.value.trim() && { role: role.value.trim() }),
    } });
    rows.append(row);
  };
  numbers.forEach(add);
  add();
  const element = h("fieldset", { class: "field" }, h("legend", {}, t("key_points.numbers")),
    h("p", { class: "hint" }, t("key_points.numbers_hint")), rows,
    h("button", { type: "button", class: "plain", onclick: () => add() }, t("key_points.add_number")));
  Object.defineProperty(element, "value", { get: () => [...rows.children].map((row) => row.value).filter(Boolean) });
  return element;
}
