// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, put } from "./api.js";
import { h, toast } from "./dom.js";
import { form, selectField, textField } from "./forms.js";
import { t } from "./i18n.js";
import { loadInto } from "./states.js";

/** What answers to a question are marked by, and which share of them by a second person. */
export function questionMarking(question) {
  const place = h("div", { class: "disclosed stack" });
  const element = h("details", { class: "disclosure", id: "marking" }, h("summary", {}, t("rubric.of_question")), place);
  element.addEventListener("toggle", () => loadInto(place, async () => {
    const [{ items }, { rubric, second_marker_share: share }] = await Promise.all([
      get("/rubrics", { query: { course_id: question.course_id } }), get(`/questions/${question.id}/rubric`),
    ]);
    return form({
      fields: {
        rubric_id: selectField(t("rubric.title"), [["", t("rubric.no_rubric")], ...items.map(({ id, title }) => [id, title])],
          { value: rubric?.id ?? "", required: false }),
        second_marker_share: textField(t("rubric.second_share"), {
          type: "number", min: 0, max: 100, step: "any", required: true, value: String(Math.round((share ?? 0.2) * 1000) / 10),
          hint: t("rubric.second_share_hint"),
        }),
      },
      submit: t("action.save"),
      extra: h("a", { href: `/rubrics/${rubric?.id ?? `new?course=${question.course_id}`}` }, t(rubric ? "rubric.edit" : "rubric.new")),
      send: async ({ rubric_id: id, second_marker_share: percent }) => {
        await put(`/questions/${question.id}/rubric`, { rubric_id: id || null, second_marker_share: Number(percent) / 100 });
        toast(t("rubric.chosen"));
      },
    });
  }), { once: true });
  return element;
}
