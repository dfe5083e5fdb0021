// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { fill, h } from "../lib/dom.js";
import { t } from "../lib/i18n.js";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Shows /openapi.json as a page: every route by topic, with parameters, bodies, answers and examples. */
export default async function page() {
  const answer = await fetch("/openapi.json");
  const api = await answer.json();
  const resolve = (part) => (part?.$ref ? part.$ref.slice(2).split("/").reduce((node, key) => node[key.replace("~1", "/").replace("~0", "~")], api) : part);
  const operations = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({
      path, method, ...item[method], parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map(resolve),
    })));
  const sections = h("div", { class: "sections" });
  const draw = (wanted) => {
    const matches = operations.filter((operation) =>
      `${operation.method} ${operation.path} ${operation.summary}`.toLowerCase().includes(wanted.trim().toLowerCase()));
    fill(sections, matches.length ? api.tags.map((tag) => {
      const own = matches.filter((operation) => operation.tags.includes(tag.name));
      return own.length > 0 && h("section", { class: "section" },
        h("h2", {}, tag.name), tag.description && h("p", { class: "quiet" }, tag.description),
        own.map((operation) => operationDetails(operation, resolve)));
    }) : h("p", { class: "quiet" }, t("reference.none")));
  };
  draw("");
  return {
    title: t("nav.reference"),
    content: [
      h("div", { class: "page-head" }, h("div", {},
        h("h1", {}, api.info.title),
        h("p", { class: "quiet" }, t("reference.version", { version: api.info.version }), " · ", h("a", { href: "/openapi.json" }, "openapi.json"))),
      h("div", { class: "field" }, h("label", { for: "filter" }, t("reference.filter")),
        h("input", { type: "search", id: "filter", oninput: (event) => draw(event.target.value) }))),
      paragraphs(api.info.description),
      sections,
    ],
  };
}

const paragraphs = (text) => (text ?? "").split(/\n{2,}/u).map((part) => h("p", {}, inline(part)));

/** Text with `code` set in code type; the description uses no other markup. */
const inline = (text) => (text ?? "").split("`").map((part, index) => (index % 2 ? h("code", {}, part) : part));

function operationDetails(operation, resolve) {
  const body = resolve(operation.requestBody);
  return h("details", { class: "disclosure operation" },
    h("summary", {},
      h("span", { class: `method method-${operation.method}` }, operation.method.toUpperCase()), " ",
      h("code", {}, operation.path), h("span", { class: "operation-summary" }, operation.summary)),
    h("div", { class: "disclosed stack" },
      paragraphs(operation.description),
      operation.parameters.length > 0 && [h("h3", {}, t("reference.parameters")),
        h("ul", { class: "fields" }, operation.parameters.map((parameter) => h("li", {},
          h("code", {}, parameter.name), " ",
          h("span", { class: "quiet small" }, [parameter.in, typeName(parameter.schema, resolve), parameter.required && t("reference.required")].filter(Boolean).join(", ")),
          parameter.description && h("p", { class: "small" }, inline(parameter.description)))))],
      body && [h("h3", {}, t("reference.body")), content(body.content, resolve)],
      h("h3", {}, t("reference.answers")),
      Object.entries(operation.responses).map(([status, reference]) => {
        const response = resolve(reference);
        return h("div", { class: "answer" },
          h("p", {}, h("span", { class: `badge ${status < "300" ? "good" : "warn"}` }, status), " ", inline(response.description)),
          response.content && status < "300" && content(response.content, resolve));
      })));
}

function content(types, resolve) {
  return Object.entries(types).map(([type, { schema, example }]) => h("div", { class: "stack" },
    h("p", { class: "quiet small" }, h("code", {}, type)),
    schema && fieldsOf(schema, resolve),
    example !== undefined && h("pre", { tabindex: 0, "aria-label": t("reference.example") },
      h("code", {}, typeof example === "string" ? example : JSON.stringify(example, null, 2)))));
}

function fieldsOf(reference, resolve, depth = 0) {
  const schema = resolve(reference);
  const properties = schema?.properties;
  if (!properties) return schema?.description ? h("p", { class: "small" }, inline(schema.description)) : null;
  return h("ul", { class: "fields" }, Object.entries(properties).map(([name, part]) => {
    const inner = resolve(part.items ?? part.oneOf?.find((option) => option.$ref) ?? part.anyOf?.find((option) => option.$ref) ?? part);
    return h("li", {},
      h("code", {}, name), " ",
      h("span", { class: "quiet small" }, [typeName(part, resolve), schema.required?.includes(name) && t("reference.required")].filter(Boolean).join(", ")),
      (part.description ?? null) && h("p", { class: "small" }, inline(part.description)),
      depth < 2 && inner?.properties && fieldsOf(inner, resolve, depth + 1));
  }));
}

function typeName(reference, resolve) {
  if (!reference) return "";
  const choices = reference.oneOf ?? reference.anyOf;
  if (choices) return choices.map((choice) => typeName(choice, resolve)).join(" | ");
  if (reference.$ref) return reference.$ref.split("/").at(-1);
  if (reference.type === "array") return `[${typeName(reference.items, resolve)}]`;
  if (reference.enum) return reference.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (reference.const !== undefined) return JSON.stringify(reference.const);
  return [reference.type].flat().join(" | ") + (reference.format ? ` (${reference.format})` : "");
}
