// Typing into a cell: an input over the cell, with its choices below where there are some. The bar above shows the
// same text and is an editor too. Nothing that others write changes what stands in an open editor.

import { parseBox } from "./a1.js";
import { book, columnCount, protection, rowCount, sheetId } from "./book.js";
import { type } from "./edits.js";
import { bringIntoSight, grid, placeOfCell } from "./grid.js";
import { stepColumn, stepRow } from "./layout.js";
import { openList } from "./list.js";
import { say } from "./notice.js";
import { choose, chosen, chosenName } from "./selection.js";
import { on } from "./signals.js";
import { choicesOf, isBox, refusal } from "./validation.js";
import { rowNow, traits } from "./whereabouts.js";
import { cell, lay, overlay } from "./windows.js";

const bar = document.getElementById("bar");
const nameBox = document.getElementById("name");
let line = Promise.resolve();
let seenByBar = {};
let open = null; // {row, col, input, list, before}

export const editing = () => open !== null || document.activeElement === bar;

// Text that would be a formula, a number, a date, a time or a flag if it were typed: it is shown with its apostrophe.
const READ_OTHERWISE =
  /^\s*([=+']|[-(]?\s*[₹$€£]?\s*\d[\d.,]*\s*%?\)?\s*$|\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?\s*$|\d{1,2}:\d{2}|(true|false)\s*$)/i;

// What a person would type to get what is there.
export function source(row, col) {
  const over = overlay(row, col);
  if (over) return over.text;
  const data = cell(row, col) ?? {};
  const entered = data.userEnteredValue ?? {};
  if ("formulaValue" in entered) return entered.formulaValue;
  const kind = data.userEnteredFormat?.numberFormat?.type;
  if ("numberValue" in entered && (!kind || kind === "NUMBER")) return String(entered.numberValue);
  if ("stringValue" in entered && kind !== "TEXT" && READ_OTHERWISE.test(entered.stringValue)) return `'${entered.stringValue}`;
  return data.formattedValue ?? "";
}

function stays(row, col) {
  if (!book.canWrite) say("You may read this spreadsheet, but not change it.", { error: true });
  else if (protection(row, col) === "lock") say("This cell is protected, and you are not among its editors.", { error: true });
  else return false;
  return true;
}

// Opens on the active cell: with `text` in place of what is there, or with what is there, the cursor at its end.
export function edit(text = null, { all = false } = {}) {
  const { row, col } = chosen;
  if (open || stays(row, col)) return;
  const data = cell(row, col) ?? {};
  if (isBox(data) && text === null) return;
  bringIntoSight(row, col);
  const [choices, stands] = [choicesOf(data), text ?? source(row, col)];
  const input = document.createElement(choices && !stands.includes("\n") ? "input" : "textarea"); // an input has one line
  if (input.type === "textarea") input.rows = 1;
  input.className = "editor";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.setAttribute("aria-label", `Content of ${chosenName()}`);
  input.value = stands;
  grid.parentElement.append(input);
  open = { row, col, input, data, list: null, typed: text !== null, seen: traits(row, col) };
  place();
  input.focus();
  input.setSelectionRange(input.value.length, input.value.length);
  if (input.type === "text") open.list = openList(input, choices, { all: all || text === null, picked: (choice) => { input.value = choice; commit(1, 0); } });
  input.addEventListener("keydown", keyed);
  input.addEventListener("input", () => { bar.value = input.value; });
  input.addEventListener("blur", () => setTimeout(() => { if (open?.input === input && document.hasFocus()) commit(0, 0); }));
}

function place() {
  if (!open) return;
  const { left, top, width, height } = placeOfCell(open.row, open.col);
  Object.assign(open.input.style, { left: `${left}px`, top: `${top}px`, minWidth: `${width + 1}px`, minHeight: `${height + 1}px` });
  open.list?.place();
}

function keyed(event) {
  const way = { Enter: [event.shiftKey ? -1 : 1, 0], Tab: [0, event.shiftKey ? -1 : 1] }[event.key];
  const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  if (event.isComposing || open.list?.keyed(event) || lineBreak(event)) return;
  if (event.key === "Escape") close();
  else if (way) commit(...way);
  else if (arrows && open.typed && !event.shiftKey) commit(...arrows);
  else {
    if (event.key === "F2") open.typed = false;
    return;
  }
  event.preventDefault();
}

// Alt or Ctrl with Enter: a further line within the cell.
function lineBreak(event) {
  const field = event.target;
  if (event.key !== "Enter" || !(event.altKey || event.ctrlKey) || field.type !== "textarea" || field.readOnly) return false;
  field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input"));
  event.preventDefault();
  return true;
}

// What a field makes of the line breaks of a text, to compare with what stands in it.
const asTyped = (text) => text.replace(/\r\n?/g, "\n");

function close() {
  const { input, list } = open;
  open = null;
  list?.close();
  input.remove();
  showBar();
  grid.focus({ preventScroll: true });
}

// Sends what was typed and moves on. A strict cell that does not take it keeps the editor open, with the reason.
function commit(down, right) {
  const { row, col, input, data, seen } = open;
  const text = input.value;
  const why = refusal(data, text);
  if (why) {
    say(why, { error: true });
    input.setAttribute("aria-invalid", "true");
    input.focus();
    return;
  }
  const changed = text !== asTyped(source(row, col)) || overlay(row, col)?.state === "failed";
  close();
  if (changed) send(row, col, seen, text);
  if (down || right) choose(down ? stepRow(row, down) : row, right ? stepColumn(col, right) : col);
}

// To the row in which the typing began, wherever others have moved it since; in the order in which it was typed.
function send(row, col, seen, text) {
  const sheet = sheetId();
  lay(sheet, row, col, { text, state: "saving" });
  line = line.then(async () => {
    const now = await rowNow(row, col, seen);
    if (now !== row) lay(sheet, row, col, null);
    if (now === null) say(`The row was moved away or deleted while you typed. “${text}” was not written.`, { error: true });
    else type(now, col, [[text]]);
  });
}

function showBar() {
  nameBox.textContent = chosenName();
  if (document.activeElement !== bar) bar.value = open ? open.input.value : source(chosen.row, chosen.col);
}

export const cancel = () => { if (open) close(); };

export function openEditor() {
  grid.addEventListener("scroll", place, { passive: true });
  on("selection", showBar);
  on("cells", () => { if (!editing()) showBar(); });
  on("layout", place);
  bar.addEventListener("focus", () => {
    seenByBar = traits(chosen.row, chosen.col);
    bar.readOnly = stays(chosen.row, chosen.col);
  });
  bar.addEventListener("keydown", (event) => {
    if (event.isComposing || lineBreak(event)) return;
    if (event.key === "Escape") bar.value = source(chosen.row, chosen.col);
    else if (event.key === "Enter" && !bar.readOnly) barCommit();
    else return;
    grid.focus();
    event.preventDefault();
  });
}

function barCommit() {
  const { row, col } = chosen;
  const why = refusal(cell(row, col) ?? {}, bar.value);
  if (why) say(why, { error: true });
  else if (bar.value !== asTyped(source(row, col))) send(row, col, seenByBar, bar.value);
}

// "B4" or "B4:C9" typed by a person: where to go, or null.
export const whereTo = (text) => parseBox(text, rowCount(), columnCount());
