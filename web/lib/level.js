// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/**
 * How loud a microphone is, ten times a second, in words and decibels below full scale.
 *
 * Words follow what a recogniser needs: under -45 dB speech drowns in noise, and a peak at full scale is distorted.
 */
export class LevelMeter {
  #context;
  #source;
  #analyser;
  #samples;
  #timer = null;

  constructor(stream) {
    this.#context = new AudioContext();
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 4096;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#source.connect(this.#analyser);
    this.#context.resume();
  }

  /**
   * Calls `report({level, state})` with the level 0…1 of the meter; the state is waiting, quiet, good, loud, or
   * unavailable where the browser has no audio clock (a computer without loudspeakers can have none).
   */
  start(report) {
    let recent = [];
    let suspended = 0;
    this.#timer = setInterval(() => {
      if (this.#context.state !== "running") {
        suspended += 1;
        report({ level: 0, state: suspended > 20 ? "unavailable" : "waiting" });
        return;
      }
      this.#analyser.getFloatTimeDomainData(this.#samples);
      let sum = 0, peak = 0;
      for (const sample of this.#samples) {
        sum += sample * sample;
        if (Math.abs(sample) > peak) peak = Math.abs(sample);
      }
      const decibels = 10 * Math.log10(sum / this.#samples.length + 1e-12);
      recent = [...recent.slice(-29), { decibels, peak }];
      const loudest = Math.max(...recent.map((entry) => entry.decibels));
      const clipping = recent.some((entry) => entry.peak >= 0.985);
      const level = Math.min(1, Math.max(0, (decibels + 60) / 60));
      const state = clipping ? "loud" : loudest < -45 ? (recent.length < 20 ? "waiting" : "quiet") : "good";
      report({ level, state });
    }, 100);
  }

  stop() {
    clearInterval(this.#timer);
    this.#source.disconnect();
    this.#context.close();
  }
}
