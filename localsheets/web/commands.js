// Every command by name, with its words for menus: what the tools, the menu and the keys all call.

import { gridRange, letters } from "./a1.js";
import { book, columnCount, rowCount, sheetId } from "./book.js";
import { asked, openDialog } from "./dialog.js";
import { accept, act, annotate, bold, clear, dress, fillDown } from "./edits.js";
import { openFind } from "./find.js";
import { openFilter } from "./filter.js";
import { redo, undo } from "./history.js";
import { chosen, chosenBox } from "./selection.js";
import { freeze, hide, insert, move, remove, sortChosen, sortSheet } from "./structure.js";
import { cell } from "./windows.js";

const many = (dimension) => {
  const b = chosenBox();
  const n = dimension === "ROWS" ? b.bottom - b.top : b.right - b.left;
  return n === 1 ? (dimension === "ROWS" ? "row" : "column") : `${n} ${dimension === "ROWS" ? "rows" : "columns"}`;
};
const active = () => cell(chosen.row, chosen.col) ?? {};

export const GROUNDS = [
  ["None", null], ["Yellow", "#fff2cc"], ["Green", "#d9ead3"], ["Blue", "#cfe2f3"], ["Red", "#f4cccc"],
  ["Violet", "#d9d2e9"], ["Orange", "#fce5cd"], ["Grey", "#d9d9d9"],
];

export function ground(hex) {
  const part = (i) => parseInt(hex.slice(i, i + 2), 16) / 255;
  const format = hex ? { backgroundColorStyle: { rgbColor: { red: part(1), green: part(3), blue: part(5) } } } : {};
  return dress(hex ? "a fill colour" : "no fill colour", chosenBox(), "backgroundColorStyle", format);
}

async function note() {
  const text = await asked(`Note on ${letters(chosen.col)}${chosen.row + 1}`, active().note ?? "", { lines: true });
  if (text !== null) annotate(chosenBox(), text);
}

async function choices() {
  const condition = active().dataValidation?.condition;
  const now = condition?.type === "ONE_OF_LIST" ? condition.values.map((one) => one.userEnteredValue).join("\n") : "";
  const b = chosenBox();
  const read = await openDialog((form) => {
    form.dataset.yes = "Save";
    const label = document.createElement("label");
    const lines = Object.assign(document.createElement("textarea"), { value: now, rows: 6 });
    label.append("Choices, one a line", lines);
    const strict = document.createElement("label");
    const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: active().dataValidation?.strict ?? true });
    strict.append(tick, " Refuse anything else");
    form.append(label, strict);
    return () => ({ lines: lines.value.split("\n").map((line) => line.trim()).filter(Boolean), strict: tick.checked });
  });
  if (!read) return;
  const values = [...new Set(read.lines)].map((userEnteredValue) => ({ userEnteredValue }));
  const rule = { condition: { type: "ONE_OF_LIST", values }, strict: read.strict, showCustomUi: true };
  accept(values.length ? "a drop-down" : "no drop-down", b, values.length ? rule : null);
}

const filterOn = () => Boolean(book.sheet.basicFilter);

// A filter over the chosen block, or over all below the heading where one cell is chosen; or none any more.
function filter() {
  const set = (value) => [value ? { setBasicFilter: { filter: value } } : { clearBasicFilter: { sheetId: sheetId() } }];
  const now = book.sheet.basicFilter;
  if (now) return act("no filter", [], set(null), { undo: () => set(now), redo: set(null) });
  const b = chosenBox();
  const one = b.bottom - b.top === 1;
  const frozen = book.sheet.properties.gridProperties?.frozenRowCount ?? 0;
  const range = one || chosen.whole
    ? gridRange(sheetId(), { top: Math.max(0, frozen - 1), left: 0, bottom: rowCount(), right: columnCount() }) : gridRange(sheetId(), b);
  return act("a filter", [], set({ range }), { undo: () => set(null), redo: set({ range }) });
}

