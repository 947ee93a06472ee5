// The sheets below the grid: switch, add, rename, delete, duplicate, order, hide and show.

import { batch } from "./api.js";
import { size } from "./a1.js";
import { book, idOf, sheetId, show, title } from "./book.js";
import { asked, confirmed } from "./dialog.js";
import { act, mayWrite } from "./edits.js";
import { cancel } from "./editor.js";
import { MOST_CELLS, beforeDeleting, perform } from "./history.js";
import { refresh } from "./live.js";
import { openMenu } from "./menu.js";
import { complain, hush } from "./notice.js";
import { requestsFor, readWhole } from "./rebuild.js";
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

// Before a sheet is deleted that is in sight another one is shown, so that nothing is read of it any more.
async function leave(id) {
  const next = book.sheets.find((one) => idOf(one) !== id && !one.properties.hidden);
  if (sheetId() === id && next) await go(next);
}

const byId = (id) => book.sheets.find((one) => idOf(one) === id);
const wholeOf = ({ sheetId: sheet = 0, gridProperties: grid }) =>
  ({ sheet, boxes: [{ top: 0, bottom: grid.rowCount, left: 0, right: grid.columnCount }] });

// Makes a sheet by a request, and goes there; undone only while nobody has written into it.
async function make(label, request, again) {
  if (!(await mayWrite([]))) return;
  try {
    const made = await perform({
      label, sheet: sheetId(), boxes: [], after: wholeOf,
      work: async () => Object.values((await batch([request])).replies[0])[0].properties,
      undo: (_, properties) => [{ deleteSheet: { sheetId: properties.sheetId ?? 0 } }],
      redo: (properties) => [again(properties)],
    });
    await refresh();
    await go(byId(made.sheetId ?? 0));
  } catch (error) {
    complain(error);
  }
}

const add = () => make("adding a sheet", { addSheet: {} }, (properties) => ({ addSheet: { properties } }));

async function rename() {
  const [id, now] = [sheetId(), title()];
  const name = await asked("Name of the sheet", now);
  if (name === null || name === now) return;
  const request = (value) => [{ updateSheetProperties: { properties: { sheetId: id, title: value }, fields: "title" } }];
  await act(`renaming ${now}`, [], request(name), { undo: () => request(now), redo: request(name) });
}

async function remove() {
  const [id, name, whole] = [sheetId(), title(), wholeOf(book.sheet.properties)];
  const large = whole.boxes.some((b) => size(b) > MOST_CELLS) ? " It is too large to be brought back here." : "";
  if (!(await confirmed(`Delete the sheet “${name}” with everything in it?${large}`, "Delete it"))) return;
  if (!(await mayWrite([]))) return;
  const requests = [{ deleteSheet: { sheetId: id } }];
  try {
    await perform({
      label: `deleting the sheet ${name}`, ...whole, after: () => ({ sheet: id, boxes: [] }),
      work: async () => {
        const kept = large ? null : requestsFor(await readWhole(byId(id)));
        await leave(id);
        await batch(requests);
        return kept;
      },
      undo: (_, kept) => kept, redo: () => requests,
    });
    await refresh();
  } catch (error) {
    if (byId(id)) await go(byId(id));
    complain(error);
  }
}

function duplicate() {
  const source = { sourceSheetId: sheetId(), insertSheetIndex: book.sheets.indexOf(book.sheet) + 1 };
  return make(`duplicating ${title()}`, { duplicateSheet: source }, (properties) =>
    ({ duplicateSheet: { ...source, newSheetId: properties.sheetId, newSheetName: properties.title } }));
}

// Something about a sheet itself: `now` is what undoing sets.
function set(label, sheet, properties, now) {
  const request = (values) => [{ updateSheetProperties: { properties: { sheetId: idOf(sheet), ...values }, fields: Object.keys(values).join() } }];
  return act(label, [], request(properties), { undo: () => request(now), redo: request(properties) });
}

const setHidden = (sheet, hidden) =>
  set(`${hidden ? "hiding" : "showing"} the sheet ${sheet.properties.title}`, sheet, { hidden }, { hidden: !hidden });

async function hide() {
  const next = book.sheets.find((one) => one !== book.sheet && !one.properties.hidden);
  if (await setHidden(book.sheet, true) && next) await go(byId(idOf(next)));
}

// The API counts the place among the sheets as they stand before the move.
function shift(step) {
  const at = book.sheets.indexOf(book.sheet);
  if (at + step < 0 || at + step >= book.sheets.length) return undefined;
  const index = (from, by) => ({ index: by < 0 ? from - 1 : from + 2 });
  return set(`moving the sheet ${title()}`, book.sheet, index(at, step), index(at + step, -step));
}

function openTabMenu(at, button) {
  const hidden = book.sheets.filter((one) => one.properties.hidden);
  openMenu([
    [["Rename…", "F2", rename], ["Duplicate", "", duplicate], ["Move left", "", () => shift(-1)], ["Move right", "", () => shift(1)]],
    [["Hide", "", hide], ["Delete…", "", remove]],
    ...(hidden.length ? [hidden.map((one) => [`Show “${one.properties.title}”`, "", async () => {
      if (await setHidden(one, false)) await go(byId(idOf(one)));
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
  beforeDeleting(leave);
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
