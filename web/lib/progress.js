// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get, Problem } from "./api.js";

/**
 * Follows a response until its work is done: server-sent events, and asking every few seconds where they don't get
 * through. `on` holds the functions stage, status, segment and done. Returns a function that stops.
 */
export function followResponse(id, on) {
  let stopped = false;
  let timer = null;
  const source = new EventSource(`/api/v1/responses/${id}/events`);
  const finish = () => {
    if (stopped) return;
    stop();
    on.done();
  };
  for (const name of ["stage", "status", "segment"]) {
    source.addEventListener(name, (event) => on[name](JSON.parse(event.data)));
  }
  source.addEventListener("done", finish);
  // The browser reconnects by itself unless the answer was an error; then only asking is left.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED && !stopped) poll();
  });

  async function poll() {
    try {
      const response = await get(`/responses/${id}`);
      if (stopped) return;
      on.status({ status: response.status });
      for (const stage of response.stages ?? []) on.stage(stage);
      if (!isRunning(response)) return finish();
    } catch (error) {
      if (error instanceof Problem && error.status < 500) return finish();
    }
    if (!stopped) timer = setTimeout(poll, 3000);
  }

  function stop() {
    stopped = true;
    clearTimeout(timer);
    source.close();
  }
  return stop;
}

/** Whether the server still works on a response. */
export const isRunning = (response) => ["empty", "uploaded", "transcribed"].includes(response.status);
