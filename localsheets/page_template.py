"""The markup of the sheet's page: landmarks and empty places that the scripts in `web/` fill; nothing inline."""

from __future__ import annotations

from string import Template

_BUTTONS = (
    ("undo", "Undo", "Undo (Ctrl+Z)"),
    ("redo", "Redo", "Redo (Ctrl+Y)"),
    ("bold", "Bold", "Bold (Ctrl+B)"),
    ("fill", "Fill", "Fill colour"),
    ("sort", "Sort", "Sort"),
    ("filter", "Filter", "Filter"),
    ("freeze", "Freeze", "Freeze"),
    ("find", "Find", "Find (Ctrl+F)"),
    ("menu", "More", "All commands for the selection (Shift+F10)"),
)


def _button(name: str, word: str, title: str) -> str:
    popup = " aria-haspopup=menu" if name in ("fill", "sort", "freeze", "menu") else ""
    return f'<button type=button data-do="{name}" title="{title}"{popup}>{word}</button>'


SHEET = Template(
    "<!DOCTYPE html>\n<html lang=en data-sid='$sid' data-role='$role'>\n<meta charset=utf-8>\n"
    "<meta name=viewport content='width=device-width'>\n<title>$title</title>\n"
    "<link rel=icon href='/spreadsheets/web/icon.svg'>\n"
    "<link rel=stylesheet href='/spreadsheets/web/sheet.css'>\n"
    "<script type=module src='/spreadsheets/web/main.js'></script>\n"
    "<header><div class=line><h1 id=title>$title</h1><span id=who></span>"
    "<span id=state role=status>loading…</span></div>\n"
    "<div class=over><div id=tools role=toolbar aria-label='Sheet tools'>"
    + "".join(_button(*one) for one in _BUTTONS)
    + "</div><div class=entry><span id=name aria-hidden=true></span>"
    "<label class=bar><span class=unseen>Cell</span><textarea id=bar rows=1 aria-label='Content of the cell' "
    "autocomplete=off spellcheck=false></textarea></label></div></div>\n"
    "<div id=findbar hidden role=search><label>Find <input id=needle type=search autocomplete=off></label>"
    "<button type=button id=next>Next</button><button type=button id=previous>Previous</button>"
    "<span id=found role=status></span><button type=button id=endfind>Close</button></div>\n"
    "<div id=notice role=alert hidden><p></p><div></div></div></header>\n"
    "<main><div id=grid role=grid tabindex=0 aria-label='$title' aria-multiselectable=true></div></main>\n"
    "<footer><div id=tabs role=tablist aria-label=Sheets></div><div id=tabtools></div>"
    "<span id=sum role=status></span></footer>\n"
    "<noscript><p>Working in the sheet needs JavaScript. <a href='/spreadsheets/d/$sid/edit?page=1'>Read it "
    "without.</a></noscript>\n</html>\n"
)
