// Which cells are chosen: the active cell, the block that it stretches to, or whole rows and columns.

import { box, boxOf, cellName, meet } from "./a1.js";
import { book, columnCount, rowCount } from "./book.js";
import { tell } from "./signals.js";

export const chosen = { row: 0, col: 0, toRow: 0, toCol: 0, whole: "" };
const places = new Map(); // where one was in each sheet

const keepIn = (n, count) => Math.max(0, Math.min(n, count - 1));

export function choose(row, col, toRow = row, toCol = col, whole = "") {
  const [rows, columns] = [rowCount(), columnCount()];
  Object.assign(chosen, {
    row: keepIn(row, rows), col: keepIn(col, columns), toRow: keepIn(toRow, rows), toCol: keepIn(toCol, columns), whole,
  });
  places.set(book.sheet.properties.sheetId ?? 0, { ...chosen });
  tell("selection");
}

export const stretch = (toRow, toCol) => choose(chosen.row, chosen.col, toRow, toCol, chosen.whole);
export const chooseBox = (b) => choose(b.top, b.left, b.bottom - 1, b.right - 1);
export const chooseRows = (row, toRow = row) => choose(row, 0, toRow, columnCount() - 1, "rows");
export const chooseColumns = (col, toCol = col) => choose(0, col, rowCount() - 1, toCol, "columns");
export const chooseAll = () => choose(0, 0, rowCount() - 1, columnCount() - 1, "all");

export function back() {
  const { row = 0, col = 0, toRow = row, toCol = col, whole = "" } = places.get(book.sheet.properties.sheetId ?? 0) ?? {};
  choose(row, col, toRow, toCol, whole);
}

const merges = () => (book.sheet.merges ?? []).map((range) => boxOf(range, rowCount(), columnCount()));

export const mergeAt = (row, col) => merges().find((one) => meet(one, box(row, col)));

// The chosen block; one that cuts through merged cells takes them in whole.
export function chosenBox() {
  const { row, col, toRow, toCol } = chosen;
  const out = box(Math.min(row, toRow), Math.min(col, toCol), Math.max(row, toRow) + 1, Math.max(col, toCol) + 1);
  for (const one of merges()) {
    if (!meet(one, out)) continue;
    out.top = Math.min(out.top, one.top);
    out.left = Math.min(out.left, one.left);
    out.bottom = Math.max(out.bottom, one.bottom);
    out.right = Math.max(out.right, one.right);
  }
  return out;
}

export function chosenName() {
  const b = chosenBox();
  const [first, last] = [cellName(b.top, b.left), cellName(b.bottom - 1, b.right - 1)];
  return first === last ? first : `${first}:${last}`;
}
