// One cell on the screen. Everything that comes from the sheet goes in as text.

import { letters, within, boxOf } from "./a1.js";
import { book, columnCount, protection, rowCount } from "./book.js";
import { boxValues, choicesOf, isBox, isTicked, meetsRule } from "./validation.js";
import { look } from "./looks.js";
import { cell, overlay } from "./windows.js";

// What the grid says of a cell's place; a fresh coat of paint leaves it.
const PLACE = ["frozen", "edge", "under", "active", "chosen"];

function mark(name, text) {
  const out = document.createElement("span");
  out.className = name;
  out.textContent = text;
  out.setAttribute("aria-hidden", "true");
  return out;
}

export function funnelled(row, col) {
  const range = book.sheet.basicFilter?.range;
  if (!range) return false;
  const b = boxOf(range, rowCount(), columnCount());
  return row === b.top && within(b, row, col);
}

const filters = (col) =>
  Boolean(book.sheet.basicFilter?.criteria?.[col]) || (book.sheet.basicFilter?.filterSpecs ?? []).some((one) => (one.columnIndex ?? 0) === col);

function funnel(col) {
  const out = document.createElement("button");
  out.type = "button";
  out.tabIndex = -1;
  out.className = filters(col) ? "funnel on" : "funnel";
  out.dataset.filter = col;
  out.setAttribute("aria-label", `Filter by column ${letters(col)}${filters(col) ? ", on" : ""}`);
  out.textContent = filters(col) ? "▼" : "▽";
  return out;
}

function labels(el, data, over, locked) {
  const title = [
    data.note, over?.state === "failed" && `Not saved: ${over.why}`, locked === "lock" && "Locked: this range is protected.",
  ].filter(Boolean).join("\n");
  if (title) el.title = title;
  else el.removeAttribute("title");
  el.setAttribute("aria-readonly", String(locked === "lock"));
  const extra = [locked === "lock" && "locked", data.note && `note: ${data.note}`, over?.state === "failed" && "not saved"].filter(Boolean);
  if (extra.length) el.setAttribute("aria-description", extra.join(", "));
  else el.removeAttribute("aria-description");
}

export function paint(el, row, col) {
  const over = overlay(row, col);
  const data = cell(row, col) ?? {};
  const { classes, background, ink } = look(row, col, data);
  const locked = protection(row, col);
  const text = over ? over.text : (data.formattedValue ?? "");
  const parts = [];
  const ticked = isBox(data) && (over ? over.text === boxValues(data)[0] : isTicked(data));
  if (isBox(data)) parts.push(mark("box", ticked ? "☑" : "☐"));
  else parts.push(document.createTextNode(text));
  if (funnelled(row, col)) parts.push(funnel(col));
  else if (choicesOf(data) && data.dataValidation.showCustomUi !== false) parts.push(mark("arrow", "▾"));
  if (isBox(data)) el.setAttribute("aria-label", ticked ? "ticked" : "not ticked");
  else el.removeAttribute("aria-label");
  const states = [
    !cell(row, col) && "waiting", over?.state, locked, data.note && "noted", text && meetsRule(data) === false && "odd",
    isBox(data) && "boxed",
  ];
  const place = PLACE.filter((name) => el.classList.contains(name));
  el.className = ["cell", ...classes, ...states.filter(Boolean), ...place].join(" ");
  el.style.backgroundColor = background;
  el.style.color = ink;
  el.replaceChildren(...parts);
  labels(el, data, over, locked);
}
