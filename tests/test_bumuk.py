"""The real `bumuk` command in processes of its own, on free ports, in a folder of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import gspread
import pytest
from xlsxwriter import Workbook

from sync import local
from sync.access import open_client, read_key
from tests.commands import add_form, ask, environment
from tests.conftest import Server

COMMANDS = [
    (), ("run",), ("web",), ("worker",), ("sheets",), ("sync",), ("import",), ("export",), ("doctor",), ("login-link",),
    ("token",),    ("token", "create"), ("bench",),
]  # fmt: skip


@pytest.fixture
def book(server: Server, tmp_path: Path) -> gspread.Spreadsheet:
    """An empty spreadsheet on the local server, opened by a person."""
    http = open_client(read_key(server.key, None), server.base)
    made = local.create(http, f"Library {tmp_path.name}", "Asia/Kolkata", None)
    return gspread.Client(auth=None, session=http.session, http_client=lambda auth, session: http).open_by_key(made)  # type: ignore[arg-type]


@pytest.fixture
def house(server: Server, book: gspread.Spreadsheet) -> dict[str, str]:
    """The settings of a deployment that has credentials and a spreadsheet."""
    return {
        "SHEETS_API_URL": server.base,
        "GOOGLE_SHEETS_CREDENTIALS_FILE": str(server.key),
        "SPREADSHEET_ID": book.id,
        "SECRET_KEY": "a secret of these tests",
    }


# --- asked in the right way and in the wrong one --------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(tmp_path: Path, command: tuple[str, ...]) -> None:
    done = ask(tmp_path, *command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: bumuk")
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_every_command(tmp_path: Path) -> None:
    said = ask(tmp_path, "--help").stdout
    listed = set(re.findall(r"^  ([a-z-]+) ", said.partition("Commands:")[2], re.MULTILINE))
    assert listed >= {command[0] for command in COMMANDS if command}


def test_the_command_is_a_module_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bumuk", "--version"], cwd=tmp_path, env=environment(tmp_path), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"\d+\.\d+", done.stdout)


def test_the_front_door_opens_no_room_before_it_is_asked(tmp_path: Path) -> None:
    code = "import bumuk, sys; print(*{'sqlalchemy', 'pydantic', 'gspread', 'flask', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("nonsense",), ("sync", "--nope"), ("token",), ("token", "create"), ("token", "create", "--role", "queen"),
        ("import",), ("import", "nosuch.csv"), ("import", "."), ("sheets",), ("sheets", "--port", "x", "--data", "d"),
        ("bench", "nosuch"), ("doctor", "surplus"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_asked_in_the_wrong_way(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = ask(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


BAD = {
    "PORT": "abc",
    "SHEETS_PORT": "99999",
    "TIMEZONE": "Mars/Olympus",
    "PHONE_REGION": "QQ",
    "PHONE_FORMAT": "odd",
    "SYNC_SECONDS": "0",
    "SHEETS_API_URL": "sheets",
    "OPENAI_BASE_URL": "ftp://x",
}


def test_bad_settings_are_named_all_at_once(tmp_path: Path) -> None:
    done = ask(tmp_path, "login-link", **BAD)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: ")
    assert set(re.findall(r"([A-Z_]+) is '", done.stderr)) == set(BAD)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite:////proc/none/x.db"),
        ("DATABASE_URL", "postgresql://u:hush-hush@127.0.0.1:1/x"),
        ("DATA_DIR", "/proc/none"),
    ],
)
def test_a_database_that_does_not_open_is_named(tmp_path: Path, name: str, value: str) -> None:
    done = ask(tmp_path, "login-link", **{name: value})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {name}")
    assert "hush-hush" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_line_of_env_that_is_not_ours_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORTT=8001\n")
    done = ask(tmp_path, "login-link")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: PORTT:")


def test_env_is_read_and_the_environment_stands_over_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=8001\nHOST=localhost\n")
    assert ask(tmp_path, "login-link").stdout.startswith("http://localhost:8001/login/")
    assert ask(tmp_path, "login-link", PORT="8002").stdout.startswith("http://localhost:8002/login/")


@pytest.mark.parametrize("command", [("sync",), ("doctor",), ("worker",)], ids=" ".join)
def test_credentials_without_a_spreadsheet(tmp_path: Path, house: dict[str, str], command: tuple[str, ...]) -> None:
    done = ask(tmp_path, *command, **(house | {"SPREADSHEET_ID": ""}))
    assert done.returncode == 1
    assert "SPREADSHEET_ID" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


# --- one cycle ------------------------------------------------------------------------------------------------------


def test_once_as_json_is_one_object(tmp_path: Path, house: dict[str, str], book: gspread.Spreadsheet) -> None:
    add_form(book, 3)
    done = ask(tmp_path, "sync", "--once", "--json", **house)
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert list(found) == [
        "cycle", "created", "merged", "attention", "skipped", "updated", "conflicts", "calls", "seconds",
    ]  # fmt: skip
    assert set(found["calls"]) == {"read", "write"}
    assert (found["cycle"], found["created"], found["calls"]["write"]) == (1, 3, 2)
    again = json.loads(ask(tmp_path, "sync", "--json", **house).stdout)
    assert (again["cycle"], again["created"], again["calls"]) == (2, 0, {"read": 1, "write": 0})


def test_once_for_a_person_is_plain_lines(tmp_path: Path, house: dict[str, str], book: gspread.Spreadsheet) -> None:
    add_form(book, 3)
    done = ask(tmp_path, "sync", "--once", **house)
    assert done.returncode == 0
    assert done.stdout.startswith("3 rows: 3 made leads")
    assert "read" in done.stderr.split("\n")
    assert "\x1b" not in done.stdout + done.stderr


def writes(server: Server, book: gspread.Spreadsheet) -> int:
    with urllib.request.urlopen(f"{server.base}/_local/history?spreadsheetId={book.id}&limit=10000") as answer:
        return len(json.load(answer)["writes"])


def test_a_dry_run_writes_nothing(
    tmp_path: Path, server: Server, house: dict[str, str], book: gspread.Spreadsheet
) -> None:
    tab = add_form(book, 3)
    before, tabs = writes(server, book), [one.title for one in book.worksheets()]
    done = ask(tmp_path, "sync", "--dry-run", **house)
    assert done.returncode == 0
    assert re.search(r"^set up +Master, Activity", done.stdout)
    assert "rows: 3 created\nleads: 3 to create" in done.stdout
    assert "Asha Person2" in done.stdout
    assert (writes(server, book), [one.title for one in book.worksheets()]) == (before, tabs)

    ask(tmp_path, "sync", **house)
    tab.append_row(["Ravi Later", "9815511111"], value_input_option="RAW")  # type: ignore[arg-type]
    before = writes(server, book)
    found = json.loads(ask(tmp_path, "sync", "--dry-run", "--json", **house).stdout)
    assert found["dry_run"][-2:] == ["rows: 1 created", "leads: 1 to create"]
    assert writes(server, book) == before
    assert len(book.worksheet("Master").get_all_values()) == 4


def test_a_dry_run_takes_no_spreadsheet_over(
    tmp_path: Path, server: Server, house: dict[str, str], book: gspread.Spreadsheet
) -> None:
    add_form(book, 3)
    ask(tmp_path, "sync", **house)
    before = writes(server, book)
    other = house | {"SECRET_KEY": "another house", "DATA_DIR": str(tmp_path / "other")}
    done = ask(tmp_path, "sync", "--dry-run", **other)
    assert (done.returncode, done.stdout) == (1, "")  # a person decides whose it is
    assert done.stderr.startswith("Error: ")
    assert writes(server, book) == before


def test_a_spreadsheet_that_is_not_there(tmp_path: Path, house: dict[str, str]) -> None:
    done = ask(tmp_path, "sync", "--once", "--json", **(house | {"SPREADSHEET_ID": "nosuch"}))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: There is no spreadsheet with this id\nCheck SPREADSHEET_ID")


# --- import ---------------------------------------------------------------------------------------------------------


def test_files_become_leads(tmp_path: Path, house: dict[str, str], book: gspread.Spreadsheet) -> None:
    (tmp_path / "fair.csv").write_bytes("Name;Mobile;City\nJosé Menon;9815500001;Pune\n".encode("latin-1"))
    with Workbook(str(tmp_path / "school.xlsx")) as made:
        for number, title in enumerate(("Class 1", "Class 2"), 2):
            made.add_worksheet(title).write_column(0, 0, ["Mobile", f"981550000{number}"])
            made.get_worksheet_by_name(title).write_column(0, 1, ["Parent name", f"Asha Person{number}"])
    done = ask(tmp_path, "import", "fair.csv", "school.xlsx", **house)
    assert done.returncode == 0
    assert done.stdout.split("\n")[:3] == ["fair: 1 rows", "school Class 1: 1 rows", "school Class 2: 1 rows"]
    assert "3 rows: 3 made leads" in done.stdout
    names = [row["full_name"] for row in book.worksheet("Master").get_all_records()]
    assert sorted(names) == ["Asha Person2", "Asha Person3", "José Menon"]  # tabs are taken in by their ids


def test_a_file_that_nobody_can_read_leaves_the_sheet_alone(
    tmp_path: Path, house: dict[str, str], book: gspread.Spreadsheet
) -> None:
    (tmp_path / "good.csv").write_text("Name,Mobile\nAsha,9815500001\n")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    done = ask(tmp_path, "import", "good.csv", "broken.xlsx", **house)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error: broken.xlsx cannot be read as a workbook")
    assert "Save it as" in done.stderr
    assert len(book.worksheets()) == 1


# --- doctor, token, login-link --------------------------------------------------------------------------------------


def test_doctor_finds_nothing_to_mend(tmp_path: Path, house: dict[str, str], book: gspread.Spreadsheet) -> None:
    add_form(book, 3)
    ask(tmp_path, "sync", **house)
    done = ask(tmp_path, "doctor", **house)
    assert done.returncode == 0
    assert all(line.startswith("ok ") for line in done.stdout.splitlines())


def test_doctor_names_the_problem_and_the_remedy(tmp_path: Path, house: dict[str, str]) -> None:
    done = ask(tmp_path, "doctor", **(house | {"GOOGLE_SHEETS_CREDENTIALS_FILE": "nosuch.json"}))
    assert done.returncode == 1
    assert "PROBLEM  The key file nosuch.json cannot be read" in done.stdout
    assert "GOOGLE_SHEETS_CREDENTIALS_FILE" in done.stdout.splitlines()[-1]


def test_a_token_is_made_and_shown_once(tmp_path: Path) -> None:
    made = {ask(tmp_path, "token", "create", "--role", "viewer", "--name", "a report").stdout.strip() for _ in range(2)}
    assert len(made) == 2
    assert all(re.fullmatch(r"bumuk_\S{40,}", token) for token in made)
    kept = b"".join(file.read_bytes() for file in (tmp_path / "var").iterdir())
    assert not any(token.encode() in kept for token in made)


def test_the_secret_key_is_made_once_and_for_the_owner_alone(tmp_path: Path, house: dict[str, str]) -> None:
    settings = house | {"SECRET_KEY": ""}
    ask(tmp_path, "sync", **settings)
    file = tmp_path / "var" / "secret-key"
    first = file.read_text()
    assert (len(first) > 40, file.stat().st_mode & 0o077) == (True, 0)
    ask(tmp_path, "sync", **settings)
    assert file.read_text() == first
