from __future__ import annotations

import subprocess
import sys


def test_two_processes_are_one_run() -> None:
    """As `make chaos JOBS=2` starts them."""
    asked = [sys.executable, "-m", "chaos", "--ops", "2", "--jobs", "2"]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    said = dict(line.rsplit(None, 1) for line in done.stdout.splitlines() if line.startswith(("rests", "lost")))
    assert (int(said["rests"]), said["lost"]) == (2, "0")
