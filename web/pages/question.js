// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import "../elements/oracy-recorder.js";
import "../elements/oracy-file-drop.js";
import { all, get, post } from "../lib/api.js";
import { fill, h, icon, toast } from "../lib/dom.js";
import { clock, languageName, moment, t } from "../lib/i18n.js";
import { languageNames } from "../lib/languages.js";
import { limits } from "../lib/limits.js";
import { responseTable } from "../lib/lists.js";
import { factsCard } from "../lib/facts.js";
import { questionForm } from "../lib/question-form.js";
import { questionMarking } from "../lib/question-marking.js";
import { emptyState, loadInto } from "../lib/states.js";
import { tryBench } from "../lib/try-bench.js";
import { whatIf } from "../lib/what-if.js";

export default async function page({ user, parameters: { id } }) {
  const question = await get(`/questions/${id}`);
  const [course, allowed] = await Promise.all([get(`/courses/${question.course_id}`), limits()]);
  const educator = course.part !== "student";
  const heading = h("div", { class: "page-head" }, h("div", {},
    h("h1", {}, question.title),
    h("ul", { class: "facts" },
      h("li", {}, icon("clock"), t("question.limit", { limit: clock(question.time_limit) })),
      question.languages.length > 0 ? h("li", {}, icon("text"), languageNames(question.languages))
        : question.language && h("li", {}, icon("text"), languageName(question.language)),
      educator && h("li", {}, icon("history"), t("question.version", { count: question.version })))),
  educator && h("div", { class: "actions" },
    h("a", { class: "button", href: `/courses/${course.id}/dashboard?question=${id}` }, t("insight.dashboard")),
    h("a", { class: "button", href: `/courses/${course.id}/items?question=${id}` }, t("insight.items")),
    h("a", { class: "button", href: `/questions/${id}/standard` }, t("insight.standard"))));
  return {
    title: question.title,
    crumbs: [{ text: t("nav.courses"), href: "/courses" }, { text: course.name, href: `/courses/${course.id}` }],
    content: [heading, h("div", { class: "sections" },
      educator ? educatorView(question, allowed) : studentView(question, user, allowed))],
  };
}

const promptCard = (question) => h("section", { class: "card" },
  question.scenario && h("h2", {}, t("question.scenario")),
  question.scenario && h("p", { class: "prose", dir: "auto", lang: question.language }, question.scenario),
  h("h2", {}, t("question.prompt")), h("p", { class: "prose lead", dir: "auto", lang: question.language }, question.prompt));

function studentView(question, user, allowed) {
  // Without a language: the server listens for those of the question, and notices when another one is spoken.
  const fields = { question_id: question.id };
  const done = (event) => location.assign(`/responses/${event.detail.id}`);
  const recorder = document.createElement("oracy-recorder");
  recorder.configure({ owner: user.id, scope: `question:${question.id}`, limit: question.time_limit, fields });
  recorder.addEventListener("uploaded", done);
  const drop = document.createElement("oracy-file-drop");
  drop.configure({ fields, limit: allowed.audio_bytes });
  drop.addEventListener("uploaded", done);
  const mine = h("div");
  loadInto(mine, async () => {
    const items = await all("/responses", { question_id: question.id, mine: true });
    return items.length ? responseTable(t("question.my_answers"), items, { owner: false, question: false })
      : emptyState(t("question.no_answers_title"), t("question.no_answers_text"), null, "microphone");
  });
  return [
    promptCard(question),
    question.facts.length > 0 && factsCard(question),
    h("section", { class: "card" }, h("h2", {}, t("question.answer")), recorder,
      h("details", { class: "disclosure" }, h("summary", {}, t("question.upload_instead")),
        h("div", { class: "disclosed" }, drop))),
    h("section", { class: "section" }, h("h2", {}, t("question.my_answers")), mine),
  ];
}

