// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { fill, h, uniqueId } from "./dom.js";
import { t } from "./i18n.js";

/** How many criteria and levels a rubric may have. */
const MOST_CRITERIA = 20, MOST_LEVELS = 10;

/**
 * The criteria of a rubric as a field of a form: a row each, a column for each score. A cell without a name is a level
 * that the criterion does not have. Alt with the arrows goes from cell to cell.
 */
export function rubricGrid(criteria) {
  // Criteria may have scores of their own: the columns are those of all of them.
  const scores = [...new Set(criteria.flatMap(({ levels }) => levels.map(({ score }) => score)))].sort((one, other) => one - other);
  const model = {
    scores,
    rows: criteria.map(({ id, label, description, weight, levels }) => ({
      id, label, description: description ?? "", weight,
      cells: scores.map((score) => {
        const level = levels.find((one) => one.score === score);
        return { label: level?.label ?? "", description: level?.description ?? "" };
      }),
    })),
  };
  const message = h("p", { class: "field-error", role: "alert", hidden: true });
  const table = h("table", { class: "rubric-grid", onkeydown: arrows });
  const element = h("fieldset", { class: "field" }, h("legend", {}, t("rubric.criteria")),
    h("p", { class: "hint" }, t("rubric.grid_hint")), h("div", { class: "table-frame" }, table), message,
    h("div", { class: "actions" },
      h("button", { type: "button", onclick: addCriterion }, t("rubric.add_criterion")),
      h("button", { type: "button", onclick: addLevel }, t("rubric.add_level"))));

  function input(row, key, label, properties = {}) {
    return h("input", {
      type: "text", "aria-label": label, value: String(row[key]), maxlength: 200, ...properties,
      oninput: ({ target }) => { row[key] = target.value; },
    });
  }
  const note = (row, label) => h("textarea", {
    rows: 2, "aria-label": label, maxlength: 1000, placeholder: t("rubric.note"), value: row.description,
    oninput: ({ target }) => { row.description = target.value; },
  });

  function draw(focus = null) {
    fill(table,
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, t("rubric.criterion")),
        model.scores.map((score, column) => h("th", { scope: "col" },
          h("label", {}, `${t("rubric.points")} `, h("input", {
            type: "number", min: 0, max: 100, step: 1, value: String(score), "data-cell": `0/${column + 1}`,
            oninput: ({ target }) => { model.scores[column] = target.value === "" ? NaN : Number(target.value); },
          })),
          model.scores.length > 2 && h("button", {
            type: "button", class: "plain slim", "aria-label": t("rubric.remove_level", { score }), onclick: () => removeLevel(column),
          }, t("rubric.remove")))))),
      h("tbody", {}, model.rows.map((row, index) => rowOf(row, index, row.label || t("rubric.criterion_number", { number: index + 1 })))));
    if (focus) table.querySelector(`[data-cell="${focus}"]`)?.focus();
  }

  function rowOf(row, index, name) {
    return h("tr", {},
      h("th", { scope: "row" },
        input(row, "label", t("rubric.criterion_number", { number: index + 1 }), { "data-cell": `${index + 1}/0`, required: true }),
        note(row, t("rubric.note_of", { name })),
        h("label", {}, `${t("rubric.weight")} `, input(row, "weight", t("rubric.weight_of", { name }),
          { type: "number", min: 0.1, max: 100, step: "any" })),
        h("div", { class: "actions" },
          index > 0 && h("button", { type: "button", class: "plain slim", "aria-label": t("rubric.up", { name }), onclick: () => move(index) }, "↑"),
          model.rows.length > 1 && h("button", {
            type: "button", class: "plain slim", "aria-label": t("rubric.remove_name", { name }), onclick: () => removeRow(index),
          }, t("rubric.remove")))),
      row.cells.map((cell, column) => h("td", { "data-label": `${model.scores[column]}` },
        input(cell, "label", t("rubric.cell", { name, score: model.scores[column] }), { "data-cell": `${index + 1}/${column + 1}`, maxlength: 100 }),
        note(cell, t("rubric.note_of", { name: `${name} ${model.scores[column]}` })))));
  }

  function addCriterion() {
    if (model.rows.length >= MOST_CRITERIA) return;
    model.rows.push({
      id: null, label: "", description: "", weight: 1,
      cells: model.scores.map((_, column) => ({ label: model.rows[0]?.cells[column].label ?? "", description: "" })),
    });
    draw(`${model.rows.length}/0`);
  }
  function addLevel() {
    if (model.scores.length >= MOST_LEVELS) return;
    model.scores.push(Math.max(...model.scores.filter(Number.isFinite), -1) + 1);
    for (const row of model.rows) row.cells.push({ label: "", description: "" });
    draw(`1/${model.scores.length}`);
  }
  function removeLevel(column) {
    model.scores.splice(column, 1);
    for (const row of model.rows) row.cells.splice(column, 1);
    draw(`0/${Math.max(1, column)}`);
  }
  function removeRow(index) {
    model.rows.splice(index, 1);
    draw(`${Math.max(1, index)}/0`);
  }
  function move(index) {
    model.rows.splice(index - 1, 0, ...model.rows.splice(index, 1));
    draw(`${index}/0`);
  }
  function arrows(event) {
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const place = event.target.closest("td, th")?.querySelector("[data-cell]")?.dataset.cell;
    if (!event.altKey || !steps[event.key] || !place) return;
    const [row, column] = place.split("/").map(Number);
    const next = table.querySelector(`[data-cell="${row + steps[event.key][0]}/${column + steps[event.key][1]}"]`);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  draw();
  element.control = {
    checkValidity: () => model.rows.every(({ label }) => label.trim()),
    focus: () => [...table.querySelectorAll("th input[required]")].find(({ value }) => !value.trim())?.focus(),
    validity: { valueMissing: true },
    matches: () => false,
  };
  element.showError = (text) => {
    message.hidden = !text;
    message.textContent = text ?? "";
  };
  Object.defineProperty(element, "value", { get: () => model.rows.map((row) => ({
    ...(row.id && { id: row.id }), label: row.label.trim(), weight: Number(row.weight), ...described(row),
    levels: row.cells.map((cell, column) => ({ score: model.scores[column], label: cell.label.trim(), ...described(cell) }))
      .filter(({ label }) => label).sort((one, other) => one.score - other.score),
  })) });
  return element;
}

