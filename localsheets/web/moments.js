// Dates as the sheet counts them: days since 30 December 1899. "Today" is the server's, in the spreadsheet's zone.

import { book } from "./book.js";

const DAY = 86_400_000;
const START = Date.UTC(1899, 11, 30);

export const serial = (year, month, day) => Math.round((Date.UTC(year, month - 1, day) - START) / DAY);

// As a person would type it anywhere: 2026-11-26.
export function todayText() {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: book.zone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(new Date(book.now * 1000));
}

export const today = () => serial(...todayText().split("-").map(Number));

// A date in a rule, as the API gives it: ISO, by the locale's order, =TODAY() with days added, or a number; else NaN.
export function dateOf(text) {
  const relative = /^=\s*TODAY\(\)\s*(?:([+-])\s*(\d+))?$/i.exec(text);
  if (relative) return today() + (relative[1] === "-" ? -1 : 1) * Number(relative[2] ?? 0);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (iso) return serial(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const typed = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text);
  if (!typed) return text.trim() === "" ? NaN : Number(text);
  const [first, second, year] = typed.slice(1).map(Number);
  return book.locale === "en_US" ? serial(year, first, second) : serial(year, second, first);
}

const RELATIVE = { TODAY: 0, TOMORROW: 1, YESTERDAY: -1, PAST_WEEK: -7, PAST_MONTH: -30, PAST_YEAR: -365 };

export const dayOf = (value) => (value.relativeDate ? today() + RELATIVE[value.relativeDate] : dateOf(value.userEnteredValue ?? ""));
