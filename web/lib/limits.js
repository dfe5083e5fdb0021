// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { get } from "./api.js";

let known = null;

/** What the server takes: `{audio_bytes, audio_seconds, transcript_bytes}`; asked for once a page. */
export const limits = () => known ??= get("/limits");
