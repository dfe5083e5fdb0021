// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/**
 * Makes an element. Properties named `on…` are listeners, `class` and `data-…`/`aria-…` are attributes, `true` and
 * `false` switch an attribute; strings among the children become text, null and false are left out.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "style") element.style.cssText = value; // an attribute would be against the pages' policy
    else element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

/** Replaces what is inside `parent`. */
export function fill(parent, ...children) {
  parent.replaceChildren();
  append(parent, children);
  return parent;
}

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child);
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** The outlines of all icons, on a 24 × 24 grid. */
const OUTLINES = {
  alert: "M12 8v5m0 3.500v.1M10.300 4 2.700 17.200A2 2 0 0 0 4.400 20.200h15.200a2 2 0 0 0 1.700-3L13.700 4a2 2 0 0 0-3.400 0Z",
  back: "M4 4v5h5M4.600 9A8 8 0 1 1 4 13",
  book: "M4 5.500A2.500 2.500 0 0 1 6.500 3H20v15H6.500A2.500 2.500 0 0 0 4 20.500v-15Zm0 15A2.500 2.500 0 0 0 6.500 21H20v-3",
  check: "m5 12.500 4.500 4.500L19 7.500",
  clock: "M12 7v5l3.500 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  cross: "M6 6l12 12M18 6 6 18",
  download: "M12 4v11m0 0 4.500-4.500M12 15l-4.500-4.500M5 20h14",
  edit: "M4 20h4L19 9l-4-4L4 16v4Zm9-13 4 4",
  forward: "M20 4v5h-5M19.400 9A8 8 0 1 0 20 13",
  help: "M9 9.500a3 3 0 1 1 4.500 2.600c-1 .600-1.500 1.200-1.500 2.400m0 3v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  history: "M4 5v4h4M4.500 9A8 8 0 1 1 4 12M12 8v4.500l3 2",
  microphone: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3Zm-6.500-3.500a6.500 6.500 0 0 0 13 0M12 18v3",
  pause: "M8 5v14M16 5v14",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Zm-6 9c0-3.300 2.700-5.500 6-5.500s6 2.200 6 5.500M16 4.300a3.500 3.500 0 0 1 0 6.400M17.500 15c2.100.700 3.500 2.500 3.500 5",
  play: "M8 5.500v13l10.500-6.500L8 5.500Z",
  plus: "M12 5v14M5 12h14",
  settings: "M4 7h9m4 0h3M4 17h3m4 0h9M15 9.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5ZM9 19.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z",
  stop: "M7 7h10v10H7z",
  text: "M5 6h14M5 11h14M5 16h9",
  trash: "M5 7h14M10 7V4.500h4V7m-7.500 0 1 13h9l1-13M10 11v5.500m4-5.500v5.500",
  upload: "M12 16V5m0 0L7.500 9.500M12 5l4.500 4.500M5 20h14",
};

/** A decorative icon; what it stands for is always written beside it or in the control's label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", OUTLINES[name]);
  svg.append(path);
  return svg;
}

/** Says something to screen readers without moving the focus. */
export function announce(text) {
  const region = document.getElementById("announcer");
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

/** Shows a short message that leaves by itself. */
export function toast(text) {
  const message = h("p", { class: "toast" }, text);
  document.getElementById("toasts").append(message);
  setTimeout(() => message.remove(), 6000);
}

/** A number that is unique in this page, for ids that labels refer to. */
let lastId = 0;
export const uniqueId = (prefix) => `${prefix}-${(lastId += 1)}`;
