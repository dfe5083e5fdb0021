// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/**
 * The pages: the pattern of the path, and the module in pages/ that fills it. They need a session unless said
 * otherwise; `optional` shows who is signed in, if anybody.
 */
export const ROUTES = [
  { path: /^\/$/, page: "home" },
  { path: /^\/setup$/, page: "setup", session: "none" },
  { path: /^\/login$/, page: "login", session: "none" },
  { path: /^\/transcribe$/, page: "transcribe" },
  { path: /^\/courses$/, page: "courses" },
  { path: /^\/courses\/(?<id>[^/]+)$/, page: "course" },
  { path: /^\/courses\/(?<id>[^/]+)\/dashboard$/, page: "dashboard" },
  { path: /^\/courses\/(?<id>[^/]+)\/items$/, page: "items" },
  { path: /^\/courses\/(?<id>[^/]+)\/agreement$/, page: "agreement" },
  { path: /^\/courses\/(?<id>[^/]+)\/fairness$/, page: "fairness" },
  { path: /^\/courses\/(?<id>[^/]+)\/students\/(?<student>[^/]+)$/, page: "progress" },
  { path: /^\/progress$/, page: "progress" },
  { path: /^\/institution$/, page: "institution" },
  { path: /^\/institution\/feedback$/, page: "templates" },
  { path: /^\/questions\/(?<id>[^/]+)$/, page: "question" },
  { path: /^\/questions\/(?<id>[^/]+)\/standard$/, page: "standard" },
  { path: /^\/responses\/(?<id>[^/]+)$/, page: "response" },
  { path: /^\/rubrics\/(?<id>[^/]+)$/, page: "rubric" },
  { path: /^\/marking$/, page: "marking" },
  { path: /^\/marking\/(?<id>[^/]+)$/, page: "mark" },
  { path: /^\/users$/, page: "users" },
  { path: /^\/me$/, page: "account" },
  { path: /^\/docs$/, page: "reference", session: "optional" },
];

/** The route of a path, with the parts of the path that its pattern names; null when there is no such page. */
export function match(path) {
  const trimmed = path.length > 1 ? path.replace(/\/+$/, "") : path;
  for (const route of ROUTES) {
    const found = route.path.exec(trimmed);
    if (found) return { ...route, parameters: found.groups ?? {} };
  }
  return null;
}
