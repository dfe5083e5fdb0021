// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, patch, post, remove } from "../lib/api.js";
import { fill, h, toast } from "../lib/dom.js";
import { confirmDialog } from "../lib/dialogs.js";
import { form, passwordField, problemText, selectField, textField } from "../lib/forms.js";
import { moment, t } from "../lib/i18n.js";
import { table } from "../lib/lists.js";
import { emptyState, loadInto } from "../lib/states.js";
import { enableShortcuts, shortcutsEnabled } from "../lib/shortcuts.js";

export default async function page({ user }) {
  const groups = await get("/groups");
  const name = { name: textField(t("person.name"), { required: true, value: user.name, autocomplete: "name" }) };
  const passwords = {
    current: passwordField(t("account.current_password"), "current-password"),
    new: passwordField(t("account.new_password"), "new-password", { hint: t("password.hint"), minlength: 12 }),
  };
  return {
    title: t("nav.account"),
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("nav.account")),
        h("p", { class: "quiet" }, `${user.email} · ${t(`role.${user.role}`)}`))),
      h("div", { class: "sections" },
        h("div", { class: "halves" },
          h("section", { class: "card" }, h("h2", {}, t("account.profile")), form({
            fields: name, submit: t("action.save"),
            send: async (values) => {
              await patch("/me", values);
              location.reload();
            },
          }),
          h("div", { class: "check" },
            h("input", {
              type: "checkbox", id: "shortcuts", checked: shortcutsEnabled(),
              onchange: (event) => enableShortcuts(event.target.checked),
            }),
            h("label", { for: "shortcuts" }, t("shortcuts.enable")))),
          h("section", { class: "card" }, h("h2", {}, t("account.password")), form({
            fields: passwords, submit: t("account.change_password"),
            send: async (values, element) => {
              await post("/me/password", values);
              element.reset();
              toast(t("account.password_changed"));
            },
          }))),
        groups.attribute && groupCard(user, groups), sessions(), tokens()),
    ],
  };
}

/** The group that somebody counts themselves to, if they want. */
function groupCard(user, groups) {
  return h("section", { class: "card" }, h("h2", {}, t("account.group")), h("p", { class: "quiet" }, t("account.group_text")), form({
    fields: {
      group: selectField(groups.attribute, [["", t("account.no_group")], ...groups.choices.map((name) => [name, name])],
        { value: user.group ?? "", required: false }),
    },
    submit: t("action.save"),
    send: async ({ group }) => {
      await patch("/me", { group: group || null });
      toast(t("account.group_saved"));
    },
  }));
}

function sessions() {
  const place = h("div");
  const load = () => loadInto(place, async () => {
    const { items } = await get("/auth/sessions");
    return table(t("account.sessions"), [
      {
        label: t("account.where"),
        cell: (session) => [deviceName(session), " ", session.current && h("span", { class: "badge good" }, t("account.this_device"))],
      },
      { label: t("account.signed_in"), cell: (session) => moment(session.created_at) },
      { label: t("account.last_used"), cell: (session) => moment(session.last_used_at) },
      {
        cell: (session) => !session.current && h("button", {
          class: "slim", onclick: async () => {
            try {
              await remove(`/auth/sessions/${session.id}`);
              load();
            } catch (error) {
              toast(problemText(error));
            }
          },
        }, t("account.end_session")),
      },
    ], items);
  });
  load();
  return h("section", { class: "section" },
    h("div", { class: "section-head" }, h("h2", {}, t("account.sessions")),
      h("button", {
        class: "slim", onclick: async () => {
          try {
            await post("/auth/logout_all");
            location.assign("/login");
          } catch (error) {
            toast(problemText(error));
          }
        },
      }, t("account.end_all"))),
    h("p", { class: "quiet" }, t("account.sessions_text")), place);
}

/** Lasting tokens for programs; the text of a new one is shown once. */
function tokens() {
  const place = h("div"), made = h("div", { "aria-live": "polite" });
  const load = () => loadInto(place, async () => {
    const { items } = await get("/me/tokens");
    if (!items.length) return emptyState(t("token.none_title"), t("token.none_text"), null, "text");
    return table(t("token.title"), [
      { label: t("token.name"), cell: (token) => token.name },
      { label: t("token.made"), cell: (token) => moment(token.created_at) },
      { label: t("token.ends"), cell: (token) => token.expires_at ? moment(token.expires_at) : t("token.never") },
      { label: t("account.last_used"), cell: (token) => token.last_used_at ? moment(token.last_used_at) : t("token.never") },
      {
        cell: (token) => h("button", {
          class: "slim", "aria-label": t("token.end_name", { name: token.name }), onclick: () => end(token),
        }, t("token.end")),
      },
    ], items);
  });
  const end = async (token) => {
    if (!await confirmDialog(t("token.end_name", { name: token.name }), t("token.end_text"), t("token.end"))) return;
    try {
      await remove(`/me/tokens/${token.id}`);
      load();
    } catch (error) {
      toast(problemText(error));
    }
  };
  const fields = {
    name: textField(t("token.name"), { required: true, maxlength: 200, autocomplete: "off" }),
    days: textField(t("token.days"), { type: "number", min: 1, max: 3650, step: 1, inputmode: "numeric", hint: t("token.days_hint") }),
  };
  const show = ({ token }) => {
    const text = textField(t("token.one"), { readonly: true, required: true, value: token, spellcheck: false });
    fill(made, h("div", { class: "notice good stack" }, h("p", {}, t("token.created")), text,
      h("div", { class: "actions" }, h("button", {
        type: "button", onclick: async () => {
          text.control.select();
          await navigator.clipboard.writeText(token);
          toast(t("token.copied"));
        },
      }, t("token.copy")))));
    text.control.select();
  };
  load();
  return h("section", { class: "section" },
    h("h2", {}, t("token.title")), h("p", { class: "quiet" }, t("token.text")), place, made,
    h("details", { class: "disclosure" },
      h("summary", {}, t("token.create")),
      h("div", { class: "disclosed" }, form({
        fields, submit: t("token.create"),
        send: async ({ name, days }, element) => {
          show(await post("/me/tokens", { name, days: days ? Number(days) : null }));
          element.reset();
          load();
        },
      }))));
}

/** A browser's name and system as far as its self-description tells. */
function deviceName({ kind, user_agent: agent }) {
  if (!agent) return t(kind === "api" ? "account.program" : "account.browser");
  const browser = [["Edg/", "Edge"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]]
    .find(([mark]) => agent.includes(mark))?.[1];
  const system = [["Windows", "Windows"], ["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Mac OS", "macOS"], ["Linux", "Linux"]]
    .find(([mark]) => agent.includes(mark))?.[1];
  return browser ? [browser, system].filter(Boolean).join(" · ") : agent.slice(0, 60);
}
