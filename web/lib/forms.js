// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { h, fill, uniqueId } from "./dom.js";
import { t, number } from "./i18n.js";
import { Problem, Unreachable } from "./api.js";

/** What went wrong, in the reader's language where there is a message for the code, else in the server's words. */
export function problemText(error) {
  if (error instanceof Unreachable) return t("error.unreachable");
  if (error instanceof Problem) {
    if (error.code === "wrong_credentials") return t("error.wrong_credentials");
    if (error.code === "too_many_requests" && error.retryAfter) {
      return t("error.wait", { count: error.retryAfter });
    }
    if (error.status >= 500) return t("error.server", { id: error.requestId ?? "–" });
    const fields = error.fields.map((field) => field.message).join(" ");
    return fields && !error.message.includes(fields) ? `${error.message} ${fields}` : error.message;
  }
  return error.message;
}

/**
 * A labelled control. `control` is an input, select or textarea; the hint and the error are tied to it for screen
 * readers.
 */
export function field(label, control, hint = null) {
  const id = control.id || uniqueId("field");
  control.id = id;
  const error = h("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const described = [hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  control.setAttribute("aria-describedby", described);
  const wrapper = h("div", { class: "field" },
    h("label", { for: id }, label, control.required ? null : h("span", { class: "optional" }, ` ${t("form.optional")}`)),
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint), control, error);
  wrapper.control = control;
  wrapper.showError = (text) => {
    error.hidden = !text;
    error.textContent = text ?? "";
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  Object.defineProperty(wrapper, "value", {
    get: () => (control.matches("select[multiple]") ? [...control.selectedOptions].map(({ value }) => value) : control.value),
    set: (value) => { control.value = value; },
  });
  return wrapper;
}

export const textField = (label, { hint, ...properties } = {}) =>
  field(label, h("input", { type: "text", ...properties }), hint);

export const areaField = (label, { hint, ...properties } = {}) =>
  field(label, h("textarea", { rows: 4, ...properties }), hint);

/** A choice; `options` is an array of [value, text]. */
export function selectField(label, options, { hint, value, ...properties } = {}) {
  const select = h("select", { required: true, ...properties },
    options.map(([key, text]) => h("option", { value: key, selected: key === value }, text)));
  return field(label, select, hint);
}

/** Any number of choices; `options` is an array of [value, text], `values` are those that are chosen. */
export function manyField(label, options, { hint, values, ...properties } = {}) {
  const select = h("select", { multiple: true, required: false, size: 6, ...properties },
    options.map(([key, text]) => h("option", { value: key, selected: values.includes(key) }, text)));
  return field(label, select, hint);
}

/** A box to tick; its value is true or false. */
export function checkField(label, { hint, checked, ...properties } = {}) {
  const id = uniqueId("field");
  const control = h("input", { type: "checkbox", id, checked, "aria-describedby": hint ? `${id}-hint` : null, ...properties });
  const error = h("p", { class: "field-error", hidden: true });
  const wrapper = h("div", { class: "field" },
    h("div", { class: "check" }, control, h("label", { for: id }, label)), hint && h("p", { class: "hint", id: `${id}-hint` }, hint), error);
  wrapper.control = control;
  wrapper.showError = (text) => {
    error.hidden = !text;
    error.textContent = text ?? "";
  };
  Object.defineProperty(wrapper, "value", { get: () => control.checked, set: (value) => { control.checked = value; } });
  return wrapper;
}

/** A password with a button that shows it; pasting and password managers work. */
export function passwordField(label, autocomplete, { hint, minlength } = {}) {
  const input = h("input", { type: "password", autocomplete, required: true, minlength, spellcheck: "false" });
  const wrapper = field(label, input, hint);
  const button = h("button", { type: "button", class: "show-password", "aria-pressed": "false" }, t("form.show"));
  button.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });
  button.setAttribute("aria-label", t("form.show_password"));
  const row = h("div", { class: "with-button" });
  input.replaceWith(row);
  row.append(input, button);
  return wrapper;
}

/**
 * A form that sends itself: checks the fields, calls `send` with a disabled button, and puts every complaint of the
 * server beside the field it is about (`fields` maps the server's names to ours).
 */
export function form({ fields, submit, send, extra = null, inline = false }) {
  const message = h("p", { class: "form-error", role: "alert", hidden: true });
  const button = h("button", { type: "submit", class: "primary" }, submit);
  const element = h("form", { class: inline ? "form inline" : "form", novalidate: true },
    Object.values(fields), message, h("div", { class: "actions" }, button, extra));
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    message.hidden = true;
    let first = null;
    for (const wrapper of Object.values(fields)) {
      const control = wrapper.control;
      const complaint = control.checkValidity() ? null : complaintAbout(control);
      wrapper.showError(complaint);
      if (complaint && !first) first = control;
    }
    if (first) return first.focus();
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      await send(valuesOf(fields), element);
    } catch (error) {
      let placed = false;
      for (const { field: name, message: text } of error.fields ?? []) {
        if (!fields[name]) continue;
        fields[name].showError(sentence(text));
        if (!placed) fields[name].control.focus();
        placed = true;
      }
      if (!placed) {
        fill(message, problemText(error));
        message.hidden = false;
      }
    } finally {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  });
  return element;
}

/** What the fields hold now, by their names. */
export const valuesOf = (fields) => Object.fromEntries(Object.entries(fields).map(([name, wrapper]) => [name, wrapper.value]));

/** "must be an id" as "Must be an id." */
const sentence = (text) => `${text.charAt(0).toLocaleUpperCase()}${text.slice(1)}`.replace(/([^.!?])$/u, "$1.");

function complaintAbout(control) {
  const state = control.validity;
  if (state.valueMissing) return t("form.missing");
  if (state.typeMismatch) return t("form.bad_email");
  if (state.tooShort) return t("form.too_short", { count: control.minLength });
  if (state.rangeOverflow || state.rangeUnderflow || state.badInput) {
    return t("form.out_of_range", { low: number(Number(control.min)), high: number(Number(control.max)) });
  }
  return control.validationMessage;
}
