// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import "./oracy-upload.js";
import { announce, fill, h, icon } from "../lib/dom.js";
import { clock, moment, t } from "../lib/i18n.js";
import { LevelMeter } from "../lib/level.js";
import * as recordings from "../lib/recordings.js";

/** In order of preference; every browser has one of them, and the server decodes all. */
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
const WARNING = 10; // seconds before the limit

/**
 * Records one answer: idle → asking → recording ⇄ paused → stopped → uploading, or says why it can't.
 *
 * Sound is kept in IndexedDB a second at a time until the server has acknowledged it, so that a reload or a crash loses
 * next to nothing. Dispatches `uploaded` (from its upload) with the server's answer.
 */
class OracyRecorder extends HTMLElement {
  #settings = null;
  #recording = null; // what recordings.js keeps of it
  #chunks = [];
  #recorder = null;
  #stream = null;
  #meter = null;
  #ticker = null;
  #startedAt = 0;
  #before = 0; // seconds recorded before the last pause
  #saving = Promise.resolve();
  #safe = true; // whether the pieces reach the disk
  #unlock = null;
  #url = null;

  /**
   * `owner` and `scope` (what is answered) find unsent recordings again; `limit` is in seconds; `fields` are sent before
   * the file: an object, or a function that returns one when the recording is sent. With `trial`, a function that sends
   * it, the recording may be sent again and again and is not kept; `submit` is then what the button says.
   */
  configure(settings) {
    this.#settings = settings;
    this.#showIdle();
  }

  disconnectedCallback() {
    this.#closeDevice();
    if (this.#url) URL.revokeObjectURL(this.#url);
  }

  get #fields() {
    return typeof this.#settings.fields === "function" ? this.#settings.fields() : this.#settings.fields;
  }

