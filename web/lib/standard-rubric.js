// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { t } from "./i18n.js";

const levels = (name, scores = [0, 1, 2, 3]) =>
  scores.map((score, index) => ({ score, label: t(`${name}_${index}`) }));

/** A rubric to begin with, in the language of the pages: four criteria with four levels, and a global rating. */
export const standardRubric = () => ({
  title: t("rubric.standard"),
  criteria: ["content", "reasoning", "structure", "language"].map((id) => ({
    id, label: t(`rubric.${id}`), description: t(`rubric.${id}_text`), weight: id === "content" ? 2 : 1,
    levels: levels("rubric.level"),
  })),
  global_scale: levels("rubric.global", [1, 2, 3, 4, 5]),
});
