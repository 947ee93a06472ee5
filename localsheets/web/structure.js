// Rows and columns: inserted, deleted, moved, sorted, frozen, hidden. Each with the requests that take it back.

import { boxOf, gridRange, letters, size } from "./a1.js";
import { book, columnCount, rowCount, sheetId } from "./book.js";
import { confirmed } from "./dialog.js";
import { act } from "./edits.js";
import { putBack } from "./history.js";
import { shownRuns } from "./layout.js";
import { choose, chosen, chosenBox } from "./selection.js";

const SORTED_WITH_UNDO = 250_000;
const span = (dimension, startIndex, endIndex) => ({ sheetId: sheetId(), dimension, startIndex, endIndex });
const count = (n, word) => (n === 1 ? `a ${word}` : `${n} ${word}s`);

// Rows or columns from..to as a box that reaches across the sheet (of `extra` more lines than it has now).
function band(dimension, from, to, extra = 0) {
  const rows = rowCount() + (dimension === "ROWS" ? extra : 0);
  const columns = columnCount() + (dimension === "COLUMNS" ? extra : 0);
  const [low, high] = [Math.max(0, from), Math.min(to, dimension === "ROWS" ? rows : columns)];
  return dimension === "ROWS" ? { top: low, bottom: high, left: 0, right: columns } : { top: 0, bottom: rows, left: low, right: high };
}
const word = (dimension) => (dimension === "ROWS" ? "row" : "column");
const some = (boxes) => boxes.filter((b) => size(b) > 0);

export function ends(dimension, b = chosenBox()) {
  return dimension === "ROWS" ? [b.top, b.bottom] : [b.left, b.right];
}

// As many lines as are chosen, before or after them.
export function insert(dimension, after) {
  const [from, to] = ends(dimension);
  const [at, n] = [after ? to : from, to - from];
  const requests = [{ insertDimension: { range: span(dimension, at, at + n), inheritFromBefore: after } }];
  return act(`inserting ${count(n, word(dimension))}`, some([band(dimension, at - 1, at + 1)]), requests, {
    after: some([band(dimension, at - 1, at + n + 1, n)]),
    undo: () => [{ deleteDimension: { range: span(dimension, at, at + n) } }],
    redo: requests,
  });
}

// The chosen lines, without those that a filter hides.
export function remove(dimension) {
  const [from, to] = ends(dimension);
  const runs = dimension === "ROWS" ? shownRuns(band(dimension, from, to)) : [band(dimension, from, to)];
  const at = runs.map((one) => ends(dimension, one));
  const n = at.reduce((sum, [low, high]) => sum + high - low, 0);
  const sheet = sheetId();
  const requests = [...at].reverse().map(([low, high]) => ({ deleteDimension: { range: span(dimension, low, high) } }));
  let gone = 0;
  const seams = at.map(([low, high]) => {
    const seam = band(dimension, low - gone - 1, low - gone + 1, -n);
    gone += high - low;
    return seam;
  });
  const inserts = at.map(([low, high]) => ({ insertDimension: { range: span(dimension, low, high), inheritFromBefore: low > 0 } }));
  return act(`deleting ${count(n, word(dimension))}`, runs, requests, {
    after: some(seams), undo: (before) => [...inserts, ...putBack(sheet, runs, before)], redo: requests,
  });
}

// The chosen lines one step up, down, left or right; the choice goes along.
export async function move(dimension, step) {
  const [from, to] = ends(dimension);
  const target = step < 0 ? from - 1 : to + 1;
  if (target < 0 || target > (dimension === "ROWS" ? rowCount() : columnCount())) return;
  const n = to - from;
  const at = step < 0 ? target : target - n;
  const touched = some([band(dimension, Math.min(from, target), Math.max(to, target))]);
  const requests = [{ moveDimension: { source: span(dimension, from, to), destinationIndex: target } }];
  const back = [{ moveDimension: { source: span(dimension, at, at + n), destinationIndex: step < 0 ? to : from } }];
  const moved = await act(`moving ${count(n, word(dimension))}`, touched, requests, { undo: () => back, redo: requests });
  if (!moved) return;
  const [down, right] = dimension === "ROWS" ? [step, 0] : [0, step];
  choose(chosen.row + down, chosen.col + right, chosen.toRow + down, chosen.toCol + right, chosen.whole);
}

async function sortBox(b, order, label) {
  const large = size(b) > SORTED_WITH_UNDO;
  if (large && !(await confirmed("So large a sort cannot be undone here. Sort anyway?", "Sort"))) return false;
  const sortSpecs = [{ dimensionIndex: chosen.col, sortOrder: order }];
  return act(label, [b], [{ sortRange: { range: gridRange(sheetId(), b), sortSpecs } }]);
}

// All rows below the heading (what is frozen, or the filter's heading) by the active cell's column.
export async function sortSheet(order) {
  const filter = book.sheet.basicFilter?.range;
  const b = filter ? boxOf(filter, rowCount(), columnCount()) : boxOf({}, rowCount(), columnCount());
  const frozen = book.sheet.properties.gridProperties?.frozenRowCount ?? 0;
  b.top = Math.max(frozen, filter ? b.top + 1 : 0);
  if (!b.top && !(await confirmed("No row is frozen, so row 1 is sorted with the others. Sort all rows?", "Sort all rows"))) return false;
  if (chosen.col < b.left || chosen.col >= b.right) b.left = Math.min(b.left, chosen.col);
  b.right = Math.max(b.right, chosen.col + 1);
  return sortBox(b, order, `sorting by column ${letters(chosen.col)}`);
}

export const sortChosen = (order) => sortBox(chosenBox(), order, "sorting the selection");

const KEYS = { ROWS: "frozenRowCount", COLUMNS: "frozenColumnCount" };

export function freeze(dimension, n) {
  const key = KEYS[dimension];
  const now = book.sheet.properties.gridProperties?.[key] ?? 0;
  const request = (value) => [{
    updateSheetProperties: { properties: { sheetId: sheetId(), gridProperties: { [key]: value } }, fields: `gridProperties.${key}` },
  }];
  return act(n ? `freezing ${count(n, word(dimension))}` : "freezing nothing", [], request(n), { undo: () => request(now), redo: request(n) });
}

export function hide(dimension, hidden) {
  const [from, to] = ends(dimension);
  const low = hidden ? from : Math.max(0, from - 1);
  const request = (value) => [{
    updateDimensionProperties: { range: span(dimension, low, hidden ? to : to + 1), properties: { hiddenByUser: value }, fields: "hiddenByUser" },
  }];
  return act(`${hidden ? "hiding" : "showing"} ${word(dimension)}s`, [], request(hidden), { undo: () => request(!hidden), redo: request(hidden) });
}
