"""What the documents say can be checked: settings, commands, links, files."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from bumuk import commands
from core.settings import VARIABLES

HOUSE = Path(__file__).parent.parent
README = (HOUSE / "README.md").read_text()
DOCUMENTS = [HOUSE / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(
    HOUSE.glob("docs/**/*.md")
)


def section(title: str) -> str:
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_the_table_of_settings_is_complete() -> None:
    rows = [line.split("|")[1] for line in section("Settings").splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == VARIABLES


def test_the_example_of_env_is_complete() -> None:
    assert set(re.findall(r"^#?([A-Z_]+)=", (HOUSE / ".env.example").read_text(), re.MULTILINE)) == VARIABLES


def named(group: click.Group, before: str = "bumuk") -> set[str]:
    found: set[str] = set()
    for name, command in group.commands.items():
        whole = f"{before} {name}"
        found |= named(command, whole) if isinstance(command, click.Group) else {whole}
    return found


def test_the_table_of_commands_is_complete_with_every_option() -> None:
    rows = re.findall(r"^\| `(bumuk [^`]+)` \|", section("Commands"), re.MULTILINE)
    known = named(commands)
    assert len(rows) == len(known)
    for whole in known:
        (row,) = [one for one in rows if one == whole or one.startswith(f"{whole} ")]
        command: click.Command = commands
        for part in whole.split()[1:]:
            assert isinstance(command, click.Group)
            command = command.commands[part]
        options = {o for p in command.params if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)}
        assert set(re.findall(r"--[a-z-]+", row)) <= options


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(HOUSE)))
def test_what_a_document_points_to_is_there(document: Path) -> None:
    text = document.read_text()
    places = re.findall(r"\]\((?!http)([^)#]+)\)|src=\"([^\"]+)\"", text)
    for place in filter(None, (one for pair in places for one in pair)):
        assert (document.parent / place).exists(), place


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(HOUSE)))
def test_files_that_a_document_names_are_there(document: Path) -> None:
    """`core/phones.py`; a name with <…> or … in it is a pattern."""
    for name in re.findall(
        r"`((?:core|store|sync|app|localsheets|tests|templates|static|benchmarks|bin)/[\w./-]+)`", document.read_text()
    ):
        assert (HOUSE / name).exists(), name


def test_targets_of_make_that_documents_name_are_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        assert set(re.findall(r"`make ([a-z]+)", document.read_text())) <= targets


def test_decisions_are_numbered_in_a_row_and_short() -> None:
    files = sorted((HOUSE / "docs/decisions").glob("*.md"))
    assert [int(file.name[:4]) for file in files] == list(range(1, len(files) + 1))
    for file in files:
        lines = file.read_text().splitlines()
        assert lines[0].startswith(f"# {int(file.name[:4])} · ")
        assert len(lines) <= 30


def test_the_build_hook_can_be_run() -> None:
    said = subprocess.run(
        ["git", "ls-files", "-s", "bin/post_compile"], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("100755")
