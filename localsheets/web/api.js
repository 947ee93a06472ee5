// The page's line to the server: /v4 calls with the page's own token, errors in plain words.

export const sid = document.documentElement.dataset.sid;
const who = new URLSearchParams(location.search).get("authuser");
const own = (name) => `/spreadsheets/d/${sid}/${name}${who ? `?authuser=${encodeURIComponent(who)}` : ""}`;
const PATIENCE = 60_000; // milliseconds: a request that hangs must not hold up all later ones
let signedIn = null;

export class Refused extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const WORDS = {
  401: "The server did not accept this page's token. Reload the page.",
  403: "You may read this spreadsheet, but not change it.",
  404: "This spreadsheet is not there any more.",
  413: "That is too much at once for the server.",
  429: "The server is asked too often just now. Try again in a minute.",
};

function inWords(status, body) {
  const said = (body?.error?.message ?? "").replace(/^Invalid requests\[\d+\](\.\w+)?: /, "");
  if (/protected cell or object/.test(said)) return "These cells are protected, and you are not among their editors.";
  if (status === 403 && /permission/.test(said)) return WORDS[403];
  if (status >= 500) return "The server could not do that (a fault of the server). Nothing was changed, as far as it says.";
  return status === 400 && said ? said : (WORDS[status] ?? said ?? `The server refused (${status}).`);
}

async function send(path, options) {
  let answer, text;
  try {
    answer = await fetch(path, { ...options, signal: AbortSignal.timeout(PATIENCE) });
    text = await answer.text();
  } catch (error) {
    const slow = error.name === "TimeoutError";
    throw new Refused(slow ? "The server has not answered for a minute; it may still do it." : "The server is not reached.", 0);
  }
  let body = null;
  try {
    body = JSON.parse(text);
  } catch {
    if (answer.ok) throw new Refused("The server's answer broke off.", 0);
  }
  if (!answer.ok) throw new Refused(inWords(answer.status, body), answer.status);
  return body;
}

export function signIn(again = false) {
  if (again || !signedIn) {
    signedIn = send(own("token"), { method: "POST" });
    signedIn.catch(() => { signedIn = null; });
  }
  return signedIn;
}

async function call(method, path, body) {
  for (const again of [false, true]) {
    const { token } = await signIn(again);
    const headers = { Authorization: `Bearer ${token}` };
    if (body) headers["Content-Type"] = "application/json";
    try {
      return await send(`/v4/spreadsheets/${sid}${path}`, { method, headers, body: body && JSON.stringify(body) });
    } catch (error) {
      if (error.status !== 401 || again) throw error;
    }
  }
  return null;
}

const query = (pairs) => new URLSearchParams(pairs).toString();

export const version = () => send(own("version"), {});

export const spreadsheet = (fields, ranges = []) =>
  call("GET", `?${query([...ranges.map((one) => ["ranges", one]), ["fields", fields]])}`);

export const batch = (requests) => call("POST", ":batchUpdate", { requests });

// Options: majorDimension, valueRenderOption.
export const values = (range, options = {}) =>
  call("GET", `/values/${encodeURIComponent(range)}?${query(options)}`).then((got) => got.values ?? []);

export const typed = (range, rows) =>
  call("PUT", `/values/${encodeURIComponent(range)}?valueInputOption=USER_ENTERED`, { range, values: rows });
