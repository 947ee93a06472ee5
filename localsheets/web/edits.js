// Changing what stands in cells: typing, clearing, pasting, ticking, looks. All pass here, so all are checked alike.

import { batch, typed } from "./api.js";
import { box, boxOf, cellName, gridRange, rangeText, size } from "./a1.js";
import { book, columnCount, protectionOf, rowCount, sheetId, title } from "./book.js";
import { confirmed } from "./dialog.js";
import { perform } from "./history.js";
import { shownRuns } from "./layout.js";
import { refresh } from "./live.js";
import { complain, say } from "./notice.js";
import { tell } from "./signals.js";
import { boxValues, isBox, isTicked, refusal } from "./validation.js";
import { cell, dropOverlays, lay, overlay } from "./windows.js";

// Whether this person may write here now: locked cells refuse, guarded ones ask.
export async function mayWrite(boxes) {
  if (!book.canWrite) {
    say("You may read this spreadsheet, but not change it.", { error: true });
    return false;
  }
  const found = boxes.map((b) => protectionOf(b));
  if (found.includes("lock")) {
    say("These cells are protected, and you are not among their editors.", { error: true });
    return false;
  }
  if (!found.includes("warn")) return true;
  return (await confirmed("This part of the sheet should not be changed by accident. Change it anyway?", "Change it")) === true;
}

// What makes the grid large enough for a box.
export function growFor(b) {
  const out = [];
  const add = (dimension, length) => length > 0 && out.push({ appendDimension: { sheetId: sheetId(), dimension, length } });
  add("ROWS", b.bottom - rowCount());
  add("COLUMNS", b.right - columnCount());
  return out;
}

function firstRefusal(b, rows, stood) {
  for (const [y, row] of rows.entries())
    for (const [x, text] of row.entries()) {
      const data = stood[y]?.values?.[x];
      const why = data?.dataValidation && text !== null ? refusal(data, text) : "";
      if (why) return rows.length * row.length > 1 ? `${cellName(b.top + y, b.left + x)}: ${why}` : why;
    }
  return "";
}

// Writes rows of typed text at a place, as if typed by hand. What fails stays in sight, marked, and can be sent again.
export async function type(row, col, rows, label = `typing in ${cellName(row, col)}`) {
  const [sheet, name] = [sheetId(), title()];
  const b = box(row, col, row + rows.length, col + rows[0].length);
  if (!(await mayWrite([b]))) return { kept: false };
  const each = (act) => size(b) <= 5000 && rows.forEach((line, y) => line.forEach((text, x) => act(row + y, col + x, text)));
  each((r, c, text) => text !== null && lay(sheet, r, c, { text, state: "saving" }));
  try {
    const grow = growFor(b);
    if (grow.length) {
      await batch(grow);
      await refresh();
    }
    await perform({
      label, sheet, boxes: [b],
      work: async (before) => {
        const why = before ? firstRefusal(b, rows, before[0]) : "";
        if (why) throw new Error(why);
        await typed(rangeText(name, b), rows);
      },
    });
    tell("fresh", () => each((r, c) => lay(sheet, r, c, null)));
    return { kept: true };
  } catch (error) {
    each((r, c, text) => text !== null && lay(sheet, r, c, { text, state: "failed", why: error.message }));
    const drop = () => each((r, c) => lay(sheet, r, c, null));
    say(`${size(b) === 1 ? cellName(row, col) : `${cellName(row, col)} and below`} was not saved. ${error.message}`, {
      error: true, actions: [["Try again", () => { drop(); type(row, col, rows, label); }], ["Give it up", drop]],
    });
    return { kept: false };
  }
}

// An action on the present sheet whose failure is told, and that is all.
export async function act(label, boxes, requests, more = {}) {
  if (!(await mayWrite(boxes))) return false;
  try {
    await perform({ label, sheet: sheetId(), boxes, work: () => batch(requests), ...more });
    return true;
  } catch (error) {
    complain(error);
    return false;
  }
}

export function clear(b) {
  const runs = shownRuns(b);
  dropOverlays(b);
  const requests = runs.map((one) => ({ updateCells: { range: gridRange(sheetId(), one), fields: "userEnteredValue" } }));
  return act("clearing cells", runs, requests);
}

// The first row of a block over all the others, formulas as they read there.
export function fillDown(b) {
  if (b.bottom - b.top < 2) return undefined;
  const [first, rest] = [{ ...b, bottom: b.top + 1 }, { ...b, top: b.top + 1 }];
  const request = { copyPaste: { source: gridRange(sheetId(), first), destination: gridRange(sheetId(), rest), pasteType: "PASTE_NORMAL" } };
  dropOverlays(rest);
  return act("filling down", [rest], [request]);
}

const NAMES = { backgroundColorStyle: "backgroundColorStyle,userEnteredFormat.backgroundColor" };

// One thing of the looks of cells: `path` below userEnteredFormat.
export function dress(label, b, path, format) {
  const runs = shownRuns(b);
  const fields = `userEnteredFormat.${NAMES[path] ?? path}`;
  const requests = runs.map((one) => ({ repeatCell: { range: gridRange(sheetId(), one), cell: { userEnteredFormat: format }, fields } }));
  return act(label, runs, requests);
}

export function bold(b) {
  const now = cell(b.top, b.left)?.userEnteredFormat?.textFormat?.bold ?? false;
  return dress(now ? "no bold" : "bold", b, "textFormat.bold", { textFormat: { bold: !now } });
}

// Ticks or unticks every tick box of a block, all the way of the first; false where there is none.
export function tick(b) {
  const rows = [];
  let value = null;
  for (let row = b.top; row < b.bottom; row += 1) {
    rows.push([]);
    for (let col = b.left; col < b.right; col += 1) {
      const data = cell(row, col) ?? {};
      const over = overlay(row, col); // a tick that is still on its way counts
      if (isBox(data)) value ??= !(over ? over.text === boxValues(data)[0] : isTicked(data));
      rows.at(-1).push(isBox(data) ? boxValues(data)[value ? 0 : 1] : null);
    }
  }
  if (value === null) return false;
  type(b.top, b.left, rows, value ? "ticking" : "unticking");
  return true;
}

export const accept = (label, b, rule) =>
  act(label, [b], [{ setDataValidation: { range: gridRange(sheetId(), b), ...(rule ? { rule } : {}) } }]);

export const annotate = (b, note) =>
  act(note ? "a note" : "no note", [box(b.top, b.left)], [
    { updateCells: { range: gridRange(sheetId(), box(b.top, b.left)), rows: [{ values: [note ? { note } : {}] }], fields: "note" } },
  ]);

export const wholeSheet = () => boxOf({}, rowCount(), columnCount());
