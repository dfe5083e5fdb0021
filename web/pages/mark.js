// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import "../elements/oracy-player.js";
import "../elements/oracy-transcript.js";
import { get, post, put, Problem } from "../lib/api.js";
import { announce, fill, h, icon, toast } from "../lib/dom.js";
import { confirmDialog } from "../lib/dialogs.js";
import { areaField, form, problemText, selectField } from "../lib/forms.js";
import { moment, number, percent, t } from "../lib/i18n.js";
import { markForm, markSummary } from "../lib/mark-form.js";
import { addShortcut, showShortcuts } from "../lib/shortcuts.js";
import { standardRubric } from "../lib/standard-rubric.js";
import { obstacle } from "../lib/obstacles.js";
import { loadInto } from "../lib/states.js";

/** One answer to be marked: the recording, the transcript, the rubric, and what others found once one's own is final. */
export default async function page({ parameters: { id } }) {
  const response = await get(`/responses/${id}`);
  const [question, transcript] = await Promise.all([
    response.question_id ? get(`/questions/${response.question_id}`) : null,
    response.transcript_version ? get(`/responses/${id}/transcript`) : null,
  ]);
  const desk = new Desk(response, question, transcript);
  return {
    title: t("mark.title_of", { name: response.owner.name }),
    crumbs: [{ text: t("marking.title"), href: `/marking?course=${question?.course_id ?? ""}` }],
    content: [
      h("div", { class: "page-head" }, h("div", {},
        h("h1", {}, t("mark.title_of", { name: response.owner.name })),
        h("ul", { class: "facts" },
          h("li", {}, icon("text"), response.question_title ?? t("response.free")), h("li", {}, icon("clock"), moment(response.created_at)))),
      h("div", { class: "actions" },
        h("button", { class: "slim", onclick: () => showShortcuts() }, t("shortcuts.title")))),
      desk.element,
    ],
  };
}

class Desk {
  #response;
  #question;
  #player = null;
  #reader = null;
  #place = h("div", { class: "stack" });
  #transcriptPlace = h("div", { class: "stack" });
  #version = 0;
  element;

