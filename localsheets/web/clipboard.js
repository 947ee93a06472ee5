// Copy, cut and paste of blocks. Other programs get and give tab-separated text; within the page a block goes with its
// formulas, looks and rules, by copyPaste and cutPaste.

import { rangeText, gridRange, size, box } from "./a1.js";
import { values } from "./api.js";
import { book, sheetId, title } from "./book.js";
import { act, growFor, type } from "./edits.js";
import { editing } from "./editor.js";
import { layout, shownRuns } from "./layout.js";
import { refresh } from "./live.js";
import { complain, say } from "./notice.js";
import { chooseBox, chosenBox } from "./selection.js";
import { fromText, toText } from "./tsv.js";
import { held } from "./windows.js";

const MOST_CELLS = 200_000;
let clip = null; // {text, sheet, box, cut, gaps}

function put(event, cut) {
  if (editing() || elsewhere(event)) return;
  event.preventDefault();
  const b = chosenBox();
  const seen = held(b);
  if (seen) {
    const rows = seen.map((line) => line.map((data) => data.formattedValue ?? ""));
    event.clipboardData.setData("text/plain", remember(b, cut, rows));
  } else putLater(b, cut);
}

const elsewhere = (event) => event.target instanceof Element && event.target.closest("input, textarea, dialog");

function remember(b, cut, rows) {
  const shown = rows.filter((_, y) => !layout.filtered.has(b.top + y));
  clip = { text: toText(shown), sheet: sheetId(), box: b, cut, gaps: shown.length < rows.length };
  return clip.text;
}

// More than is held: the block is read first. Browsers allow that for a moment after the key.
async function putLater(b, cut) {
  if (size(b) > MOST_CELLS) {
    say(`That is more than can be copied at once (${MOST_CELLS.toLocaleString("en-IN")} cells).`, { error: true });
    return;
  }
  try {
    const read = await values(rangeText(title(), b));
    const width = b.right - b.left;
    const rows = Array.from({ length: b.bottom - b.top }, (_, y) => Array.from({ length: width }, (_, x) => String(read[y]?.[x] ?? "")));
    await navigator.clipboard.writeText(remember(b, cut, rows));
    say(`Copied ${rows.length.toLocaleString("en-IN")} rows.`);
  } catch (error) {
    complain(error);
  }
}

function pasted(event) {
  if (editing() || elsewhere(event)) return;
  event.preventDefault();
  const text = event.clipboardData.getData("text/plain").replace(/\r\n/g, "\n");
  if (clip && text === clip.text && !clip.gaps && book.sheets.some((one) => (one.properties.sheetId ?? 0) === clip.sheet)) carry();
  else if (text) paste(fromText(text));
}

// The block that a paste fills: the chosen one where it holds the pasted block a whole number of times.
function target(height, width) {
  const b = chosenBox();
  const [rows, columns] = [b.bottom - b.top, b.right - b.left];
  const tiles = rows % height === 0 && columns % width === 0 && rows * columns <= MOST_CELLS;
  return tiles ? b : box(b.top, b.left, b.top + height, b.left + width);
}

async function paste(rows) {
  const b = target(rows.length, rows[0].length);
  const filled = Array.from({ length: b.bottom - b.top }, (_, y) =>
    Array.from({ length: b.right - b.left }, (_, x) => rows[y % rows.length][x % rows[0].length]));
  if (shownRuns(b).length > 1 || shownRuns(b)[0]?.bottom !== b.bottom) {
    say("Rows in between are hidden by a filter. Show all rows before pasting over them.", { error: true });
    return;
  }
  const { kept } = await type(b.top, b.left, filled, "pasting");
  if (kept) chooseBox(b);
}

async function carry() {
  const { cut, box: from, sheet } = clip;
  const b = cut ? box(chosenBox().top, chosenBox().left) : target(from.bottom - from.top, from.right - from.left);
  const whole = cut ? box(b.top, b.left, b.top + from.bottom - from.top, b.left + from.right - from.left) : b;
  const [source, to] = [gridRange(sheet, from), gridRange(sheetId(), whole)];
  const kind = { pasteType: "PASTE_NORMAL" };
  const corner = { sheetId: sheetId(), rowIndex: b.top, columnIndex: b.left };
  const requests = [...growFor(whole), cut ? { cutPaste: { source, destination: corner, ...kind } } : { copyPaste: { source, destination: to, ...kind } }];
  if (cut && sheet !== sheetId()) {
    say("Cut cells stay within their sheet here. Copy them instead.", { error: true });
    return;
  }
  const done = await act(cut ? "moving cells" : "pasting", cut ? [from, whole] : [whole], requests);
  if (!done) return;
  if (cut) clip = null;
  await refresh();
  chooseBox(whole);
}

export function openClipboard() {
  document.addEventListener("copy", (event) => put(event, false));
  document.addEventListener("cut", (event) => put(event, true));
  document.addEventListener("paste", pasted);
}
