// The sheets below the grid: switch, add, rename, delete, duplicate, order, hide and show.

import { batch } from "./api.js";
import { book, idOf, sheetId, show, title } from "./book.js";
import { asked, confirmed } from "./dialog.js";
import { act, mayWrite } from "./edits.js";
import { cancel } from "./editor.js";
import { inTurn } from "./history.js";
import { refresh } from "./live.js";
import { openMenu } from "./menu.js";
import { complain, hush } from "./notice.js";
import { back } from "./selection.js";

const tabs = document.getElementById("tabs");
const tools = document.getElementById("tabtools");

export async function go(sheet) {
  cancel();
  hush();
  try {
    await show(sheet);
    back();
    await refresh();
  } catch (error) {
    complain(error);
  }
}

// Requests about whole sheets; the answer's replies, or null where it was refused (and said so).
async function ask(requests) {
  if (!(await mayWrite([]))) return null;
  try {
    const { replies } = await inTurn(() => batch(requests));
    await refresh();
    return replies;
  } catch (error) {
    complain(error);
    return null;
  }
}

const byId = (id) => book.sheets.find((one) => idOf(one) === id);

async function add() {
  const replies = await ask([{ addSheet: {} }]);
  if (replies) await go(byId(replies[0].addSheet.properties.sheetId ?? 0));
}

async function rename() {
  const [id, now] = [sheetId(), title()];
  const name = await asked("Name of the sheet", now);
  if (name === null || name === now) return;
  const request = (value) => [{ updateSheetProperties: { properties: { sheetId: id, title: value }, fields: "title" } }];
  await act(`renaming ${now}`, [], request(name), { undo: () => request(now), redo: request(name) });
}

async function remove() {
  if (await confirmed(`Delete the sheet “${title()}” with everything in it? This cannot be undone.`, "Delete it")) {
    const next = book.sheets.find((one) => one !== book.sheet && !one.properties.hidden);
    const id = sheetId();
    if (await ask([{ deleteSheet: { sheetId: id } }]) && next) await go(byId(idOf(next)) ?? book.sheets[0]);
  }
}

async function duplicate() {
  const replies = await ask([{ duplicateSheet: { sourceSheetId: sheetId(), insertSheetIndex: book.sheets.indexOf(book.sheet) + 1 } }]);
  if (replies) await go(byId(replies[0].duplicateSheet.properties.sheetId ?? 0));
}

const set = (sheet, properties) =>
  ask([{ updateSheetProperties: { properties: { sheetId: idOf(sheet), ...properties }, fields: Object.keys(properties).join() } }]);

async function hide() {
  const next = book.sheets.find((one) => one !== book.sheet && !one.properties.hidden);
  if (await set(book.sheet, { hidden: true }) && next) await go(byId(idOf(next)));
}

// The API counts the place among the sheets as they stand before the move.
const shift = (step) => {
  const index = book.sheets.indexOf(book.sheet);
  return set(book.sheet, { index: step < 0 ? Math.max(0, index - 1) : index + 2 });
};

function openTabMenu(at, button) {
  const hidden = book.sheets.filter((one) => one.properties.hidden);
  openMenu([
    [["Rename…", "F2", rename], ["Duplicate", "", duplicate], ["Move left", "", () => shift(-1)], ["Move right", "", () => shift(1)]],
    [["Hide", "", hide], ["Delete…", "", remove]],
    ...(hidden.length ? [hidden.map((one) => [`Show “${one.properties.title}”`, "", async () => {
      if (await set(one, { hidden: false })) await go(byId(idOf(one)));
    }])] : []),
  ], at, "Sheet", button);
}

function keyed(event) {
  const items = [...tabs.children];
  const at = items.indexOf(document.activeElement);
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const step = event.key === "ArrowRight" ? 1 : -1;
    items[(at + step + items.length) % items.length].focus();
  } else if (event.key === "F2") rename();
  else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) openTabMenu(document.activeElement.getBoundingClientRect());
  else return;
  event.preventDefault();
}

function tab(sheet) {
  const out = document.createElement("button");
  const here = idOf(sheet) === sheetId();
  out.type = "button";
  out.textContent = sheet.properties.title;
  out.tabIndex = here ? 0 : -1;
  out.dataset.gid = idOf(sheet);
  out.setAttribute("role", "tab");
  out.setAttribute("aria-selected", String(here));
  return out;
}

export function drawTabs() {
  const focused = tabs.contains(document.activeElement) ? document.activeElement.dataset.gid : null;
  tabs.replaceChildren(...book.sheets.filter((one) => !one.properties.hidden || one === book.sheet).map(tab));
  if (focused !== null) tabs.querySelector(`[data-gid="${focused}"]`)?.focus();
}

function tool(word, label, run) {
  const out = document.createElement("button");
  Object.assign(out, { type: "button", textContent: word, title: label });
  out.setAttribute("aria-label", label);
  out.addEventListener("click", () => run(out));
  return out;
}

export function openTabs() {
  tools.append(tool("+", "Add a sheet", add), tool("Sheet ▴", "This sheet: rename, delete, hide, show", (button) => {
    const { left, top } = button.getBoundingClientRect();
    openTabMenu({ left, top: top - 320 }, button);
  }));
  tabs.addEventListener("click", (event) => {
    const sheet = byId(Number(event.target.closest("button")?.dataset.gid ?? NaN));
    if (sheet && sheet !== book.sheet) go(sheet);
  });
  tabs.addEventListener("dblclick", rename);
  tabs.addEventListener("contextmenu", (event) => { event.preventDefault(); openTabMenu({ left: event.clientX, top: event.clientY }); });
  tabs.addEventListener("keydown", keyed);
}
