// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { upload } from "./api.js";

/** The endings the server sees in the file name; the bytes decide what it is. */
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/wav": "wav" };

/** Sends audio as a new response. */
export const submitAudio = (file, fields, options) => send("/responses", file, fields, options);

/** Tries audio as an answer to a question, which stores nothing; `onwork` is told how far the server is, 0 to 1. */
export const tryAudio = (question, file, fields, { onwork, onsegment, ...options }) =>
  send(`/questions/${question}/try`, file, fields, {
    ...options, onevent: (name, data) => {
      if (name === "stage") onwork(data.progress);
      else if (name === "segment") onsegment(data);
    },
  });

/** `fields` go before the file, as the server reads the form in order. */
function send(path, file, fields, options) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const ending = ENDINGS[file.type.split(";")[0]] ?? "bin";
  form.append("audio", file, file.name ?? `recording.${ending}`);
  return upload(path, form, options);
}
