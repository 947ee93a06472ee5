// The page's beginning: opens every part, reads the spreadsheet, and shows its first cell.

import { book, readBook, readWho, show } from "./book.js";
import { openClipboard } from "./clipboard.js";
import { openEditor } from "./editor.js";
import { openFinder } from "./find.js";
import { grid, openGrid } from "./grid.js";
import { openKeys } from "./keys.js";
import { openLive, saying } from "./live.js";
import { openTools } from "./menu.js";
import { openMouse } from "./mouse.js";
import { complain } from "./notice.js";
import { back } from "./selection.js";
import { on } from "./signals.js";
import { openSum } from "./sum.js";
import { drawTabs, openTabs } from "./tabs.js";
import { unsaved } from "./windows.js";

function head() {
  document.getElementById("title").textContent = book.title;
  document.getElementById("who").textContent = `${book.account}${book.canWrite ? "" : " · may read only"}`;
  grid.setAttribute("aria-label", `${book.sheet.properties.title}, ${book.title}`);
  grid.setAttribute("aria-readonly", String(!book.canWrite));
  drawTabs();
}

async function begin() {
  [openGrid, openEditor, openKeys, openMouse, openClipboard, openTools, openTabs, openFinder, openSum].forEach((open) => open());
  on("book", head);
  on("sheet", head);
  on("unread", (error) => saying(error.message, "bad"));
  addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
  try {
    await readWho();
    await readBook();
    await show(book.sheet);
    back();
    grid.focus();
    openLive();
  } catch (error) {
    saying("not connected", "bad");
    complain(error, [["Try again", () => location.reload()]]);
  }
}

begin();
