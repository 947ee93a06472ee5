/* The list of leads: ticks that outlast a new list, the bar for many at once, rows that open, keys along the rows.
   Without this file: the bar stands under the list, and a row opens on a page of its own. */
(() => {
  "use strict";
  const ticked = new Set();
  const boxes = () => [...document.querySelectorAll("#rows input[name=lead]")];
  const bar = () => document.getElementById("bulk");
  const everyone = () => document.getElementById("bulk-all");
  const typing = (node) => node instanceof Element && node.matches("input:not([type=checkbox]), textarea, select");

  function show() {
    if (!bar()) return;
    const all = everyone()?.checked ?? false;
    for (const box of boxes()) {
      box.checked = all || ticked.has(box.value);
      box.closest("tr").setAttribute("aria-selected", String(box.checked));
    }
    const shown = boxes();
    const head = document.getElementById("tick-all");
    if (head) {
      head.checked = shown.length > 0 && shown.every((box) => box.checked);
      head.indeterminate = !head.checked && shown.some((box) => box.checked);
    }
    bar().toggleAttribute("data-on", all || ticked.size > 0);
    const words = all ? "All selected" : `${ticked.size} selected`;
    const told = document.getElementById("bulk-count");
    if (told.textContent !== words) told.textContent = words;
  }

  /* Ticked leads that are not on this page go along with the form. */
  function carry() {
    for (const old of bar().querySelectorAll("[data-carried]")) old.remove();
    const here = new Set(boxes().map((box) => box.value));
    for (const id of ticked) {
      if (here.has(id)) continue;
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "lead", value: id });
      field.dataset.carried = "";
      bar().append(field);
    }
  }

  function clear() {
    ticked.clear();
    if (everyone()) everyone().checked = false;
    show();
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.id === "tick-all") for (const one of boxes()) box.checked ? ticked.add(one.value) : ticked.delete(one.value);
    else if (box.matches?.("#rows input[name=lead]")) {
      if (everyone()?.checked) {
        everyone().checked = false; // all but this one: those on the page
        for (const one of boxes()) ticked.add(one.value);
      }
      box.checked ? ticked.add(box.value) : ticked.delete(box.value);
    } else if (box.id !== "bulk-all") return;
    if (box.id === "tick-all" && everyone()) everyone().checked = false;
    show();
  });
  document.addEventListener("submit", (event) => {
    if (event.target.id === "bulk") carry();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#bulk-clear")) clear();
    const close = event.target.closest?.("[data-close-edit]");
    if (close) shut(close.closest("tr"));
  });
  document.addEventListener("htmx:afterSettle", show);
  addEventListener("pageshow", show);

  /* ---- a row that opens: the same button closes it; after saving the row has the focus again ---- */
  const opener = (row) => row?.querySelector(".open a");
  function shut(edit) {
    const above = edit.previousElementSibling;
    edit.remove();
    opener(above)?.setAttribute("aria-expanded", "false");
    opener(above)?.focus();
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    const link = event.detail.elt;
    if (!link.matches?.(".leads .open a")) return;
    const below = link.closest("tr").nextElementSibling;
    if (below?.matches(".edit")) {
      event.preventDefault();
      shut(below);
    } else link.setAttribute("aria-expanded", "true");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const from = event.detail.requestConfig?.elt;
    if (from?.matches?.(".leads .open a")) from.closest("tr").nextElementSibling?.querySelector("select, input:not([type=hidden])")?.focus();
    if (from?.matches?.("form.quick[hx-post]")) {
      const id = from.closest("tr")?.id || event.detail.requestConfig.path.split("/").at(-2);
      document.querySelector(".leads .edit [aria-invalid=true]")?.focus() ??
        document.getElementById("lead-" + decodeURIComponent(id.replace(/^edit-/, "")))?.focus();
    }
  });

  /* ---- keys along the rows: j and k or the arrows, x ticks, Enter opens as any link ---- */
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector(":popover-open") || localStorage.getItem("bumuk-keys-off")) return;
    const links = [...document.querySelectorAll("#rows .who a:first-child")];
    if (!links.length) return;
    const row = document.activeElement?.closest?.("#rows tr");
    const at = links.findIndex((link) => link.closest("tr") === row);
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step && (row || event.key.length === 1)) {
      event.preventDefault();
      links[Math.min(Math.max(at + step, 0), links.length - 1)].focus();
    } else if (event.key === "x" && row) {
      row.querySelector("input[name=lead]")?.click();
    }
  });

  /* What was opened from the phone's menu takes the menu along when it closes. */
  document.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && event.target.matches?.("#export, #columns")) document.getElementById("list-more")?.hidePopover();
  }, true);

  show();
})();
