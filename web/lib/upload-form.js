// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { upload } from "./api.js";

/** The endings the server sees in the file name; the bytes decide what it is. */
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/wav": "wav" };

/** Sends audio as a new response; `fields` go before the file, as the server reads the form in order. */
export function submitAudio(file, fields, options) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const ending = ENDINGS[file.type.split(";")[0]] ?? "bin";
  form.append("audio", file, file.name ?? `recording.${ending}`);
  return upload("/responses", form, options);
}
