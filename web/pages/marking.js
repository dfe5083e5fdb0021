// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, get, post } from "../lib/api.js";
import { fill, h, icon, toast } from "../lib/dom.js";
import { confirmDialog } from "../lib/dialogs.js";
import { areaField, form, problemText, selectField } from "../lib/forms.js";
import { clock, moment, t } from "../lib/i18n.js";
import { table } from "../lib/lists.js";
import { isKnown } from "../lib/obstacles.js";
import { emptyState, loadInto } from "../lib/states.js";

const STATES = ["unmarked", "second", "moderation", "marked", "released", "unscorable"];

/** The answers that wait for a person, those first where the machine is least sure, and the appeals. */
export default async function page({ query }) {
  const courses = (await all("/courses")).filter(({ part }) => part !== "student");
  const course = courses.find(({ id }) => id === query.get("course"))?.id;
  const state = STATES.includes(query.get("state")) ? query.get("state") : "unmarked";
  const place = h("div", { class: "stack" }), appeals = h("div", { class: "stack" });
  const address = (values) => {
    const search = new URLSearchParams(Object.entries({ course, state, ...values }).filter(([, value]) => value));
    return `/marking?${search}`;
  };
  const chooser = selectField(t("marking.course"), [["", t("marking.all_courses")], ...courses.map(({ id, name }) => [id, name])], {
    value: course ?? "", onchange: (event) => location.assign(address({ course: event.target.value })),
  });
  loadInto(place, () => queue(course, state, address));
  loadInto(appeals, () => appealList(course));
  return {
    title: t("marking.title"),
    content: [
      h("div", { class: "page-head" },
        h("div", {}, h("h1", {}, t("marking.title")), h("p", { class: "quiet lead" }, t("marking.lead"))),
        course && h("div", { class: "actions" }, h("button", { onclick: () => release(course) }, icon("check"), t("marking.release_all")))),
      h("div", { class: "sections" }, chooser, place, h("section", { class: "section" }, h("h2", {}, t("appeal.title_list")), appeals)),
    ],
  };
}

async function queue(course, state, address) {
  const first = await get("/marking/queue", { query: { course, state } });
  const rows = h("div", { class: "stack" });
  const show = (items) => rows.append(table(t(`marking.state_${state}`), [
    { label: t("response.owner"), cell: (item) => h("a", { href: `/marking/${item.response_id}` }, item.owner.name) },
    { label: t("response.question"), cell: (item) => item.question_title },
    { label: t("response.length"), number: true, cell: (item) => (item.duration === null ? "–" : clock(item.duration)) },
    state === "unscorable" && { label: t("marking.why"), cell: ({ reason_code: code }) => t(`marking.why_${isKnown(code) ? code : "failed"}`) },
    { label: t("response.date"), cell: (item) => moment(item.created_at) },
    { label: t("marking.marks"), number: true, cell: (item) => String(item.final_marks) },
    { label: t("marking.mine"), cell: (item) => (item.my_mark ? t(`mark.${item.my_mark}`) : "–") },
  ].filter(Boolean), items));
  const more = h("button", { hidden: !first.next }, t("marking.more"));
  let next = first.next;
  more.addEventListener("click", async () => {
    more.disabled = true;
    try {
      const page = await get("/marking/queue", { query: { course, state, after: next } });
      show(page.items);
      next = page.next;
      more.hidden = !next;
    } catch (error) {
      toast(problemText(error));
    } finally {
      more.disabled = false;
    }
  });
  if (first.items.length) show(first.items);
  return [
    h("nav", { class: "tabs", "aria-label": t("marking.states") }, STATES.map((name) =>
      h("a", { class: "button slim", href: address({ state: name }), "aria-current": name === state ? "page" : null },
        t(`marking.state_${name}`), " ", h("span", { class: "badge" }, String(first.counts[name]))))),
    first.items.length ? rows : emptyState(t("marking.none_title"), t("marking.none_text"), null, "check"),
    more,
  ];
}

async function appealList(course) {
  const items = await all("/appeals", { course, state: "open" });
  if (!items.length) return h("p", { class: "quiet" }, t("appeal.none"));
  return items.map((appeal) => {
    const card = h("section", { class: "card stack" },
      h("h3", {}, h("a", { href: `/marking/${appeal.response_id}` }, `${appeal.author.name}: ${appeal.question_title}`)),
      h("p", { class: "prose" }, appeal.text),
      h("p", { class: "quiet small" }, t("appeal.resolve_hint")),
      form({
        fields: { reason: areaField(t("appeal.answer"), { rows: 2, required: true, maxlength: 2000 }) },
        submit: t("appeal.keep"),
        send: async ({ reason }) => {
          await post(`/appeals/${appeal.id}/resolve`, { reason });
          fill(card, h("p", { class: "notice good", role: "status" }, t("appeal.resolved")));
        },
      }));
    return card;
  });
}

async function release(course) {
  if (!await confirmDialog(t("marking.release_all"), t("marking.release_text"), t("marking.release_all"))) return;
  try {
    const counts = await post(`/courses/${course}/release`, {});
    toast(t("marking.released", { count: counts.released, moderation: counts.in_moderation, second: counts.awaiting_second, reason: counts.awaiting_reason, unmarked: counts.unmarked }));
    setTimeout(() => location.reload(), 1500);
  } catch (error) {
    toast(problemText(error));
  }
}
