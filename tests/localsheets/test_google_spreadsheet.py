"""The npm package google-spreadsheet, which no one here wrote, against a running server; its own script in clients/."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from .running import ROOT, Server, serving

SCRIPT = Path(__file__).with_name("clients") / "google_spreadsheet.mjs"
PARTS = 8


def node() -> str:
    """The node to run with. Where it or the package is missing the tests say so loudly; CI must have both."""
    here = ROOT / ".venv" / "bin" / "node"
    found = shutil.which("node") or (str(here) if here.exists() else None)
    missing = "node" if found is None else "google-spreadsheet (make setup installs it)"
    if found is not None and (ROOT / "node_modules" / "google-spreadsheet").is_dir():
        return found
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(f"CI must have {missing}")
    warnings.warn(f"NOT TESTED with google-spreadsheet: {missing} is missing", stacklevel=1)
    pytest.skip(f"{missing} is missing")


def run(server: Server, script: Path, timeout: int = 120) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"SHEETS_BASE": server.base, "SHEETS_KEY": str(server.key_file)}
    return subprocess.run(
        [node(), str(script)], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=timeout, check=False
    )


def test_google_spreadsheet_finds_what_it_expects(tmp_path: Path) -> None:
    with serving(tmp_path, "--no-quota") as server:
        done = run(server, SCRIPT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok ") == PARTS


def test_nothing_leaves_the_machine(tmp_path: Path) -> None:
    script = tmp_path / "away.mjs"
    script.write_text(f"import '{SCRIPT.with_name('elsewhere.mjs').as_uri()}';\nawait fetch('https://example.org/');\n")
    with serving(tmp_path / "data", "--no-quota") as server:
        done = run(server, script)
    assert done.returncode != 0
    assert "about to leave the machine" in done.stderr
