// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Marks on text that move without touching the document: the CSS Custom Highlight API where the browser has it, a class
// on the word's element elsewhere.

const supported = typeof Highlight !== "undefined" && Boolean(CSS.highlights);
const marked = new Map();

/** Marks exactly these words (elements that hold one text node) under a name that the style sheet knows. */
export function highlight(name, elements) {
  if (supported) {
    const ranges = elements.map((element) => {
      const range = new Range();
      range.selectNodeContents(element);
      return range;
    });
    if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
    else CSS.highlights.delete(name);
    return;
  }
  for (const element of marked.get(name) ?? []) element.classList.remove(`highlight-${name}`);
  for (const element of elements) element.classList.add(`highlight-${name}`);
  marked.set(name, elements);
}

/** Marks parts of text nodes: an array of [node, start, end]; nothing where the browser can't. */
export function highlightParts(name, parts) {
  if (!supported) return;
  const ranges = parts.map(([node, start, end]) => {
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, end);
    return range;
  });
  if (ranges.length) CSS.highlights.set(name, new Highlight(...ranges));
  else CSS.highlights.delete(name);
}
