// What the chosen cells come to, at the foot of the page: how many, and the sum of their numbers.

import { size } from "./a1.js";
import { chosenBox } from "./selection.js";
import { on } from "./signals.js";
import { held } from "./windows.js";

const MOST_CELLS = 20_000;
const place = document.getElementById("sum");
let timer = 0;

function show() {
  const b = chosenBox();
  const cells = size(b) > 1 && size(b) <= MOST_CELLS ? held(b) : null;
  if (!cells) {
    place.textContent = "";
    return;
  }
  const all = cells.flat();
  const filled = all.filter((data) => data.effectiveValue);
  const numbers = all.map((data) => data.effectiveValue?.numberValue).filter((n) => n !== undefined);
  const sum = numbers.reduce((one, two) => one + two, 0);
  const shown = Number(sum.toPrecision(12)).toLocaleString("en-IN", { maximumFractionDigits: 6 });
  place.textContent = `${filled.length} filled${numbers.length ? ` · sum ${shown}` : ""}`;
}

export function openSum() {
  on("selection", () => { clearTimeout(timer); timer = setTimeout(show, 150); });
}
