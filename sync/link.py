"""An open spreadsheet and the store beside it: what every step of the cycle is given.

`bumuk.py` and the worker make one for each process. The configuration in force is read anew in each cycle.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from core.config import Config
from core.pace import Pace
from sync.sheets import Sheets
from sync.writing import Writing

FLUSH_LEADS = 500  # of one flush: keeps a batch under the 2 MB that Google recommends
LEASE_SECONDS = 240.0  # longer than Google lets one request take
WINDOW_ROWS = 12_000  # of one read when everything is loaded: keeps a reader of any Master under 150 MB


@dataclass(slots=True)
class Link:
    """`shipped` is the configuration that stands under the Settings and Team tabs. `installation` names this house (the
    same after its database is deleted); `owner` this process, for the lease. `step` is called with the name of each
    step as it is taken: progress for a terminal, and where a test kills."""

    sheets: Sheets
    engine: Engine
    shipped: Config
    installation: str
    owner: str
    step: Callable[[str], None] = field(default=lambda name: None)  # noqa: ARG005 - the quiet one
    turn: int = 0  # windows so far: which part of a large Master comes next
    window: bool = True  # whether the cycle at work reads one
    pace: Pace = field(default_factory=Pace)
    writing: Writing = field(default_factory=Writing)

    def calls_last_minute(self) -> int:
        """Calls of this process in the last 60 s, as the quota counts them."""
        return self.sheets.meter.last_minute()


def installation_of(secret_key: str) -> str:
    """A name for this installation that survives the loss of its database and differs from every other's."""
    return hmac.new(secret_key.encode(), b"bumuk installation", hashlib.blake2b).hexdigest()[:16]


def owner_of(hostname: str, pid: int) -> str:
    """A name for this process, by which others can tell whether it still lives."""
    return f"{hostname}:{pid}:{secrets.token_hex(4)}"


def is_gone(owner: str) -> bool:
    """Whether the process that an owner names has ended: True only for one of this machine that certainly has."""
    host, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if host != socket.gethostname() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
