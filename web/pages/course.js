// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, get, patch, post, remove } from "../lib/api.js";
import { h, icon, toast } from "../lib/dom.js";
import { confirmDialog } from "../lib/dialogs.js";
import { form, passwordField, problemText, selectField, textField } from "../lib/forms.js";
import { languageName, t } from "../lib/i18n.js";
import { languageField, languagesField, weighted } from "../lib/languages.js";
import { limits } from "../lib/limits.js";
import { questionTiles, table } from "../lib/lists.js";
import { questionForm } from "../lib/question-form.js";
import { emptyState, loadInto } from "../lib/states.js";

export default async function page({ parameters: { id } }) {
  const [course, questions, allowed] = await Promise.all([
    get(`/courses/${id}`), all("/questions", { course_id: id }), limits(),
  ]);
  const educator = course.part !== "student";
  const heading = h("div", { class: "page-head" }, h("div", {},
    h("h1", {}, course.name),
    h("ul", { class: "facts" },
      h("li", {}, icon("book"), t("course.questions", { count: course.question_count })),
      h("li", {}, icon("people"), t("course.members", { count: course.member_count })),
      course.language && h("li", {}, icon("text"), languageName(course.language)))),
  educator && h("div", { class: "actions" },
    h("a", { class: "button", href: `/courses/${id}/dashboard` }, t("insight.open"))));
  const list = questions.length ? questionTiles(questions, educator)
    : emptyState(t("question.none_title"), t(educator ? "question.none_educator" : "question.none_student"), null, "book");
  return {
    title: course.name,
    crumbs: [{ text: t("nav.courses"), href: "/courses" }],
    content: [heading, h("div", { class: "sections" },
      h("section", { class: "section" }, h("h2", {}, t("course.questions_title")), list,
        educator && newQuestion(course, allowed, questions.length === 0)),
      educator && rubrics(course),
      educator && members(course),
      educator && settings(course))],
  };
}

/** Renaming, the languages that new questions begin with, and whether tone is read. */
function settings(course) {
  const fields = {
    name: textField(t("course.name"), { required: true, maxlength: 200, value: course.name }),
    language: languageField(t("course.language"), course.language),
    languages: languagesField(t("course.languages"), course.languages, t("course.languages_hint")),
    tone: selectField(t("course.tone"), [["on", t("course.tone_on")], ["off", t("course.tone_off")]],
      { hint: t("course.tone_hint"), value: course.tone ? "on" : "off" }),
  };
  return h("details", { class: "disclosure" },
    h("summary", {}, t("course.edit")),
    h("div", { class: "disclosed" }, form({
      fields, submit: t("action.save"),
      send: async ({ name, language, languages, tone }) => {
        await patch(`/courses/${course.id}`, {
          name, language: language || null, languages: weighted(languages, course.languages), tone: tone === "on",
        });
        toast(t("course.saved"));
        location.reload();
      },
    })));
}

function newQuestion(course, allowed, open) {
  return h("details", { class: "disclosure", open },
    h("summary", {}, t("question.new")),
    h("div", { class: "disclosed" }, questionForm({
      allowed,
      question: { language: course.language, languages: course.languages, time_limit: 120 }, submit: t("question.create"),
      send: async (values) => {
        const question = await post("/questions", { course_id: course.id, ...values });
        location.assign(`/questions/${question.id}`);
      },
    })));
}

/** What answers to the course's questions are marked by. */
function rubrics(course) {
  const place = h("div");
  loadInto(place, async () => {
    const { items } = await get("/rubrics", { query: { course_id: course.id } });
    return items.length
      ? h("ul", {}, items.map(({ id, title, version }) => h("li", {}, h("a", { href: `/rubrics/${id}` }, title), " ",
        h("span", { class: "quiet small" }, t("question.version", { count: version })))))
      : h("p", { class: "quiet" }, t("rubric.list_none"));
  });
  return h("section", { class: "section", id: "rubrics" },
    h("div", { class: "section-head" }, h("h2", {}, t("rubric.list")),
      h("a", { class: "button", href: `/rubrics/new?course=${course.id}` }, icon("plus"), t("rubric.new"))), place);
}

function members(course) {
  const place = h("div", { class: "stack" });
  const load = () => loadInto(place, async () => {
    const { items } = await get(`/courses/${course.id}/members`);
    if (!items.length) return emptyState(t("member.none_title"), t("member.none_text"), null, "people");
    return table(t("member.title"), [
      { label: t("person.name"), cell: ({ user }) => user.name },
      { label: t("person.email"), cell: ({ user }) => user.email },
      { label: t("member.part"), cell: ({ part }) => t(`role.${part}`) },
      {
        cell: ({ user }) => h("button", {
          class: "slim", "aria-label": t("member.remove_name", { name: user.name }), onclick: () => take(user),
        }, t("member.remove")),
      },
    ], items);
  });
  const take = async (user) => {
    if (!await confirmDialog(t("member.remove_name", { name: user.name }), t("member.remove_text"), t("member.remove"))) return;
    try {
      await remove(`/courses/${course.id}/members/${user.id}`);
      load();
    } catch (error) {
      toast(problemText(error));
    }
  };
  load();
  const existing = {
    email: textField(t("person.email"), { type: "email", required: true, autocomplete: "off" }),
    part: selectField(t("member.part"), [["student", t("role.student")], ["educator", t("role.educator")]]),
  };
  const created = {
    name: textField(t("person.name"), { required: true, autocomplete: "off" }),
    email: textField(t("person.email"), { type: "email", required: true, autocomplete: "off" }),
    password: passwordField(t("person.first_password"), "new-password", { hint: t("password.hint"), minlength: 12 }),
  };
  const add = async (values, element) => {
    const { user } = await post(`/courses/${course.id}/members`, values);
    element.reset();
    toast(t("member.added", { name: user?.name ?? values.email }));
    load();
  };
  return h("section", { class: "section" },
    h("h2", {}, t("member.title")), place,
    h("details", { class: "disclosure" },
      h("summary", {}, t("member.add")),
      h("div", { class: "disclosed" }, form({ fields: existing, submit: t("member.add_submit"), send: add, inline: true }))),
    h("details", { class: "disclosure" },
      h("summary", {}, t("member.create")),
      h("div", { class: "disclosed stack" }, h("p", { class: "hint" }, t("member.create_hint")),
        form({
          fields: created, submit: t("member.create_submit"),
          send: (values, element) => add({ ...values, part: "student" }, element),
        }))));
}
