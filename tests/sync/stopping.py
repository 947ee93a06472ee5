"""A worker in a process of its own that dawdles at a step, so that a test can tell it to stop in the middle.

python -m tests.sync.stopping BASE KEY SPREADSHEET DATABASE STEP FOLDER

It writes FOLDER/reached when it comes to the step and goes on when FOLDER/go is there.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from store.config import default_config
from store.database import open_database
from sync.access import open_client, read_key
from sync.link import Link, installation_of
from sync.sheets import Sheets
from sync.worker import Worker, run


def main(base: str, key: str, spreadsheet: str, database: str, step: str, folder: str) -> None:
    def dawdle(name: str) -> None:
        if name == step and not (Path(folder) / "reached").exists():
            (Path(folder) / "reached").touch()
            while not (Path(folder) / "go").exists():
                time.sleep(0.02)

    sheets = Sheets(open_client(read_key(Path(key), None), base), spreadsheet)
    run(Worker(Link(sheets, open_database(database), default_config(), installation_of("house"), "w", dawdle), 0.2))


if __name__ == "__main__":
    main(*sys.argv[1:])
