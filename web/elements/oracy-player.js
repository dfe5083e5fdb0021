// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get } from "../lib/api.js";
import { fill, h, icon, uniqueId } from "../lib/dom.js";
import { clock, number, t } from "../lib/i18n.js";

const STEP = 3; // seconds
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

/**
 * Plays one recording: play, three seconds back and forward, speed, position, and the waveform to click into.
 *
 * Dispatches `time` with the position in seconds on every frame while it plays and after every jump.
 */
class OracyPlayer extends HTMLElement {
  #audio;
  #canvas;
  #slider;
  #time;
  #button;
  #duration = 0;
  #peaks = null;
  #marks = [];
  #frame = 0;

  /** `recording` is the part of that name of a response. */
  configure(recording) {
    this.#duration = recording.duration ?? 0;
    const speedId = uniqueId("speed"), sliderId = uniqueId("position");
    this.#audio = h("audio", { src: `/api/v1/recordings/${recording.id}/audio?format=wav`, preload: "auto" });
    this.#canvas = h("canvas", { class: "waveform", "aria-hidden": "true", onclick: (event) => this.#clicked(event) });
    this.#slider = h("input", {
      type: "range", id: sliderId, min: 0, max: this.#duration || 1, step: 0.1, class: "position",
      oninput: () => this.seek(Number(this.#slider.value)),
    });
    this.#slider.value = "0";
    this.#time = h("span", { class: "player-time numeric" });
    this.#button = h("button", { class: "round primary", onclick: () => this.toggle() });
    fill(this,
      h("div", { class: "player", role: "group", "aria-label": t("player.label") },
        this.#audio,
        h("div", { class: "player-row" },
          h("button", { class: "square", "aria-label": t("player.back", { count: STEP }), onclick: () => this.skip(-STEP) }, icon("back")),
          this.#button,
          h("button", { class: "square", "aria-label": t("player.forward", { count: STEP }), onclick: () => this.skip(STEP) }, icon("forward")),
          this.#time,
          h("span", { class: "player-speed" },
            h("label", { for: speedId, class: "visually-hidden" }, t("player.speed")),
            h("select", { id: speedId, onchange: (event) => { this.#audio.playbackRate = Number(event.target.value); } },
              SPEEDS.map((speed) => h("option", { value: String(speed), selected: speed === 1 }, `${number(speed)}×`))))),
        h("div", { class: "player-wave" }, this.#canvas,
          h("label", { for: sliderId, class: "visually-hidden" }, t("player.position")), this.#slider),
        h("p", { class: "field-error", hidden: true, role: "alert" }, t("player.failed"))));
    for (const name of ["play", "pause", "ended"]) this.#audio.addEventListener(name, () => this.#changed());
    this.#audio.addEventListener("seeked", () => this.#moved());
    this.#audio.addEventListener("loadedmetadata", () => {
      if (Number.isFinite(this.#audio.duration)) this.#duration = this.#audio.duration;
      this.#slider.max = String(this.#duration);
      this.#moved();
    });
    this.#audio.addEventListener("error", () => { this.querySelector(".field-error").hidden = false; });
    this.#changed();
    this.#moved();
    this.#loadPeaks(recording.id);
    new ResizeObserver(() => this.#draw()).observe(this.#canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
    new MutationObserver(() => this.#draw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  get playing() { return Boolean(this.#audio) && !this.#audio.paused; }
  get position() { return this.#audio?.currentTime ?? 0; }

  toggle() { return this.playing ? this.#audio.pause() : this.#play(); }
  pause() { this.#audio.pause(); }
  skip(seconds) { this.seek(this.#audio.currentTime + seconds); }

  /** Jumps to `seconds`, and plays from there when asked. */
  seek(seconds, play = false) {
    this.#audio.currentTime = Math.min(Math.max(0, seconds), this.#duration || seconds);
    this.#moved();
    if (play) this.#play();
  }

  /** Marks stretches of the waveform: an array of [start, end] in seconds. */
  mark(stretches) {
    this.#marks = stretches;
    this.#draw();
  }

  #play() {
    this.#audio.play().catch((error) => {
      if (error.name !== "AbortError") this.querySelector(".field-error").hidden = false;
    });
  }

  #changed() {
    fill(this.#button, icon(this.playing ? "pause" : "play"));
    this.#button.setAttribute("aria-label", t(this.playing ? "player.pause" : "player.play"));
    cancelAnimationFrame(this.#frame);
    const follow = () => {
      this.#moved();
      if (this.playing) this.#frame = requestAnimationFrame(follow);
    };
    if (this.playing) follow();
  }

  #moved() {
    const position = this.position;
    this.#slider.value = String(position);
    this.#slider.setAttribute("aria-valuetext",
      t("player.position_text", { position: clock(position), duration: clock(this.#duration) }));
    this.#time.textContent = `${clock(position)} / ${clock(this.#duration)}`;
    this.#draw();
    this.dispatchEvent(new CustomEvent("time", { detail: position }));
  }

  #clicked(event) {
    const frame = this.#canvas.getBoundingClientRect();
    this.seek(((event.clientX - frame.left) / frame.width) * this.#duration);
  }

  /** Peaks come in the form of BBC audiowaveform, version 2: pairs of minimum and maximum. */
  async #loadPeaks(id) {
    try {
      const wave = await get(`/recordings/${id}/waveform`);
      const full = 2 ** (wave.bits - 1);
      this.#peaks = Float32Array.from({ length: wave.length }, (_, index) =>
        Math.max(Math.abs(wave.data[2 * index]), Math.abs(wave.data[2 * index + 1])) / full);
      this.#draw();
    } catch {
      // The slider alone then shows the position.
      this.#canvas.hidden = true;
    }
  }

  #draw() {
    const canvas = this.#canvas;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (!this.#peaks || !width) return;
    const scale = devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
    if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
    const style = getComputedStyle(canvas);
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = style.getPropertyValue("--wave-mark");
    for (const [start, end] of this.#marks) {
      const left = (start / this.#duration) * width;
      pen.fillRect(left, 0, Math.max(3, ((end - start) / this.#duration) * width), height);
    }
    const bars = Math.max(1, Math.floor(width / 4));
    const loudest = Math.max(0.05, this.#peaks.reduce((most, peak) => Math.max(most, peak), 0));
    const played = this.#duration ? this.position / this.#duration : 0;
    const colours = [style.getPropertyValue("--wave-played"), style.getPropertyValue("--wave-rest")];
    for (let bar = 0; bar < bars; bar += 1) {
      const from = Math.floor((bar / bars) * this.#peaks.length);
      const to = Math.max(from + 1, Math.floor(((bar + 1) / bars) * this.#peaks.length));
      let peak = 0;
      for (let index = from; index < to; index += 1) peak = Math.max(peak, this.#peaks[index] ?? 0);
      const tall = Math.max(2, (peak / loudest) * (height - 4));
      pen.fillStyle = colours[bar / bars < played ? 0 : 1];
      pen.fillRect(bar * 4, (height - tall) / 2, 2.5, tall);
    }
  }
}

customElements.define("oracy-player", OracyPlayer);
