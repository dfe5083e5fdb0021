// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/** The words of a text: runs of anything but white space. */
export const words = (text) => text.split(/\s+/u).filter(Boolean);

/** The form in which two words count as equal: case and surrounding punctuation don't matter. */
export const folded = (word) => word.toLocaleLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "") || word;

/**
 * The difference of two word lists as runs `{op, from_words, to_words}` with op equal, replace, insert or delete.
 *
 * Longest common subsequence between the equal beginning and end; the middle of an edited answer is small, and where it
 * is not (over four million cells) it is shown as one replacement.
 */
export function difference(from, to) {
  const equal = (left, right) => left === right || folded(left) === folded(right);
  let head = 0;
  while (head < from.length && head < to.length && equal(from[head], to[head])) head += 1;
  let tail = 0;
  while (tail < from.length - head && tail < to.length - head
    && equal(from[from.length - 1 - tail], to[to.length - 1 - tail])) tail += 1;
  const a = from.slice(head, from.length - tail), b = to.slice(head, to.length - tail);
  const steps = [];
  if (a.length * b.length > 4_000_000) {
    for (const word of a) steps.push(["delete", word, null]);
    for (const word of b) steps.push(["insert", null, word]);
  } else {
    const width = b.length + 1;
    const table = new Uint32Array((a.length + 1) * width);
    for (let i = a.length - 1; i >= 0; i -= 1) {
      for (let j = b.length - 1; j >= 0; j -= 1) {
        table[i * width + j] = equal(a[i], b[j])
          ? table[(i + 1) * width + j + 1] + 1
          : Math.max(table[(i + 1) * width + j], table[i * width + j + 1]);
      }
    }
    let i = 0, j = 0;
    while (i < a.length || j < b.length) {
      if (i < a.length && j < b.length && equal(a[i], b[j])) steps.push(["equal", a[i++], b[j++]]);
      else if (j === b.length || (i < a.length && table[(i + 1) * width + j] >= table[i * width + j + 1])) {
        steps.push(["delete", a[i++], null]);
      } else steps.push(["insert", null, b[j++]]);
    }
  }
  const all = [
    ...from.slice(0, head).map((word, index) => ["equal", word, to[index]]), ...steps,
    ...from.slice(from.length - tail).map((word, index) => ["equal", word, to[to.length - tail + index]]),
  ];
  return runs(all);
}

function runs(steps) {
  const result = [];
  for (const [op, from, to] of steps) {
    const kind = op === "equal" ? "equal" : "change";
    if (result.at(-1)?.kind !== kind) result.push({ kind, from_words: [], to_words: [] });
    if (from !== null) result.at(-1).from_words.push(from);
    if (to !== null) result.at(-1).to_words.push(to);
  }
  return result.map(({ kind, from_words, to_words }) => ({
    op: kind === "equal" ? "equal" : !from_words.length ? "insert" : !to_words.length ? "delete" : "replace",
    from_words, to_words,
  }));
}
