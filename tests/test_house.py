"""The walls: imports run one way, core does no I/O, the local server imports nothing of ours, imports do nothing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
ROOMS = ("core", "store", "sync", "app", "localsheets")
MAY_IMPORT = {
    "core": {"core"},
    "store": {"core", "store"},
    "sync": {"core", "store", "sync"},
    "app": {"core", "store", "app"},
    "localsheets": {"localsheets"},
}
OURS = {*ROOMS, "bumuk", "assembly", "processes", "benchmarks", "tests"}
# What core may not touch: clock, environment, network, disk, processes, logs, databases, web.
OUTSIDE = {
    "aiohttp", "asyncio", "flask", "glob", "gspread", "http", "httpx", "io", "logging", "openai", "os",
    "pickle", "random", "requests", "shutil", "signal", "socket", "sqlalchemy", "sqlite3", "structlog", "subprocess",
    "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
SEEDED_RANDOM = {"core/samples.py"}  # random.Random(seed) only: the same tabs for the same seed


def modules(room: str) -> list[Path]:
    return sorted((HOUSE / room).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """The top-level names that a module imports, wherever in it."""
    room = file.relative_to(HOUSE).parts[0]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield room if node.level else (node.module or "").split(".")[0]


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room: str) -> None:
    files = modules(room)
    assert files
    for file in files:
        wrong = (set(imported(file)) & OURS) - MAY_IMPORT[room]
        assert not wrong, f"{file.relative_to(HOUSE)} imports {', '.join(sorted(wrong))}"


def test_core_decides_and_touches_nothing() -> None:
    for file in modules("core"):
        name = str(file.relative_to(HOUSE))
        outside = set(imported(file)) & (OUTSIDE - ({"random"} if name in SEEDED_RANDOM else set()))
        assert not outside, f"{name} imports {', '.join(sorted(outside))}"
        told = re.search(
            r"\b(datetime|date)\.(now|today|utcnow)\(|\bopen\(|\bprint\(|\.(read|write)_(text|bytes)\(",
            file.read_text(),
        )
        assert not told, f"{name} asks the clock or the disk: {told[0]}"


def test_every_module_says_what_it_is() -> None:
    for room in ROOMS:
        for file in modules(room):
            assert ast.get_docstring(ast.parse(file.read_text())), file


def test_files_and_functions_stay_small() -> None:
    for file in (
        f
        for room in (*ROOMS, "bumuk.py", "assembly.py", "processes.py")
        for f in ([HOUSE / room] if room.endswith(".py") else modules(room))
    ):
        text = file.read_text()
        assert text.count("\n") <= 350, f"{file.relative_to(HOUSE)} wants splitting"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and "migrations" not in file.parts:
                lines = (node.end_lineno or 0) - node.lineno
                assert lines <= 50, f"{file.relative_to(HOUSE)}: {node.name} wants splitting"


@pytest.mark.parametrize("room", ["core", "store", "sync", "app", "localsheets", "bumuk"])
def test_importing_does_nothing(room: str, tmp_path: Path) -> None:
    """No file is made, no thread started, nothing said; and a room does not bring the rooms that it may not know."""
    names = [room] if room == "bumuk" else [".".join(f.relative_to(HOUSE).with_suffix("").parts) for f in modules(room)]
    wanted = [n.removesuffix(".__init__") for n in names if not n.endswith("__main__") and ".migrations" not in n]
    code = f"import sys, threading\nfor n in {wanted!r}: __import__(n)\nassert threading.active_count() == 1"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(HOUSE)},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_nothing_committed_names_a_registry_or_this_machine() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=HOUSE, capture_output=True, text=True, check=False).stdout.split()
    patterns = re.compile(
        r"(pypi|pythonhosted|npmjs)\.(org|com)|registry\.npm|deb\.debian" + "|" + r"(?<![\w.])/(work|farm|root)/"
    )
    for name in tracked:
        file = HOUSE / name
        if file.suffix in {".png", ".ico", ".woff2", ".xlsx"} or name == "tests/test_house.py" or not file.exists():
            continue
        found = patterns.search(file.read_text(errors="replace"))
        assert not found, f"{name}: {found[0]}"
