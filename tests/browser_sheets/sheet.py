"""A spreadsheet on a local server, seen from both sides: what a test writes and reads through the API, and the page."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.site import DESKTOP, context
from tests.localsheets.running import Server, credentials

Json = dict[str, Any]
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}\u202e'


@dataclass(slots=True)
class Book:
    """One spreadsheet and the account that a test uses it with."""

    server: Server
    sid: str
    token: str

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        status, _, read = self.server.ask(method, f"/v4/spreadsheets/{self.sid}{path}", body, self.token)
        assert status == 200, read
        return read

    def batch(self, *requests: Json) -> list[Json]:
        return list(self.ask("POST", ":batchUpdate", {"requests": requests})["replies"])

    def write(self, place: str, rows: list[list[Any]], option: str = "USER_ENTERED") -> None:
        self.ask("PUT", f"/values/{quote(place)}?valueInputOption={option}", {"range": place, "values": rows})

    def values(self, place: str, render: str = "FORMATTED_VALUE") -> list[list[Any]]:
        return list(self.ask("GET", f"/values/{quote(place)}?valueRenderOption={render}").get("values", []))

    def value(self, place: str, render: str = "FORMATTED_VALUE") -> Any:
        rows = self.values(place, render)
        return rows[0][0] if rows and rows[0] else ""

    def sheets(self) -> list[Json]:
        return list(self.ask("GET", "?fields=sheets")["sheets"])

    def titles(self) -> list[str]:
        return [one["properties"]["title"] for one in self.sheets()]


def token_of(server: Server, info: Json | None = None) -> str:
    """A token as production gets it: by the JWT grant."""
    from google.auth.transport.requests import Request as AuthRequest

    made = credentials(server, info)
    made.refresh(AuthRequest())
    return str(made.token)


def new_book(server: Server, token: str, title: str = "Leads of the library", **grid: int) -> Book:
    properties = {"title": "Leads", "sheetId": 0, "gridProperties": {"rowCount": 200, "columnCount": 12, **grid}}
    body = {"properties": {"title": title, "locale": "en_GB"}, "sheets": [{"properties": properties}]}
    status, _, made = server.ask("POST", "/v4/spreadsheets", body, token)
    assert status == 200, made
    return Book(server, made["spreadsheetId"], token)


@dataclass(slots=True)
class View:
    """The page of a book in a browser."""

    book: Book
    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def cell(self, name: str) -> Any:
        letters = name.rstrip("0123456789")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        return self.page.locator(f"#c{int(name[len(letters) :]) - 1}-{column - 1}")

    def click(self, name: str, **how: Any) -> None:
        self.cell(name).click(**how)

    def go(self, name: str) -> None:
        """By keyboard alone, from A1."""
        self.press("Control+Home")
        letters = name.rstrip("0123456789")
        for _ in range(ord(letters) - 65):
            self.press("ArrowRight")
        for _ in range(int(name[len(letters) :]) - 1):
            self.press("ArrowDown")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def shows(self, name: str, text: str) -> None:
        expect(self.cell(name)).to_have_text(text)

    def says(self, text: str) -> None:
        expect(self.page.locator("#notice p")).to_contain_text(text)

    def command(self, words: str) -> None:
        """A command of the menu, by keyboard."""
        self.press("Shift+F10")
        item = self.page.get_by_role("menuitem", name=re.compile(f"^{words}")).first
        item.focus()
        self.press("Enter")

    def rests(self) -> None:
        """Until all that was done here has been done, and is remembered for undo."""
        expect(self.page.locator("#grid[aria-busy=true]")).to_have_count(0)

    def wait_for(self, place: str, value: Any, render: str = "FORMATTED_VALUE") -> None:
        """Until the sheet itself holds it."""
        for _ in range(200):
            if self.book.value(place, render) == value:
                return
            self.page.wait_for_timeout(50)
        assert self.book.value(place, render) == value


def open_view(browser: Browser, book: Book, query: str = "", scheme: str = "light") -> View:
    """A page of its own context, waited for until its first cells are there."""
    made = context(browser, DESKTOP, scheme)
    made.grant_permissions(["clipboard-read", "clipboard-write"], origin=book.server.base)
    page = made.new_page()
    view = View(book, page)
    page.on("console", lambda message: view.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: view.errors.append(str(error)))

    def note(request: Request) -> None:
        view.requests.append(f"{request.method} {request.url} {json.dumps(request.post_data or '')[:300]}")

    page.on("request", note)
    page.goto(f"{book.server.base}/spreadsheets/d/{book.sid}/edit{query}")
    expect(page.locator("#state")).to_have_text("live")
    expect(page.locator(".waiting")).to_have_count(0)
    return view
