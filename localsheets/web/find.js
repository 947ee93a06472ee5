// Finding text in the sheet: read window by window from the active cell on, round to where it began.

import { values } from "./api.js";
import { box, rangeText } from "./a1.js";
import { columnCount, rowCount, title } from "./book.js";
import { grid } from "./grid.js";
import { isHidden } from "./layout.js";
import { choose, chosen } from "./selection.js";

const STEP = 2000;
const bar = document.getElementById("findbar");
const needle = document.getElementById("needle");
const found = document.getElementById("found");
let search = 0; // counts up when the text changes or the bar closes: a search that runs then gives up
let line = Promise.resolve(); // Enter twice goes on twice

export function openFind() {
  bar.hidden = false;
  needle.focus();
  needle.select();
}

function close() {
  search += 1;
  bar.hidden = true;
  found.textContent = "";
  grid.focus();
}

// Where a text first stands among rows of texts, after (row, col) in reading order or before it; null where nowhere.
function among(rows, top, text, way, from) {
  const hits = [];
  rows.forEach((row, y) => row.forEach((value, col) => {
    if (String(value).toLowerCase().includes(text) && !isHidden(top + y)) hits.push([top + y, col]);
  }));
  const later = ([row, col]) => !from || (way > 0 ? row > from.row || (row === from.row && col > from.col) : row < from.row || (row === from.row && col < from.col));
  const left = hits.filter(later);
  return (way > 0 ? left[0] : left.at(-1)) ?? null;
}

// The windows of rows in the order in which they are looked through: from the active cell's, round to it again.
function* windowsFrom(row, way) {
  const count = Math.ceil(rowCount() / STEP);
  const first = Math.floor(row / STEP);
  for (let i = 0; i <= count; i += 1) yield [((((first + way * i) % count) + count) % count) * STEP, i === 0];
}

function find(way) {
  const mine = search;
  line = line.then(() => (mine === search ? looked(way, mine) : undefined));
}

async function looked(way, mine) {
  const text = needle.value.trim().toLowerCase();
  if (!text) return;
  const from = { row: chosen.row, col: chosen.col };
  try {
    for (const [top, beginning] of windowsFrom(from.row, way)) {
      found.textContent = `Looking at row ${(top + 1).toLocaleString("en-IN")}…`;
      const part = box(top, 0, Math.min(top + STEP, rowCount()), columnCount());
      const hit = among(await values(rangeText(title(), part)), top, text, way, beginning ? from : null);
      if (mine !== search) return;
      if (hit) {
        choose(...hit);
        found.textContent = `Found in row ${(hit[0] + 1).toLocaleString("en-IN")}.`;
        return;
      }
    }
    found.textContent = "Not found.";
  } catch (error) {
    found.textContent = error.message;
  }
}

export function openFinder() {
  document.getElementById("next").addEventListener("click", () => find(1));
  document.getElementById("previous").addEventListener("click", () => find(-1));
  document.getElementById("endfind").addEventListener("click", close);
  needle.addEventListener("input", () => { search += 1; });
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && event.target === needle) find(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  });
}
