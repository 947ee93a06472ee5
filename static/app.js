/* What the pages do by themselves: search focus with "/", open filters that close, and the list that follows the sheet.
   Every page works without this file as plain links and forms. */
(() => {
  "use strict";
  const POLL_EVERY = 4000; // ms; an unchanged book answers 304 from one row of the database
  const MOST_ROWS = 500; // a longer list is not replaced under the reader: a notice offers it

  const typing = (node) => node instanceof Element && node.matches("input, textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closePills(null);
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const search = document.querySelector("input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  const onDesk = matchMedia("(min-width: 64rem)");
  function closePills(except) {
    if (!onDesk.matches) return;
    for (const pill of document.querySelectorAll("details.pill[open]")) {
      if (pill === except) continue;
      const inside = pill.contains(document.activeElement);
      pill.open = false;
      if (inside) pill.querySelector("summary").focus();
    }
  }
  document.addEventListener("click", (event) => closePills(event.target.closest?.("details.pill") ?? null));

  document.addEventListener("submit", (event) => event.target.querySelector(":popover-open")?.hidePopover());
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) location.reload(); // the session ended: the server shows where to sign in
  });

  /* ---- following the sheet ---- */
  const line = () => document.getElementById("sync");
  let etag = "";
  let shown = line()?.dataset.revision ?? "";

  async function look() {
    if (document.hidden || !line()) return;
    const answer = await fetch("/live", { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
    if (answer.status === 401 || answer.redirected) return location.reload();
    if (answer.status !== 200) return; // 304: nothing new
    etag = answer.headers.get("ETag") ?? "";
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("sync");
    if (!fresh || !line()) return;
    fresh.className = line().className;
    line().replaceWith(fresh);
    if (fresh.dataset.revision !== shown) follow(fresh.dataset.revision);
  }

  /* Nothing is swapped while someone types or has a filter open; it is tried again with the next look. */
  function follow(revision) {
    const list = document.querySelector("[data-follow]");
    if (!list) {
      shown = revision;
      return;
    }
    const busy = list.contains(document.activeElement) && typing(document.activeElement);
    if (busy || !getSelection().isCollapsed || document.querySelector(".picks:popover-open, .pill[open]")) {
      etag = "";
      return;
    }
    const rows = list.querySelectorAll("tbody tr, .row").length;
    shown = revision;
    if (rows > MOST_ROWS) {
      document.getElementById("changed")?.removeAttribute("hidden");
      return;
    }
    const here = new URL(location.href);
    here.searchParams.set("rows", String(rows));
    htmx.ajax("GET", here.pathname + here.search, { target: list, select: "#found", swap: "outerHTML" });
  }

  function lost() {
    etag = "";
    line().dataset.state = "down";
    line().textContent = "The CRM is not reached; trying again";
  }
  if (line()) {
    setInterval(() => look().catch(lost), POLL_EVERY);
    document.addEventListener("visibilitychange", () => look().catch(lost));
  }
})();
