/* What the pages do by themselves: search focus with "/", open filters that close, and the list that follows the sheet.
   Every page works without this file as plain links and forms. */
(() => {
  "use strict";
  const POLL_EVERY = 4000; // ms; an unchanged book answers 304 from one row of the database
  const MOST_ROWS = 500; // a longer list is not replaced under the reader: a notice offers it

  const typing = (node) => node instanceof Element && node.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closePills(null);
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const search = document.querySelector("input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  /* ---- keys: a part with data-key is pressed by it, as far as it can be seen ---- */
  const KEYS_OFF = "bumuk-keys-off";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (document.querySelector(":popover-open") || localStorage.getItem(KEYS_OFF)) return;
    const part = [...document.querySelectorAll("[data-key]")].find(
      (node) => node.dataset.key === event.key && node.checkVisibility(),
    );
    if (!part) return;
    event.preventDefault();
    part.focus();
    if (!part.hasAttribute("data-only-focus")) part.click();
  });
  document.addEventListener("focusin", (event) => event.target.matches?.("[data-whole]") && event.target.select());
  const keys = () => document.getElementById("keys-on");
  if (keys()) keys().checked = !localStorage.getItem(KEYS_OFF);
  document.addEventListener("change", (event) => {
    if (event.target !== keys()) return;
    if (event.target.checked) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, "1");
  });

  /* ---- what was done: ten seconds, longer under the pointer or the focus ---- */
  const STANDS = 10_000; // ms
  const toasts = document.getElementById("toast");
  let shownSince = 0;
  let toast = null;
  setInterval(() => {
    const now = toasts?.querySelector(".toast") ?? null;
    if (now !== toast || now?.matches(":hover, :focus-within")) {
      toast = now;
      shownSince = Date.now();
    }
    if (toast && !toast.hasAttribute("data-problem") && Date.now() - shownSince > STANDS) toast.remove();
  }, 250);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-dismiss]")) event.target.closest(".toast").remove();
  });

  function problem(words) {
    const said = document.createElement("p");
    said.textContent = words;
    const box = document.createElement("div");
    box.className = "toast";
    box.dataset.problem = "";
    box.append(said);
    toasts?.replaceChildren(box);
  }

  /* ---- forms that act: the button says so, nothing typed is lost, the next lead gets the focus ---- */
  document.addEventListener("input", (event) => event.target.closest?.("form")?.setAttribute("data-dirty", ""));
  const submitter = (event) => event.detail.requestConfig?.triggeringEvent?.submitter;
  document.addEventListener("htmx:beforeRequest", (event) => submitter(event)?.setAttribute("aria-busy", "true"));
  document.addEventListener("htmx:afterRequest", (event) => submitter(event)?.removeAttribute("aria-busy"));
  document.addEventListener("htmx:sendError", (event) => {
    if (window.bumukOffline?.keep(event.detail.requestConfig)) return problem("No connection. It is kept here and sent by itself.");
    problem("Not saved: the CRM is not reached. What you typed is still here; try again in a moment.");
  });
  let path = location.pathname;
  document.addEventListener("htmx:pushedIntoHistory", () => {
    if (location.pathname !== path) scrollTo(0, 0); // another page begins at its top
    path = location.pathname;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const form = event.detail.requestConfig?.elt;
    if (!form?.matches?.("form[hx-boost]")) return;
    (document.querySelector("[aria-invalid=true]") ?? document.querySelector("#found [data-landing]"))?.focus();
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
    if (event.detail.xhr.status === 401) return location.reload(); // the session ended: the server shows where to sign in
    const told = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html").querySelector("[role=alert]");
    problem(`Not saved. ${told?.textContent.trim() || "Something went wrong; try again in a moment."} What you typed is still here.`);
  });

  /* ---- following the sheet ---- */
  const line = () => document.getElementById("sync");
  let etag = "";
  let shown = line()?.dataset.revision ?? "";

  async function look() {
    if (document.hidden || !line()) return;
    const answer = await fetch("/live", { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
    if (answer.status === 401 || answer.redirected) return location.reload();
    window.bumukOffline?.retry();
    if (answer.status !== 200) return; // 304: nothing new
    etag = answer.headers.get("ETag") ?? "";
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("sync");
    if (!fresh || !line()) return;
    fresh.className = line().className;
    line().replaceWith(fresh);
    if (fresh.dataset.revision !== shown) follow(fresh.dataset.revision);
  }

  function occupied(list) {
    const busy = list.contains(document.activeElement) && typing(document.activeElement);
    const begun = list.querySelector("form[data-dirty], form[data-editing]") || list.querySelector(":popover-open");
    return busy || begun || !getSelection().isCollapsed || document.querySelector(".picks:popover-open, .pill[open]");
  }

  /* The answer may come when somebody has begun to type since it was asked for. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.requestConfig?.headers?.["X-Follows"] || !occupied(event.detail.target)) return;
    event.detail.shouldSwap = false;
    etag = shown = "";
  });

  /* Nothing is swapped while someone types or has a filter open; it is tried again with the next look. */
  function follow(revision) {
    const list = document.querySelector("[data-follow]");
    if (!list) {
      shown = revision;
      return;
    }
    if (occupied(list)) {
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
    htmx.ajax("GET", here.pathname + here.search, { target: list, select: "#found", swap: "outerHTML", headers: { "X-Follows": "1" } });
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
