"""A spreadsheet on the real local server, worked on by people through gspread and by a link of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import gspread
import pytest
from google.oauth2.service_account import Credentials

from core.model import Cell
from store.config import default_config
from store.database import open_database
from sync import local
from sync.access import RebasedHTTPClient, client_of, open_client, read_key
from sync.cycle import CycleReport, run_cycle
from sync.link import Link, installation_of
from sync.sheets import Sheets
from tests.conftest import Server

NOW = datetime(2026, 11, 22, 5, 12, tzinfo=UTC)
HEADER = ("Name", "Contact Number", "Email Address", "Location")
ROWS = 6  # leads of a `book`


def person(number: int) -> tuple[str, str, str, str]:
    """A row of a contact form by somebody made up."""
    return (f"Asha Person{number}", f"98155{number:05d}", f"asha{number}@example.org", "Pune")


@dataclass(slots=True)
class Desk:
    """The spreadsheet from both sides."""

    server: Server
    folder: Path
    book: gspread.Spreadsheet
    http: RebasedHTTPClient
    steps: list[str] = field(default_factory=list)

    def link(self, name: str = "a", step: Callable[[str], None] | None = None, installation: str = "house") -> Link:
        """A link with a database of that name."""
        engine = open_database(f"sqlite:///{self.folder}/{name}.db")
        sheets = Sheets(self.http, self.book.id, attempts=1)
        return Link(sheets, engine, default_config(), installation_of(installation), name, step or self.steps.append)

    def add_tab(self, title: str, rows: Sequence[Sequence[Cell]]) -> gspread.Worksheet:
        tab = self.book.add_worksheet(title, rows=len(rows) + 100, cols=max(len(row) for row in rows) + 2)
        tab.update([list(row) for row in rows], "A1", value_input_option="RAW")  # type: ignore[arg-type]
        return tab

    def master(self) -> list[dict[str, str]]:
        """Master's rows by header, as a person sees them."""
        header, *rows = self.book.worksheet("Master").get_all_values()
        return [dict(zip(header, row, strict=True)) for row in rows if any(row)]

    def column(self, name: str) -> list[str]:
        return [row[name] for row in self.master()]

    def cycle(self, link: Link) -> CycleReport:
        return run_cycle(link, NOW, attended=True)


@pytest.fixture(scope="session")
def account(server: Server) -> Credentials:
    """The server's account, whose key takes 50 ms to read, and its token."""
    return open_client(read_key(server.key, None), server.base).auth


@pytest.fixture
def desk(server: Server, account: Credentials, tmp_path: Path) -> Desk:
    """An empty spreadsheet."""
    http = client_of(account, server.base)
    http.session.trust_env = False  # what stands between us and the internet is looked for anew for each request
    made = local.create(http, f"Library {tmp_path.name}", "Asia/Kolkata", None)
    client = gspread.Client(auth=None, session=http.session, http_client=lambda auth, session: http)  # type: ignore[arg-type]
    return Desk(server, tmp_path, client.open_by_key(made), http)


Book = tuple[Desk, Link, gspread.Worksheet]


@pytest.fixture
def book(desk: Desk) -> Book:
    """Six leads in Master: the spreadsheet, a link that has taken them in, and Master's tab."""
    desk.add_tab("Form", [HEADER, *(person(n) for n in range(ROWS))])
    link = desk.link()
    desk.cycle(link)
    return desk, link, desk.book.worksheet("Master")
