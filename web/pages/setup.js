// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, post } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { form, passwordField, textField } from "../lib/forms.js";

export default async function page({ query }) {
  const title = t("setup.title");
  const { needs_setup: needsSetup } = await get("/setup_state", { anonymous: true });
  if (!needsSetup) {
    return {
      title,
      content: h("div", { class: "gate" }, h("div", { class: "card stack" },
        h("h1", {}, t("setup.done_title")), h("p", {}, t("setup.done_text")),
        h("div", { class: "actions" }, h("a", { class: "button primary", href: "/login" }, t("login.submit"))))),
    };
  }
  const token = query.get("token");
  const fields = {
    ...(token ? {} : { token: textField(t("setup.token"), { required: true, autocomplete: "off", hint: t("setup.token_hint") }) }),
    name: textField(t("person.name"), { required: true, autocomplete: "name" }),
    email: textField(t("person.email"), { type: "email", required: true, autocomplete: "username" }),
    password: passwordField(t("setup.password"), "new-password", { hint: t("password.hint"), minlength: 12 }),
  };
  return {
    title,
    content: h("div", { class: "gate" },
      h("div", { class: "card" },
        h("h1", {}, t("setup.heading")),
        h("p", { class: "quiet" }, t("setup.lead")),
        form({
          fields, submit: t("setup.submit"),
          send: async (values) => {
            await post("/auth/setup", { token, ...values, cookie: true }, { anonymous: true });
            location.assign("/");
          },
        }))),
  };
}
