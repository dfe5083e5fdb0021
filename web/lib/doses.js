// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import { number, t } from "./i18n.js";

/** Smaller units for people: nobody says 0.000125 g. */
const SMALLER = {
  g: [[1, "g"], [1e-3, "mg"], [1e-6, "µg"], [1e-9, "ng"]],
  L: [[1, "L"], [1e-3, "mL"]],
  mol: [[1, "mol"], [1e-3, "mmol"], [1e-6, "µmol"]],
};

/** "0.5–1", with as many decimals as were said. */
const range = ({ value, to }, factor = 1) =>
  [value, to].filter((end) => end !== null && end !== undefined).map((end) => number(end / factor, 9)).join("–");

/** "500 mg", "2 tablets", "100 µg/kg/h"; units are UCUM. */
function quantity(amount) {
  const counted = /^\{(\w+)\}$/.exec(amount.unit);
  if (counted) return t(`dose_unit.${counted[1]}`, { count: amount.to ?? amount.value, number: range(amount) });
  if (amount.unit === "[IU]") return t("dose_unit.IU", { number: range(amount) });
  const [base, ...per] = amount.unit.split("/");
  const most = amount.to ?? amount.value;
  const steps = SMALLER[base] ?? [[1, base]];
  const [factor, unit] = steps.find(([factor]) => most >= factor * 0.999999) ?? steps.at(-1);
  return `${range(amount, factor)} ${[unit, ...per].join("/")}`.replace("m2", "m²");
}

function frequency({ value, to, days }) {
  const isUpTo = value === 0 && to !== null;
  const times = { count: to ?? value, number: isUpTo ? number(to, 9) : range({ value, to }), days: number(days, 2) };
  if (days === 1) return isUpTo ? t("dose.up_to.a_day", times) : t("dose.times.a_day", times);
  return isUpTo ? t("dose.up_to.in_days", times) : t("dose.times.in_days", times);
}

/** A dose from an analysis in words: "500 mg · 3 times a day · by mouth · at most 4 g in a day". */
export function doseInWords(dose) {
  const parts = [];
  if (dose.count) parts.push(quantity(dose.count));
  if (dose.strength) parts.push(t("dose.each", { amount: quantity(dose.strength) }));
  if (dose.concentration) parts.push(quantity(dose.concentration));
  if (dose.value !== null) parts.push(quantity(dose));
  if (dose.rate) parts.push(quantity(dose.rate));
  if (dose.frequency) parts.push(frequency(dose.frequency));
  if (dose.as_needed) parts.push(t("dose.as_needed"));
  if (dose.single) parts.push(t("dose.single"));
  if (dose.route) parts.push(t(`dose_route.${dose.route}`));
  if (dose.maximum) {
    const amount = quantity(dose.maximum);
    const { days } = dose.maximum;
    parts.push(days === null ? t("dose.maximum", { amount })
      : days === 1 ? t("dose.maximum.a_day", { amount })
        : t("dose.maximum.in_days", { amount, days: number(days, 2) }));
  }
  if (dose.duration) parts.push(t("dose.duration", { count: dose.duration.to ?? dose.duration.value, number: range(dose.duration) }));
  return parts.join(" · ");
}
