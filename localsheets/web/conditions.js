// Whether a value meets a condition of the API (BooleanCondition): for colours by rule, validation and filters alike.
// CUSTOM_FORMULA and what this page does not know come to null: neither met nor broken (the server colours by those).

import { dayOf } from "./moments.js";

const text = (wanted) => (wanted?.userEnteredValue ?? "").toLowerCase();
const number = (wanted) => Number((wanted?.userEnteredValue ?? "").replace(/^=/, ""));

const ON_TEXT = {
  TEXT_EQ: (shown, a) => shown === text(a),
  TEXT_NOT_EQ: (shown, a) => shown !== text(a),
  TEXT_CONTAINS: (shown, a) => shown.includes(text(a)),
  TEXT_NOT_CONTAINS: (shown, a) => !shown.includes(text(a)),
  TEXT_STARTS_WITH: (shown, a) => shown.startsWith(text(a)),
  TEXT_ENDS_WITH: (shown, a) => shown.endsWith(text(a)),
  TEXT_IS_EMAIL: (shown) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(shown),
  TEXT_IS_URL: (shown) => /^(https?:\/\/)?[^\s/.]+(\.[^\s/.]+)+(\/\S*)?$/.test(shown),
  BLANK: (shown) => shown === "",
  NOT_BLANK: (shown) => shown !== "",
};
const ON_NUMBER = {
  NUMBER_GREATER: (n, a) => n > number(a),
  NUMBER_GREATER_THAN_EQ: (n, a) => n >= number(a),
  NUMBER_LESS: (n, a) => n < number(a),
  NUMBER_LESS_THAN_EQ: (n, a) => n <= number(a),
  NUMBER_EQ: (n, a) => n === number(a),
  NUMBER_NOT_EQ: (n, a) => n !== number(a),
  NUMBER_BETWEEN: (n, a, b) => n >= number(a) && n <= number(b),
  NUMBER_NOT_BETWEEN: (n, a, b) => n < number(a) || n > number(b),
};
const ON_DATE = {
  DATE_EQ: (n, a) => Math.floor(n) === dayOf(a),
  DATE_NOT_EQ: (n, a) => Math.floor(n) !== dayOf(a),
  DATE_BEFORE: (n, a) => n < dayOf(a),
  DATE_AFTER: (n, a) => Math.floor(n) > dayOf(a),
  DATE_ON_OR_BEFORE: (n, a) => Math.floor(n) <= dayOf(a),
  DATE_ON_OR_AFTER: (n, a) => n >= dayOf(a),
  DATE_BETWEEN: (n, a, b) => n >= dayOf(a) && Math.floor(n) <= dayOf(b),
  DATE_NOT_BETWEEN: (n, a, b) => n < dayOf(a) || Math.floor(n) > dayOf(b),
  DATE_IS_VALID: () => true,
};

// `shown` is the text of the cell, `n` its number or undefined.
export function meets(condition, shown, n) {
  const values = condition.values ?? [];
  if (ON_TEXT[condition.type]) return ON_TEXT[condition.type](shown.toLowerCase(), ...values);
  const numeric = ON_NUMBER[condition.type] ?? ON_DATE[condition.type];
  if (numeric) return n !== undefined && numeric(n, ...values);
  return null;
}

export const metBy = (condition, data) => meets(condition, data.formattedValue ?? "", data.effectiveValue?.numberValue);
