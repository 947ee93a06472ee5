// What the page knows of the spreadsheet beside its cells: sheets, protections, rules, and the one that is shown.

import { signIn, spreadsheet } from "./api.js";
import { box, boxOf, covers, meet, quoted } from "./a1.js";
import { layOut } from "./layout.js";
import { tell } from "./signals.js";

export const book = { title: "", locale: "en_US", zone: "UTC", sheets: [], named: [], sheet: null, now: 0, canWrite: true, account: "" };

const FIELDS =
  "properties(title,locale,timeZone),namedRanges," +
  "sheets(properties,merges,conditionalFormats,protectedRanges,basicFilter)";
const COLUMNS = "sheets(data(columnMetadata(pixelSize,hiddenByUser)))";
const ROWS = "sheets(data(rowMetadata(hiddenByUser)))";

export const idOf = (sheet) => sheet.properties.sheetId ?? 0;
export const title = () => book.sheet.properties.title;
export const sheetId = () => idOf(book.sheet);
export const rowCount = () => book.sheet.properties.gridProperties?.rowCount ?? 0;
export const columnCount = () => book.sheet.properties.gridProperties?.columnCount ?? 0;

export async function readWho() {
  const { account, role } = await signIn();
  book.account = account;
  book.canWrite = ["writer", "owner", "fileOrganizer", "organizer"].includes(role);
}

export async function readBook() {
  const read = await spreadsheet(FIELDS);
  book.title = read.properties.title;
  book.locale = read.properties.locale ?? "en_US";
  book.zone = read.properties.timeZone ?? "UTC";
  book.named = read.namedRanges ?? [];
  book.sheets = read.sheets;
  const shown = book.sheet ? sheetId() : Number(new URLSearchParams(location.search).get("gid") ?? NaN);
  const visible = book.sheets.filter((sheet) => !sheet.properties.hidden);
  book.sheet = book.sheets.find((sheet) => idOf(sheet) === shown) ?? visible[0] ?? book.sheets[0];
  document.title = book.title;
}

const dataOf = (read) => read.sheets?.[0]?.data?.[0] ?? {};

// Widths and hidden columns: one small read. Hidden rows are told by the windows that are read.
export async function readColumns(hidden = null) {
  const read = await spreadsheet(COLUMNS, [`${quoted(title())}!1:1`]);
  layOut(book.sheet, dataOf(read).columnMetadata ?? [], hidden);
}

// Which rows are hidden, read whole, a word for each row: only where some are and something has changed.
export async function readHidden() {
  const read = await spreadsheet(ROWS, [quoted(title())]);
  const hidden = new Set();
  (dataOf(read).rowMetadata ?? []).forEach((row, i) => row.hiddenByUser && hidden.add(i));
  layOut(book.sheet, null, hidden);
}

export async function show(sheet) {
  book.sheet = sheet;
  const address = new URL(location.href);
  address.searchParams.set("gid", idOf(sheet));
  history.replaceState(null, "", address);
  await readColumns(new Set());
  tell("sheet");
}

function protectedBox(range) {
  const named = book.named.find((one) => one.namedRangeId === range.namedRangeId);
  return boxOf(range.range ?? named?.range ?? {}, rowCount(), columnCount());
}

export const protection = (row, col) => protectionOf(box(row, col));

// How cells are protected: "" not at all, "warn" for anyone, "lock" against this account.
export function protectionOf(b) {
  let found = "";
  for (const range of book.sheet.protectedRanges ?? []) {
    if (!meet(protectedBox(range), b)) continue;
    if ((range.unprotectedRanges ?? []).some((one) => covers(boxOf(one, rowCount(), columnCount()), b))) continue;
    if (range.warningOnly) found ||= "warn";
    else if (!range.requestingUserCanEdit) return "lock";
  }
  return found;
}
