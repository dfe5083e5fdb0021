// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// What the pages of figures share: the way between them, what a figure looks like, files to download, clips to hear.

import { get } from "./api.js";
import { h, icon, toast } from "./dom.js";
import { form, problemText, selectField, textField } from "./forms.js";
import { clock, number, preciseClock, t, translated } from "./i18n.js";

/** Below so many answers a picture says nothing. */
export const FEWEST = 5;

/** A number rounded to what it can carry; a dash where there is none. */
export function figure(value) {
  if (value === null || value === undefined) return "–";
  return number(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}

/** A statistic with its interval and what it rests on; a dash with the reason where it is not defined. */
export function statistic({ value, low, high, n, valid, reason }) {
  if (valid === "na") return h("span", { class: "quiet", title: reason }, "–");
  return h("span", { class: "statistic" }, h("span", { class: "numeric" }, figure(value)),
    low !== null && h("span", { class: "quiet small numeric" }, `${figure(low)} … ${figure(high)}`),
    h("span", { class: valid === "low" ? "badge warn" : "quiet small", title: reason }, t("insight.n", { n })));
}

/** A column of a table that shows a statistic. */
export const statisticColumn = (label, key) => ({ label, number: true, cell: (row) => statistic(row[key]) });

/** What a measure, the tone or a number of entities is called. */
export function measureName(key, labels = {}) {
  return translated(`insight.measure.${key}`, translated(`measure.${key}`, labels[key] ?? key));
}

/** A link to one table of a report as a file with the same numbers; it says what it holds only to those who can't see where
 *  it stands. */
export function download(path, table, query = {}) {
  return file(path, table, query, t("insight.csv"), h("span", { class: "visually-hidden" }, ` ${t(`insight.table.${table}`)}`));
}

/** The same where several stand together, each with a name of what it holds. */
export const namedDownload = (path, table, name, query = {}) => file(path, table, query, `${name} (${t("insight.csv")})`);

function file(path, table, query, ...words) {
  const search = new URLSearchParams(Object.entries({ ...query, format: "csv", table }).filter(([, value]) => value));
  return h("a", { class: "button slim", href: `/api/v1${path}?${search}`, download: "" }, icon("download"), ...words);
}

/** A section with a heading, a file to download, and content. */
export const section = (title, file, ...content) =>
  h("section", { class: "section" }, h("div", { class: "section-head" }, h("h2", {}, title), file), content);

/** The way between the figures of a course. */
export function courseTabs(course, here) {
  const pages = ["dashboard", "items", "agreement", "fairness"];
  return h("nav", { class: "tabs", "aria-label": t("insight.pages") }, pages.map((name) =>
    h("a", { class: "button slim", href: `/courses/${course}/${name}`, "aria-current": name === here ? "page" : null },
      t(`insight.${name}`))));
}

/** Where a page of a course's figures is. */
export const courseCrumbs = (course) => [
  { text: t("nav.courses"), href: "/courses" }, { text: course.name, href: `/courses/${course.id}` },
];

/** A choice of one question, or all; the choice is part of the address. */
export function questionChooser(questions, chosen) {
  return selectField(t("insight.question"), [["", t("insight.all_questions")], ...questions.map(({ id, title }) => [id, title])], {
    value: chosen ?? "",
    onchange: (event) => {
      const address = new URL(location.href);
      if (event.target.value) address.searchParams.set("question", event.target.value);
      else address.searchParams.delete("question");
      location.assign(address);
    },
  });
}

/**
 * Which answers a dashboard looks at: a question, days, and a group where people are asked for one. The choice is part of
 * the address.
 *
 * @param path What is read; the form asks it first, and shows what is wrong with the choice.
 */
export function filterForm(path, questions, { attribute, choices }, asked) {
  const fields = {
    question_id: selectField(t("insight.question"), [["", t("insight.all_questions")], ...questions.map(({ id, title }) => [id, title])], {
      value: asked.question_id ?? "", required: false,
    }),
    from: textField(t("insight.from"), { type: "date", value: asked.from ?? "" }),
    to: textField(t("insight.to"), { type: "date", value: asked.to ?? "" }),
    ...(attribute && {
      group: selectField(attribute, [["", t("insight.everybody")], ...choices.map((name) => [name, name])], {
        value: asked.group ?? "", required: false,
      }),
    }),
  };
  return form({
    inline: true, fields, submit: t("insight.show"),
    send: async (values) => {
      const chosen = Object.fromEntries(Object.entries(values).filter(([, value]) => value));
      await get(path, { query: chosen });
      const { question_id: question, ...others } = chosen;
      location.assign(`?${new URLSearchParams({ ...(question && { question }), ...others })}`);
    },
  });
}

/** What calls for a look, as badges. */
export const flags = (names, kind) =>
  names.length ? h("span", { class: "chips" }, names.map((name) => h("span", { class: "badge warn" }, t(`insight.${kind}.${name}`)))) : "–";

let playing = null;

/** A button that plays a part of an answer; without times it plays all of it. */
export function clip(response, start, end) {
  const words = start === null ? t("insight.play_all") : t("insight.play_part", { from: preciseClock(start / 1000), to: clock(end / 1000) });
  return h("button", {
    class: "chip", onclick: async () => {
      playing?.pause();
      try {
        const { links } = await get(`/responses/${response}`);
        const fragment = start === null ? "" : `#t=${Math.max(0, start / 1000 - 0.3)},${end / 1000 + 0.5}`;
        playing = new Audio(`${links.audio}?format=wav${fragment}`);
        await playing.play();
      } catch (error) {
        if (error.name !== "AbortError") toast(error.name === "Problem" ? problemText(error) : t("insight.no_audio"));
      }
    },
  }, icon("play"), words);
}