  #show(state, ...content) {
    this.dataset.state = state;
    fill(this, h("div", { class: "recorder" }, content));
  }

  async #showIdle() {
    const obstacle = !isSecureContext ? "insecure"
      : !navigator.mediaDevices?.getUserMedia || typeof MediaRecorder === "undefined" ? "unsupported"
        : !TYPES.some((type) => MediaRecorder.isTypeSupported(type)) ? "unsupported" : null;
    if (obstacle) return this.#showObstacle(obstacle, false);
    const leftovers = h("div", { class: "stack" });
    this.#show("idle",
      leftovers,
      h("button", { class: "record", onclick: () => this.#start() }, icon("microphone"), t("recorder.start")),
      h("p", { class: "quiet small" }, t("recorder.hint", { limit: clock(this.#settings.limit) })));
    if (this.#settings.trial) return;
    try {
      const kept = await recordings.unsent(this.#settings.owner, this.#settings.scope);
      fill(leftovers, kept.map((recording) => this.#leftover(recording)));
    } catch {
      // Without IndexedDB (some private windows) there is nothing to offer; recording works all the same.
    }
  }

  #leftover(recording) {
    const upload = document.createElement("oracy-upload");
    const audio = h("audio", { controls: true, hidden: true, "aria-label": t("recorder.playback") });
    const actions = h("div", { class: "actions" },
      h("button", {
        class: "primary", onclick: async () => {
          actions.hidden = true;
          upload.start(await recordings.assemble(recording), this.#fields, recording.id);
        },
      }, icon("upload"), t("recorder.submit_saved")),
      h("button", {
        onclick: async (event) => {
          event.currentTarget.hidden = true;
          this.#play(audio, await recordings.assemble(recording), recording.seconds);
        },
      }, icon("play"), t("recorder.listen")),
      h("button", {
        onclick: async () => {
          await recordings.forget(recording.id);
          this.#showIdle();
        },
      }, icon("trash"), t("recorder.discard")));
    upload.addEventListener("abandoned", () => { actions.hidden = false; });
    upload.addEventListener("uploaded", (event) => this.#acknowledged(event, recording));
    return h("div", { class: "notice", "data-unsent": recording.id },
      h("p", {}, h("strong", {}, t("recorder.unsent_title")), " ",
        t("recorder.unsent_text", { length: clock(recording.seconds), time: moment(recording.startedAt) })),
      audio, actions, upload);
  }

  async #start() {
    this.#show("asking", h("p", { role: "status" }, icon("microphone"), " ", t("recorder.asking")));
    try {
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      });
    } catch (error) {
      const reasons = {
        NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "no_device", OverconstrainedError: "no_device",
        NotReadableError: "in_use", AbortError: "in_use",
      };
      return this.#showObstacle(reasons[error.name] ?? "in_use", true);
    }
    const type = TYPES.find((candidate) => MediaRecorder.isTypeSupported(candidate));
    this.#recording = {
      id: crypto.randomUUID(), owner: this.#settings.owner, scope: this.#settings.scope, type,
      startedAt: Date.now(), seconds: 0,
    };
    this.#chunks = [];
    this.#before = 0;
    this.#safe = true;
    if (!this.#settings.trial) this.#keep();

    this.#recorder = new MediaRecorder(this.#stream, { mimeType: type, audioBitsPerSecond: 64_000 });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#save(data));
    this.#recorder.addEventListener("stop", () => this.#stopped());
    this.#recorder.addEventListener("error", () => this.#stop());
    for (const track of this.#stream.getTracks()) track.addEventListener("ended", () => this.#stop("recorder.lost_device"));
    this.#recorder.start(1000);
    this.#startedAt = performance.now();
    this.#showRecording();
    announce(t("recorder.started"));
  }

  /** Begins to keep the recording, and tells other tabs that it is being made. */
  #keep() {
    this.#saving = recordings.keep(this.#recording).catch(() => { this.#safe = false; });
    navigator.locks?.request(recordings.lockName(this.#recording.id),
      () => new Promise((resolve) => { this.#unlock = resolve; }));
    addEventListener("beforeunload", this.#warnOnLeaving);
  }

  #warnOnLeaving = (event) => event.preventDefault();

  #save(data) {
    if (data.size === 0) return;
    const number = this.#chunks.push(data) - 1;
    this.#recording.seconds = this.#elapsed;
    if (this.#settings.trial) return;
    const recording = { ...this.#recording };
    this.#saving = this.#saving
      .then(() => recordings.addChunk(recording, number, data))
      .catch(() => { this.#safe = false; });
  }

  get #elapsed() {
    return this.#before + (this.#recorder?.state === "recording" ? (performance.now() - this.#startedAt) / 1000 : 0);
  }

  #showRecording() {
    const { limit } = this.#settings;
    const time = h("span", { class: "recorder-time numeric" }, clock(0));
    const left = h("span", { class: "quiet small" }, t("recorder.limit", { limit: clock(limit) }));
    const bar = h("span", { class: "level-bar" });
    const words = h("span", { class: "level-text small", role: "status" }, t("level.waiting"));
    const pause = h("button", { class: "round", "aria-label": t("recorder.pause"), onclick: () => this.#pause(pause) }, icon("pause"));
    const stop = h("button", { class: "record", onclick: () => this.#stop() }, icon("stop"), t("recorder.stop"));
    this.#show("recording",
      h("div", { class: "recorder-live" },
        h("span", { class: "recorder-light" }, h("span", { class: "visually-hidden" }, t("recorder.recording"))), time, left),
      h("div", { class: "level" }, h("span", { class: "level-track", "aria-hidden": "true" }, bar), words),
      h("div", { class: "actions center" }, pause, stop));
    stop.focus();

    let warned = false;
    this.#ticker = setInterval(() => {
      const elapsed = this.#elapsed;
      time.textContent = clock(elapsed);
      const remaining = limit - elapsed;
      if (remaining <= WARNING && !warned) {
        warned = true;
        announce(t("recorder.nearly", { count: WARNING }));
        time.classList.add("nearly");
      }
      if (remaining <= 0) this.#stop("recorder.limit_reached");
    }, 100);

    let said = "waiting";
    this.#meter = new LevelMeter(this.#stream);
    this.#meter.start(({ level, state }) => {
      bar.style.inlineSize = `${Math.round(level * 100)}%`;
      bar.dataset.state = state;
      if (state !== said) {
        said = state;
        words.textContent = t(`level.${state}`);
        words.dataset.state = state;
      }
    });
  }

  #pause(button) {
    if (this.#recorder.state === "recording") {
      this.#before = this.#elapsed;
      this.#recorder.pause();
      this.dataset.state = "paused";
      button.setAttribute("aria-label", t("recorder.resume"));
      fill(button, icon("microphone"));
      announce(t("recorder.paused"));
    } else {
      this.#recorder.resume();
      this.#startedAt = performance.now();
      this.dataset.state = "recording";
      button.setAttribute("aria-label", t("recorder.pause"));
      fill(button, icon("pause"));
      announce(t("recorder.resumed"));
    }
  }

  #reason = null;

  #stop(reason = null) {
    if (!this.#recorder || this.#recorder.state === "inactive") return;
    this.#reason = reason;
    this.#before = this.#elapsed;
    this.#recorder.stop();
    this.#closeDevice();
  }

  #closeDevice() {
    clearInterval(this.#ticker);
    this.#meter?.stop();
    this.#meter = null;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  async #stopped() {
    this.#recording.seconds = this.#before;
    await this.#saving;
    const recording = this.#recording;
    const blob = new Blob(this.#chunks, { type: recording.type });
    const { trial, submit: label = t("recorder.submit") } = this.#settings;
    if (this.#safe) removeEventListener("beforeunload", this.#warnOnLeaving);
    this.#unlock?.();
    const audio = h("audio", { controls: true, "aria-label": t("recorder.playback") });
    const upload = document.createElement("oracy-upload");
    const submit = h("button", {
      class: "primary", onclick: () => {
        actions.hidden = true;
        this.dataset.state = "uploading";
        upload.start(blob, this.#fields, recording.id);
      },
    }, icon("upload"), label);
    const actions = h("div", { class: "actions center" }, submit,
      h("button", {
        onclick: async () => {
          removeEventListener("beforeunload", this.#warnOnLeaving);
          await recordings.forget(recording.id).catch(() => {});
          this.#start();
        },
      }, icon("microphone"), t("recorder.again")));
    const again = () => {
      this.dataset.state = "stopped";
      actions.hidden = false;
    };
    upload.addEventListener("abandoned", again);
    if (trial) {
      upload.trial = trial;
      upload.addEventListener("uploaded", again);
    } else {
      upload.addEventListener("uploaded", (event) => this.#acknowledged(event, recording));
    }
    this.#show("stopped",
      this.#reason && h("p", { class: "notice warn" }, t(this.#reason)),
      h("p", {}, t("recorder.recorded", { length: clock(recording.seconds) })),
      audio, actions,
      !trial && h("p", { class: "quiet small" }, t(this.#safe ? "recorder.kept" : "recorder.not_kept")),
      upload);
    this.#play(audio, blob, recording.seconds, false);
    submit.focus();
    announce(t("recorder.recorded", { length: clock(recording.seconds) }));
  }

  /** Forgets what was kept before anybody else hears of the success, as they may leave the page at once. */
  async #acknowledged(event, recording) {
    event.stopPropagation();
    removeEventListener("beforeunload", this.#warnOnLeaving);
    await recordings.forget(recording.id).catch(() => {});
    this.dispatchEvent(new CustomEvent("uploaded", { detail: event.detail, bubbles: true }));
  }

  /** What MediaRecorder makes has no length in it; seeking far ahead once makes the browser find it. */
  #play(audio, blob, seconds, now = true) {
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(blob);
    audio.hidden = false;
    audio.addEventListener("loadedmetadata", () => {
      if (Number.isFinite(audio.duration)) return now && audio.play();
      audio.currentTime = seconds + 3600;
      audio.addEventListener("seeked", () => {
        audio.currentTime = 0;
        if (now) audio.play();
      }, { once: true });
    }, { once: true });
    audio.src = this.#url;
  }

  #showObstacle(reason, retry) {
    this.#show("failed",
      h("div", { class: "notice warn", role: "alert" },
        h("p", {}, h("strong", {}, t(`recorder.${reason}_title`))),
        h("p", {}, t(`recorder.${reason}_text`)),
        h("p", {}, t("recorder.or_upload")),
        retry && h("div", { class: "actions" }, h("button", { onclick: () => this.#start() }, t("action.retry")))));
  }
}

customElements.define("oracy-recorder", OracyRecorder);
