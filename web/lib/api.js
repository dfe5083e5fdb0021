// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// The HTTP API as functions. The session is a cookie that no script can read; every request is same-origin.

import { currentLocale } from "./i18n.js";

const BASE = "/api/v1";

/** An answer of the server that says no, as application/problem+json (RFC 9457). */
export class Problem extends Error {
  constructor(status, body, headers) {
    super(body?.detail ?? body?.title ?? `HTTP ${status}`);
    this.name = "Problem";
    this.status = status;
    this.code = body?.code ?? null;
    this.requestId = body?.request_id ?? headers?.("x-request-id") ?? null;
    this.fields = body?.errors ?? [];
    this.retryAfter = Number(headers?.("retry-after")) || null;
  }
}

/** No answer at all: the network or the server is away. */
export class Unreachable extends Error {
  constructor() {
    super("unreachable");
    this.name = "Unreachable";
  }
}

let renewSession = null;

/** Sets what happens when the session has ended: a function that resolves after a new sign-in, or rejects. */
export function onSessionEnded(handler) { renewSession = handler; }

async function problem(response) {
  let body = null;
  try {
    body = await response.json();
  } catch {
    // A proxy in between may answer with HTML; the status then says enough.
  }
  return new Problem(response.status, body, (name) => response.headers.get(name));
}

/**
 * Sends one request and returns the JSON of the answer (text for other types, null for 204).
 *
 * When the session has ended, asks the person to sign in again and repeats the request, so that nothing typed is lost.
 * `anonymous` requests report the 401 instead.
 */
export async function request(method, path, { json, query, headers = {}, anonymous = false, signal } = {}) {
  const url = new URL(BASE + path, location.origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, value);
  }
  const options = {
    method, headers: { Accept: "application/json", "Accept-Language": currentLocale(), ...headers },
    credentials: "same-origin", signal,
  };
  if (json !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(json);
  }
  let response;
  try {
    response = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  if (response.status === 401 && !anonymous && renewSession) {
    await renewSession();
    return request(method, path, { json, query, headers, anonymous: true, signal });
  }
  if (!response.ok) throw await problem(response);
  if (response.status === 204) return null;
  return response.headers.get("content-type")?.includes("json") ? response.json() : response.text();
}

export const get = (path, options) => request("GET", path, options);
export const post = (path, json, options) => request("POST", path, { json, ...options });
export const patch = (path, json, options) => request("PATCH", path, { json, ...options });
export const put = (path, json, options) => request("PUT", path, { json, ...options });
export const remove = (path, options) => request("DELETE", path, options);

/** All items of a paged list. */
export async function all(path, query = {}) {
  const items = [];
  let after;
  do {
    const page = await get(path, { query: { ...query, after } });
    items.push(...page.items);
    after = page.next;
  } while (after);
  return items;
}

/**
 * Sends a form with a file. XMLHttpRequest, because fetch can't report how much has been sent.
 *
 * The key makes a repeat after a lost answer harmless: the server then returns the first answer. With `onevent` the
 * answer comes as events: those before the last go to it, by their name.
 */
export function upload(path, form, { key, onprogress, onevent = null, signal }) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("POST", BASE + path);
    call.setRequestHeader("Accept", onevent ? "text/event-stream, application/problem+json" : "application/json");
    call.setRequestHeader("Idempotency-Key", key);
    call.upload.onprogress = (event) => { if (event.lengthComputable) onprogress(event.loaded / event.total); };
    const last = {};
    const read = eventReader((name, data) => {
      if (name === "done" || name === "problem") last[name] = data;
      else onevent(name, data);
    });
    if (onevent) call.onprogress = () => { if (call.status === 200) read(call.responseText); };
    call.onload = async () => {
      if (onevent && call.status === 200) {
        read(call.responseText);
        if (last.done) return resolve(last.done);
        return reject(last.problem ? new Problem(last.problem.status, last.problem) : new Unreachable());
      }
      const body = parsed(call.responseText);
      if (call.status >= 200 && call.status < 300) return resolve(body);
      if (call.status === 401 && renewSession) {
        try {
          await renewSession();
          return resolve(await upload(path, form, { key, onprogress, onevent, signal }));
        } catch (error) {
          return reject(error);
        }
      }
      reject(new Problem(call.status, body, (name) => call.getResponseHeader(name)));
    };
    call.onerror = () => reject(new Unreachable());
    call.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal?.addEventListener("abort", () => call.abort(), { once: true });
    call.send(form);
  });
}

/** JSON, or null for what a proxy in between may have answered. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads server-sent events out of a text that grows, each once it is complete: a function that is given the text. */
function eventReader(on) {
  let place = 0;
  return (text) => {
    for (let end = text.indexOf("\n\n", place); end >= 0; end = text.indexOf("\n\n", place)) {
      const lines = text.slice(place, end).split("\n");
      place = end + 2;
      const field = (name) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2)).join("\n");
      if (field("data")) on(field("event"), JSON.parse(field("data")));
    }
  };
}
