// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, post } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { form, passwordField, textField } from "../lib/forms.js";

/** Only paths of this site: `//elsewhere` and absolute addresses lead home. */
function destination(query) {
  const next = query.get("next") ?? "/";
  return new URL(next, location.origin).origin === location.origin && next.startsWith("/") ? next : "/";
}

export default async function page({ query }) {
  const { needs_setup: needsSetup } = await get("/setup_state", { anonymous: true });
  const fields = {
    email: textField(t("login.email"), { type: "email", autocomplete: "username", required: true }),
    password: passwordField(t("login.password"), "current-password"),
  };
  return {
    title: t("login.title"),
    content: h("div", { class: "gate" },
      h("div", { class: "card" },
        h("h1", {}, t("login.heading")),
        h("p", { class: "quiet" }, t("login.lead")),
        needsSetup && h("p", { class: "notice" }, t("login.needs_setup")),
        form({
          fields, submit: t("login.submit"),
          send: async (values) => {
            await post("/auth/login", { ...values, cookie: true }, { anonymous: true });
            location.assign(destination(query));
          },
        }),
        h("p", { class: "quiet small" }, t("login.help")))),
  };
}
