// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, get, post } from "../lib/api.js";
import { h, toast } from "../lib/dom.js";
import { problemText } from "../lib/forms.js";
import { moment, t } from "../lib/i18n.js";
import { courseTiles, questionTiles, responseTable } from "../lib/lists.js";
import { emptyState } from "../lib/states.js";

const section = (title, content, action = null) =>
  h("section", { class: "section" }, h("div", { class: "section-head" }, h("h2", {}, title), action), content);

export default async function page({ user }) {
  const educator = user.role !== "student";
  const [courses, { items: responses }, { items: notices }] = await Promise.all([
    all("/courses"), get("/responses", { query: { limit: 10, mine: educator ? undefined : true } }), get("/me/notices"),
  ]);
  const heading = h("div", { class: "page-head" },
    h("div", {},
      h("h1", {}, t("home.welcome", { name: user.name })),
      h("p", { class: "quiet lead" }, t(`home.lead_${user.role}`))),
    h("div", { class: "actions" },
      educator && h("a", { class: "button", href: "/courses#new" }, t("course.new")),
      h("a", { class: "button", href: "/transcribe" }, t("home.transcribe"))));
  return {
    title: "Oracy",
    content: [heading, h("div", { class: "sections" }, news(notices.filter(({ read_at: read }) => read === null)),
      educator ? educatorSections(courses) : await studentSections(courses),
      section(educator ? t("home.recent_responses") : t("home.my_responses"),
        responses.length
          ? responseTable(t("home.recent_responses"), responses, { owner: educator })
          : emptyState(t("home.no_responses_title"), t(educator ? "home.no_responses_educator" : "home.no_responses_student"), null, "microphone")))],
  };
}

/** What has happened to one's answers and was not read yet, newest first. */
function news(notices) {
  if (!notices.length) return null;
  const read = async () => {
    try {
      await post("/me/notices/read", { up_to: notices[0].id });
      place.remove();
    } catch (error) {
      toast(problemText(error));
    }
  };
  const place = section(t("notice.title"),
    h("ul", { class: "stack", id: "notices" }, notices.map((notice) => h("li", {},
      h("a", { href: `/responses/${notice.response_id}` }, t(`notice.${notice.kind}`, { question: notice.question_title ?? t("response.free") })),
      " ", h("span", { class: "quiet small" }, moment(notice.created_at))))),
    h("button", { onclick: read }, t("notice.read")));
  return place;
}

function educatorSections(courses) {
  return section(t("nav.courses"),
    courseTiles(courses, h("a", { class: "button primary", href: "/courses#new" }, t("course.new"))));
}

async function studentSections(courses) {
  if (!courses.length) {
    return section(t("home.questions"), emptyState(t("home.no_course_title"), t("home.no_course_text"), null, "book"));
  }
  const lists = await Promise.all(courses.map((course) => all("/questions", { course_id: course.id })));
  return courses.map((course, index) => section(
    h("a", { href: `/courses/${course.id}` }, course.name),
    lists[index].length ? questionTiles(lists[index], false)
      : emptyState(t("question.none_title"), t("question.none_student"), null, "book")));
}
