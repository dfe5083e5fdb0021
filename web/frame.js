// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { patch } from "./lib/api.js";
import { fill, h, icon, toast, uniqueId } from "./lib/dom.js";
import { currentLocale, LOCALES, rememberLocale, t } from "./lib/i18n.js";
import { signOut } from "./lib/session.js";
import { problemText } from "./lib/forms.js";

/** The entry of the navigation under which a page is found that has none of its own. */
const SECTIONS = {
  course: "courses", question: "courses", mark: "marking", dashboard: "courses", items: "courses", agreement: "courses",
  fairness: "courses", standard: "courses", templates: "institution",
};

const SVG = "http://www.w3.org/2000/svg";

/** Draws the bar at the top and the footer; `page` is the name of the page that is open. */
export function drawFrame(user, page) {
  fill(document.querySelector(".skip-link"), t("nav.skip"));
  fill(document.getElementById("bar"),
    h("div", { class: "bar-inner" },
      h("a", { class: "brand", href: "/" }, logo(), "Oracy"),
      user && navigation(user, page),
      menu(user)));
  fill(document.getElementById("foot"),
    h("div", { class: "foot-inner" },
      h("span", {}, t("foot.tagline")),
      h("span", { class: "foot-links" },
        h("a", { href: "/docs" }, t("nav.reference")), h("span", { id: "version", class: "quiet" }))));
  showVersion();
}

async function showVersion() {
  try {
    const answer = await fetch("/version");
    const { version } = await answer.json();
    if (version) document.getElementById("version").textContent = `Oracy ${version}`;
  } catch {
    // The footer then goes without; nothing depends on it.
  }
}

function logo() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 32 32");
  svg.setAttribute("class", "logo");
  svg.setAttribute("aria-hidden", "true");
  const square = document.createElementNS(SVG, "rect");
  for (const [name, value] of [["width", 32], ["height", 32], ["rx", 9]]) square.setAttribute(name, value);
  const wave = document.createElementNS(SVG, "path");
  wave.setAttribute("d", "M8 13v6M12 10v12M16 6.500v19M20 10v12M24 13v6");
  svg.append(square, wave);
  return svg;
}

function navigation(user, page) {
  const links = [
    ["home", "/", t("nav.home")],
    ["courses", "/courses", t("nav.courses")],
    user.role !== "student" && ["marking", "/marking", t("nav.marking")],
    user.role === "student" && ["progress", "/progress", t("nav.progress")],
    ["transcribe", "/transcribe", t("nav.transcribe")],
    user.role === "admin" && ["users", "/users", t("nav.users")],
    user.role === "admin" && ["institution", "/institution", t("nav.institution")],
  ].filter(Boolean);
  return h("nav", { class: "main-nav", "aria-label": t("nav.main") },
    links.map(([name, href, text]) =>
      h("a", { href, "aria-current": name === page ? "page" : name === SECTIONS[page] ? "true" : null }, text)));
}

function menu(user) {
  const id = uniqueId("menu");
  const initials = user?.name.split(/\s+/u).map((part) => [...part][0]).slice(0, 2).join("").toLocaleUpperCase();
  const language = h("select", { id: `${id}-language`, onchange: (event) => changeLanguage(event.target.value, user) },
    Object.entries(LOCALES).map(([tag, name]) =>
      h("option", { value: tag, lang: tag, selected: tag === currentLocale() }, name)));
  const theme = h("select", { id: `${id}-theme`, onchange: (event) => changeTheme(event.target.value) },
    ["auto", "light", "dark"].map((name) => h("option", { value: name, selected: name === chosenTheme() }, t(`theme.${name}`))));
  const panel = h("div", { id, popover: "auto", class: "menu" },
    user && h("div", { class: "menu-person" },
      h("strong", {}, user.name), h("span", { class: "quiet small" }, user.email),
      h("span", { class: "badge" }, t(`role.${user.role}`))),
    h("div", { class: "field" }, h("label", { for: `${id}-language` }, t("menu.language")), language),
    h("div", { class: "field" }, h("label", { for: `${id}-theme` }, t("menu.theme")), theme),
    user
      ? [h("a", { class: "menu-item", href: "/me" }, t("nav.account")),
        h("button", {
          class: "menu-item", id: "sign-out", onclick: () => signOut().catch((error) => toast(problemText(error))),
        }, t("nav.sign_out"))]
      : h("a", { class: "menu-item", href: "/login" }, t("login.submit")));
  return [
    h("button", {
      class: user ? "menu-button initials" : "menu-button", popovertarget: id,
      "aria-label": user ? t("menu.open_for", { name: user.name }) : t("menu.open"),
    }, user ? initials : icon("settings")),
    panel,
  ];
}

async function changeLanguage(tag, user) {
  rememberLocale(tag);
  if (user) {
    try {
      await patch("/me", { locale: tag });
    } catch (error) {
      toast(problemText(error));
      return;
    }
  }
  location.reload();
}

function chosenTheme() {
  return document.documentElement.dataset.theme ?? "auto";
}

function changeTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("oracy.theme");
    else localStorage.setItem("oracy.theme", theme);
  } catch {
    // The choice then lasts for this page only.
  }
}

/** Shows a banner while the browser has no network. */
export function watchConnection() {
  const banner = h("p", { class: "banner", role: "status", hidden: true }, icon("alert"), t("state.offline"));
  document.getElementById("bar").after(banner);
  const update = () => { banner.hidden = navigator.onLine; };
  addEventListener("online", update);
  addEventListener("offline", update);
  update();
}
