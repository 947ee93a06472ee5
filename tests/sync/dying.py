"""A cycle in a process of its own (`tests.born`) that is killed (SIGKILL) when it comes to a step for the n-th time.

"beside STEP": in a flush of edits that goes in a thread of its own once the cycle has settled.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

from store.config import default_config
from store.database import open_database
from sync.access import open_client, read_key
from sync.cycle import run_cycle
from sync.link import Link, installation_of, owner_of
from sync.outgoing import drain_now
from sync.sheets import Sheets
from tests.sync.conftest import NOW


def main(base: str, key: str, spreadsheet: str, database: str, step: str, number: int) -> None:
    left, main_thread = number, threading.get_ident()

    def count(name: str) -> None:
        nonlocal left
        if threading.get_ident() != main_thread:
            name = f"beside {name}"
        elif step.startswith("beside") and name == "settled":
            edits = threading.Thread(target=drain_now, args=(link, NOW))
            edits.start()
            edits.join()
        left -= name == step
        if name == step and left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sheets = Sheets(open_client(read_key(Path(key), None), base), spreadsheet)
    link = Link(
        sheets,
        open_database(database),
        default_config(),
        installation_of("house"),
        owner_of(socket.gethostname(), os.getpid()),
        count,
    )
    run_cycle(link, NOW, attended=True)
