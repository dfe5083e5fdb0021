// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import "../elements/oracy-findings.js";
import "../elements/oracy-key-points.js";
import "../elements/oracy-measures.js";
import "../elements/oracy-player.js";
import "../elements/oracy-transcript.js";
import "../elements/oracy-transcript-editor.js";
import { get, post, put, remove, Problem } from "../lib/api.js";
import { differenceText, errorRate, measureChanges } from "../lib/changes.js";
import { confirmDialog, openDialog } from "../lib/dialogs.js";
import { announce, fill, h, icon, toast, uniqueId } from "../lib/dom.js";
import { areaField, form, problemText } from "../lib/forms.js";
import { fileSize, languageName, moment, percent, t, UNDETERMINED } from "../lib/i18n.js";
import { statusBadge } from "../lib/lists.js";
import { obstacle, unknownLanguage } from "../lib/obstacles.js";
import { followResponse, isRunning } from "../lib/progress.js";
import { markSummary } from "../lib/mark-form.js";
import { addShortcut, showShortcuts } from "../lib/shortcuts.js";
import { loadInto } from "../lib/states.js";
import { difference, words } from "../lib/words.js";
import { bareValue, measureLabel, measureUnit } from "../elements/oracy-measures.js";

/** A share with its sign, in percentage points. */
const signed = (share) => `${share > 0 ? "+" : ""}${percent(share)}`;

/** The steps of the server's work, in order. */
const STAGES = ["probe", "decode", "vad", "language", "transcribe", "text", "semantic"];

export default async function page({ user, parameters: { id } }) {
  const response = await get(`/responses/${id}`);
  const crumbs = response.question_id
    ? [{ text: t("nav.courses"), href: "/courses" }, { text: response.question_title, href: `/questions/${response.question_id}` }]
    : [{ text: t("nav.transcribe"), href: "/transcribe" }];
  const place = h("div");
  const view = new ResponseView(place, user);
  await view.show(response);
  const title = response.owner.id === user.id ? t("response.title_mine") : t("response.title_of", { name: response.owner.name });
  return { title: response.question_id ? title : t("response.free"), crumbs, content: place };
}

/** One response in whatever state it is: being worked on, ready, or impossible to measure. */
class ResponseView {
  #place;
  #user;
  #response = null;
  #player = null;
  #reader = null; // the element that shows or edits the transcript
  #transcriptPlace = h("div", { class: "stack" });
  #measuresPlace = h("div", { class: "stack" });
  #changesPlace = h("div");
  #historyPlace = h("div");
  #history = null;

  constructor(place, user) {
    this.#place = place;
    this.#user = user;
  }

