// The grid on the screen: only the rows and columns in sight stand in the document, the frozen ones always.

import { box, letters, within } from "./a1.js";
import { book } from "./book.js";
import { paint } from "./cellview.js";
import { HEAD, ROW, frozenWidth, layout, placeOf, places, rowAt } from "./layout.js";
import { chosen, chosenBox, mergeAt } from "./selection.js";
import { on } from "./signals.js";
import { see } from "./windows.js";

export const grid = document.getElementById("grid");
const TALLEST = 12_000_000; // browsers lose count of taller pages; beyond it the scroll bar is scaled
const AROUND = 6;
const EVERYWHERE = { top: 0, bottom: Infinity, left: 0, right: Infinity };
const make = (name, role) => {
  const out = document.createElement("div");
  out.className = name;
  if (role) out.setAttribute("role", role);
  return out;
};
const top = make("top", "rowgroup");
const body = make("body", "rowgroup");
const rows = new Map();
let [across, planned, fresh] = [[], false, true];

const headHeight = () => ROW * (1 + layout.frozenRows.length);
const full = () => places() * ROW;
const tall = () => Math.min(full(), TALLEST);
// Pixels of the whole sheet above what is in sight.
function offset() {
  const room = tall() - (grid.clientHeight - headHeight());
  return full() <= TALLEST || room <= 0 ? grid.scrollTop : (grid.scrollTop / room) * (full() - (grid.clientHeight - headHeight()));
}

function inSight() {
  const first = Math.max(0, Math.floor(offset() / ROW) - AROUND);
  const last = Math.min(places(), Math.ceil((offset() + grid.clientHeight) / ROW) + AROUND);
  const [left, right] = [grid.scrollLeft + frozenWidth() - 200, grid.scrollLeft + grid.clientWidth + 200];
  const columns = layout.loose.filter((col) => layout.lefts[col] + layout.widths[col] > left && layout.lefts[col] < right);
  return { first, last, columns };
}

function head(col) {
  const out = make("colhead", "columnheader");
  out.textContent = letters(col);
  out.dataset.col = col;
  out.setAttribute("aria-colindex", col + 2);
  return out;
}

function cellAt(row, col) {
  const out = make("cell", "gridcell");
  Object.assign(out, { row, col, id: `c${row}-${col}` });
  out.setAttribute("aria-colindex", col + 2);
  paint(out, row, col);
  return out;
}

// A row's parts from left to right: its number, frozen cells, a gap for what is out of sight, cells.
function fill(el, label, one, row) {
  const parts = [label];
  let at = HEAD;
  const put = (col, frozen) => {
    const merged = row === undefined ? undefined : mergeAt(row, col);
    if (merged && col > merged.left && parts.at(-1)?.col === merged.left) return;
    const part = one(col);
    let width = layout.widths[col];
    if (merged && col === merged.left) for (let c = col + 1; c < merged.right; c += 1) width += layout.widths[c];
    part.style.width = `${width}px`;
    if (merged && row > merged.top) part.classList.add("under");
    if (frozen) {
      part.classList.add("frozen");
      part.classList.toggle("edge", col === layout.frozenColumns.at(-1));
      part.style.left = `${at}px`;
      at += width;
    } else if (parts.at(-1) === gap) gap.style.width = `${layout.lefts[col] - at}px`;
    parts.push(part);
  };
  layout.frozenColumns.forEach((col) => put(col, true));
  const gap = make("gap");
  parts.push(gap);
  across.forEach((col) => put(col, false));
  el.style.width = `${layout.total}px`;
  el.replaceChildren(...parts);
  return el;
}

function line(row) {
  const el = make("row", "row");
  el.setAttribute("aria-rowindex", row + 2);
  const label = make("rowhead", "rowheader");
  label.textContent = row + 1;
  label.dataset.row = row;
  return fill(el, label, (col) => cellAt(row, col), row);
}

function drawTop() {
  const corner = make("corner", "columnheader");
  corner.append(Object.assign(document.createElement("span"), { className: "unseen", textContent: "All cells" }));
  const heads = fill(make("row heads", "row"), corner, head);
  top.replaceChildren(heads, ...layout.frozenRows.map(line));
  top.classList.toggle("frosty", layout.frozenRows.length > 0);
}

