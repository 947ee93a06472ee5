"""How a cell looks in the end (CellData.effectiveFormat), before the colours by rule: the default, a link's look, and
its own format. A link colours and underlines its text in the effective format alone; the cell's own format goes over
it."""

from __future__ import annotations

import re
from typing import Any

from .book import DEFAULT_FORMAT
from .follow import Json

LINK_COLOR = {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}
_ADDRESS = re.compile(r"(https?|ftp)://[^\s/.]+\.[^\s]+|https?://localhost\S*", re.IGNORECASE)
_HYPERLINK = re.compile(r'^=\s*HYPERLINK\(\s*"((?:[^"]|"")*)"\s*[,;)]', re.IGNORECASE)


def hyperlink(cell: Any, given: Json) -> str | None:
    """The target of a whole cell's link: its format's, that of a HYPERLINK formula that names it, or the web address
    that is all of its text (unless its format says that it is no link)."""
    uri = given.get("textFormat", {}).get("link", {}).get("uri")
    if uri:
        return str(uri)
    if isinstance(cell, str):
        plain = given.get("hyperlinkDisplayType") == "PLAIN_TEXT" or not cell[:4].lower().startswith(("http", "ftp:"))
        return cell if not plain and _ADDRESS.fullmatch(cell) else None
    found = _HYPERLINK.match(cell["f"]) if isinstance(cell, dict) and "f" in cell else None
    return found[1].replace('""', '"') if found else None


def effective_format(given: Json, link: str | None) -> Json:
    """The format under which a cell shows, with the default where it has none of its own."""
    if not link:
        return merged(DEFAULT_FORMAT, given)
    look = {
        "link": {"uri": link}, "underline": True, "foregroundColor": LINK_COLOR,
        "foregroundColorStyle": {"rgbColor": LINK_COLOR},
    }  # fmt: skip
    return merged(merged(DEFAULT_FORMAT, {"textFormat": look, "hyperlinkDisplayType": "LINKED"}), given)


def merged(base: Json, over: Json) -> Json:
    """A format over another one."""
    out = dict(base)
    for key, value in over.items():
        whole = key.endswith(("Color", "ColorStyle")) or key in ("borders", "numberFormat", "link")
        out[key] = merged(out[key], value) if isinstance(value, dict) and key in out and not whole else value
    return out
