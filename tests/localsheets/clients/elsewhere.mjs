// Google's clients under Node, sent to a local sheet server: every request for a Google host goes to SHEETS_BASE, and
// one for any other host fails, so that nothing leaves the machine.
const base = process.env.SHEETS_BASE;
const google = /^https:\/\/((sheets|www|oauth2)\.googleapis|docs\.google)\.com(?=\/)/;
const real = globalThis.fetch;

export function rebased(address) {
  const moved = String(address).replace(google, base);
  if (!moved.startsWith(base + '/')) throw new Error(`a request was about to leave the machine: ${address}`);
  return moved;
}

export async function localFetch(input, init) {
  if (!(input instanceof Request)) return real(rebased(input), init);
  return real(new Request(rebased(input.url), input), init);
}

globalThis.fetch = localFetch;
