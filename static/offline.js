/* Outcomes and snoozes pressed without a connection: kept on this device, sent when the CRM is reached again.

   It can be done without harm because each form carries the name of its request (the same request twice is one change),
   names its lead by id, and is decided by the server about the lead as it is when it arrives. One is kept for each lead,
   the last one pressed. They belong to who pressed them: another person who signs in here does not send them. */
(() => {
  "use strict";
  const KEY = "bumuk-waiting";
  const user = document.documentElement.dataset.user ?? "";
  const read = () => JSON.parse(localStorage.getItem(KEY) ?? "[]");
  const write = (all) => localStorage.setItem(KEY, JSON.stringify(all));
  const mine = () => read().filter((one) => one.user === user);
  const leadOf = (path) => path.split("/").slice(0, 3).join("/");

  if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/sw.js").catch(() => {});

  const honest = document.getElementById("waiting-here");
  if (honest) {
    const many = read().length;
    honest.textContent = many ? `${many} ${many === 1 ? "change waits" : "changes wait"} on this device.` : "";
    addEventListener("online", () => location.assign("/"));
    return;
  }
  if (!user) return;

  /* Called by app.js when a form was not answered; true: it is kept. */
  function keep(request) {
    const form = request?.elt;
    if (!form?.matches?.("form[data-keep]") || !request.formData) return false;
    const body = new URLSearchParams(request.formData);
    const what = body.get("outcome") ?? "Snooze";
    const lead = leadOf(request.path);
    write([
      ...read().filter((one) => one.user !== user || one.lead !== lead),
      { user, lead, path: request.path, body: body.toString(), words: `${what}: ${form.dataset.keep}`, why: "" },
    ]);
    document.querySelector(":popover-open")?.hidePopover();
    show();
    return true;
  }

  async function send() {
    for (const one of mine()) {
      if (one.why) continue;
      const body = new URLSearchParams(one.body);
      const token = document.querySelector("input[name=csrf_token]")?.value;
      if (token) body.set("csrf_token", token); // the session may be a newer one of the same person
      const headers = { "HX-Request": "true" }; // without a session this is answered 401, never by a redirect
      const answer = await fetch(one.path, { method: "POST", body, headers, redirect: "manual" });
      const taken = answer.type === "opaqueredirect" || answer.ok;
      if (!taken && (answer.status === 401 || answer.status === 400 || answer.status === 429 || answer.status >= 500)) return;
      const others = read().filter((kept) => kept.user !== user || kept.body !== one.body);
      write(taken ? others : [...others, { ...one, why: "was not possible any more" }]);
    }
  }

  function show() {
    const main = document.getElementById("main");
    let box = document.getElementById("waiting");
    const waiting = mine();
    if (!waiting.length || !main) return box?.remove();
    if (!box) {
      box = document.createElement("section");
      box.id = "waiting";
      box.className = "notice";
      box.dataset.tone = "warn";
      box.setAttribute("role", "status");
      main.prepend(box);
    }
    const title = document.createElement("p");
    title.append(Object.assign(document.createElement("b"), {
      textContent: `${waiting.length} ${waiting.length === 1 ? "change waits" : "changes wait"} here`,
    }), " and will be sent when the CRM is reached.");
    const list = document.createElement("ul");
    for (const one of waiting) list.append(line(one));
    const stack = Object.assign(document.createElement("div"), { className: "stack" });
    stack.append(title, list);
    box.replaceChildren(stack);
  }

  function line(one) {
    const item = document.createElement("li");
    const words = document.createElement("a");
    words.href = one.lead;
    words.textContent = one.words;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn plain";
    drop.textContent = "Discard";
    drop.setAttribute("aria-label", `Discard ${one.words}`);
    drop.addEventListener("click", () => {
      write(read().filter((kept) => kept.user !== user || kept.body !== one.body));
      show();
    });
    item.append(words, one.why ? ` ${one.why} ` : " ", drop);
    return item;
  }

  let sending = false;
  async function retry() {
    if (sending || !mine().some((one) => !one.why)) return;
    sending = true;
    try {
      await navigator.locks.request(KEY, send); // one tab at a time
    } catch {
      /* still not reached; the next look tries again */
    } finally {
      sending = false;
      show();
    }
  }

  window.bumukOffline = { keep, retry };
  addEventListener("online", retry);
  addEventListener("storage", show);
  document.addEventListener("htmx:afterSettle", show);
  show();
  retry();
})();
