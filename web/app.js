// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// The entry of every page: finds the page's module by the path, loads the language and the person, draws the frame
// around it. Links are ordinary links and every page is loaded afresh, so that going back, titles, focus and scrolling
// work as in any document.

import { Problem } from "./lib/api.js";
import { fill, h } from "./lib/dom.js";
import { loadMessages, preferredLocale, currentLocale, rememberLocale, t } from "./lib/i18n.js";
import { loadUser } from "./lib/session.js";
import { errorState, loadInto } from "./lib/states.js";
import { drawFrame, watchConnection } from "./frame.js";
import { match } from "./routes.js";

const main = document.getElementById("main");
const route = match(location.pathname);
const moduleOfPage = route && import(`./pages/${route.page}.js`);

async function start() {
  await loadMessages(preferredLocale());
  let user = null;
  try {
    if (route?.session !== "none") user = await loadUser();
  } catch (error) {
    drawFrame(null, route?.page);
    fill(main, errorState(error, () => location.reload()));
    return;
  }
  if (user?.locale && user.locale !== currentLocale()) {
    rememberLocale(user.locale);
    await loadMessages(preferredLocale());
  }
  if (!user && route && !route.session) {
    const here = location.pathname + location.search;
    location.replace(here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`);
    return;
  }
  drawFrame(user, route?.page);
  watchConnection();
  await loadInto(main, async () => {
    if (!route) throw new Problem(404, { code: "not_found", detail: t("error.not_found_text") });
    const { default: page } = await moduleOfPage;
    const view = await page({
      user, parameters: route.parameters, query: new URLSearchParams(location.search),
    });
    document.title = view.title === "Oracy" ? "Oracy" : `${view.title} – Oracy`;
    return [view.crumbs?.length ? breadcrumb(view.crumbs, view.title) : null, view.content];
  });
}

function breadcrumb(crumbs, here) {
  return h("nav", { class: "crumbs", "aria-label": t("nav.breadcrumb") },
    h("ol", {},
      crumbs.map(({ text, href }) => h("li", {}, h("a", { href }, text))),
      h("li", { "aria-current": "page" }, here)));
}

start();
