// The cells that the page holds: windows of 100 rows by 30 columns, fetched as they come into sight, the oldest let go.

import { spreadsheet } from "./api.js";
import { box, rangeText } from "./a1.js";
import { book, columnCount, rowCount, sheetId, title } from "./book.js";
import { hideRows } from "./layout.js";
import { ruledByServer } from "./looks.js";
import { tell } from "./signals.js";

const ROWS = 100;
const COLUMNS = 30;
const KEPT = 240;
const AT_ONCE = 3;
const EMPTY = Object.freeze({});
const EFFECTIVE = ",effectiveFormat(backgroundColorStyle(rgbColor),textFormat(bold,italic,strikethrough,underline,foregroundColorStyle(rgbColor)))";
const fields = () =>
  "sheets(data(rowMetadata(hiddenByUser),rowData(values(userEnteredValue,effectiveValue,formattedValue," +
  `userEnteredFormat,note,dataValidation${ruledByServer(book.sheet) ? EFFECTIVE : ""}))))`;

const kept = new Map();
const running = new Set();
const overlays = new Map(); // what was typed and has not come back from the server yet
const waiting = [];
let wanted = [];
let age = 0;

const key = (row, col) => `${sheetId()}:${Math.floor(row / ROWS)}:${Math.floor(col / COLUMNS)}`;

export function cell(row, col) {
  const window = kept.get(key(row, col));
  if (!window) return undefined;
  return window.rows[row % ROWS]?.values?.[col % COLUMNS] ?? EMPTY;
}

export const overlay = (row, col) => overlays.get(`${sheetId()}:${row}:${col}`);

export const unsaved = () => overlays.size > 0;

export function dropOverlays(b) {
  for (let row = b.top; row < b.bottom; row += 1)
    for (let col = b.left; col < b.right && overlays.size; col += 1) overlays.delete(`${sheetId()}:${row}:${col}`);
}

export function lay(sheet, row, col, what) {
  if (what) overlays.set(`${sheet}:${row}:${col}`, what);
  else overlays.delete(`${sheet}:${row}:${col}`);
  tell("cells", box(row, col));
}

// The windows over what is in sight; those that are missing or out of date are fetched, nothing else.
export function see(boxes) {
  wanted = [];
  for (const b of boxes) {
    for (let row = b.top - (b.top % ROWS); row < b.bottom; row += ROWS)
      for (let col = b.left - (b.left % COLUMNS); col < b.right; col += COLUMNS) wanted.push([row, col]);
  }
  fetchNext();
}

export function outOfDate() {
  age += 1;
}

export function forget() {
  kept.clear();
  age += 1;
}

function fetchNext() {
  while (running.size < AT_ONCE) {
    const next = wanted.find(([row, col]) => (kept.get(key(row, col))?.age ?? -1) < age && !running.has(key(row, col)));
    if (!next) return;
    fetchWindow(...next);
  }
}

// Resolves when all that is in sight is held and up to date (or could not be had).
export function settled() {
  if (!running.size) return Promise.resolve();
  return new Promise((done) => { waiting.push(done); });
}

async function fetchWindow(row, col) {
  const [name, asked, sheet] = [key(row, col), age, sheetId()];
  const b = box(row, col, Math.min(row + ROWS, rowCount()), Math.min(col + COLUMNS, columnCount()));
  running.add(name);
  try {
    const read = await spreadsheet(fields(), [rangeText(title(), b)]);
    const data = read.sheets?.[0]?.data?.[0] ?? {};
    keep(name, { age: asked, rows: data.rowData ?? [] });
    if (sheet === sheetId()) {
      tell("cells", b);
      hideRows(row, (data.rowMetadata ?? []).map((one) => Boolean(one.hiddenByUser)));
    }
  } catch (error) {
    wanted = wanted.filter(([r, c]) => key(r, c) !== name); // asked again when it is next in sight, or at the next change
    tell("unread", error);
  } finally {
    running.delete(name);
    fetchNext();
    if (!running.size) waiting.splice(0).forEach((done) => done());
  }
}

function keep(name, window) {
  kept.delete(name);
  kept.set(name, window);
  for (const old of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(old);
  }
}

// The cells of a box where all of it is held and up to date, else null.
export function held(b) {
  const out = [];
  for (let row = b.top; row < b.bottom; row += 1) {
    const line = [];
    for (let col = b.left; col < b.right; col += 1) {
      const found = cell(row, col);
      if (!found || kept.get(key(row, col)).age < age) return null;
      line.push(found);
    }
    out.push(line);
  }
  return out;
}
