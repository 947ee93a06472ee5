"""Help: `docs/guide.md` as pages, one for each task, with its pictures. The text is ours; no page of it holds data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, send_from_directory, url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from app.shell import shell
from app.signin import signed_in

blueprint = Blueprint("help", __name__)

DOCS = Path(__file__).resolve().parent.parent / "docs"
_NAME = re.compile(r"[a-z0-9-]{1,60}\.png")


@dataclass(frozen=True, slots=True)
class Task:
    """A task of the guide: its address, its title, what it says in HTML, and its first sentence."""

    slug: str
    title: str
    html: Markup
    about: str


@blueprint.get("/help")
@signed_in
def page() -> str:
    return render_template("pages/help.html", shell=shell(), tasks=_guide(), task=None)


@blueprint.get("/help/<slug>")
@signed_in
def task(slug: str) -> str:
    tasks = _guide()
    at = next((number for number, one in enumerate(tasks) if one.slug == slug), None)
    if at is None:
        abort(404)
    after = tasks[at + 1] if at + 1 < len(tasks) else None
    return render_template("pages/help.html", shell=shell(), tasks=tasks, task=tasks[at], after=after)


@blueprint.get("/help/pictures/<name>")
@signed_in
def picture(name: str) -> Response:
    if not _NAME.fullmatch(name):
        abort(404)
    response = send_from_directory(DOCS / "pictures", name, max_age=3600)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _guide() -> tuple[Task, ...]:
    file = DOCS / "guide.md"
    return tasks_of(file.read_text("utf-8"), url_for("help.picture", name="x.png").removesuffix("x.png"))


@lru_cache(maxsize=4)
def tasks_of(text: str, pictures: str) -> tuple[Task, ...]:
    """The guide cut at its second-level headings; what stands before the first is for those who read the file."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    parts: list[list[Token]] = []
    for token in reader.parse(text):
        if token.type == "heading_open" and token.tag == "h2":
            parts.append([])
        if parts:
            parts[-1].append(token)
    return tuple(_task(reader, part, pictures) for part in parts)


def _task(reader: MarkdownIt, tokens: list[Token], pictures: str) -> Task:
    title, body = tokens[1].content, tokens[3:]
    for token in body:
        for one in token.children or ():
            _point(one, pictures)
    first = next((_plain(token) for token in body if token.type == "inline"), "")
    html = Markup(reader.renderer.render(body, reader.options, {}))  # noqa: S704  # our own file; raw HTML is off
    return Task(slug_of(title), title, html, re.split(r"(?<=\.)\s", first, maxsplit=1)[0])


def _plain(token: Token) -> str:
    """The words of a paragraph without their marks."""
    return "".join(" " if one.type == "softbreak" else one.content for one in token.children or ())


def _point(token: Token, pictures: str) -> None:
    """Addresses of the file become those of the pages."""
    if token.type == "image":
        token.attrSet("src", pictures + str(token.attrGet("src") or "").removeprefix("pictures/"))
        token.attrSet("loading", "lazy")
    if token.type == "link_open" and str(token.attrGet("href") or "").startswith("#"):
        token.attrSet("href", "/help/" + str(token.attrGet("href"))[1:])


def slug_of(title: str) -> str:
    """ "Call a lead" as "call-a-lead", as GitHub names the heading."""
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
