// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/** The languages of the pages, each named in itself. */
export const LOCALES = { en: "English", es: "Español" };

let locale = "en";
let region = "en"; // the locale with the region that the browser names, for dates and numbers
let messages = {};
let fallback = {};
let plurals = new Intl.PluralRules("en");

const read = async (name) => (await fetch(new URL(`../messages/${name}.json`, import.meta.url))).json();

/** The best of our languages for this person: what they chose, else what their browser asks for. */
export function preferredLocale() {
  let chosen = null;
  try {
    chosen = localStorage.getItem("oracy.locale");
  } catch {
    // Storage may be blocked; the browser's languages then decide.
  }
  const wishes = [chosen, ...navigator.languages].filter(Boolean).map((tag) => tag.split("-")[0]);
  return wishes.find((tag) => tag in LOCALES) ?? "en";
}

/** Remembers the language for the next page. */
export function rememberLocale(tag) {
  try {
    localStorage.setItem("oracy.locale", tag);
  } catch {
    // The choice then lasts for this page only.
  }
}

/** Loads one language; every message it lacks is shown in English. */
export async function loadMessages(tag) {
  const wanted = tag in LOCALES ? tag : "en";
  if (!Object.keys(fallback).length) fallback = await read("en");
  messages = wanted === "en" ? fallback : await read(wanted);
  locale = wanted;
  region = navigator.languages.find((language) => language.split("-")[0] === locale) ?? locale;
  plurals = new Intl.PluralRules(locale);
  document.documentElement.lang = locale;
}

export const currentLocale = () => locale;

/** The message `key` with `{name}` replaced; a message with plural forms chooses by `parameters.count`. */
export function t(key, parameters = {}) {
  let message = messages[key] ?? fallback[key];
  if (message === undefined) return key;
  if (typeof message === "object") message = message[plurals.select(parameters.count ?? 0)] ?? message.other;
  return message.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = parameters[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? number(value) : String(value);
  });
}

/** The message `key` in the reader's language, or the server's English words. */
export const translated = (key, otherwise) => messages[key] ?? otherwise;

/** A number with at most `digits` decimals. */
export function number(value, digits = 2) {
  return new Intl.NumberFormat(region, { maximumFractionDigits: digits }).format(value);
}

/** A share of one as a percentage. */
export const percent = (share) =>
  new Intl.NumberFormat(region, { style: "percent", maximumFractionDigits: 0 }).format(share);

/** Seconds as m:ss. */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Seconds as m:ss.t, for word times. */
export const preciseClock = (seconds) => `${clock(seconds)}.${Math.floor((Math.max(0, seconds) % 1) * 10)}`;

/** A moment as a date and time in the reader's time zone. */
export function moment(text) {
  return new Intl.DateTimeFormat(region, { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}

/** A size in bytes. */
export function fileSize(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let value = bytes, unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit += 1; }
  return new Intl.NumberFormat(region, {
    style: "unit", unit: units[unit], unitDisplay: "short", maximumFractionDigits: unit > 1 ? 1 : 0,
  }).format(value);
}

/** What the server says instead of a language that it has not recognised (BCP 47). */
export const UNDETERMINED = "und";

/** The name of a language, such as "Spanish" for `es`. */
export function languageName(tag) {
  if (!tag) return t("language.unknown");
  if (tag === UNDETERMINED) return t("language.undetermined");
  try {
    return new Intl.DisplayNames([locale], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Strings in the alphabetical order of the language of the pages. */
export const collate = (left, right) => left.localeCompare(right, locale);
