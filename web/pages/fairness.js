// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { courseCrumbs, courseTabs } from "../lib/insight.js";
import { fairnessView } from "../lib/fairness.js";

/** Whether groups are treated alike in a course. */
export default async function page({ parameters: { id }, user }) {
  const course = await get(`/courses/${id}`);
  const path = `/courses/${id}/fairness`;
  const { attribute } = await get("/groups");
  const report = attribute ? await get(path) : null;
  return {
    title: t("insight.fairness_of", { name: course.name }),
    crumbs: courseCrumbs(course),
    content: [
      h("div", { class: "page-head" }, h("div", {}, h("h1", {}, t("insight.fairness_of", { name: course.name })),
        h("p", { class: "quiet lead" }, t("insight.fairness_lead")))),
      h("div", { class: "sections" }, courseTabs(id, "fairness"), fairnessView(report, path, user)),
    ],
  };
}
