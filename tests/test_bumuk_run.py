"""`bumuk run`, end to end: every part a process of its own, people at gspread and at the page."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import gspread
import pytest

from sync.access import open_client, read_key
from tests.commands import BUMUK, PATIENCE, Found, add_form, ask, environment, free_port, wait_for


class Running:
    """`bumuk run` in a folder of its own."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.web, self.sheets = folder, free_port(), free_port()
        given = environment(folder, PORT=str(self.web), SHEETS_PORT=str(self.sheets), SYNC_SECONDS="1")
        self.said = folder / "said.txt"
        with self.said.open("wb") as out:
            self.process = subprocess.Popen(
                [BUMUK, "run", *options], cwd=folder, env=given, stdout=out, stderr=subprocess.STDOUT
            )

    def link(self) -> str:
        return wait_for(self._link, "the sign-in link")

    def _link(self) -> str | None:
        assert self.process.poll() is None, self.said.read_text()
        found = re.search(r"Sign in once: (\S+)", self.said.read_text())
        return found[1] if found else None

    def book(self) -> gspread.Spreadsheet:
        key = read_key(self.folder / "var" / "sheets" / "credentials.json", None)
        http = open_client(key, f"http://127.0.0.1:{self.sheets}")
        client = gspread.Client(auth=None, session=http.session, http_client=lambda auth, session: http)  # type: ignore[arg-type]
        return client.open("Bumuk Library CRM")

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(*options: str) -> Running:
        started.append(Running(tmp_path, *options))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()


def children(pid: int) -> dict[int, str]:
    """Processes that this one started, with their commands (Linux)."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(one): Path(f"/proc/{one}/cmdline").read_text().replace("\0", " ") for one in found}


def descendants(pid: int) -> set[int]:
    own = set(children(pid))
    return own.union(*(descendants(one) for one in own))


def sign_in(link: str) -> urllib.request.OpenerDirector:
    """Opens the link as a browser does: the page, then its button."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    page = browser.open(link).read().decode()
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    browser.open(link, urllib.parse.urlencode(hidden).encode()).read()
    return browser


def leads_of(book: gspread.Spreadsheet) -> list[str] | None:
    try:
        found = [str(row["phone_number"]) for row in book.worksheet("Master").get_all_records()]
    except (gspread.WorksheetNotFound, gspread.exceptions.APIError):
        return None
    return found or None


@pytest.mark.slow
def test_run_from_nothing_to_a_lead_on_the_page(running: Callable[..., Running]) -> None:
    run = running()
    browser = sign_in(run.link())
    book = run.book()
    wait_for(lambda: leads_of(book), "leads in Master")
    ids = book.worksheet("Master").col_values(1)[1:]
    assert len(ids) == len(set(ids)) > 100
    tab = book.worksheet("Contact form")
    header = tab.row_values(1)
    phone = next(n for n, cell in enumerate(header) if re.search("mobile|phone|contact", cell, re.IGNORECASE))
    name = next(n for n, cell in enumerate(header) if re.search("name", cell, re.IGNORECASE))
    row = [{phone: "98155 99123", name: "Zubeida Test"}.get(n, "") for n in range(len(header))]
    tab.append_row(row, value_input_option="USER_ENTERED")  # type: ignore[arg-type]
    wait_for(lambda: "(981) 559-9123" in (leads_of(book) or ()) or None, "the new row as a lead")
    page = f"http://127.0.0.1:{run.web}/leads?q=Zubeida"
    wait_for(lambda: b"Zubeida" in browser.open(page).read() or None, "the lead on the page")


@pytest.mark.slow
def test_run_ends_all_its_parts(running: Callable[..., Running]) -> None:
    run = running("--no-samples")
    run.link()
    parts = descendants(run.process.pid)
    assert len(parts) >= 3
    assert run.end() == 0
    assert not [pid for pid in parts if Path(f"/proc/{pid}").exists()]
    for port in (run.web, run.sheets):
        with socket.socket() as again:
            again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            again.bind(("127.0.0.1", port))


@pytest.mark.slow
@pytest.mark.parametrize("part", ["bumuk worker", "bumuk sheets", "gunicorn"])
def test_a_part_that_is_killed_is_started_again(running: Callable[..., Running], part: str) -> None:
    run = running("--no-samples")
    run.link()
    before = next(pid for pid, command in children(run.process.pid).items() if part in command)
    os.kill(before, signal.SIGKILL)

    def again() -> int | None:
        return next(
            (pid for pid, command in children(run.process.pid).items() if part in command and pid != before), None
        )

    wait_for(again, f"{part} again")
    book = wait_for(lambda: quietly(run.book), "the sheet server")
    add_form(book, 1)
    wait_for(lambda: leads_of(book), "a lead after the fall")
    wait_for(lambda: quietly(lambda: urllib.request.urlopen(f"http://127.0.0.1:{run.web}/healthz").status), "the web")
    assert "it is started again" in run.said.read_text()


def quietly(look: Callable[[], Found]) -> Found | None:
    """What it finds; None while the server is away."""
    try:
        return look()
    except (OSError, gspread.exceptions.GSpreadException):
        return None
    except Exception as error:
        if "reach" in str(error) or "Connection" in repr(error):
            return None
        raise


@pytest.mark.slow
def test_parts_do_not_outlive_a_run_that_is_killed(running: Callable[..., Running]) -> None:
    run = running("--no-samples")
    run.link()
    parts = descendants(run.process.pid)
    run.process.kill()
    run.process.wait()
    wait_for(lambda: None if any(Path(f"/proc/{pid}").exists() for pid in parts) else True, "the end of the parts")


def test_a_port_must_be_a_certain_one(tmp_path: Path) -> None:
    done = ask(tmp_path, "run", PORT="0")
    assert (done.returncode, done.stdout, done.stderr.split(";")[0]) == (1, "", "Error: PORT is 0")


@pytest.mark.parametrize("name", ["PORT", "SHEETS_PORT"])
def test_a_taken_port_is_named(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = ask(tmp_path, "run", **({"PORT": str(free_port()), "SHEETS_PORT": str(free_port())} | {name: port}))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == f"Error: Port {port} is taken; set {name} to another one"


@pytest.mark.slow
def test_commands_beside_a_run_use_its_sheet(running: Callable[..., Running]) -> None:
    run = running("--no-samples")
    run.link()
    given = {"PORT": str(run.web), "SHEETS_PORT": str(run.sheets)}
    (run.folder / "fair.csv").write_text("Name,Mobile\nAsha Person,9815500001\n")
    done = ask(run.folder, "import", "fair.csv", **given)
    assert done.stdout.startswith("fair: 1 rows"), done.stderr
    assert wait_for(lambda: leads_of(run.book()), "the imported lead") == ["(981) 550-0001"]
    assert ask(run.folder, "doctor", **given).returncode == 0
    token = ask(run.folder, "token", "create", "--role", "viewer", **given).stdout.strip()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{run.web}/api/v1/leads", headers={"Authorization": f"Bearer {token}"}
    )
    found = wait_for(lambda: json.load(urllib.request.urlopen(asked))["leads"] or None, "the lead in the API")
    assert [lead["full_name"] for lead in found] == ["Asha Person"]
    link = ask(run.folder, "login-link", **given).stdout.strip()
    sign_in(link)
    with pytest.raises(urllib.error.HTTPError):
        sign_in(link)
