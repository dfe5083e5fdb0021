// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { announce, fill, h, icon, uniqueId } from "./dom.js";
import { areaField, problemText } from "./forms.js";
import { clock, t } from "./i18n.js";

/**
 * The form of a mark: a group of levels for each criterion, the global rating, comments with moments, a reason.
 *
 * A digit chooses that level of the group that has the focus and goes on to the next group. `position` says where the
 * recording is, `seek` goes there. `actions` are `{text, primary, send(body)}`; a problem of the server is shown beside
 * the field it is about. `prefix` is put before names of fields in problems, such as `mark.`.
 */
export function markForm({ rubric, mark = null, position, seek, actions, needsReason = false, reasonLabel = null, prefix = "" }) {
  const groups = rubric.criteria.map((criterion) =>
    levelGroup(criterion.label, criterion.description, criterion.levels, mark?.levels[criterion.id], `levels.${criterion.id}`));
  if (rubric.global_scale.length) {
    groups.push(levelGroup(t("mark.global"), t("mark.global_text"), rubric.global_scale, mark?.global_rating, "global_rating"));
  }
  groups.forEach((group, index) => group.element.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
    if (!group.choose(Number(event.key) - 1)) return;
    event.preventDefault();
    announce(t("mark.chosen", { criterion: group.label, level: group.chosenLabel() }));
    (groups[index + 1] ?? group).focus();
  }));
  const comments = commentList(mark?.comments ?? [], { position, seek });
  const reason = areaField(reasonLabel ?? t("mark.reason"), {
    rows: 2, required: needsReason, maxlength: 1000, value: mark?.reason ?? "", hint: reasonLabel ? null : t("mark.reason_hint"),
  });
  const message = h("p", { class: "form-error", role: "alert", hidden: true });
  const body = () => ({
    levels: Object.fromEntries(groups.filter(({ name }) => name !== "global_rating")
      .map(({ name, value }) => [name.slice("levels.".length), value()]).filter(([, score]) => score !== null)),
    ...(rubric.global_scale.length && { global_rating: groups.at(-1).value() }),
    comments: comments.value(),
    reason: reason.value.trim() || null,
  });
  const run = async (action, button) => {
    message.hidden = true;
    for (const group of groups) group.showError(null);
    reason.showError(null);
    button.disabled = true;
    try {
      await action.send(body());
    } catch (error) {
      let first = null;
      const rest = [];
      for (const { field: name, message: text } of error.fields ?? []) {
        const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
        const place = bare === "reason" ? { showError: reason.showError, focus: () => reason.control.focus() }
          : groups.find((group) => group.name === bare);
        if (!place) { rest.push(text); continue; }
        place.showError(text);
        first ??= place;
      }
      if (!first || rest.length) {
        fill(message, problemText(error));
        message.hidden = false;
      }
      first?.focus();
    } finally {
      button.disabled = false;
    }
  };
  const buttons = actions.map((action) => {
    const button = h("button", { type: "button", class: action.primary ? "primary" : null, onclick: () => run(action, button) }, action.text);
    return button;
  });
  return h("div", { class: "form mark-form" },
    h("p", { class: "quiet small" }, t("mark.keys")),
    groups.map(({ element }) => element), comments.element, reason, message, h("div", { class: "actions" }, buttons));
}

/** One criterion as a group of radio buttons. */
function levelGroup(label, description, levels, chosen, name) {
  const id = uniqueId("criterion");
  const inputs = levels.map((level) => h("input", {
    type: "radio", name: id, id: `${id}-${level.score}`, value: String(level.score), checked: level.score === chosen,
  }));
  const error = h("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const element = h("fieldset", { class: "levels", "aria-describedby": `${id}-error` },
    h("legend", {}, label),
    description && h("p", { class: "hint" }, description),
    h("div", { class: "level-row" }, levels.map((level, index) => h("label", { class: "level", for: inputs[index].id },
      inputs[index], h("span", {}, h("kbd", {}, String(index + 1)), " ", level.label,
        level.description && h("span", { class: "quiet small" }, ` – ${level.description}`))))),
    error);
  const checked = () => inputs.find((input) => input.checked);
  return {
    element, label, name,
    value: () => (checked() ? Number(checked().value) : null),
    chosenLabel: () => levels[inputs.indexOf(checked())]?.label ?? "",
    choose: (index) => {
      if (!inputs[index]) return false;
      inputs[index].checked = true;
      return true;
    },
    focus: () => (checked() ?? inputs[0]).focus(),
    showError: (text) => {
      error.hidden = !text;
      error.textContent = text ?? "";
    },
  };
}

/** Comments with the moment that each is about, and a way to write one at the current moment. */
function commentList(initial, { position, seek }) {
  const items = [...initial];
  const list = h("ol", { class: "comments" });
  const field = areaField(t("mark.comment"), { rows: 2, maxlength: 2000, id: uniqueId("comment") });
  const draw = () => fill(list, items.map((comment, index) => h("li", {},
    commentTime(comment, seek), h("span", { class: "prose" }, comment.text),
    h("button", {
      type: "button", class: "slim", "aria-label": t("mark.remove_comment", { count: index + 1 }),
      onclick: () => { items.splice(index, 1); draw(); },
    }, icon("trash")))));
  const add = (at) => {
    const text = field.value.trim();
    if (!text) return field.control.focus();
    items.push(at === null ? { text } : { text, at: Math.round(at * 1000) / 1000 });
    field.value = "";
    draw();
    announce(t("mark.comment_added"));
    field.control.focus();
  };
  draw();
  return {
    element: h("div", { class: "stack" }, h("h3", {}, t("mark.comments")), list, field,
      h("div", { class: "actions" },
        position && h("button", { type: "button", onclick: () => add(position()) }, icon("clock"), t("mark.add_here")),
        h("button", { type: "button", onclick: () => add(null) }, t("mark.add_general")))),
    value: () => items.map(({ text, at }) => (at === undefined || at === null ? { text } : { text, at })),
  };
}

/** The moment of a comment as a button that plays from there; nothing for one about the whole answer. */
export const commentTime = ({ at }, seek) => (at === undefined || at === null ? null
  : seek ? h("button", { type: "button", class: "word-time numeric", "aria-label": t("transcript.play_from", { time: clock(at) }), onclick: () => seek(at) }, clock(at))
    : h("span", { class: "numeric quiet" }, clock(at)));

/** A finished mark to read: the chosen level of each criterion and the comments. */
export function markSummary(rubric, mark, { seek = null, title = null } = {}) {
  const chosen = (levels, score) => levels.find((level) => level.score === score)?.label ?? "–";
  return h("div", { class: "stack mark-summary" },
    title && h("h3", {}, title),
    h("dl", { class: "levels-read" },
      rubric.criteria.map((criterion) => [h("dt", {}, criterion.label), h("dd", {}, chosen(criterion.levels, mark.levels[criterion.id]))]),
      mark.global_rating !== null && [h("dt", {}, t("mark.global")), h("dd", {}, chosen(rubric.global_scale, mark.global_rating))]),
    mark.comments.length > 0 && h("ol", { class: "comments" },
      mark.comments.map((comment) => h("li", {}, commentTime(comment, seek), h("span", { class: "prose" }, comment.text)))),
    mark.reason && h("p", { class: "small" }, h("strong", {}, `${t("mark.reason_given")} `), mark.reason));
}
