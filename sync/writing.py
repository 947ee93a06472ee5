"""One writer at a time within this process, and which leads its flushes wrote since a picture was taken.

The app's edits are flushed by a thread of their own while a cycle looks, cleans and plans (`sync.worker`). Whoever
reads targets to write them, settles, or takes a picture in does it `alone`; a picture that is older than a flush of
ours is good for every lead but those that it wrote. Carried by `sync.link`; among processes lease and fence decide.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from sync.crm import fence_of

REMEMBERED = 100  # flushes: more than go while a picture is looked at


class Wrote(NamedTuple):
    """What flushes did: the leads that they wrote, and whether other rows have moved by it."""

    leads: frozenset[str]
    moves: bool


@dataclass(slots=True)
class Writing:
    """`ready`: the last look at the sheet ended well and no flush beside a cycle has failed since, so that edits may go
    without waiting for one."""

    ready: bool = False
    _wrote: dict[int, Wrote] = field(default_factory=dict)
    _queue: threading.Lock = field(default_factory=threading.Lock)
    _pen: threading.Lock = field(default_factory=threading.Lock)
    _holder: int = 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other thread writes meanwhile. In turn: who has just been alone does not come again before one that
        waits. May be nested."""
        me = threading.get_ident()
        if self._holder == me:
            yield
            return
        with self._queue:
            self._pen.acquire()
        self._holder = me
        try:
            yield
        finally:
            self._holder = 0
            self._pen.release()

    @property
    def waited_for(self) -> bool:
        """Whether somebody waits to be alone."""
        return self._queue.locked()

    def wrote(self, fence: int, wrote: Wrote) -> None:
        """The flush `fence` has landed. To be said before the database says so."""
        self._wrote[fence] = wrote
        self._wrote.pop(fence - REMEMBERED, None)

    def forget(self) -> None:
        """What the sheet holds is read back: the numbers of flushes may be given anew."""
        self._wrote.clear()

    def since(self, fence: int, remembered: str | None) -> Wrote | None:
        """What was written after the flush `fence`, up to the one that the database remembers. None where that is an
        older one, is not known, or not all of those between are this process's."""
        last = fence_of(remembered)
        if last is None or not fence <= last < fence + REMEMBERED:
            return None
        between = [self._wrote.get(one) for one in range(fence + 1, last + 1)]
        known = [one for one in between if one]
        if len(known) < len(between):
            return None
        return Wrote(frozenset(lead for one in known for lead in one.leads), any(one.moves for one in known))
