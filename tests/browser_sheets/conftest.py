from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser_sheets.sheet import Book, View, new_book, open_view, token_of
from tests.localsheets.running import Server, serving


@pytest.fixture(scope="session")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all; each test makes spreadsheets of its own. (Its quotas are tested in tests/localsheets.)"""
    with serving(tmp_path_factory.mktemp("sheets"), "--no-quota") as server:
        yield server


@pytest.fixture(scope="session")
def token(sheets: Server) -> str:
    return token_of(sheets)


@pytest.fixture(scope="session")
def asha(sheets: Server) -> str:
    """A further account's token."""
    return token_of(sheets, sheets.account("asha")["service_account"])


@pytest.fixture(scope="session")
def writer(sheets: Server) -> str:
    """The token of the account that owns the books; the page works for another one."""
    return token_of(sheets, sheets.account("writer")["service_account"])


@pytest.fixture
def book(sheets: Server, writer: str) -> Book:
    """A small book of leads."""
    made = new_book(sheets, writer)
    share(made, sheets)
    made.write("A1:E4", [
        ["Name", "Phone", "Status", "Follow-up", "Done"],
        ["Asha Rao", "'(981) 555-0142", "New", "2026-01-05", False],
        ["Vikram Shah", "'(981) 555-0177", "Member", "2026-02-06", True],
        ["Farah Khan", "'(981) 555-0101", "Interested", "2027-03-07", False],
    ])  # fmt: skip
    return made


def share(book: Book, server: Server, role: str = "writer") -> None:
    """Gives the page's own account a part in a book that another account owns."""
    address = server.ask("GET", "/_local/health")[2]["account"]
    body = {"type": "user", "role": role, "emailAddress": address}
    status, _, read = server.ask("POST", f"/drive/v3/files/{book.sid}/permissions", body, book.token)
    assert status == 200, read


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[..., View]]:
    """Opens pages, closes them at the end, and lets no error in the browser's console pass."""
    views: list[View] = []

    def opening(book: Book, query: str = "", scheme: str = "light") -> View:
        views.append(open_view(browser, book, query, scheme))
        return views[-1]

    yield opening
    for view in views:
        view.page.context.close()
    assert [error for view in views for error in view.errors] == []


@pytest.fixture
def view(book: Book, opened: Callable[..., View]) -> View:
    return opened(book)
