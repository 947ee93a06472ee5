"""The usual ways of writing to a sheet among the same people and the same faults, held to the same oracle.

A peer acknowledges an edit when its call returns; it tries three times, as such programs do. What it told its user had
failed is not counted as lost. No process of it is killed: it has nothing that a kill could test.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import gspread
import requests

from benchmarks.peers.usual_sheets import CachedRows, FindThenUpdate
from chaos.deeds import TEXTS, Sight, draw
from chaos.oracle import judge
from chaos.row_save import RowSave
from chaos.standing import Standing
from chaos.tokens import Mint, tokens_in
from chaos.track import Track
from chaos.trouble import FAULTS, LATE_SECONDS, NOTHING, Trouble
from chaos.world import Book, World

TRIES = 3
LEADS = 14
_PATHS = {"write": "^(PUT|POST) /v4/spreadsheets/[^/]+(/values/|:batchUpdate$)", "aim": "^GET /v4/spreadsheets/"}


class Peer(Protocol):
    """What the usual ways have in common."""

    def set(self, lead_id: str, field: str, value: str) -> None:
        """Write one field of a lead. Any exception: the user is told that it failed."""

    def add(self, values: list[str]) -> None:
        """A new row."""


PEERS: dict[str, Callable[[gspread.Worksheet], Peer]] = {"FindThenUpdate": FindThenUpdate, "CachedRows": CachedRows}
NODE = "row.save()"  # of the npm package google-spreadsheet
NAMES = (*PEERS, NODE)


@dataclass(slots=True)
class Score:
    """What became of a peer's edits and of what people typed beside it."""

    operations: int = 0
    edits: int = 0
    failed: int = 0
    lost: int = 0
    misplaced: int = 0
    twice: int = 0


@dataclass(slots=True)
class PeerEpisode:
    """One spreadsheet, a peer and people on it."""

    rng: random.Random
    book: Book
    mint: Mint
    track: Track
    peer: Peer
    score: Score
    acknowledged: set[str] = field(default_factory=set)
    target: tuple[str, str] = ("", "")

    def look(self) -> Sight:
        self.track.follow(self.book.history(self.track.seen_to, self.track.sheet_id))
        return Sight(self.track.grid, self.rng, self.mint, self.target)

    def edit(self, trouble: Trouble | None) -> None:
        """Somebody sees a lead and changes a field of it."""
        sight = self.look()
        row, name = sight.some_row(), self.rng.choice(TEXTS)
        lead, column = self.track.lead_at(sight.grid.rows[row]), sight.grid.column(name)
        if not lead or column is None:
            return
        seen = tokens_in(sight.grid.cells.get((sight.grid.rows[row], column), ""))
        token = self.mint.next("a", "edit", lead_id=lead, field=name, change_id=f"{self.mint.operation}", seen=seen)
        self.target = (lead, name)
        self._try(lambda: self.peer.set(lead, name, token), trouble, token)

    def add(self) -> None:
        token = self.mint.next("s", "source row", field="email")
        self._try(lambda: self.peer.add([f"L{token}", "Asha Rao", "98", f"{token}@example.org"]), None, token)

    def _try(self, write: Callable[[], None], trouble: Trouble | None, token: str) -> None:
        if trouble:
            self.book.rules([{**rule, "path": _PATHS[trouble.phase]} for rule in trouble.rules()])
        self.score.edits += 1
        for _ in range(TRIES):
            try:
                write()
            except (gspread.exceptions.GSpreadException, requests.RequestException, LookupError, ValueError):
                continue
            self.acknowledged.add(token)
            break
        self.score.failed += token not in self.acknowledged
        self.book.behave()


def run_peer(name: str, seed: int, operations: int, world: World) -> Score:
    """So many operations with one of NAMES. Raises FileNotFoundError where it is not installed."""
    score, number = Score(), 0
    saver = RowSave.begin(world) if name == NODE else None
    try:
        while score.operations < operations:
            episode = _begin(name, world, seed, number, score, saver)
            while episode.mint.operation < min(120, operations - score.operations):
                _round(episode)
            score.operations += episode.mint.operation
            _count(episode)
            number += 1
    finally:
        if saver:
            saver.close()
    return score


def _begin(name: str, world: World, seed: int, number: int, score: Score, saver: RowSave | None) -> PeerEpisode:
    rng = random.Random(f"{seed} {number}")  # noqa: S311  # repeatable on purpose
    book = world.book(f"peer {name} {seed} {number}", following=rng.random() < 0.5)
    mint = Mint()
    header = ["lead_id", "full_name", "phone_number", "email", *TEXTS]
    leads = [[f"L{n:04d}", f"Asha {n}", "98", f"asha{n}@example.org"] for n in range(LEADS)]
    rows = [[*lead, *(mint.next("p", "at first") for _ in TEXTS)] for lead in leads]
    book.deed({"deed": "add_tab", "title": "Master"})
    book.deed({"deed": "paste", "tab": "Master", "cell": "A1", "values": [header, *rows]})
    client = gspread.Client(auth=None, session=book.http.session, http_client=lambda auth, session: book.http)  # type: ignore[arg-type]  # noqa: ARG005  # ours is signed in already
    worksheet = client.open_by_key(book.sid).worksheet("Master")
    track = Track(book.person, worksheet.id, mint)
    if saver:
        saver.open(book)
    return PeerEpisode(rng, book, mint, track, saver or PEERS[name](worksheet), score)


def _round(episode: PeerEpisode) -> None:
    for _ in range(episode.rng.randrange(1, 4)):
        episode.mint.operation += 1
        what = episode.rng.random()
        if what < 0.45:
            episode.edit(_trouble(episode) if episode.rng.random() < 0.4 else None)
        elif what < 0.93:
            episode.book.deed(draw(episode.look())[1])
        elif what < 0.97:
            episode.add()
        else:
            episode.book.pass_time(LATE_SECONDS + 1)


def _trouble(episode: PeerEpisode) -> Trouble:
    """As ours meets it: a fault, a deed, or both, at the write most of the time."""
    rng = episode.rng
    phase, both = ("write" if rng.random() < 0.8 else "aim"), rng.random()
    faults = [name for name in FAULTS if phase == "write" or not name.startswith("late")]
    fault = rng.choice(faults) if both < 0.6 else NOTHING
    if both < 0.35:
        return Trouble(phase, fault)
    action, deed = draw(episode.look())
    return Trouble(phase, fault, action, deed, rng.choice(["before", "before", "before", "after"]))


def _count(episode: PeerEpisode) -> None:
    """At rest: what the oracle finds, but for edits that the user was told had failed."""
    episode.book.pass_time(LATE_SECONDS + 1)
    episode.look()
    standing = Standing({}, frozenset(), (), "", episode.book.values("Master"))
    failed = {t for t in episode.mint.promises if t[0] != "p" and t not in episode.acknowledged}
    for one in judge(episode.track, standing).findings:
        theirs = tokens_in(one.told)
        if one.kind == "lost" and not theirs & failed:
            episode.score.lost += 1
        episode.score.misplaced += one.kind == "misplaced"
        episode.score.twice += one.kind == "twice" and "became" in one.told
