// Blocks of cells as tab-separated text, the way spreadsheets put them on the clipboard: quotes around tabs and breaks.

export function toText(rows) {
  const field = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map((cell) => field(String(cell))).join("\t")).join("\n");
}

// Rows of text, all of the same width; a break at the very end adds no row.
export function fromText(text) {
  const rows = [[]];
  let at = 0;
  while (at <= text.length) {
    const [field, next] = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    rows.at(-1).push(field);
    at = next;
    if (at >= text.length) break;
    if (text[at] === "\t") at += 1;
    else {
      at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
      if (at >= text.length) break;
      rows.push([]);
    }
  }
  const width = Math.max(...rows.map((row) => row.length));
  return rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
}

function plainField(text, at) {
  let end = at;
  while (end < text.length && !"\t\n\r".includes(text[end])) end += 1;
  return [text.slice(at, end), end];
}

// A field in quotes; one whose quotes do not close before a tab or break is taken as it stands.
function quotedField(text, at) {
  let out = "";
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] !== '"') out += text[i];
    else if (text[i + 1] === '"') {
      out += '"';
      i += 1;
    } else if (i + 1 === text.length || "\t\n\r".includes(text[i + 1])) return [out, i + 1];
    else break;
  }
  return plainField(text, at);
}
