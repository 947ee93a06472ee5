// The sheet's filter: which rows it hides (worked out here from what the cells show, as the API leaves it to its
// readers), and the dialog in which a person sets it for a column.

import { spreadsheet, values } from "./api.js";
import { boxOf, letters, rangeText } from "./a1.js";
import { book, columnCount, rowCount, sheetId, title } from "./book.js";
import { meets } from "./conditions.js";
import { openDialog } from "./dialog.js";
import { act } from "./edits.js";
import { filterRows } from "./layout.js";
import { complain, say } from "./notice.js";

const MOST_VALUES = 500;
const WAYS = [
  ["", "Any value"], ["TEXT_CONTAINS", "Text contains"], ["TEXT_NOT_CONTAINS", "Text does not contain"], ["TEXT_EQ", "Text is exactly"],
  ["BLANK", "Is empty"], ["NOT_BLANK", "Is not empty"], ["NUMBER_GREATER", "Greater than"], ["NUMBER_LESS", "Less than"],
  ["NUMBER_EQ", "Equal to"], ["DATE_BEFORE", "Date is before"], ["DATE_AFTER", "Date is after"],
];
const range = () => boxOf(book.sheet.basicFilter.range, rowCount(), columnCount());

// {column: criteria} of either form in which the API has them.
function criteria() {
  const { criteria: old = {}, filterSpecs = [] } = book.sheet.basicFilter ?? {};
  const specs = filterSpecs.map((one) => [one.columnIndex ?? 0, one.filterCriteria ?? {}]);
  return Object.fromEntries([...Object.entries(old), ...specs].filter(([, one]) => one.hiddenValues?.length || one.condition));
}

// What a column shows below the filter's heading, and the numbers under it where a condition is about numbers.
async function column(col, numbers) {
  const b = range();
  const part = rangeText(title(), { top: b.top + 1, bottom: b.bottom, left: col, right: col + 1 });
  const read = (valueRenderOption) => values(part, { majorDimension: "COLUMNS", valueRenderOption });
  const shown = ((await read("FORMATTED_VALUE"))[0] ?? []).map(String);
  return [shown, numbers ? ((await read("UNFORMATTED_VALUE"))[0] ?? []) : []];
}

export async function applyFilter() {
  if (!book.sheet.basicFilter) return filterRows(new Set());
  const [hidden, b] = [new Set(), range()];
  for (const [col, one] of Object.entries(criteria())) {
    const [shown, numbers] = await column(Number(col), /^(NUMBER|DATE)_/.test(one.condition?.type ?? ""));
    const out = new Set(one.hiddenValues ?? []);
    for (let row = b.top + 1; row < b.bottom; row += 1) {
      const text = shown[row - b.top - 1] ?? "";
      const n = numbers[row - b.top - 1];
      const fits = !one.condition || meets(one.condition, text, typeof n === "number" ? n : undefined) !== false;
      if (out.has(text) || !fits) hidden.add(row);
    }
  }
  return filterRows(hidden);
}

function field(word, node) {
  const label = document.createElement("label");
  label.append(word, node);
  return label;
}

function condition(now) {
  const way = document.createElement("select");
  way.append(...WAYS.map(([value, word]) => new Option(word, value, false, value === (now?.type ?? ""))));
  const text = Object.assign(document.createElement("input"), { value: now?.values?.[0]?.userEnteredValue ?? "" });
  const show = () => { text.parentElement?.toggleAttribute("hidden", !way.value || /BLANK/.test(way.value)); };
  way.addEventListener("change", show);
  requestAnimationFrame(show);
  const read = () => {
    const values = /BLANK/.test(way.value) ? [] : [{ userEnteredValue: text.value }];
    return way.value ? { type: way.value, ...(values.length ? { values } : {}) } : null;
  };
  return { parts: [field("Show rows where", way), field("this", text)], read };
}

function picks(shown, hidden) {
  const list = document.createElement("fieldset");
  list.append(Object.assign(document.createElement("legend"), { textContent: "Values" }));
  const ticks = shown.map((text) => {
    const tick = Object.assign(document.createElement("input"), { type: "checkbox", checked: !hidden.has(text), value: text });
    const label = document.createElement("label");
    label.append(tick, ` ${text === "" ? "(empty)" : text}`);
    list.append(label);
    return tick;
  });
  const all = (checked) => () => ticks.forEach((tick) => { tick.checked = checked; });
  const ways = [["Tick all", true], ["Untick all", false]].map(([word, checked]) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: word });
    button.addEventListener("click", all(checked));
    return button;
  });
  return { parts: [...ways, list], read: () => ticks.filter((tick) => !tick.checked).map((tick) => tick.value) };
}

// Values that are hidden and that no cell shows just now stay hidden.
export async function openFilter(col) {
  if (!book.sheet.basicFilter) {
    say("There is no filter yet. Choose Filter first, then a column.");
    return;
  }
  try {
    const now = criteria()[col] ?? {};
    const hidden = new Set(now.hiddenValues ?? []);
    const found = [...new Set((await column(col, false))[0])].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    const ways = condition(now.condition);
    const choices = picks(found.slice(0, MOST_VALUES), hidden);
    const read = await openDialog((form) => {
      form.dataset.yes = "Filter";
      form.className = "filter";
      form.append(Object.assign(document.createElement("h2"), { textContent: `Filter by column ${letters(col)}` }), ...ways.parts, ...choices.parts);
      if (found.length > MOST_VALUES) form.append(`The first ${MOST_VALUES} of ${found.length} values are listed.`);
      return () => ({ hiddenValues: choices.read(), condition: ways.read() });
    });
    if (read) await set(col, read, [...hidden].filter((text) => !found.includes(text)));
  } catch (error) {
    complain(error);
  }
}

async function set(col, { hiddenValues, condition: wanted }, absent) {
  const fields = "sheets(properties(sheetId),basicFilter)";
  const fresh = (await spreadsheet(fields)).sheets.find((one) => (one.properties.sheetId ?? 0) === sheetId());
  const kept = Object.entries(criteria()).filter(([other]) => Number(other) !== col);
  const mine = { ...(hiddenValues.length + absent.length ? { hiddenValues: [...hiddenValues, ...absent] } : {}), ...(wanted ? { condition: wanted } : {}) };
  const specs = [...kept.map(([other, one]) => [Number(other), one]), ...(Object.keys(mine).length ? [[col, mine]] : [])];
  const made = { range: fresh.basicFilter.range, filterSpecs: specs.map(([columnIndex, filterCriteria]) => ({ columnIndex, filterCriteria })) };
  const request = (filter) => [{ setBasicFilter: { filter } }];
  await act("a filter", [], request(made), { undo: () => request(fresh.basicFilter), redo: request(made) });
}
