// A sheet kept whole, and the requests that make it again: what undoing its deletion sends.

import { spreadsheet } from "./api.js";
import { quoted } from "./a1.js";
import { book, idOf } from "./book.js";

const CELLS = ["userEnteredValue", "userEnteredFormat", "note", "dataValidation", "textFormatRuns"];
const LINES = { ROWS: 21, COLUMNS: 100 };
const FIELDS =
  "sheets(properties,merges,conditionalFormats,protectedRanges,basicFilter,filterViews,developerMetadata,rowGroups,columnGroups," +
  `data(rowData(values(${CELLS})),rowMetadata,columnMetadata))`;

// The sheet with all that hangs on it, and the names of its ranges.
export async function readWhole(sheet) {
  const read = await spreadsheet(FIELDS, [quoted(sheet.properties.title)]);
  const named = book.named.filter((one) => (one.range.sheetId ?? 0) === idOf(sheet));
  return { ...read.sheets[0], named };
}

const metadata = (holder) =>
  (holder.developerMetadata ?? []).map((one) => ({ createDeveloperMetadata: { developerMetadata: one } }));

// Sizes and hiding of rows or columns, a request for each run of equal ones.
function lines(sheetId, dimension, all) {
  const out = [];
  const said = all.map(({ hiddenByUser, pixelSize }) => ({
    ...(hiddenByUser ? { hiddenByUser } : {}), ...(pixelSize && pixelSize !== LINES[dimension] ? { pixelSize } : {}),
  }));
  for (let from = 0, to = 0; from < said.length; from = to) {
    while (to < said.length && JSON.stringify(said[to]) === JSON.stringify(said[from])) to += 1;
    const fields = Object.keys(said[from]).join();
    const range = { sheetId, dimension, startIndex: from, endIndex: to };
    if (fields) out.push({ updateDimensionProperties: { range, properties: said[from], fields } });
  }
  return [...out, ...all.flatMap(metadata)];
}

// An error that was stored as a value (a paste of values) can only be typed.
function asEntered(cell) {
  if (!cell.userEnteredValue?.errorValue) return cell;
  return { ...cell, userEnteredValue: { formulaValue: `=${cell.userEnteredValue.errorValue.message || "NA()"}` } };
}

const groups = (all = []) => all.flatMap((one) => [
  { addDimensionGroup: { range: one.range } },
  ...(one.collapsed ? [{ updateDimensionGroup: { dimensionGroup: one, fields: "collapsed" } }] : []),
]);

export function requestsFor(whole) {
  const sheetId = idOf(whole);
  const data = whole.data?.[0] ?? {};
  const rows = (data.rowData ?? []).map((row) => ({ values: (row.values ?? []).map(asEntered) }));
  const shielded = (whole.protectedRanges ?? []).map(({ requestingUserCanEdit, ...protectedRange }) => ({ addProtectedRange: { protectedRange } }));
  return [
    { addSheet: { properties: whole.properties } },
    ...(rows.length ? [{ updateCells: { start: { sheetId, rowIndex: 0, columnIndex: 0 }, rows, fields: CELLS.join() } }] : []),
    ...lines(sheetId, "ROWS", data.rowMetadata ?? []),
    ...lines(sheetId, "COLUMNS", data.columnMetadata ?? []),
    ...(whole.merges ?? []).map((range) => ({ mergeCells: { range, mergeType: "MERGE_ALL" } })),
    ...(whole.conditionalFormats ?? []).map((rule, index) => ({ addConditionalFormatRule: { rule, index } })),
    ...(whole.filterViews ?? []).map((filter) => ({ addFilterView: { filter } })),
    ...(whole.basicFilter ? [{ setBasicFilter: { filter: whole.basicFilter } }] : []),
    ...metadata(whole), ...groups(whole.rowGroups), ...groups(whole.columnGroups),
    ...whole.named.map((namedRange) => ({ addNamedRange: { namedRange } })),
    ...shielded,
  ];
}
