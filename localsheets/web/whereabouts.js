// Where a row is now that a person began to type in: others may have sorted, inserted or deleted meanwhile. A row is
// known by what its other cells hold, never by its number alone.

import { columnCount, rowCount } from "./book.js";
import { upToDate } from "./live.js";
import { cell } from "./windows.js";

const LOOKED_AT = 60; // columns that tell a row from others
const AROUND = 400; // rows up and down in which it is looked for

// What the other cells of a row hold, by column.
export function traits(row, col) {
  const out = {};
  for (let other = 0; other < Math.min(columnCount(), LOOKED_AT); other += 1) {
    const data = cell(row, other);
    if (other !== col && data?.userEnteredValue) out[other] = JSON.stringify(data.userEnteredValue);
  }
  return out;
}

function alike(one, two) {
  const columns = Object.keys(one);
  return columns.length ? columns.filter((col) => one[col] === two[col]).length / columns.length : 1;
}

// The row's number now. Null where it is gone; one that has changed in a few cells, where it stood, is still itself.
export async function rowNow(row, col, seen) {
  await upToDate();
  if (alike(seen, traits(row, col)) === 1) return row;
  const same = [];
  for (let at = Math.max(0, row - AROUND); at < Math.min(rowCount(), row + AROUND); at += 1)
    if (alike(seen, traits(at, col)) === 1) same.push(at);
  if (same.length === 1) return same[0];
  return alike(seen, traits(row, col)) >= 0.5 ? row : null;
}
