// Menus by hand and by keyboard: arrows, Home, End, first letters, Enter, Escape; and the tools above the sheet.

import { COMMANDS, GROUNDS, MENUS, ground } from "./commands.js";
import { grid, placeOfCell } from "./grid.js";
import { chosen } from "./selection.js";

let open = null;

function item(words, keys, run) {
  const out = document.createElement("button");
  out.type = "button";
  out.tabIndex = -1;
  out.setAttribute("role", "menuitem");
  out.append(words);
  if (keys) out.append(Object.assign(document.createElement("kbd"), { textContent: keys }));
  out.addEventListener("click", () => { close(); run(); });
  return out;
}

// `groups` are lists of [words, keys, run].
export function openMenu(groups, { left, top }, label, button = null) {
  close();
  const menu = document.createElement("div");
  menu.className = "menu";
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  groups.forEach((group, i) => {
    if (i) menu.append(Object.assign(document.createElement("hr"), { role: "separator" }));
    menu.append(...group.map(([words, keys, run]) => item(words, keys, run)));
  });
  grid.parentElement.append(menu);
  menu.style.left = `${Math.max(4, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(4, Math.min(top, innerHeight - menu.offsetHeight - 8))}px`;
  menu.addEventListener("keydown", keyed);
  open = { menu, button };
  button?.setAttribute("aria-expanded", "true");
  menu.querySelector("button").focus();
}

function close() {
  if (!open) return;
  open.menu.remove();
  open.button?.removeAttribute("aria-expanded");
  open = null;
  grid.focus({ preventScroll: true });
}

function keyed(event) {
  const items = [...open.menu.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[to % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") close();
  else if (event.key.length === 1 && event.key !== " ") {
    const later = [...items.slice(at + 1), ...items];
    later.find((one) => one.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  } else return;
  event.preventDefault();
}

const worded = (name) => {
  const [words, keys, run] = COMMANDS[name];
  return [typeof words === "function" ? words() : words, keys, run];
};

export function openCommands(name, at, button) {
  const label = { menu: "Commands", sort: "Sort", freeze: "Freeze", fill: "Fill colour" }[name];
  const groups = name === "fill" ? [GROUNDS.map(([words, hex]) => [words, "", () => ground(hex)])] : MENUS[name].map((group) => group.map(worded));
  openMenu(groups, at, label, button);
}

export function openAtCell() {
  const { left, top, height } = placeOfCell(chosen.row, chosen.col);
  openCommands("menu", { left: left + 20, top: top + height });
}

export function openTools() {
  document.getElementById("tools").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const name = button.dataset.do;
    const { left, bottom } = button.getBoundingClientRect();
    if (name in MENUS || name === "fill") openCommands(name, { left, top: bottom + 4 }, button);
    else {
      grid.focus({ preventScroll: true });
      COMMANDS[name][2]();
    }
  });
  document.addEventListener("pointerdown", (event) => { if (open && !open.menu.contains(event.target)) close(); });
}
