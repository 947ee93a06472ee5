"""The page's own scripts and styles at `/spreadsheets/web/<name>`, from `localsheets/web`; read anew for each request.

The two fonts come from the repository's `static/vendor` where `make setup` has put them; without them the page takes
the system's, and nothing else is missing.
"""

from __future__ import annotations

import re
from pathlib import Path

from .asked import Answer
from .page_not_found import page_not_found

PREFIX = "/spreadsheets/web/"
WEB = Path(__file__).parent / "web"
VENDOR = Path(__file__).parent.parent / "static" / "vendor"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*\.(js|css|svg|woff2)")
_TYPES = {
    "js": "text/javascript; charset=UTF-8", "css": "text/css; charset=UTF-8", "svg": "image/svg+xml",
    "woff2": "font/woff2",
}  # fmt: skip


def web_file(path: str) -> Answer:
    """The file that a path below PREFIX names, or 404; a name cannot lead out of the two folders."""
    name = path.removeprefix(PREFIX)
    found = _NAME.fullmatch(name)
    file = None if found is None else (VENDOR if found[1] == "woff2" else WEB) / name
    if found is None or file is None or not file.is_file():
        return page_not_found(path)
    return Answer(200, file.read_bytes(), _TYPES[found[1]], {"Cache-Control": "no-cache"})
