// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Small plots as SVG. Each is an image with a name; the numbers stand in a table beside it, so that nothing is said by
// the picture alone.

import { number } from "./i18n.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 480, TOP = 12, BOTTOM = 44, START = 52, END = 14;

function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const text = (x, y, words, attributes = {}) => s("text", { x, y, ...attributes }, words);

function picture(title, height, ...children) {
  return s("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "chart", role: "img", "aria-label": title }, s("title", {}, title), ...children);
}

/** Round numbers that divide a range into about `count` parts. */
export function ticks(low, high, count = 5) {
  if (!(high > low)) return [low];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((wide) => wide >= raw * 0.999);
  const found = [];
  for (let value = Math.ceil(low / step - 1e-9) * step; value <= high + step * 1e-9; value += step) {
    found.push(Math.abs(value) < step * 1e-9 ? 0 : value);
  }
  return found;
}

/** The least range that holds some values, a little wider, and never empty. */
export function rangeOf(values, { least = null, most = null } = {}) {
  const known = values.filter(Number.isFinite);
  let low = least ?? Math.min(...known), high = most ?? Math.max(...known);
  if (!known.length && least === null) [low, high] = [0, 1];
  if (least !== null && known.length) low = Math.min(least, ...known);
  if (most !== null && known.length) high = Math.max(most, ...known);
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

const scale = ([low, high], from, to) => (value) => from + ((value - low) / (high - low)) * (to - from);

/** The lines and numbers of both axes. */
function axes(height, x, y, xRange, yRange, { xLabel, yLabel, xTicks = ticks(...xRange), yTicks = ticks(...yRange, 4) }) {
  return [
    yTicks.map((value) => [
      s("line", { class: "grid-line", x1: START, x2: WIDTH - END, y1: y(value), y2: y(value) }),
      text(START - 6, y(value) + 4, number(value, 3), { "text-anchor": "end" }),
    ]),
    xTicks.map((value) => text(x(value), height - BOTTOM + 16, number(value, 3), { "text-anchor": "middle" })),
    text((START + WIDTH - END) / 2, height - 8, xLabel, { "text-anchor": "middle", class: "axis-name" }),
    text(12, TOP + (height - TOP - BOTTOM) / 2, yLabel, {
      "text-anchor": "middle", class: "axis-name", transform: `rotate(-90 12 ${TOP + (height - TOP - BOTTOM) / 2})`,
    }),
  ];
}

/** Bars over the tenths, or other equal parts, of a range. */
export function histogram({ title, counts, range = [0, 1], xLabel, yLabel }) {
  const height = 220, most = Math.max(1, ...counts);
  const yRange = [0, most];
  const x = scale(range, START, WIDTH - END), y = scale(yRange, height - BOTTOM, TOP);
  const step = (range[1] - range[0]) / counts.length;
  return picture(title, height,
    axes(height, x, y, range, yRange, { xLabel, yLabel, yTicks: ticks(0, most, 4).filter(Number.isInteger) }),
    counts.map((count, index) => {
      const from = x(range[0] + index * step), to = x(range[0] + (index + 1) * step);
      return s("rect", { class: "bar", x: from + 1, width: Math.max(1, to - from - 2), y: y(count), height: y(0) - y(count) },
        s("title", {}, String(count)));
    }));
}

/** Points, perhaps with a straight line through them (`[slope, intercept]`) and a cross where something is read off. */
export function scatter({ title, points, xLabel, yLabel, xRange, yRange, line = null, cross = null, xTicks, yTicks }) {
  const height = 280;
  const x = scale(xRange, START + 8, WIDTH - END - 8), y = scale(yRange, height - BOTTOM - 6, TOP + 6);
  const most = Math.max(1, ...points.map(({ count = 1 }) => count));
  return picture(title, height,
    axes(height, x, y, xRange, yRange, { xLabel, yLabel, xTicks, yTicks }),
    points.map(({ x: across, y: up, label, count = 1 }) =>
      s("circle", { class: "dot", cx: x(across), cy: y(up), r: 3.5 + 6 * Math.sqrt(count / most) * (most > 1 ? 1 : 0.25) },
        s("title", {}, label ?? ""))),
    line && s("line", {
      class: "fit", x1: x(xRange[0]), x2: x(xRange[1]), y1: y(line[0] * xRange[0] + line[1]), y2: y(line[0] * xRange[1] + line[1]),
    }),
    cross && [
      s("line", { class: "cut", x1: x(cross[0]), x2: x(cross[0]), y1: height - BOTTOM, y2: y(cross[1]) }),
      s("line", { class: "cut", x1: START, x2: x(cross[0]), y1: y(cross[1]), y2: y(cross[1]) }),
    ]);
}

/** Values one after the other, each with its band of noise. */
export function bands({ title, points, xLabel, yLabel, yRange }) {
  const height = 260;
  const xRange = [0.5, Math.max(1, points.length) + 0.5];
  const x = scale(xRange, START, WIDTH - END), y = scale(yRange, height - BOTTOM - 6, TOP + 6);
  const width = Math.min(26, (WIDTH - START - END) / points.length * 0.6);
  const known = points.map((point, index) => ({ ...point, place: index + 1 })).filter(({ value }) => value !== null);
  return picture(title, height,
    axes(height, x, y, xRange, yRange, { xLabel, yLabel, xTicks: ticks(1, Math.max(1, points.length), 8).filter(Number.isInteger) }),
    known.filter(({ low }) => low !== null).map(({ place, low, high }) => {
      const top = y(Math.min(high, yRange[1])), bottom = y(Math.max(low, yRange[0]));
      return s("rect", { class: "band", x: x(place) - width / 2, width, y: top, height: Math.max(1, bottom - top), rx: 4 });
    }),
    s("polyline", { class: "path", points: known.map(({ place, value }) => `${x(place)},${y(value)}`).join(" ") }),
    known.map(({ place, value, label }) => s("circle", { class: "dot", cx: x(place), cy: y(value), r: 4 }, s("title", {}, label))));
}

/** One line a row: a value with its interval. Rows without a value stay empty. */
export function intervals({ title, rows, range, xLabel, zero = null }) {
  const row = 30, height = TOP + rows.length * row + BOTTOM, names = 168;
  const x = scale(range, names, WIDTH - END);
  return picture(title, height,
    ticks(...range, 4).map((value) => [
      s("line", { class: "grid-line", x1: x(value), x2: x(value), y1: TOP, y2: height - BOTTOM }),
      text(x(value), height - BOTTOM + 16, number(value, 2), { "text-anchor": "middle" }),
    ]),
    zero !== null && zero >= range[0] && zero <= range[1]
      ? s("line", { class: "cut", x1: x(zero), x2: x(zero), y1: TOP, y2: height - BOTTOM }) : null,
    text((names + WIDTH - END) / 2, height - 8, xLabel, { "text-anchor": "middle", class: "axis-name" }),
    rows.map(({ label, value, low, high }, index) => {
      const middle = TOP + index * row + row / 2;
      const clamp = (place) => x(Math.min(range[1], Math.max(range[0], place)));
      return [
        text(names - 8, middle + 4, label.length > 26 ? `${label.slice(0, 25)}…` : label, { "text-anchor": "end" }),
        low !== null && high !== null ? s("line", { class: "whisker", x1: clamp(low), x2: clamp(high), y1: middle, y2: middle }) : null,
        value === null ? null : s("circle", { class: "dot", cx: clamp(value), cy: middle, r: 5 }, s("title", {}, `${label}: ${number(value, 3)}`)),
      ];
    }));
}

/** One bar a row, in parts that make up the whole; `parts` are `{kind, value, label}`. */
export function shares({ title, rows }) {
  const row = 30, height = TOP + rows.length * row + 6, names = 190;
  return picture(title, height, rows.map(({ label, parts }, index) => {
    const whole = parts.reduce((sum, { value }) => sum + value, 0);
    const top = TOP + index * row + 4;
    let from = names;
    return [
      text(names - 8, top + 15, label.length > 30 ? `${label.slice(0, 29)}…` : label, { "text-anchor": "end" }),
      whole > 0 && parts.filter(({ value }) => value > 0).map(({ kind, value, label: words }) => {
        const width = (value / whole) * (WIDTH - END - names);
        const bar = s("rect", { class: `part part-${kind}`, x: from, width: Math.max(1, width - 1), y: top, height: 20, rx: 3 },
          s("title", {}, `${words}: ${value}`));
        const count = width > 18 ? text(from + width / 2, top + 15, String(value), { "text-anchor": "middle", class: "on-part" }) : null;
        from += width;
        return [bar, count];
      }),
    ];
  }));
}