  constructor(response, question, transcript) {
    this.#response = response;
    this.#question = question;
    if (response.recording.duration !== null) {
      this.#player = document.createElement("oracy-player");
      this.#player.configure(response.recording);
      this.#player.addEventListener("time", ({ detail }) => this.#reader?.showTime(detail, this.#player.playing));
      addShortcut("KeyK", t("shortcuts.play"), () => this.#player.toggle());
      addShortcut("KeyJ", t("shortcuts.back"), () => this.#player.skip(-3));
      addShortcut("KeyL", t("shortcuts.forward"), () => this.#player.skip(3));
      addShortcut("KeyC", t("shortcuts.comment"), () => this.#place.querySelector(".mark-form textarea")?.focus());
    }
    this.element = h("div", { class: "sections" },
      obstacle(response),
      this.#player,
      h("div", { class: "split response" },
        h("div", { class: "sections" },
          question && h("section", { class: "card" }, h("h2", {}, t("question.prompt")),
            h("p", { class: "prose", dir: "auto", lang: question.language }, question.prompt),
            question.expected_answers && h("details", { class: "disclosure" }, h("summary", {}, t("question.expected")),
              h("div", { class: "disclosed" }, question.expected_answers.map((answer) => h("p", { class: "prose", dir: "auto", lang: question.language }, answer))))),
          h("section", { class: "card" }, h("h2", {}, t("transcript.title")), this.#transcriptPlace)),
        h("section", { class: "card", "aria-label": t("mark.title") }, this.#place)));
    this.#showTranscript(transcript);
    this.#load();
  }

  /** The words, and a button for who has listened and found that they were said. */
  #showTranscript(transcript) {
    if (!transcript?.segments.length) return void fill(this.#transcriptPlace, h("p", { class: "quiet" }, t("transcript.empty")));
    const reader = document.createElement("oracy-transcript");
    reader.configure(transcript);
    reader.addEventListener("seek", ({ detail }) => this.#player?.seek(detail, true));
    this.#reader = reader;
    const isConfirmed = transcript.segments.every(({ words }) => words.every(({ confirmed }) => confirmed));
    const button = h("button", { onclick: () => this.#confirm(transcript.version, button) }, icon("check"), t("mark.confirm"));
    fill(this.#transcriptPlace, reader, isConfirmed
      ? h("p", { class: "notice good small" }, transcript.confirmed
        ? t("mark.confirmed_by", { name: transcript.author.name, time: moment(transcript.created_at) }) : t("mark.confirmed_all"))
      : [h("p", { class: "quiet small" }, t("mark.confirm_text")), h("div", { class: "actions" }, button)]);
  }

  async #confirm(version, button) {
    button.disabled = true;
    try {
      this.#showTranscript(await post(this.#path("/transcript/confirm"), {}, { headers: { "If-Match": `"v${version}"` } }));
      announce(t("mark.confirmed_all"));
      await this.#load();
    } catch (error) {
      button.disabled = false;
      toast(problemText(error));
    }
  }

  #path(rest) { return `/responses/${this.#response.id}${rest}`; }
  #seek = (seconds) => this.#player?.seek(seconds, true);

  #load() {
    return loadInto(this.#place, async () => {
      const marks = await get(this.#path("/marks"));
      this.#version = marks.mine?.version ?? 0;
      return [h("h2", {}, t("mark.title")), marks.rubric ? this.#show(marks) : await this.#chooseRubric()];
    });
  }

  #show(marks) {
    const { rubric, mine } = marks;
    const isFinal = mine?.state === "final";
    return [
      isFinal && markSummary(rubric, mine, { seek: this.#seek, title: t("mark.mine_final", { score: percent(mine.score) }) }),
      isFinal && mine.reason_wanted && this.#reasonWanted(mine),
      marks.revealed && this.#revealed(marks),
      marks.appeal && this.#appeal(marks),
      isFinal
        ? h("details", { class: "disclosure" }, h("summary", {}, t("mark.change")), h("div", { class: "disclosed" }, this.#form(rubric, mine, true)))
        : !marks.moderation && marks.grade?.source !== "agreed" && [
          !marks.revealed && h("p", { class: "notice" }, t("mark.hidden")), this.#form(rubric, mine, false)],
    ];
  }

  /** The mark turned out to differ from the machine's: nothing changes but that it says why. */
  #reasonWanted(mine) {
    const { levels, global_rating: rating, comments } = mine;
    return h("div", { class: "stack", id: "reason-wanted" }, h("p", { class: "notice warn" }, t("mark.reason_wanted")), form({
      fields: { reason: areaField(t("mark.reason"), { rows: 2, required: true, maxlength: 1000 }) }, submit: t("mark.reason_save"),
      send: ({ reason }) => this.#save("final", {
        levels, comments: comments.map(({ text, at }) => (at === null ? { text } : { text, at })), reason,
        ...(rating !== null && { global_rating: rating }),
      }),
    }));
  }

  #form(rubric, mine, isFinal) {
    return markForm({
      rubric, mark: mine && { ...mine, reason: isFinal ? "" : mine.reason }, seek: this.#player && this.#seek,
      position: this.#player && (() => this.#player.position), needsReason: isFinal,
      actions: [
        { text: t("mark.finish"), primary: true, send: (body) => this.#save("final", body) },
        !isFinal && { text: t("mark.save_draft"), send: (body) => this.#save("draft", body) },
      ].filter(Boolean),
    });
  }

  async #save(state, body) {
    try {
      const saved = await put(this.#path("/marks/me"), { state, ...body }, { headers: { "If-Match": `"m${this.#version}"` } });
      this.#version = saved.version;
    } catch (error) {
      if (error instanceof Problem && error.status === 412) return void toast(t("mark.conflict"));
      throw error;
    }
    const message = t(state === "final" ? "mark.finished" : "mark.draft_saved");
    if (state === "draft") return toast(message);
    await this.#load();
    announce(message);
    this.#place.querySelector("h2")?.scrollIntoView({ block: "nearest" });
  }

  #revealed({ machine, others, moderation, grade, released, rubric }) {
    return h("div", { class: "stack", id: "revealed" },
      h("h3", {}, t("mark.machine")),
      machine
        ? [h("p", {}, t("mark.machine_score", { point: percent(machine.point), low: percent(machine.low), high: percent(machine.high) })),
          machine.holds.length > 0 && h("ul", { class: "small" }, machine.holds.map((hold) => h("li", {}, t(`key_points.hold.${hold}`))))]
        : h("p", { class: "quiet" }, t("mark.machine_none")),
      others.map((mark) => markSummary(rubric, mark, {
        seek: this.#seek,
        title: t(mark.kind === "agreed" ? "mark.agreed_by" : "mark.by", { name: mark.marker.name, score: percent(mark.score) }),
      })),
      moderation && this.#moderation(moderation, rubric),
      grade && !moderation && this.#release(grade, released));
  }

  #moderation({ criteria, score_difference: difference }, rubric) {
    const names = rubric.criteria.filter(({ id }) => criteria.includes(id)).map(({ label }) => label).join(", ");
    return h("div", { class: "stack", id: "moderation" },
      h("p", { class: "notice warn" }, t("mark.differ", { difference: number(100 * difference, 0) }), names && ` ${names}`),
      h("details", { class: "disclosure" }, h("summary", {}, t("mark.agree")),
        h("div", { class: "disclosed" }, markForm({
          rubric, seek: this.#player && this.#seek, position: this.#player && (() => this.#player.position), needsReason: true,
          reasonLabel: t("mark.agree_reason"),
          actions: [{
            text: t("mark.agree_save"), primary: true, send: async (body) => {
              await post(this.#path("/marks/agree"), body);
              await this.#load();
              announce(t("mark.agreed"));
            },
          }],
        }))));
  }

  #release(grade, released) {
    if (released) {
      return h("p", { class: "notice good" }, t("mark.released_at", { score: percent(released.score), time: moment(released.released_at) }));
    }
    const button = h("button", { class: "primary", onclick: async () => {
      button.disabled = true;
      try {
        await this.#send();
      } catch (error) {
        button.disabled = false;
        toast(problemText(error));
      }
    } }, t("mark.release", { score: percent(grade.score) }));
    return h("div", { class: "actions" }, button);
  }

  async #send() {
    try {
      await post(this.#path("/release"), {});
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== "awaiting_second") throw error;
      if (!await confirmDialog(t("mark.second_title"), t("mark.second_text"), t("mark.second_release"))) return void await this.#load();
      await post(this.#path("/release"), { include_awaiting_second: true });
    }
    await this.#load();
    announce(t("mark.released"));
  }

  #appeal({ appeal, rubric }) {
    return h("div", { class: "stack" }, h("h3", {}, t("appeal.title")), h("p", { class: "prose" }, appeal.text),
      appeal.status === "resolved"
        ? h("p", { class: "notice" }, h("strong", {}, `${t("appeal.answered")} `), appeal.reason)
        : h("details", { class: "disclosure" }, h("summary", {}, t("appeal.new_mark")),
          h("div", { class: "disclosed" }, markForm({
            rubric, seek: this.#player && this.#seek, position: this.#player && (() => this.#player.position), needsReason: true,
            reasonLabel: t("appeal.answer"), prefix: "mark.",
            actions: [{
              text: t("appeal.change"), primary: true, send: async ({ reason, ...mark }) => {
                await post(`/appeals/${appeal.id}/resolve`, { reason, mark });
                await this.#load();
                announce(t("appeal.resolved"));
              },
            }],
          }))));
  }

  /** A question without a rubric: one of the course's, or the standard one. */
  async #chooseRubric() {
    if (!this.#question) return h("p", { class: "quiet" }, t("rubric.free"));
    const course = this.#question.course_id;
    const { items } = await get("/rubrics", { query: { course_id: course } });
    const choice = selectField(t("rubric.title"), [...items.map(({ id, title }) => [id, title]), ["standard", t("rubric.new_standard")]]);
    return [h("p", {}, t("rubric.none")), form({
      fields: { rubric: choice }, submit: t("rubric.use"),
      send: async ({ rubric }) => {
        const id = rubric !== "standard" ? rubric : (await post("/rubrics", { course_id: course, ...standardRubric() })).id;
        await put(`/questions/${this.#question.id}/rubric`, { rubric_id: id });
        await this.#load();
      },
    })];
  }
}
