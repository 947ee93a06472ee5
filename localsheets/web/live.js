// Keeping up with what others write: the spreadsheet's version is asked for every second; only when it has moved is
// anything read, and then only the sheets' facts and the windows in sight.

import { version } from "./api.js";
import { book, idOf, readBook, readColumns, readHidden, show } from "./book.js";
import { applyFilter } from "./filter.js";
import { draw } from "./grid.js";
import { layout } from "./layout.js";
import { readRules } from "./looks.js";
import { say } from "./notice.js";
import { on, tell } from "./signals.js";
import { forgetChoices } from "./validation.js";
import { outOfDate, settled } from "./windows.js";

const EVERY = 1000;
const AWAY = 5000;
const state = document.getElementById("state");
let [known, running, again] = ["", null, null];

export function saying(text, name) {
  state.textContent = text;
  state.className = name;
}

// What there is to read, as one word: the writes counted, and how often formulas have come that were still "Loading...".
async function moment() {
  const { version: writes, computed, now } = await version();
  book.now = now;
  return `${writes} ${computed}`;
}

async function read() {
  const now = await moment();
  const gone = book.sheet && idOf(book.sheet);
  await readBook();
  known = now;
  forgetChoices();
  if (idOf(book.sheet) !== gone) {
    say("The sheet that you were in has been deleted.");
    await show(book.sheet);
  } else await readColumns();
  if (layout.hidden.size) await readHidden();
  await applyFilter();
  readRules();
  outOfDate();
  tell("book");
  tell("cells");
  draw();
  await settled();
}

// Reads what is there now. One that is asked for while another runs comes after it, once for all who ask.
export function refresh() {
  if (!running) {
    running = read().finally(() => { running = null; });
    return running;
  }
  again ??= running.catch(() => {}).then(() => { again = null; return refresh(); });
  return again;
}

// Reads anew only if someone has written since; a line that is broken shows when something is sent over it.
export async function upToDate() {
  try {
    if (await moment() !== known) await refresh();
  } catch (error) {
    tell("unread", error);
  }
}

async function look() {
  try {
    if (await moment() !== known) await refresh();
    saying("live", "good");
  } catch (error) {
    saying(error.status === 404 ? "this spreadsheet is gone" : "not connected, trying again", "bad");
  }
  setTimeout(look, document.hidden ? AWAY : EVERY);
}

export function openLive() {
  on("changed", () => { refresh().catch(() => {}); });
  on("fresh", (after) => { refresh().then(after, after); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh().catch(() => {}); });
  look();
}