export function draw() {
  planned = false;
  if (!book.sheet) return;
  const { first, last, columns } = inSight();
  if (fresh || columns.join() !== across.join()) {
    across = columns;
    rows.clear();
    body.replaceChildren();
    body.style.height = `${tall()}px`;
    body.style.width = `${layout.total}px`;
    drawTop();
    fresh = false;
  }
  const shown = new Set();
  const shift = full() > TALLEST ? grid.scrollTop - offset() : 0;
  for (let place = first; place < last; place += 1) {
    const row = rowAt(place);
    shown.add(row);
    if (!rows.has(row)) body.append(rows.set(row, line(row)).get(row));
    rows.get(row).style.top = `${place * ROW + shift}px`;
  }
  for (const [row, el] of rows) if (!shown.has(row)) { el.remove(); rows.delete(row); }
  grid.setAttribute("aria-rowcount", layout.rows + 1);
  grid.setAttribute("aria-colcount", layout.columns + 1);
  markChosen();
  lookAt(first, last);
}

// Tells the windows which cells are in sight.
function lookAt(first, last) {
  const columns = [...layout.frozenColumns, ...across];
  if (!columns.length) return;
  const spans = [[layout.loose.length ? across[0] : columns[0], columns.at(-1) + 1]];
  if (layout.frozenColumns.length) spans.push([0, layout.frozenColumns.at(-1) + 1]);
  const lines = layout.shown ? [...Array(last - first).keys()].map((i) => [rowAt(first + i), rowAt(first + i) + 1]) : [];
  if (!layout.shown && last > first) lines.push([rowAt(first), rowAt(last - 1) + 1]);
  if (layout.first) lines.push([0, layout.first]);
  see(lines.flatMap(([t, b]) => spans.map(([l, r]) => box(t, l ?? 0, b, r))));
}

function markChosen() {
  const b = chosenBox();
  for (const el of grid.querySelectorAll(".cell")) {
    const active = el.row === chosen.row && el.col === chosen.col;
    const inside = el.row >= b.top && el.row < b.bottom && el.col >= b.left && el.col < b.right;
    if (el.marked === active + 2 * inside) continue; // while scrolling, next to none of them change
    el.marked = active + 2 * inside;
    el.classList.toggle("active", active);
    el.classList.toggle("chosen", inside);
    el.setAttribute("aria-selected", String(inside));
  }
  for (const el of grid.querySelectorAll(".rowhead")) el.classList.toggle("lit", el.dataset.row >= b.top && el.dataset.row < b.bottom);
  for (const el of grid.querySelectorAll(".colhead")) el.classList.toggle("lit", el.dataset.col >= b.left && el.dataset.col < b.right);
  grid.setAttribute("aria-activedescendant", `c${chosen.row}-${chosen.col}`);
}

let stale = []; // boxes whose cells are to be painted again
function repaint() {
  for (const el of grid.querySelectorAll(".cell")) if (stale.some((b) => within(b, el.row, el.col))) paint(el, el.row, el.col);
  stale = [];
}

export function plan() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    draw();
    if (stale.length) repaint();
  });
}

// Where a cell stands in the window, for the editor and for menus.
export function placeOfCell(row, col) {
  const outer = grid.getBoundingClientRect();
  const frozen = layout.frozenRows.indexOf(row);
  const y = frozen >= 0 ? ROW * (1 + frozen) : headHeight() + placeOf(row) * ROW - offset();
  const x = layout.lefts[col] - (layout.frozenColumns.includes(col) ? 0 : grid.scrollLeft);
  return { left: outer.left + x, top: outer.top + y, width: layout.widths[col], height: ROW };
}

export function bringIntoSight(row, col) {
  if (!layout.frozenRows.includes(row)) {
    const y = placeOf(row) * ROW;
    const room = grid.clientHeight - headHeight();
    const scale = full() > TALLEST ? (tall() - room) / (full() - room) : 1;
    if (y < offset()) grid.scrollTop = y * scale;
    else if (y + ROW > offset() + room) grid.scrollTop = (y + ROW - room) * scale;
  }
  if (!layout.frozenColumns.includes(col)) {
    const [left, right] = [layout.lefts[col], layout.lefts[col] + layout.widths[col]];
    if (left < grid.scrollLeft + frozenWidth()) grid.scrollLeft = left - frozenWidth();
    else if (right > grid.scrollLeft + grid.clientWidth) grid.scrollLeft = right - grid.clientWidth;
  }
}

export const pageRows = () => Math.max(1, Math.floor((grid.clientHeight - headHeight()) / ROW) - 1);

export function openGrid() {
  grid.append(top, body);
  grid.addEventListener("scroll", plan, { passive: true });
  new ResizeObserver(plan).observe(grid);
  on("layout", () => { fresh = true; plan(); });
  on("cells", (b) => { stale.push(b ?? EVERYWHERE); plan(); });
  on("selection", () => {
    if (!chosen.whole) bringIntoSight(chosen.toRow, chosen.toCol);
    plan();
  });
}
