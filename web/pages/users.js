// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, patch, post } from "../lib/api.js";
import { h, toast } from "../lib/dom.js";
import { form, passwordField, problemText, selectField, textField } from "../lib/forms.js";
import { moment, t } from "../lib/i18n.js";
import { table } from "../lib/lists.js";
import { loadInto } from "../lib/states.js";

const roles = () => ["student", "educator", "admin"].map((role) => [role, t(`role.${role}`)]);

export default async function page({ user }) {
  const place = h("div");
  const change = async (person, changes, control) => {
    control.disabled = true;
    try {
      await patch(`/users/${person.id}`, changes);
      toast(t("users.saved", { name: person.name }));
    } catch (error) {
      toast(problemText(error));
    }
    load();
  };
  const load = () => loadInto(place, async () => table(t("nav.users"), [
    { label: t("person.name"), cell: (person) => person.name },
    { label: t("person.email"), cell: (person) => person.email },
    {
      label: t("person.role"),
      cell: (person) => (person.id === user.id ? t(`role.${person.role}`) : h("select", {
        "aria-label": t("users.role_of", { name: person.name }),
        onchange: (event) => change(person, { role: event.target.value }, event.target),
      }, roles().map(([role, text]) => h("option", { value: role, selected: role === person.role }, text)))),
    },
    { label: t("person.since"), cell: (person) => moment(person.created_at) },
    {
      label: t("person.state"),
      cell: (person) => h("span", { class: person.disabled ? "badge warn" : "badge good" },
        t(person.disabled ? "users.disabled" : "users.active")),
    },
    {
      cell: (person) => person.id !== user.id && h("button", {
        class: "slim", "aria-label": t(person.disabled ? "users.enable_name" : "users.disable_name", { name: person.name }),
        onclick: (event) => change(person, { disabled: !person.disabled }, event.currentTarget),
      }, t(person.disabled ? "users.enable" : "users.disable")),
    },
  ], await all("/users")));
  await load();
  const fields = {
    name: textField(t("person.name"), { required: true, autocomplete: "off" }),
    email: textField(t("person.email"), { type: "email", required: true, autocomplete: "off" }),
    role: selectField(t("person.role"), roles(), { value: "educator" }),
    password: passwordField(t("person.first_password"), "new-password", { hint: t("password.hint"), minlength: 12 }),
  };
  return {
    title: t("nav.users"),
    content: [
      h("div", { class: "page-head" }, h("h1", {}, t("nav.users"))),
      h("div", { class: "sections" }, place,
        h("details", { class: "disclosure" }, h("summary", {}, t("users.new")),
          h("div", { class: "disclosed" }, form({
            fields, submit: t("users.create"),
            send: async (values, element) => {
              await post("/users", values);
              element.reset();
              toast(t("users.saved", { name: values.name }));
              load();
            },
          })))),
    ],
  };
}
