// The keyboard in the grid: everything can be done with it alone. F6 goes on to the tools and the tabs.

import { box, rangeText } from "./a1.js";
import { values } from "./api.js";
import { columnCount, rowCount, title } from "./book.js";
import { COMMANDS } from "./commands.js";
import { tick } from "./edits.js";
import { edit } from "./editor.js";
import { grid, pageRows } from "./grid.js";
import { stepColumn, stepRow } from "./layout.js";
import { openAtCell } from "./menu.js";
import { todayText } from "./moments.js";
import { complain } from "./notice.js";
import { choose, chooseAll, chooseColumns, chooseRows, chosen, chosenBox, stretch } from "./selection.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const run = (name) => () => COMMANDS[name][2]();

function go(row, col, stretching) {
  if (stretching) stretch(row, col);
  else choose(row, col);
}

const from = (stretching) => (stretching ? [chosen.toRow, chosen.toCol] : [chosen.row, chosen.col]);

function step([down, right], stretching) {
  const [row, col] = from(stretching);
  go(down ? stepRow(row, down) : row, right ? stepColumn(col, right) : col, stretching);
}

// As in any sheet: on to the end of what is filled, or over what is empty to where it is filled again.
function edge(filled, at, way, last) {
  const next = at + way;
  if (next < 0 || next > last) return at;
  const over = !(filled[at] && filled[next]);
  let here = next;
  if (over) while (here > 0 && here < last && !filled[here]) here += way;
  else while (here + way >= 0 && here + way <= last && filled[here + way]) here += way;
  return here;
}

async function jump([down, right], stretching) {
  const [row, col] = from(stretching);
  const line = down ? box(0, col, rowCount(), col + 1) : box(row, 0, row + 1, columnCount());
  try {
    const read = await values(rangeText(title(), line), { majorDimension: down ? "COLUMNS" : "ROWS" });
    const filled = (read[0] ?? []).map((value) => value !== "");
    const to = edge(filled, down ? row : col, down || right, (down ? rowCount() : columnCount()) - 1);
    go(down ? to : row, right ? to : col, stretching);
  } catch (error) {
    complain(error);
  }
}

const MOVES = { ArrowUp: "rowsUp", ArrowDown: "rowsDown", ArrowLeft: "columnsLeft", ArrowRight: "columnsRight" };
const WITH_CTRL = {
  z: run("undo"), y: run("redo"), b: run("bold"), d: run("fillDown"), f: run("find"), a: chooseAll,
  ";": () => edit(todayText()),
  " ": () => chooseColumns(chosenBox().left, chosenBox().right - 1),
};

function withCtrl(event) {
  const [key, shift] = [event.key.toLowerCase(), event.shiftKey];
  if (event.altKey && event.key === "-") return run(chosen.whole === "columns" ? "deleteColumns" : "deleteRows");
  if (event.altKey && (event.key === "=" || event.key === "+")) return run(chosen.whole === "columns" ? "columnLeft" : "rowAbove");
  if (key in ARROWS_LOWER) return () => jump(ARROWS_LOWER[key], shift);
  if (event.key === "Home") return () => go(0, 0, shift);
  if (event.key === "End") return () => go(stepRow(rowCount(), -1), stepColumn(columnCount(), -1), shift);
  if (key === "z" && shift) return run("redo");
  return WITH_CTRL[key];
}
const ARROWS_LOWER = Object.fromEntries(Object.entries(ARROWS).map(([key, way]) => [key.toLowerCase(), way]));

const enter = (event) => () => {
  if (!tick(chosenBox())) edit(null, { all: !event.shiftKey });
};

const PLAIN = {
  Tab: (event) => () => step([0, event.shiftKey ? -1 : 1], false),
  Enter: enter,
  F2: (event) => (event.shiftKey ? run("note") : () => edit()),
  Delete: () => run("clear"),
  Backspace: () => run("clear"),
  Home: (event) => () => go(from(event.shiftKey)[0], stepColumn(-1, 1), event.shiftKey),
  End: (event) => () => go(from(event.shiftKey)[0], stepColumn(columnCount(), -1), event.shiftKey),
  PageUp: (event) => () => step([-pageRows(), 0], event.shiftKey),
  PageDown: (event) => () => step([pageRows(), 0], event.shiftKey),
  ContextMenu: () => openAtCell,
  F10: (event) => (event.shiftKey ? openAtCell : undefined),
};

function meaning(event) {
  if (event.ctrlKey || event.metaKey) return withCtrl(event);
  if (event.altKey) return event.key === "ArrowDown" && event.shiftKey ? () => edit() : MOVES[event.key] && run(MOVES[event.key]);
  if (event.key in ARROWS) return () => step(ARROWS[event.key], event.shiftKey);
  if (event.key in PLAIN) return PLAIN[event.key](event);
  if (event.key === " " && event.shiftKey) return () => chooseRows(chosenBox().top, chosenBox().bottom - 1);
  if (event.key === " ") return () => { if (!tick(chosenBox())) edit(" "); };
  return event.key.length === 1 ? () => edit(event.key) : undefined;
}

function nextPart(event) {
  if (event.key !== "F6") return;
  const parts = [grid, document.querySelector("#tools button"), document.querySelector("#tabs [tabindex='0']")];
  const at = parts.findIndex((part) => part === document.activeElement || part?.parentElement.contains(document.activeElement));
  parts[(at + (event.shiftKey ? parts.length - 1 : 1)) % parts.length]?.focus();
  event.preventDefault();
}

export function openKeys() {
  grid.addEventListener("keydown", (event) => {
    const act = event.isComposing ? undefined : meaning(event);
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("keydown", nextPart);
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof Element && event.target.closest("input, textarea, dialog, #grid, .menu");
    if (!typing && event.ctrlKey && "zyf".includes(event.key.toLowerCase())) {
      event.preventDefault();
      WITH_CTRL[event.key.toLowerCase()]();
    }
  });
}