  async show(response) {
    this.#response = response;
    if (isRunning(response)) return this.#showProgress();
    const transcript = response.transcript_version ? await get(this.#path("/transcript")) : null;
    const analysis = transcript ? await this.#analysis(transcript.version, 0).catch(notReady) : null;
    this.#showResult(transcript, analysis);
  }

  #path(rest) { return `/responses/${this.#response.id}${rest}`; }

  #heading(transcript = null) {
    const { owner, question_title: question, language, engine, recording, created_at: created } = this.#response;
    const code = language.detected ?? language.chosen;
    const spoken = (transcript?.languages ?? []).filter(({ share }) => share > 0);
    return h("div", { class: "page-head" },
      h("div", {},
        h("h1", {}, question ?? t("response.free")),
        h("ul", { class: "facts" },
          h("li", {}, statusBadge(this.#response.status)),
          owner.id !== this.#user.id && h("li", {}, icon("people"), owner.name),
          h("li", {}, icon("clock"), moment(created)),
          code && h("li", { id: "language" }, icon("text"),
            spoken.length > 1 ? spoken.map((one) => `${languageName(one.language)} ${percent(one.share)}`).join(", ")
              : language.probability === null || code === UNDETERMINED ? languageName(code)
              : t("response.language_sure", { language: languageName(code), share: percent(language.probability) })),
          recording.duration !== null && h("li", {}, icon("microphone"),
            `${t("unit.seconds", { count: Math.round(recording.duration) })}, ${fileSize(recording.size)}`))),
      engine && h("span", { class: "badge" }, `${engine.name} ${engine.model}`));
  }

  // While the server works

  #showProgress() {
    const names = this.#response.question_id ? STAGES : STAGES.filter((name) => name !== "semantic");
    const stages = new Map(names.map((stage) => [stage, { stage, state: "waiting" }]));
    for (const stage of this.#response.stages ?? []) stages.set(stage.stage, stage);
    const list = h("ol", { class: "stages" });
    const partial = h("div", { class: "partial", dir: "auto", "aria-live": "polite" });
    const draw = () => fill(list, [...stages.values()].map(({ stage, state, progress }) =>
      h("li", { class: "stage", "data-stage": stage, "data-state": state },
        h("span", { class: "stage-mark" }, state === "done" ? icon("check") : state === "failed" ? icon("cross") : null),
        h("span", {}, t(`stage.${stage}`)),
        h("span", { class: "quiet small" }, state === "running" && progress ? percent(progress) : t(`stage_state.${state}`)))));
    draw();
    fill(this.#place, this.#heading(),
      h("div", { class: "split" },
        h("section", { class: "card" }, h("h2", {}, t("response.working")),
          h("p", { class: "quiet" }, t("response.working_text")), partial),
        h("section", { class: "card" }, h("h2", {}, t("response.stages")), list)));
    followResponse(this.#response.id, {
      stage: (stage) => {
        stages.set(stage.stage, { ...stages.get(stage.stage), ...stage });
        draw();
      },
      status: () => {},
      segment: ({ text }) => partial.append(h("p", {}, text)),
      done: async () => {
        announce(t("response.ready"));
        await loadInto(this.#place, async () => {
          const place = h("div");
          const view = new ResponseView(place, this.#user);
          await view.show(await get(this.#path("")));
          return place;
        });
      },
    });
  }

  // The result

  #showResult(transcript, analysis) {
    const { recording, status } = this.#response;
    const hasAudio = recording.duration !== null;
    fill(this.#place, this.#heading(transcript),
      this.#obstacle(),
      this.#isSealed && h("p", { class: "notice", id: "withheld" }, t("response.withheld")),
      this.#toMarking(),
      this.#asked(),
      hasAudio && this.#makePlayer(recording),
      !this.#isSealed && this.#marks(),
      transcript && h("div", { class: "split response" },
        h("div", { class: "sections" },
          this.#changesPlace,
          h("section", { class: "card transcript-card" }, this.#transcriptPlace),
          this.#historySection()),
        h("section", { class: "card", "aria-label": t("measures.title") }, this.#measuresPlace)),
      !transcript && status === "unscorable" && this.#quality());
    if (!transcript) return;
    this.#showTranscript(transcript);
    this.#showMeasures(analysis);
    if (hasAudio) this.#shortcuts();
  }

  /** Whether the answer was received and the rest is kept from its student until it is released. */
  get #isSealed() { return this.#response.withheld && !this.#response.transcript_version && this.#response.owner.id === this.#user.id; }

  /** What was asked for before the answer was given. */
  #asked() {
    const asked = this.#response.facts_asked ?? [];
    return asked.length > 0 && h("p", { class: "quiet", id: "facts-asked", dir: "auto" }, h("strong", {}, t("facts.asked")), ": ",
      asked.map(({ label }) => label).join(" · "));
  }

  #toMarking() {
    const { question_id: question, owner, id } = this.#response;
    if (!question || owner.id === this.#user.id || this.#user.role === "student") return null;
    return h("p", {}, h("a", { class: "button", href: `/marking/${id}` }, icon("check"), t("mark.open")));
  }

  /** What people have found, for the student: the grade, the marks with their comments, and the appeal. */
  #marks() {
    const { question_id: question, owner, status } = this.#response;
    if (!question || owner.id !== this.#user.id || !["analysed", "marked", "released"].includes(status)) return null;
    const place = h("div", { class: "stack" });
    const load = () => loadInto(place, async () => {
      const { grade, marks, rubric, appeal, can_appeal: canAppeal } = await get(this.#path("/marks"));
      if (!grade) return h("p", { class: "quiet" }, t("grade.not_yet"));
      return [
        h("h2", {}, t("grade.title", { score: percent(grade.score) })),
        grade.source === "machine" && h("p", { class: "quiet small" }, t("grade.by_machine")),
        marks.map((mark) => markSummary(rubric, mark, { seek: (seconds) => this.#player?.seek(seconds, true) })),
        appeal ? this.#appeal(appeal) : canAppeal && this.#appealForm(load),
      ];
    });
    load();
    return h("section", { class: "card", id: "grade", "aria-label": t("grade.label") }, place);
  }

  #appeal(appeal) {
    return h("div", { class: "notice", id: "appeal" },
      h("p", {}, h("strong", {}, t(`appeal.status_${appeal.status}`))), h("p", { class: "prose" }, appeal.text),
      appeal.reason && h("p", { class: "prose" }, h("strong", {}, `${t("appeal.answered")} `), appeal.reason));
  }

  #appealForm(load) {
    return h("details", { class: "disclosure" }, h("summary", {}, t("appeal.begin")),
      h("div", { class: "disclosed" }, form({
        fields: { text: areaField(t("appeal.text"), { required: true, maxlength: 2000, hint: t("appeal.text_hint") }) },
        submit: t("appeal.send"),
        send: async ({ text }) => {
          await post(this.#path("/appeal"), { text });
          await load();
          announce(t("appeal.sent"));
        },
      })));
  }

  /** Why there is no result, and what to do about it. */
  #obstacle() {
    const { status, reason_code: code, question_id: question } = this.#response;
    const mine = this.#response.owner.id === this.#user.id;
    return obstacle(this.#response,
      code === "wrong_language" && !mine && h("p", {}, t("unscorable.wrong_language_accept")),
      h("div", { class: "actions" },
        mine && h("a", { class: "button primary", href: question ? `/questions/${question}` : "/transcribe" }, icon("microphone"), t("response.again")),
        code === "wrong_language" && !mine && h("button", { id: "accept", onclick: () => this.#accept() }, t("response.accept")),
        status === "failed" && h("button", { onclick: () => this.#retry() }, t("response.retry"))));
  }

  /** Takes the recogniser's transcript as a person's own version, which is then measured. */
  async #accept() {
    const version = this.#response.transcript_version;
    try {
      await post(this.#path("/transcript/revert"), { version }, { headers: { "If-Match": `"v${version}"` } });
      location.reload();
    } catch (error) {
      toast(problemText(error));
    }
  }

  async #retry() {
    try {
      await post(this.#path("/retry"));
      location.reload();
    } catch (error) {
      toast(problemText(error));
    }
  }

  #quality() {
    const measures = this.#response.recording.quality ?? [];
    if (!measures.length) return null;
    const element = document.createElement("oracy-measures");
    element.configure({ measures });
    return h("section", { class: "card" }, h("h2", {}, t("response.quality")), element);
  }

  #makePlayer(recording) {
    this.#player = document.createElement("oracy-player");
    this.#player.configure(recording);
    this.#player.addEventListener("time", ({ detail }) => this.#reader?.showTime(detail, this.#player.playing));
    // What is focused must never hide beneath the bar that stays at the top (WCAG 2.4.11).
    new ResizeObserver(([{ target }]) =>
      document.documentElement.style.setProperty("--sticky", `${target.offsetHeight + 16}px`)).observe(this.#player);
    return this.#player;
  }

  #shortcuts() {
    addShortcut("KeyK", t("shortcuts.play"), () => this.#player.toggle());
    addShortcut("KeyJ", t("shortcuts.back"), () => this.#player.skip(-3));
    addShortcut("KeyL", t("shortcuts.forward"), () => this.#player.skip(3));
    addShortcut("KeyN", t("shortcuts.doubtful"), () => this.#reader?.nextDoubtful?.());
  }

  #showTranscript(transcript) {
    const { engine } = this.#response;
    const reader = document.createElement("oracy-transcript");
    reader.configure(transcript);
    reader.addEventListener("seek", ({ detail }) => this.#player?.seek(detail, true));
    this.#reader = reader;
    fill(this.#transcriptPlace,
      h("div", { class: "section-head" },
        h("h2", {}, t("transcript.title"), " ",
          transcript.version > 1 && h("span", { class: "badge" }, t("transcript.version", { count: transcript.version }))),
        h("div", { class: "actions" },
          transcript.segments.length > 0 && h("button", { class: "slim", id: "edit", onclick: () => this.#edit(transcript) }, icon("edit"), t("transcript.edit")),
          this.#player && h("button", { class: "slim", onclick: () => showShortcuts() }, t("shortcuts.title")))),
      engine?.notice && h("p", { class: "notice warn small" }, engine.notice),
      transcript.language === UNDETERMINED && h("p", { class: "notice warn", id: "unknown-language" }, unknownLanguage(transcript)),
      transcript.segments.length ? reader : h("p", { class: "quiet" }, t("transcript.empty")),
      this.#downloads());
  }

  #downloads() {
    const base = `/api/v1/responses/${this.#response.id}/transcript`;
    return h("div", { class: "downloads small" }, icon("download"), h("span", { class: "quiet" }, t("transcript.download")),
      ["txt", "srt", "vtt", "json"].map((format) =>
        h("a", { href: `${base}?format=${format}`, download: `transcript.${format}` }, format)),
      h("a", { href: `/api/v1/recordings/${this.#response.recording.id}/audio`, download: "" }, t("transcript.audio")),
      this.#response.question_id === null && this.#response.owner.id === this.#user.id
        && h("button", { class: "plain", onclick: () => this.#delete() }, t("response.delete")));
  }

  async #delete() {
    if (!await confirmDialog(t("response.delete_title"), t("response.delete_text"), t("response.delete"))) return;
    try {
      await remove(this.#path(""));
      location.assign("/transcribe");
    } catch (error) {
      toast(problemText(error));
    }
  }

  #showMeasures(analysis) {
    if (!analysis) return fill(this.#measuresPlace, h("p", { class: "quiet" }, t("measures.none")));
    const [points, findings, element] = ["oracy-key-points", "oracy-findings", "oracy-measures"].map((name) => document.createElement(name));
    const show = ({ detail: { evidence, label, play } }) => {
      this.#reader?.markEvidence?.(evidence);
      const timed = evidence.filter(({ start_s: start }) => start !== null);
      this.#player?.mark(timed.map(({ start_s: start, end_s: end }) => [start, end ?? start]));
      if (play && timed.length) this.#player?.seek(timed[0].start_s, true);
      announce(t("measures.marked", { count: evidence.length, label }));
    };
    for (const part of [points, findings, element]) {
      part.configure(analysis);
      part.addEventListener("evidence", show);
    }
    this.#reader?.markNames?.(analysis.entities ?? []);
    fill(this.#measuresPlace,
      points, analysis.edit_gain !== null && analysis.edit_gain !== undefined && h("p", { class: "quiet small", id: "edit-gain" },
        t("response.edit_gain", { gain: signed(analysis.edit_gain) })),
      h("h2", {}, t("measures.title")), headline(analysis), findings, element,
      h("p", { class: "quiet small" }, t("measures.engine", { engine: analysis.engine, version: analysis.transcript_version })));
  }

  /** The measures of a version; waits for them where the server still computes. */
  async #analysis(version, attempts = 20) {
    try {
      return await get(this.#path("/analysis"), { query: { version } });
    } catch (error) {
      if (!(error instanceof Problem && error.code === "not_ready") || attempts === 0) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 500); });
      return this.#analysis(version, attempts - 1);
    }
  }

  // Editing

  #edit(transcript) {
    const editor = document.createElement("oracy-transcript-editor");
    editor.addEventListener("seek", ({ detail }) => this.#player?.seek(detail, true));
    editor.addEventListener("cancel", () => this.#leaveEditor(transcript));
    editor.addEventListener("save", ({ detail }) => this.#save(editor, transcript, detail));
    fill(this.#transcriptPlace, h("h2", {}, t("editor.title")), editor);
    this.#reader = editor;
    editor.configure(transcript);
  }

  #leaveEditor(transcript) {
    this.#showTranscript(transcript);
    document.getElementById("edit")?.focus();
  }

  async #save(editor, transcript, { text, reason }, base = transcript.version) {
    editor.busy = true;
    try {
      const saved = await put(this.#path("/transcript"), { text, ...(reason && { reason }) },
        { headers: { "If-Match": `"v${base}"` } });
      editor.forgetDraft();
      await this.#showChanges(transcript, saved);
    } catch (error) {
      editor.busy = false;
      if (error instanceof Problem && error.status === 412) return this.#conflict(editor, { text, reason });
      toast(problemText(error));
    }
  }

  /** Somebody else saved in between: shows both texts and lets the person decide. */
  async #conflict(editor, mine) {
    let theirs;
    try {
      theirs = await get(this.#path("/transcript"));
    } catch (error) {
      return toast(problemText(error));
    }
    const choice = await openDialog(t("conflict.title"), (close) => [
      h("p", {}, t("conflict.text", { name: theirs.author?.name ?? t("conflict.somebody"), version: theirs.version })),
      h("div", { class: "halves" },
        h("div", {}, h("h3", {}, t("conflict.theirs")), h("p", { class: "conflict-text" }, theirs.text)),
        h("div", {}, h("h3", {}, t("conflict.mine")), h("p", { class: "conflict-text" }, mine.text))),
      h("h3", {}, t("conflict.difference")),
      differenceText(difference(words(theirs.text), words(mine.text)), theirs.language),
      h("div", { class: "actions" },
        h("button", { class: "primary", onclick: () => close("mine") }, t("conflict.keep_mine")),
        h("button", { onclick: () => close("theirs") }, t("conflict.keep_theirs")),
        h("button", { onclick: () => close(null) }, t("conflict.go_on"))),
    ], { wide: true });
    if (choice === "mine") return this.#save(editor, theirs, mine);
    if (choice === "theirs") {
      editor.forgetDraft();
      this.#showTranscript(theirs);
      this.#showMeasures(await this.#analysis(theirs.version).catch(notReady));
    }
  }

  /** Shows the new version and, above it, what it changed in words and numbers. */
  async #showChanges(before, after) {
    this.#showTranscript(after);
    const analysis = await this.#analysis(after.version).catch(notReady);
    this.#showMeasures(analysis);
    const card = h("section", { class: "card changes", tabindex: -1, "aria-label": t("changes.title") },
      h("div", { class: "section-head" }, h("h2", {}, t("changes.title")),
        h("button", { class: "slim", onclick: () => fill(this.#changesPlace) }, t("action.close"))),
      h("h3", {}, t("changes.words")),
      differenceText(difference(words(before.text), words(after.text)), after.language),
      errorRate(after.wer) && h("p", { class: "quiet small" }, errorRate(after.wer)),
      h("h3", {}, t("changes.measures")),
      analysis?.previous ? measureChanges(analysis.previous.measures, analysis.measures)
        : h("p", { class: "quiet" }, t("changes.no_measures")));
    fill(this.#changesPlace, card);
    card.focus();
    announce(t("changes.saved", { version: after.version }));
    if (this.#history?.open) this.#loadHistory();
  }

  // History

  #historySection() {
    this.#history = h("details", { class: "disclosure", id: "history" },
      h("summary", {}, icon("history"), " ", t("history.title")),
      h("div", { class: "disclosed" }, this.#historyPlace));
    this.#history.addEventListener("toggle", () => this.#history.open && this.#loadHistory());
    return this.#history;
  }

  #loadHistory() {
    return loadInto(this.#historyPlace, async () => {
      const { items } = await get(this.#path("/transcript/versions"));
      const latest = Math.max(...items.map((version) => version.version));
      return h("ol", { class: "versions" },
        [...items].sort((left, right) => right.version - left.version).map((version) => h("li", {},
          h("div", {},
            h("strong", {}, t("transcript.version", { count: version.version })), " ",
            version.version === latest && h("span", { class: "badge good" }, t("history.current")),
            h("p", { class: "quiet small" },
              [authorOf(version),
                moment(version.created_at), t("history.words", { count: version.words }), errorRate(version.wer)]
                .filter(Boolean).join(" · ")),
            version.confirmed && h("p", { class: "small" }, h("span", { class: "badge good" }, icon("check"), t("history.confirmed"))),
            version.edit_reason && h("p", { class: "small" }, `“${version.edit_reason}”`)),
          h("div", { class: "actions" },
            version.version > 1 && h("button", { class: "slim", onclick: () => this.#showDifference(version.version, items) }, t("history.changes")),
            version.version !== latest && h("button", { class: "slim", onclick: () => this.#revert(version.version, latest) }, t("history.restore"))))));
    });
  }

  /** What a version changed beside the one before it, or beside any other that is chosen. */
  async #showDifference(version, items) {
    const place = h("div"), id = uniqueId("compared");
    const show = (from) => loadInto(place, async () =>
      differenceText((await get(this.#path("/transcript/diff"), { query: { from, to: version } })).changes));
    const others = items.filter((item) => item.version !== version);
    const choice = others.length > 1 && h("div", { class: "field" },
      h("label", { for: id }, t("history.compared_with")),
      h("select", { id, onchange: ({ target }) => show(Number(target.value)) }, others.map((item) =>
        h("option", { value: item.version, selected: item.version === version - 1 },
          `${t("transcript.version", { count: item.version })} · ${authorOf(item)}`))));
    await show(version - 1);
    await openDialog(t("history.changes_in", { version }), (close) => [
      choice, place,
      h("div", { class: "actions" }, h("button", { class: "primary", onclick: () => close() }, t("action.close"))),
    ], { wide: true });
  }

  async #revert(version, latest) {
    try {
      const before = await get(this.#path("/transcript"), { query: { version: latest } });
      const after = await post(this.#path("/transcript/revert"),
        { version, reason: t("history.restored", { version }) }, { headers: { "If-Match": `"v${latest}"` } });
      await this.#showChanges(before, after);
    } catch (error) {
      toast(problemText(error));
    }
  }
}

/** Who wrote a version of the transcript. */
const authorOf = (version) =>
  version.origin === "asr" ? t("history.recogniser") : version.author?.name ?? t("conflict.somebody");

/** The numbers most people look for first. */
function headline(analysis) {
  const wanted = ["tfidf_cosine", "rouge_l", "speech_rate_wpm", "wpm", "pause_count", "phonation_ratio"];
  const found = wanted.map((key) => analysis.measures.find((measure) => measure.key === key && measure.value !== null))
    .filter(Boolean).slice(0, 3);
  if (!found.length) return null;
  return h("ul", { class: "headline" }, found.map((measure) => h("li", {},
    h("span", { class: "headline-value numeric" }, bareValue(measure), " ", h("span", { class: "headline-unit" }, measureUnit(measure))),
    h("span", { class: "quiet small" }, measureLabel(measure)))));
}

function notReady(error) {
  if (error instanceof Problem && error.status === 404) return null;
  throw error;
}

/** That the language was not recognised, and which one it sounds most like. */
