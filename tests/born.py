"""Processes of their own for the tests that need several, or one to kill: each is a fork of one that has imported all.

A fresh interpreter spends more than a second on imports alone before it comes to what a test is about.
"""

from __future__ import annotations

import functools
import multiprocessing
from multiprocessing.context import ForkServerContext

IMPORTED = ("alembic.command", "tests.sync.dying", "tests.store.leads")


@functools.cache
def processes() -> ForkServerContext:
    """One server of forks for all tests of a process; it has no threads, and knows nothing of the tests' own state."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(list(IMPORTED))
    return made
