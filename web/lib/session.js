// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, post, onSessionEnded, Problem } from "./api.js";
import { h, fill, uniqueId } from "./dom.js";
import { t } from "./i18n.js";
import { passwordField, problemText } from "./forms.js";

let user = null;

/** Who is signed in, or null. */
export async function loadUser() {
  try {
    user = await get("/me", { anonymous: true });
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    user = null;
  }
  return user;
}

export const currentUser = () => user;

/** Ends the session here and on the server. */
export async function signOut() {
  await post("/auth/logout", undefined, { anonymous: true }).catch((error) => {
    if (!(error instanceof Problem && error.status === 401)) throw error;
  });
  location.assign("/login");
}

let renewal = null;

/** Asks for the password in a dialog over the page, so that nothing on it is lost. */
function renew() {
  renewal ??= askForPassword().finally(() => { renewal = null; });
  return renewal;
}

onSessionEnded(renew);

function askForPassword() {
  return new Promise((resolve, reject) => {
    const titleId = uniqueId("title");
    const message = h("p", { class: "field-error", role: "alert" });
    const password = passwordField(t("login.password"), "current-password");
    const form = h("form", { method: "dialog", class: "stack" },
      h("h2", { id: titleId }, t("session.ended")),
      h("p", {}, t("session.ended_text", { email: user?.email ?? "" })),
      password, message,
      h("div", { class: "actions" },
        h("button", { class: "primary", type: "submit" }, t("login.submit")),
        h("button", { type: "button", onclick: () => location.assign("/login") }, t("session.leave"))));
    const dialog = h("dialog", { "aria-labelledby": titleId }, form);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      fill(message);
      try {
        await post("/auth/login", { email: user.email, password: password.value, cookie: true }, { anonymous: true });
        dialog.close();
        dialog.remove();
        resolve();
      } catch (error) {
        fill(message, problemText(error));
      }
    });
    dialog.addEventListener("cancel", () => {
      dialog.remove();
      reject(new Problem(401, { code: "unauthorized", detail: t("session.ended") }));
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
