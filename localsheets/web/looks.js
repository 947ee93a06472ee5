// How a cell looks: its own format with the colours by rule over it, as classes and colours for the page's ground.

import { boxOf, within } from "./a1.js";
import { book, columnCount, rowCount } from "./book.js";
import { metBy } from "./conditions.js";

const rgb = (given, style) => style?.rgbColor ?? given;
const hex = (color) => {
  const part = (x) => Math.round((x ?? 0) * 255).toString(16).padStart(2, "0");
  return color ? `#${part(color.red)}${part(color.green)}${part(color.blue)}` : "";
};
const brightness = (color) => 0.299 * (color.red ?? 0) + 0.587 * (color.green ?? 0) + 0.114 * (color.blue ?? 0);

let rules = [];

export function readRules() {
  rules = (book.sheet.conditionalFormats ?? []).filter((rule) => rule.booleanRule).map((rule) => ({
    boxes: rule.ranges.map((range) => boxOf(range, rowCount(), columnCount())),
    condition: rule.booleanRule.condition,
    format: rule.booleanRule.format ?? {},
  }));
}

// The formats of the rules that hold here, the first rule strongest in each thing that it says.
function ruled(row, col, data) {
  const out = { textFormat: {} };
  for (const rule of rules) {
    if (!rule.boxes.some((b) => within(b, row, col)) || metBy(rule.condition, data) !== true) continue;
    const { textFormat = {}, ...rest } = rule.format;
    Object.assign(out, { ...rest, ...out, textFormat: { ...textFormat, ...out.textFormat } });
  }
  return out;
}

// Rules that only the server can decide: by a formula, or by all values of a range. Cells then come with their effective
// format, all rules in it.
const beyond = (rule) => rule.gradientRule || rule.booleanRule?.condition?.type === "CUSTOM_FORMULA"
  || (rule.booleanRule?.condition?.values ?? []).some((one) => /^=(?!\s*TODAY\(\)\s*([+-]\s*\d+)?$)/i.test(one.userEnteredValue ?? ""));

export const ruledByServer = (sheet) => (sheet.conditionalFormats ?? []).some(beyond);

// The whole format that counts: {ground, ink, text}.
function counting(row, col, data) {
  const own = data.userEnteredFormat ?? {};
  const all = data.effectiveFormat;
  if (all && ruledByServer(book.sheet)) {
    return { ground: all.backgroundColorStyle?.rgbColor, ink: all.textFormat?.foregroundColorStyle?.rgbColor, text: all.textFormat ?? {} };
  }
  const rule = ruled(row, col, data);
  return {
    ground: rgb(rule.backgroundColor, rule.backgroundColorStyle) ?? rgb(own.backgroundColor, own.backgroundColorStyle),
    ink: rgb(rule.textFormat.foregroundColor, rule.textFormat.foregroundColorStyle)
      ?? rgb(own.textFormat?.foregroundColor, own.textFormat?.foregroundColorStyle),
    text: { ...own.textFormat, ...rule.textFormat },
  };
}

// {classes, background, ink}: "" means the page's own. White ground and black ink are the page's own too.
export function look(row, col, data) {
  const own = data.userEnteredFormat ?? {};
  const { ground, ink: given, text } = counting(row, col, data);
  const background = !ground || hex(ground) === "#ffffff" ? "" : hex(ground);
  let ink = !given || hex(given) === "#000000" ? "" : hex(given);
  if (background && !ink) ink = brightness(ground) > 0.55 ? "#23211c" : "#ffffff";
  const classes = ["bold", "italic", "strikethrough", "underline"].filter((name) => text[name]);
  const kind = data.effectiveValue ?? {};
  const align = own.horizontalAlignment ?? ("numberValue" in kind ? "RIGHT" : "boolValue" in kind ? "CENTER" : "LEFT");
  return { classes: [...classes, `to-${align.toLowerCase()}`], background, ink };
}
