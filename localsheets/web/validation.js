// What a cell accepts: lists, tick boxes, conditions. The API does not hold people to it, so the page does, as Google's.

import { values } from "./api.js";
import { quoted } from "./a1.js";
import { title } from "./book.js";
import { meets, metBy } from "./conditions.js";
import { dateOf } from "./moments.js";
import { tell } from "./signals.js";

const ranges = new Map(); // choices that stand in cells, by range
const rule = (data) => data.dataValidation?.condition;

export const isBox = (data) => rule(data)?.type === "BOOLEAN";
export const isStrict = (data) => Boolean(data.dataValidation?.strict);

// The two values that a tick box writes.
export function boxValues(data) {
  const [yes, no] = rule(data).values ?? [];
  return [yes?.userEnteredValue ?? "TRUE", no?.userEnteredValue ?? (yes ? "" : "FALSE")];
}

export function isTicked(data) {
  const { boolValue } = data.effectiveValue ?? {};
  return boolValue ?? (data.formattedValue !== undefined && data.formattedValue === boxValues(data)[0]);
}

// The choices of a drop-down, [] until they are read from their range, null where there is none.
export function choicesOf(data) {
  const condition = rule(data);
  if (condition?.type === "ONE_OF_LIST") return (condition.values ?? []).map((one) => one.userEnteredValue ?? "");
  if (condition?.type !== "ONE_OF_RANGE") return null;
  const range = condition.values?.[0]?.userEnteredValue?.replace(/^=/, "") ?? "";
  if (!ranges.has(range)) readChoices(range);
  return ranges.get(range);
}

async function readChoices(range) {
  ranges.set(range, []);
  try {
    const rows = await values(range.includes("!") ? range : `${quoted(title())}!${range}`);
    ranges.set(range, [...new Set(rows.flat().map(String).filter((text) => text !== ""))]);
    tell("cells");
  } catch (error) {
    tell("unread", error);
  }
}

export const forgetChoices = () => ranges.clear();

// Whether what stands in a cell is what it accepts; null where this page cannot tell.
export function meetsRule(data) {
  const choices = choicesOf(data);
  if (choices) return choices.length === 0 ? null : choices.includes(data.formattedValue ?? "");
  if (isBox(data)) return typeof data.effectiveValue?.boolValue === "boolean" || boxValues(data).includes(data.formattedValue);
  return rule(data) ? metBy(rule(data), data) : null;
}

// Why a strict cell does not take what was typed, or "".
export function refusal(data, text) {
  if (!isStrict(data) || text === "" || text.startsWith("=")) return "";
  const [choices, condition] = [choicesOf(data), rule(data)];
  const hint = data.dataValidation.inputMessage;
  if (choices) return choices.length === 0 || choices.includes(text) ? "" : (hint ?? `“${text}” is not one of the choices here: ${some(choices)}.`);
  if (isBox(data)) return [...boxValues(data), "true", "false"].includes(text) ? "" : (hint ?? "This cell only takes its tick.");
  const number = condition.type.startsWith("DATE") ? dateOf(text) : Number(text.replaceAll(",", ""));
  const fits = meets(condition, text, Number.isNaN(number) ? undefined : number);
  return fits === false ? (hint ?? `“${text}” breaks the rule of this cell (${inWords(condition)}).`) : "";
}

const some = (choices) => choices.slice(0, 8).join(", ") + (choices.length > 8 ? " …" : "");

function inWords(condition) {
  const given = (condition.values ?? []).map((one) => one.userEnteredValue ?? one.relativeDate?.toLowerCase());
  return `${condition.type.toLowerCase().replaceAll("_", " ")} ${given.join(" and ")}`.trim();
}
