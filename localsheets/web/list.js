// The choices below an open editor: a combobox's list. Typing narrows it; arrows walk, Enter takes, Escape leaves.

export function openList(input, choices, { all, picked }) {
  const list = document.createElement("ul");
  list.className = "choices";
  list.id = "choices";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Choices");
  Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": "choices", "aria-autocomplete": "list" })
    .forEach(([name, value]) => input.setAttribute(name, value));
  input.after(list);
  let [shown, at] = [[], -1];

  function fill(everything) {
    const wanted = everything ? "" : input.value.trim().toLowerCase();
    shown = choices.filter((choice) => choice.toLowerCase().includes(wanted)).slice(0, 200);
    list.replaceChildren(...shown.map((choice, i) => {
      const item = document.createElement("li");
      item.id = `choice${i}`;
      item.setAttribute("role", "option");
      item.textContent = choice;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); picked(choice); });
      return item;
    }));
    list.hidden = shown.length === 0;
    walk(everything ? shown.indexOf(input.value) : wanted && shown.length ? 0 : -1);
  }

  function walk(to) {
    at = to;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    if (at >= 0) input.setAttribute("aria-activedescendant", `choice${at}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  }

  function place() {
    const { left, bottom, width } = input.getBoundingClientRect();
    const above = bottom + 260 > innerHeight;
    Object.assign(list.style, { left: `${left}px`, minWidth: `${width}px`, top: above ? "" : `${bottom}px` });
    list.style.bottom = above ? `${innerHeight - bottom + 26}px` : "";
  }

  // Whether the key was for the list.
  function keyed(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      walk(shown.length ? (at + step + shown.length) % shown.length : -1);
    } else if (event.key === "Enter" && at >= 0) picked(shown[at]);
    else return false;
    event.preventDefault();
    return true;
  }

  input.addEventListener("input", () => fill(false));
  fill(all);
  place();
  return { place, keyed, close: () => list.remove() };
}
