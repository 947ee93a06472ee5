// Who wants to know what: "layout" (rows, columns, sheet), "cells" (something loaded or changed), "selection".

const listeners = new Map();

export function on(name, listener) {
  listeners.set(name, [...(listeners.get(name) ?? []), listener]);
}

export function tell(name, detail) {
  for (const listener of listeners.get(name) ?? []) listener(detail);
}