/** The expected answers: a paragraph, or a numbered list of several that are all good. */
const expectedAnswers = ({ expected_answers: answers, language }, style = "prose") => answers.length === 1
  ? h("p", { class: style, dir: "auto", lang: language }, answers[0])
  : h("ol", { class: style }, answers.map((answer) => h("li", { dir: "auto", lang: language }, answer)));

function educatorView(question, allowed) {
  const place = h("div", { class: "split" });
  let editor = null;
  const bench = tryBench(question, allowed, () => editor?.draft() ?? null);
  const showEditor = (element) => {
    editor = element;
    bench.showDraft(element !== null);
  };
  const show = (current) => {
    showEditor(null);
    fill(place,
      promptCard(current),
      h("section", { class: "card" }, h("h2", {}, t("question.expected")),
        expectedAnswers(current),
        h("p", { class: "quiet small" }, t("question.expected_hidden")),
        current.facts.length > 0 && [h("h3", {}, t("facts.title")), h("dl", { class: "facts-told", dir: "auto" },
          current.facts.map((fact) => [h("dt", {}, fact.label), h("dd", {}, fact.text)]))],
        current.vocabulary.terms.length > 0 && [h("h3", {}, t("question.vocabulary")),
          h("p", { class: "small", dir: "auto", id: "vocabulary" }, current.vocabulary.terms.join(", "))],
        current.key_points.length > 0 && h("h3", {}, t("key_points.title")),
        current.key_points.length > 0 && h("ul", { class: "key-point-list" }, current.key_points.map((point) => h("li", { dir: "auto" },
          point.label, " ", point.expected_answers.map((number) => h("span", { class: "badge" }, t("question.expected_other", { count: number }))),
          point.essential && h("span", { class: "badge" }, t("key_points.essential")),
          point.critical && h("span", { class: "badge warn" }, t("key_points.critical")),
          point.retired && h("span", { class: "badge" }, t("key_points.retired"))))),
        h("div", { class: "actions" }, h("button", { onclick: () => edit(current) }, icon("edit"), t("question.edit")))));
  };
  const edit = (current) => {
    showEditor(questionForm({
      allowed, question: current, submit: t("action.save"),
      extra: h("button", { type: "button", onclick: () => show(current) }, t("action.cancel")),
      send: async (values) => {
        await post(`/questions/${question.id}/versions`, values);
        toast(t("question.saved"));
        location.reload();
      },
    }));
    fill(place, h("section", { class: "card" },
      h("h2", {}, t("question.edit")),
      current.response_count > 0 && h("p", { class: "notice" }, t("question.edit_answered", { count: current.response_count })),
      editor));
    place.querySelector("input").focus();
  };
  show(question);
  const responses = h("div", { class: "stack" }), versions = h("div");
  loadInto(responses, async () => {
    const items = await all("/responses", { question_id: question.id });
    return items.length ? [
      responseTable(t("question.responses_title"), items, { question: false }),
      h("p", { class: "quiet small" }, t("similarity.warning")),
    ] : emptyState(t("home.no_responses_title"), t("question.no_responses_text"), null, "microphone");
  });
  const history = h("details", { class: "disclosure" },
    h("summary", {}, t("question.versions")), h("div", { class: "disclosed" }, versions));
  history.addEventListener("toggle", () => loadInto(versions, async () => {
    const { items } = await get(`/questions/${question.id}/versions`);
    return h("ol", { class: "stack" }, items.map((version) => h("li", { class: "version" },
      h("strong", {}, t("question.version", { count: version.version })), " ",
      h("span", { class: "quiet small" }, moment(version.created_at)),
      h("p", { class: "prose" }, version.prompt),
      version.rescored && h("p", { class: "small" }, t("what_if.rescored", {
        count: version.rescored.answers, changed: version.rescored.changed, reason: version.rescored.reason, name: version.rescored.author.name,
      })),
      expectedAnswers(version, "prose quiet"))));
  }), { once: true });
  return [
    place, bench, question.key_points.length > 0 && question.response_count > 0 && whatIf(question),
    questionMarking(question),
    h("section", { class: "section" }, h("h2", {}, t("question.responses_title")), responses),
    history,
  ];
}