const AZ = "ASCENDING";
const ZA = "DESCENDING";
// name: [words (or a function for them), keys, what to do]
export const COMMANDS = {
  undo: ["Undo", "Ctrl+Z", undo],
  redo: ["Redo", "Ctrl+Y", redo],
  rowAbove: [() => `Insert ${many("ROWS")} above`, "", () => insert("ROWS", false)],
  rowBelow: [() => `Insert ${many("ROWS")} below`, "", () => insert("ROWS", true)],
  columnLeft: [() => `Insert ${many("COLUMNS")} left`, "", () => insert("COLUMNS", false)],
  columnRight: [() => `Insert ${many("COLUMNS")} right`, "", () => insert("COLUMNS", true)],
  deleteRows: [() => `Delete ${many("ROWS")}`, "Ctrl+Alt+-", () => remove("ROWS")],
  deleteColumns: [() => `Delete ${many("COLUMNS")}`, "", () => remove("COLUMNS")],
  rowsUp: [() => `Move ${many("ROWS")} up`, "Alt+↑", () => move("ROWS", -1)],
  rowsDown: [() => `Move ${many("ROWS")} down`, "Alt+↓", () => move("ROWS", 1)],
  columnsLeft: [() => `Move ${many("COLUMNS")} left`, "Alt+←", () => move("COLUMNS", -1)],
  columnsRight: [() => `Move ${many("COLUMNS")} right`, "Alt+→", () => move("COLUMNS", 1)],
  sortUp: [() => `Sort sheet by column ${letters(chosen.col)}, A to Z`, "", () => sortSheet(AZ)],
  sortDown: [() => `Sort sheet by column ${letters(chosen.col)}, Z to A`, "", () => sortSheet(ZA)],
  sortChosenUp: ["Sort selection, A to Z", "", () => sortChosen(AZ)],
  sortChosenDown: ["Sort selection, Z to A", "", () => sortChosen(ZA)],
  filter: [() => (filterOn() ? "Remove filter" : "Filter"), "", filter],
  filterBy: [() => `Filter by column ${letters(chosen.col)}…`, "", () => openFilter(chosen.col)],
  freezeRows: [() => `Freeze up to row ${chosen.row + 1}`, "", () => freeze("ROWS", chosen.row + 1)],
  thawRows: ["No frozen rows", "", () => freeze("ROWS", 0)],
  freezeColumns: [() => `Freeze up to column ${letters(chosen.col)}`, "", () => freeze("COLUMNS", chosen.col + 1)],
  thawColumns: ["No frozen columns", "", () => freeze("COLUMNS", 0)],
  hideRows: [() => `Hide ${many("ROWS")}`, "", () => hide("ROWS", true)],
  showRows: ["Show hidden rows here", "", () => hide("ROWS", false)],
  hideColumns: [() => `Hide ${many("COLUMNS")}`, "", () => hide("COLUMNS", true)],
  showColumns: ["Show hidden columns here", "", () => hide("COLUMNS", false)],
  bold: ["Bold", "Ctrl+B", () => bold(chosenBox())],
  clear: ["Clear cells", "Delete", () => clear(chosenBox())],
  fillDown: ["Fill down", "Ctrl+D", () => fillDown(chosenBox())],
  note: ["Note…", "Shift+F2", note],
  choices: ["Drop-down…", "", choices],
  boxes: ["Tick boxes", "", () => accept("tick boxes", chosenBox(), { condition: { type: "BOOLEAN" }, strict: true, showCustomUi: true })],
  anything: ["Accept anything", "", () => accept("no rule for the cells", chosenBox(), null)],
  find: ["Find", "Ctrl+F", openFind],
};
export const MENUS = {
  menu: [
    ["rowAbove", "rowBelow", "columnLeft", "columnRight"], ["deleteRows", "deleteColumns", "clear", "fillDown"],
    ["rowsUp", "rowsDown", "columnsLeft", "columnsRight"], ["sortUp", "sortDown", "sortChosenUp", "sortChosenDown"],
    ["filter", "filterBy", "hideRows", "showRows", "hideColumns", "showColumns"], ["note", "choices", "boxes", "anything"],
  ],
  sort: [["sortUp", "sortDown"], ["sortChosenUp", "sortChosenDown"]],
  freeze: [["freezeRows", "thawRows"], ["freezeColumns", "thawColumns"]],
};
