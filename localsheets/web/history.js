// Undo and redo of one's own actions. Each keeps how its cells stood before and after; it is taken back (by the inverse
// requests, in one batch) only while the cells still stand as it left them, so nobody else's work goes with it.

import { batch, spreadsheet } from "./api.js";
import { gridRange, rangeText, size } from "./a1.js";
import { book, idOf, readBook } from "./book.js";
import { complain, say } from "./notice.js";
import { tell } from "./signals.js";

export const MOST_CELLS = 250_000;
const MOST_ACTIONS = 100;
const KEPT = ["userEnteredValue", "userEnteredFormat", "note", "dataValidation"];
const done = [];
const undone = [];
let line = Promise.resolve();
let atWork = 0;
const busy = () => document.getElementById("grid").setAttribute("aria-busy", String(atWork > 0));
let leave = async () => {}; // what is done before a sheet is deleted

export function beforeDeleting(work) {
  leave = work;
}

// One after the other: what a person does twice in a second reaches the server in that order.
export function inTurn(work) {
  atWork += 1;
  busy();
  const next = line.then(work, work).finally(() => { atWork -= 1; busy(); });
  line = next.catch(() => {});
  return next;
}

const titleOf = (sheet) => book.sheets.find((one) => idOf(one) === sheet)?.properties.title;

// How boxes stand now: rows of cells for each, null where that is more than can be kept.
export async function standing(sheet, boxes) {
  if (boxes.reduce((sum, b) => sum + size(b), 0) > MOST_CELLS) return null;
  const out = [];
  for (const b of boxes) {
    const fields = `sheets(data(rowData(values(${KEPT}))))`;
    const read = await spreadsheet(fields, [rangeText(titleOf(sheet), b)]);
    out.push(read.sheets?.[0]?.data?.[0]?.rowData ?? []);
  }
  return out;
}

const sorted = (value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]))
    : Array.isArray(value) ? value.map(sorted) : value;
const same = (one, two) => JSON.stringify(sorted(one)) === JSON.stringify(sorted(two));

// The requests that put cells back as they stood, blank ones too.
export function putBack(sheet, boxes, stood) {
  return boxes.map((b, i) => ({
    updateCells: {
      range: gridRange(sheet, b),
      rows: Array.from({ length: b.bottom - b.top }, (_, y) => ({
        values: Array.from({ length: b.right - b.left }, (_, x) => stood[i][y]?.values?.[x] ?? {}),
      })),
      fields: KEPT.join(),
    },
  }));
}

// Does an action and remembers it. {label, sheet, boxes, after = boxes, work(before), undo?(before, result), redo?}:
// `boxes` are the cells that it touches (as they are named before), `after` as they are named then, or what they and
// their sheet are by the action's result: {sheet, boxes}. `redo` are requests, or gives them for the result. Without
// `undo` the cells are put back as they were. `work` may throw; nothing is remembered then.
export const perform = (action) => inTurn(() => performed(action));

async function performed({ label, sheet, boxes, after = boxes, work, undo, redo }) {
  const before = await standing(sheet, boxes);
  const result = await work(before);
  const left = typeof after === "function" ? after(result) : { sheet, boxes: after };
  if (left.sheet !== sheet) await readBook();
  const then = before && (await standing(left.sheet, left.boxes));
  undone.length = 0;
  if (then === null) say(`Done: ${label}. It is too large to be undone here.`);
  done.push({
    label, before: { sheet, boxes, cells: before }, after: { ...left, cells: then },
    undo: then && (undo ? undo(before, result) : putBack(sheet, boxes, before)),
    redo: then && (typeof redo === "function" ? redo(result) : redo ?? putBack(sheet, after, then)),
  });
  if (done.length > MOST_ACTIONS) done.shift();
  tell("changed");
  return result;
}

async function take(from, to, { way, back, word }) {
  const action = from.pop();
  if (!action) return say(`Nothing to ${word}.`);
  try {
    const { sheet, boxes, cells } = action[way];
    if (!cells) return say(`“${action.label}” was too large to ${word}.`);
    const now = boxes.length && titleOf(sheet) === undefined ? null : await standing(sheet, boxes);
    if (!same(now, cells)) return say(`Not ${word === "undo" ? "undone" : "redone"}: someone has changed these cells since (${action.label}).`, { error: true });
    for (const one of action[back]) if (one.deleteSheet) await leave(one.deleteSheet.sheetId);
    await batch(action[back]);
    to.push(action);
    tell("changed");
    say(`${word === "undo" ? "Undone" : "Redone"}: ${action.label}.`);
  } catch (error) {
    from.push(action);
    complain(error);
  }
  return undefined;
}

export const undo = () => inTurn(() => take(done, undone, { way: "after", back: "undo", word: "undo" }));
export const redo = () => inTurn(() => take(undone, done, { way: "before", back: "redo", word: "redo" }));
