"""The HTML that answers a path which is no method of any API here, as Google answers it: 404, not JSON."""

from __future__ import annotations

import html

from .asked import Answer


def page_not_found(path: str) -> Answer:
    """404 with a small page that names the path."""
    shown = html.escape(path[:500])
    body = (
        "<!DOCTYPE html>\n<html lang=en>\n<meta charset=utf-8>\n<title>Error 404 (Not Found)!!1</title>\n"
        f"<p><b>404.</b> <ins>That’s an error.</ins>\n<p>The requested URL <code>{shown}</code> was not found on this "
        "server.  <ins>That’s all we know.</ins>\n"
    )
    return Answer(404, body.encode(), "text/html; charset=UTF-8")
