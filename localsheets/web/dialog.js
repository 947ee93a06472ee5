// Questions to the person: yes or no, a line of text. Escape is no.

const grid = () => document.getElementById("grid");

function open(fill) {
  return new Promise((answer) => {
    const dialog = document.createElement("dialog");
    const form = document.createElement("form");
    form.method = "dialog";
    const read = fill(form);
    const no = button("Cancel", "");
    form.append(Object.assign(document.createElement("div"), { className: "ways" }));
    form.lastChild.append(button(form.dataset.yes, "yes"), no);
    no.type = "button";
    no.addEventListener("click", () => dialog.close(""));
    dialog.append(form);
    document.body.append(dialog);
    dialog.addEventListener("close", () => {
      dialog.remove();
      grid().focus();
      answer(dialog.returnValue === "yes" ? read() : null);
    });
    // A form's own submission is closed by the content policy (form-action 'none'); this does the same.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close("yes");
    });
    dialog.showModal();
  });
}

function button(word, value) {
  const out = document.createElement("button");
  out.textContent = word;
  out.value = value;
  return out;
}

function paragraph(text) {
  const out = document.createElement("p");
  out.textContent = text;
  return out;
}

export const confirmed = (text, yes = "Go on") =>
  open((form) => {
    form.dataset.yes = yes;
    form.append(paragraph(text));
    return () => true;
  });

// A line of text (or several), or null where the person would rather not.
export const asked = (text, value = "", { yes = "Save", lines = false } = {}) =>
  open((form) => {
    form.dataset.yes = yes;
    const label = document.createElement("label");
    const input = document.createElement(lines ? "textarea" : "input");
    label.append(paragraph(text), input);
    input.value = value;
    form.append(label);
    requestAnimationFrame(() => { input.focus(); input.select(); });
    return () => input.value;
  });

export { open as openDialog };
