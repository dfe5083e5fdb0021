// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { all, post } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { form, textField } from "../lib/forms.js";
import { languageField } from "../lib/languages.js";
import { courseTiles } from "../lib/lists.js";

export default async function page({ user }) {
  const courses = await all("/courses");
  const heading = h("div", { class: "page-head" }, h("h1", {}, t("nav.courses")));
  if (user.role === "student") return { title: t("nav.courses"), content: [heading, courseTiles(courses)] };
  const fields = {
    name: textField(t("course.name"), { required: true, maxlength: 200, hint: t("course.name_hint") }),
    language: languageField(t("course.language"), null),
  };
  const create = h("details", { class: "disclosure", id: "new", open: !courses.length || location.hash === "#new" },
    h("summary", {}, t("course.new")),
    h("div", { class: "disclosed" }, form({
      fields, submit: t("course.create"),
      send: async ({ name, language }) => {
        const course = await post("/courses", { name, ...(language && { language }) });
        location.assign(`/courses/${course.id}`);
      },
    })));
  return { title: t("nav.courses"), content: [heading, h("div", { class: "sections" }, courses.length ? courseTiles(courses) : null, create)] };
}
