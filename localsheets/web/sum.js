// What the chosen cells come to, at the foot of the page: how many, and the sum of their numbers.

import { rangeText, size } from "./a1.js";
import { values } from "./api.js";
import { title } from "./book.js";
import { chosenBox } from "./selection.js";
import { on, tell } from "./signals.js";
import { held } from "./windows.js";

const MOST_CELLS = 50_000;
const place = document.getElementById("sum");
let [timer, latest] = [0, 0];

// The typed values of the block: those that the page holds, else read at once.
async function typedValues(b) {
  const cells = held(b);
  if (cells) return cells.flat().map(({ effectiveValue: found }) => (found ? (found.numberValue ?? String(Object.values(found)[0])) : ""));
  return (await values(rangeText(title(), b), { valueRenderOption: "UNFORMATTED_VALUE" })).flat();
}

async function show() {
  const b = chosenBox();
  latest += 1;
  const mine = latest;
  const read = size(b) > 1 && size(b) <= MOST_CELLS ? await typedValues(b) : [];
  if (mine !== latest) return;
  const filled = read.filter((value) => value !== "");
  const numbers = filled.filter((value) => typeof value === "number");
  const sum = numbers.reduce((one, two) => one + two, 0);
  const shown = Number(sum.toPrecision(12)).toLocaleString("en-IN", { maximumFractionDigits: 6 });
  place.textContent = size(b) > 1 && read.length ? `${filled.length} filled${numbers.length ? ` · sum ${shown}` : ""}` : "";
}

export function openSum() {
  const later = () => show().catch((error) => tell("unread", error));
  on("selection", () => { clearTimeout(timer); timer = setTimeout(later, 250); });
}
