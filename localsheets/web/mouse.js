// The mouse in the grid: choose, stretch, open, tick, menus.

import { tick } from "./edits.js";
import { edit, editing } from "./editor.js";
import { openFilter } from "./filter.js";
import { grid } from "./grid.js";
import { openCommands } from "./menu.js";
import { choose, chooseAll, chooseColumns, chooseRows, chosen, chosenBox, stretch } from "./selection.js";
import { isBox } from "./validation.js";
import { cell } from "./windows.js";

let pulling = ""; // what is stretched while the button is down: cells, rows or columns

function under(event) {
  const el = event.target.closest(".cell, .rowhead, .colhead, .corner");
  if (!el) return null;
  if (el.classList.contains("cell")) return { kind: "cells", row: el.row, col: el.col };
  if (el.classList.contains("rowhead")) return { kind: "rows", row: Number(el.dataset.row) };
  return el.classList.contains("colhead") ? { kind: "columns", col: Number(el.dataset.col) } : { kind: "all" };
}

function start({ kind, row, col }, far) {
  if (kind === "all") chooseAll();
  else if (kind === "rows") chooseRows(far ? chosen.row : row, row);
  else if (kind === "columns") chooseColumns(far ? chosen.col : col, col);
  else if (far) stretch(row, col);
  else choose(row, col);
}

function pull({ kind, row, col }) {
  if (kind !== pulling) return;
  if (kind === "cells" && (row !== chosen.toRow || col !== chosen.toCol)) stretch(row, col);
  else if (kind === "rows") chooseRows(chosen.row, row);
  else if (kind === "columns") chooseColumns(chosen.col, col);
}

function inside({ kind, row, col }) {
  const b = chosenBox();
  const [byRow, byCol] = [row >= b.top && row < b.bottom, col >= b.left && col < b.right];
  return kind === "rows" ? chosen.whole === "rows" && byRow : kind === "columns" ? chosen.whole === "columns" && byCol : byRow && byCol;
}

function pressed(event) {
  const place = under(event);
  if (!place || event.target.closest(".funnel")) return;
  event.preventDefault();
  grid.focus({ preventScroll: true }); // an open editor saves when it loses the focus
  if (event.button === 2 && inside(place)) return;
  start(place, event.shiftKey);
  if (event.button !== 0) return;
  pulling = place.kind;
  if (event.target.classList.contains("box")) tick(chosenBox());
  if (event.target.classList.contains("arrow")) edit(null, { all: true });
}

export function openMouse() {
  grid.addEventListener("mousedown", pressed);
  grid.addEventListener("mousemove", (event) => { if (pulling && event.buttons & 1) pull(under(event) ?? {}); });
  document.addEventListener("mouseup", () => { pulling = ""; });
  grid.addEventListener("dblclick", (event) => {
    const place = under(event);
    if (place?.kind === "cells" && !editing() && !isBox(cell(place.row, place.col) ?? {})) edit();
  });
  grid.addEventListener("click", (event) => {
    const funnel = event.target.closest(".funnel");
    if (funnel) openFilter(Number(funnel.dataset.filter));
  });
  grid.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    openCommands("menu", { left: event.clientX, top: event.clientY });
  });
}
