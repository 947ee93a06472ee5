// A1 notation and boxes. A box is {top, left, bottom, right}, zero-based, ends open, as in the API's GridRange.

export function letters(column) {
  let out = "";
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) out = String.fromCharCode(65 + ((n - 1) % 26)) + out;
  return out;
}

export function column(text) {
  let n = 0;
  for (const letter of text.toUpperCase()) n = n * 26 + letter.charCodeAt(0) - 64;
  return n - 1;
}

export const cellName = (row, col) => letters(col) + (row + 1);

export const quoted = (title) => `'${title.replaceAll("'", "''")}'`;

export function rangeText(title, box) {
  const span = `${cellName(box.top, box.left)}:${cellName(box.bottom - 1, box.right - 1)}`;
  return `${quoted(title)}!${span}`;
}

// A GridRange of the API; whole rows or columns are given by their bounds all the same.
export function gridRange(sheetId, box) {
  return {
    sheetId, startRowIndex: box.top, endRowIndex: box.bottom, startColumnIndex: box.left, endColumnIndex: box.right,
  };
}

export function boxOf(range, rows, columns) {
  return {
    top: range.startRowIndex ?? 0, left: range.startColumnIndex ?? 0,
    bottom: range.endRowIndex ?? rows, right: range.endColumnIndex ?? columns,
  };
}

export const box = (top, left, bottom = top + 1, right = left + 1) => ({ top, left, bottom, right });

export const within = (b, row, col) => row >= b.top && row < b.bottom && col >= b.left && col < b.right;

export const meet = (a, b) => a.top < b.bottom && b.top < a.bottom && a.left < b.right && b.left < a.right;

export const covers = (a, b) => a.top <= b.top && a.left <= b.left && a.bottom >= b.bottom && a.right >= b.right;

export const size = (b) => (b.bottom - b.top) * (b.right - b.left);

// "B4", "$B$4", "B4:C9", "B:B" or "4:4", without a sheet name; null where it is none of them.
export function parseBox(text, rows, columns) {
  const found = /^\$?([A-Z]{0,3})\$?([0-9]*)(?::\$?([A-Z]{0,3})\$?([0-9]*))?$/i.exec(text.trim());
  if (!found || !(found[1] || found[2])) return null;
  const [, c1, r1, c2 = c1, r2 = r1] = found;
  const left = c1 ? column(c1) : 0;
  const top = r1 ? r1 - 1 : 0;
  const right = c2 ? column(c2) + 1 : columns;
  const bottom = r2 ? Number(r2) : rows;
  return box(top, left, Math.max(bottom, top + 1), Math.max(right, left + 1));
}
