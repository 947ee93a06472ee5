// What the page says: one notice above the sheet, in plain words, with a way on where there is one.

const notice = document.getElementById("notice");
const [words, ways] = notice.children;
let timer = 0;

// `actions` are [word, function]; a notice without them leaves after ten seconds unless it is an error.
export function say(text, { error = false, actions = [] } = {}) {
  clearTimeout(timer);
  words.textContent = text;
  notice.classList.toggle("error", error);
  const buttons = [...actions, ["Dismiss", () => {}]].map(([word, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.addEventListener("click", () => {
      hush();
      act();
      document.getElementById("grid").focus();
    });
    return button;
  });
  ways.replaceChildren(...buttons);
  notice.hidden = false;
  if (!error && !actions.length) timer = setTimeout(hush, 10_000);
}

export function hush() {
  clearTimeout(timer);
  notice.hidden = true;
}

export const complain = (error, actions) => say(error.message, { error: true, actions });