const described = ({ description }) => (description.trim() ? { description: description.trim() } : {});

/** The scale of the global rating as a field of a form: a row each, none for a rubric without one. */
export function scaleField(levels) {
  const list = h("ol", { class: "scale-rows" });
  const add = ({ score, label = "" }) => {
    const points = h("input", { type: "number", min: 0, max: 100, step: 1, value: String(score), "aria-label": t("rubric.points") });
    const name = h("input", { type: "text", maxlength: 100, value: label, "aria-label": t("rubric.level_name"), id: uniqueId("level") });
    const row = h("li", { class: "number-row" }, points, name,
      h("button", { type: "button", class: "plain slim", "aria-label": t("rubric.remove_name", { name: label || score }), onclick: () => row.remove() },
        t("rubric.remove")));
    Object.defineProperty(row, "value", { get: () => ({ score: Number(points.value), label: name.value.trim() }) });
    list.append(row);
    return name;
  };
  levels.forEach(add);
  const message = h("p", { class: "field-error", role: "alert", hidden: true });
  const element = h("fieldset", { class: "field" }, h("legend", {}, t("mark.global")),
    h("p", { class: "hint" }, t("rubric.global_hint")), list, message,
    h("button", {
      type: "button", onclick: () => add({ score: Math.max(-1, ...[...list.children].map(({ value }) => value.score)) + 1 }).focus(),
    }, t("rubric.add_rating_level")));
  element.control = { checkValidity: () => true, focus: () => list.querySelector("input")?.focus(), matches: () => false };
  element.showError = (text) => {
    message.hidden = !text;
    message.textContent = text ?? "";
  };
  Object.defineProperty(element, "value", { get: () => [...list.children].map(({ value }) => value)
    .filter(({ label }) => label).sort((one, other) => one.score - other.score) });
  return element;
}
