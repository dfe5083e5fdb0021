// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, post } from "../lib/api.js";
import { h, toast } from "../lib/dom.js";
import { form, textField } from "../lib/forms.js";
import { t } from "../lib/i18n.js";
import { rubricGrid, scaleField } from "../lib/rubric-fields.js";
import { standardRubric } from "../lib/standard-rubric.js";

/** One rubric to be changed, or a new one of the course in `?course=`. */
export default async function page({ parameters: { id }, query }) {
  const rubric = id === "new" ? { ...standardRubric(), title: "", course_id: query.get("course") } : await get(`/rubrics/${id}`);
  const course = await get(`/courses/${rubric.course_id}`);
  const fields = {
    title: textField(t("rubric.name"), { required: true, maxlength: 200, value: rubric.title }),
    criteria: rubricGrid(rubric.criteria),
    global_scale: scaleField(rubric.global_scale),
  };
  return {
    title: rubric.title || t("rubric.new"),
    crumbs: [{ text: t("nav.courses"), href: "/courses" }, { text: course.name, href: `/courses/${course.id}` }],
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, rubric.title || t("rubric.new")),
        h("p", { class: "quiet lead" }, t("rubric.lead")))),
      h("section", { class: "card" }, form({
        fields, submit: t("action.save"),
        send: async (values) => {
          const saved = await post(id === "new" ? "/rubrics" : `/rubrics/${id}/versions`, { ...values, course_id: course.id });
          if (id === "new") return location.assign(`/rubrics/${saved.id}`);
          toast(t("rubric.saved", { version: saved.version }));
        },
      })),
    ],
  };
}
