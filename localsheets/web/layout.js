// Where rows and columns stand on the screen: frozen ones, hidden ones, widths. All rows are equally high.

import { tell } from "./signals.js";

export const ROW = 24;
export const HEAD = 46; // the width of the row numbers
export const layout = {
  rows: 0, columns: 0, frozenRows: [], frozenColumns: [], loose: [], widths: [], lefts: [], total: 0,
  shown: null, hidden: new Set(), filtered: new Set(), first: 0,
};
let sheet = null;
let sizes = [];
let [drawn, filterSign] = ["", ""];

// Null for columns or hidden rows: as they were. Nothing is drawn anew where nothing changed.
export function layOut(given, columns, hidden) {
  sheet = given;
  sizes = columns ?? sizes;
  layout.hidden = hidden ?? layout.hidden;
  rebuild();
}

export function filterRows(filtered) {
  layout.filtered = filtered;
  filterSign = [...filtered].join();
  rebuild();
}

// What a window says of its rows, from `top` on: which of them a person has hidden.
export function hideRows(top, flags) {
  let changed = false;
  flags.forEach((hidden, i) => {
    if (hidden === layout.hidden.has(top + i)) return;
    changed = true;
    if (hidden) layout.hidden.add(top + i);
    else layout.hidden.delete(top + i);
  });
  if (changed) rebuild();
}

export const isHidden = (row) => layout.hidden.has(row) || layout.filtered.has(row);

function rebuild() {
  const grid = sheet.properties.gridProperties ?? {};
  const sign = JSON.stringify([sheet.properties.sheetId, grid, sizes, sheet.merges, sheet.basicFilter, [...layout.hidden]]) + filterSign;
  if (sign === drawn) return;
  drawn = sign;
  layout.rows = grid.rowCount ?? 0;
  layout.columns = grid.columnCount ?? 0;
  layout.first = Math.min(grid.frozenRowCount ?? 0, layout.rows);
  layout.frozenRows = Array.from({ length: layout.first }, (_, i) => i).filter((row) => !isHidden(row));
  layoutColumns(grid.frozenColumnCount ?? 0);
  layout.shown = null;
  if (layout.hidden.size || layout.filtered.size) {
    const shown = [];
    for (let row = layout.first; row < layout.rows; row += 1) if (!isHidden(row)) shown.push(row);
    layout.shown = shown;
  }
  tell("layout");
}

function layoutColumns(frozen) {
  layout.widths = Array.from({ length: layout.columns }, (_, i) => (sizes[i]?.hiddenByUser ? 0 : (sizes[i]?.pixelSize ?? 100)));
  layout.frozenColumns = [];
  layout.loose = [];
  layout.lefts = [];
  let at = HEAD;
  layout.widths.forEach((width, col) => {
    layout.lefts.push(at);
    at += width;
    if (width) (col < frozen ? layout.frozenColumns : layout.loose).push(col);
  });
  layout.total = at;
}

export const frozenWidth = () => HEAD + layout.frozenColumns.reduce((sum, col) => sum + layout.widths[col], 0);

// Rows below the frozen ones, by their place among those that are shown.
export const places = () => (layout.shown ? layout.shown.length : layout.rows - layout.first);
export const rowAt = (place) => (layout.shown ? layout.shown[place] : place + layout.first);

export function placeOf(row) {
  if (!layout.shown) return row - layout.first;
  let [low, high] = [0, layout.shown.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (layout.shown[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The next row or column that is shown, `steps` away (sign is the direction); the last one where there are no more.
export function stepRow(row, steps) {
  const way = Math.sign(steps);
  let [at, left] = [row, Math.abs(steps)];
  for (let next = at + way; left && next >= 0 && next < layout.rows; next += way) {
    if (isHidden(next)) continue;
    at = next;
    left -= 1;
  }
  return at;
}

export function stepColumn(col, steps) {
  const way = Math.sign(steps);
  let [at, left] = [col, Math.abs(steps)];
  for (let next = at + way; left && next >= 0 && next < layout.columns; next += way) {
    if (!layout.widths[next]) continue;
    at = next;
    left -= 1;
  }
  return at;
}

// Runs of rows of a box that the filter shows: what it hides is not changed by a hand that does not see it. Rows that a
// person has hidden change with the others, as in Google's sheets.
export function shownRuns(b) {
  if (!layout.filtered.size) return [b];
  const runs = [];
  for (let row = b.top; row < b.bottom; row += 1) {
    if (layout.filtered.has(row)) continue;
    if (runs.length && runs.at(-1).bottom === row) runs.at(-1).bottom = row + 1;
    else runs.push({ ...b, top: row, bottom: row + 1 });
  }
  return runs;
}
