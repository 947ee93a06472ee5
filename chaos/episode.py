"""One episode: a fresh spreadsheet, some thirty leads, people and the app at work on it, trouble, and rest.

Everything is drawn from `random.Random(f"{seed} {number}")`; only processes that run at the same time are not.
"""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from chaos.deeds import FEWEST_LEADS, TEXTS, Sight, draw, letters
from chaos.edits import Desk
from chaos.kennel import Kennel
from chaos.office import Office
from chaos.standing import Finding
from chaos.tokens import Mint, tokens_in
from chaos.track import Track
from chaos.trouble import Trouble
from chaos.worker import Worker, open_worker
from chaos.world import Book, World
from core import fields
from core.model import ChangeState
from store import mirror, outbox
from sync.errors import SheetsProblem
from sync.flush import Busy

_OPEN = (ChangeState.PENDING, ChangeState.CONFLICT, ChangeState.BLOCKED)  # not in the sheet
BEGIN = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
CYCLE = timedelta(seconds=10)
LEADS = 14
WORK = {
    "deletes": 3, "restores": 3, "brings back": 2, "undoes": 5, "changes many": 3, "undoes many": 2, "decides": 4,
    "settles a mix-up": 0,
}  # fmt: skip
FORM = 4711  # sheetId: ids of leads are made from it
HEADER = ["Name", "Contact Number", "Email Address", "Location"]
FIRST = ("Asha", "Bina", "Charu", "Divya", "Esha", "Farah", "Gita", "Hema", "Indu", "Jaya", "Kala", "Lata", "Mira")
LAST = ("Rao", "Shah", "Nair", "Iyer", "Das", "Sen", "Bose", "Jain", "Roy", "Pillai", "Khan")

Done = TypeVar("Done")


@dataclass(slots=True)
class Tally:
    """What was done and met, and how often each (phase, fault, deed) was hit."""

    counts: Counter[str] = field(default_factory=Counter)
    coverage: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    slowest: int = 0  # cycles until quiet, at most

    def add(self, other: Tally) -> None:
        """Another run's, besides."""
        self.counts.update(other.counts)
        self.coverage.update(other.coverage)
        self.problems.update(other.problems)
        self.slowest = max(self.slowest, other.slowest)

    def copy(self) -> Tally:
        return Tally(Counter(self.counts), Counter(self.coverage), Counter(self.problems), self.slowest)

    def less(self, before: Tally) -> Tally:
        """What came since."""
        counts, coverage = self.counts - before.counts, self.coverage - before.coverage
        return Tally(counts, coverage, self.problems - before.problems, self.slowest)

    def hit(self, trouble: Trouble) -> None:
        self.coverage[trouble.phase, trouble.fault, trouble.action] += 1
        self.counts["faults"] += trouble.fault != "-"
        self.counts["deeds in between"] += trouble.action != "-"


@dataclass(slots=True)
class Episode:
    """All that an episode needs. `headers`: what each column of ours said at first. `ended`: how changes had ended at
    the last rest. `others`: workers beside the first. `excused`: changes that only a deleted database knew;
    `forgetful`: there was such a one. `strangers`: leads that only another worker's database has seen as they were
    made."""

    name: str
    rng: random.Random
    book: Book
    folder: Path
    tally: Tally
    kennel: Kennel
    mint: Mint
    worker: Worker
    desk: Desk
    office: Office
    track: Track
    now: datetime = BEGIN
    target: tuple[str, str] = ("", "")
    findings: list[Finding] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    log: list[str] = field(default_factory=list)
    headers: dict[int, str] = field(default_factory=dict)
    others: dict[str, Worker] = field(default_factory=dict)
    excused: set[str] = field(default_factory=set)
    forgetful: bool = False
    strangers: set[str] = field(default_factory=set)

    @property
    def database(self) -> str:
        return f"sqlite:///{self.folder}/{self.name}.db"

    def look(self) -> Sight:
        """Master as it stands now, before a person's eyes."""
        self.track.follow(self.book.history(self.track.seen_to, self.track.sheet_id))
        self._meet()
        return Sight(self.track.grid, self.rng, self.mint, self.target)

    def _meet(self) -> None:
        """Whom the first worker has seen with the e-mail that was made for it is no stranger from then on."""
        if not self.strangers:
            return
        with self.worker.link.engine.connect() as conn:
            seen = mirror.bases_of(conn, sorted(self.strangers))
        self.strangers -= {i for i, lead in seen.items() if self.track.was_made(i, lead.email)}

    def say(self, what: str) -> None:
        """One line of the log: to replay a seed is to read along."""
        self.log.append(f"{self.mint.operation:4} {what}")

    def act(self, but: frozenset[str] = frozenset()) -> None:
        """A person does something now."""
        name, given = draw(self.look(), but)
        done = self.book.deed(given)
        self.say(f"person {name} {given}{'' if done else ' refused'}")
        self.tally.counts["person: " + name] += done

    def edit(self) -> None:
        """Somebody at the app changes a lead, or makes one."""
        leads = self.leads()
        if self.rng.random() < 0.04:
            self.desk.create(self.now)
        else:
            self.target = self.desk.edit(leads, self.now)
        self.say(f"app {list(self.desk.acknowledged.values())[-1:]}")
        self.tally.counts["app: edits"] += 1

    def leads(self) -> list[str]:
        """The ids in Master, from top to bottom."""
        sight = self.look()
        column = self.track.grid.column("lead_id")
        found = [str(sight.grid.cells.get((sight.grid.rows[row], column), "")) for row in sight.rows() if column]
        return list(dict.fromkeys(lead for lead in found if lead))

    def office_work(self, name: str = "") -> None:
        """Somebody at the app does something else than to change one lead: what is named, or anything."""
        name = name or self.rng.choices(list(WORK), list(WORK.values()))[0]
        did = ""
        match name:
            case "deletes" if len(leads := self.leads()) > FEWEST_LEADS:
                did = self.office.delete(leads, self.now)
            case "changes many" if leads := self.leads():
                did = self.office.bulk(leads, self.now)
            case "restores":
                did = self.office.restore(self.now)
            case "brings back":
                did = self.office.restore_row(self.now)
            case "decides":
                did = self.office.decide(self.now)
            case "undoes":
                did = self.office.undo(self.now)
            case "undoes many":
                did = self.office.undo_bulk(self.now)
            case "settles a mix-up":
                did = self.office.settle_mixup(self.now)
        if did:
            self.say(f"app {did}")
            self.tally.counts["app: " + name] += 1

    def sources(self, count: int) -> None:
        """People fill in the form."""
        rows = [self._applicant() for _ in range(count)]
        first = len(self.book.values("Form")) + 1
        self.book.deed({"deed": "paste", "tab": "Form", "cell": f"A{first}", "values": rows})
        self.say(f"form {rows}")
        self.tally.counts["source rows"] += count

    def _applicant(self) -> list[str]:
        token = self.mint.next("s", "source row", field="email")
        number = int(token[1:])
        name = f"{FIRST[number % 13]} {LAST[number // 13 % 11]}{FIRST[number // 143 % 13].lower()}"
        return [name, f"98{number:08d}", f"{token}@example.org", "Pune"]

    def cycle(self, *troubles: Trouble, worker: Worker | None = None, later: timedelta = CYCLE) -> tuple[int, int]:
        """One cycle; (reads, writes), (-1, -1) where it met a problem."""
        self.now += later
        report = self._tried(lambda: (worker or self.worker).cycle(self.now, troubles))
        return (report.reads, report.writes) if report else (-1, -1)

    def flush(self, *troubles: Trouble) -> bool | None:
        """The edits that wait, by themselves: whether they went, None where that met a problem."""
        return self._tried(lambda: self.worker.flush(self.now, troubles))

    def _tried(self, work: Callable[[], Done]) -> Done | None:
        try:
            return work()
        except (SheetsProblem, Busy) as problem:
            self.tally.problems[type(problem).__name__] += 1
            self.say(f"  {type(problem).__name__} {problem}")
        except Exception as mistake:  # noqa: BLE001  # a mistake of the worker is a finding; the run goes on and names it
            self.say(traceback.format_exc())
            self.findings.append(Finding("fell", self.mint.operation, f"the worker fell: {mistake!r}"))
        return None

    def other(self, own: bool) -> Worker:
        """A second worker, on a database of its own or on the first one's."""
        name = "own" if own else "same"
        if name not in self.others:
            database = f"{self.database[:-3]}-other.db"
            beside = None if own else self.worker
            self.others[name] = open_worker(self.book, database, name, self.tally.hit, beside)
        return self.others[name]

    def lose_database(self) -> None:
        """The database is deleted: what had not reached the sheet is gone with it, and only that."""
        with self.worker.link.engine.begin() as conn:
            self.excused |= known_here_alone(conn, self.desk.acknowledged, self.mint)
        self.forgetful = True
        self.close()
        for file in self.folder.glob(f"{self.name}.db*"):
            file.unlink()
        self.worker = open_worker(self.book, self.database, "first", self.tally.hit)
        self.desk.engine = self.worker.link.engine
        self.desk.pages.clear()

    def close(self) -> None:
        """Nothing of it is open any more."""
        for one in (self.worker, *self.others.values()):
            one.link.engine.dispose()
            one.client.session.close()
        self.others.clear()

    def heal(self) -> None:
        """Somebody puts the headers back as they were, and columns of ours that were deleted."""
        header = self.look().grid.header()
        for position, (column, said) in enumerate(header.items()):
            own = f"Remarks {self.mint.operation} {position}" if said in fields.BY_NAME else ""  # theirs, by our name
            wanted = self.headers.get(column, own)
            if wanted and said != wanted:
                self.book.deed({"deed": "type", "tab": "Master", "cell": f"{letters(position)}1", "text": wanted})
        gone = [column for column in self.headers if column not in self.look().grid.columns]
        for column in gone:
            self._column_again(column)

    def _column_again(self, column: int) -> None:
        """Beside the last column: an empty one with the header of one that was deleted."""
        grid, header = self.track.grid, self.headers[column]
        place = letters(len(grid.columns) - 1)
        if header in grid.header().values():
            del self.headers[column]
        elif self.book.deed({"deed": "insert_columns", "tab": "Master", "column": place, "header": header}):
            self.look()
            del self.headers[column]
            self.headers[grid.columns[-2]] = header
            grid.made.discard(grid.columns[-2])  # it is the app's again


def known_here_alone(conn: Connection, acknowledged: Iterable[str], mint: Mint) -> set[str]:
    """The changes that are in this database and not in the sheet: those that have not arrived, and those of new leads
    of whom something waits for a column that went as they came (`sync.repair`)."""
    known = outbox.changes(conn, acknowledged)
    made = {mint.promises[token].change_id for token in waiting_for_a_column(conn)} - {""}
    return made | {change_id for change_id, one in known.items() if one.state in _OPEN}


def waiting_for_a_column(conn: Connection) -> dict[str, str]:
    """By token, the app's own changes that have not arrived: what new leads have for columns that went as they came
    (`sync.repair`)."""
    own = (one.change for state in _OPEN for one in outbox.in_state(conn, state, 100_000) if one.change.actor == "sync")
    return {token: one.change_id for one in own for _, new in one.fields.values() for token in tokens_in(new)}


def begin(world: World, kennel: Kennel, seed: int, number: int, folder: Path, tally: Tally, committed: bool) -> Episode:
    """A spreadsheet with leads in it, and a token in every text cell."""
    rng = random.Random(f"{seed} {number}")  # noqa: S311  # repeatable on purpose
    name = f"chaos {seed} {number}"
    covered = random.Random(f"{seed} {number} covered").random() < 0.5  # noqa: S311  # repeatable; draws nothing from rng
    book = world.book(name, following=rng.random() < 0.5, committed=committed, covered=covered)
    file = name.replace(" ", "-")
    worker = open_worker(book, f"sqlite:///{folder}/{file}.db", "first", tally.hit)
    mint = Mint()
    desk, track = Desk(worker.link.engine, rng, mint), Track(book.person, -1, mint)
    made = Episode(file, rng, book, folder, tally, kennel, mint, worker, desk, Office(desk), track)
    book.deed({"requests": [{"addSheet": {"properties": {"title": "Form", "sheetId": FORM}}}]})
    book.deed({"deed": "paste", "tab": "Form", "cell": "A1", "values": [HEADER]})
    made.sources(LEADS)
    made.cycle()
    track.sheet_id = book.tabs()["Master"]
    _fill(made)
    made.cycle()
    return made


def _fill(episode: Episode) -> None:
    """People have typed into every text cell before the episode begins."""
    sight = episode.look()
    episode.headers = {column: said for column, said in sight.grid.header().items() if said in fields.BY_NAME}
    for name in TEXTS:
        column = sight.position(name)
        if column is not None:
            words = [[episode.mint.next("p", "at first")] for _ in sight.rows()]
            episode.book.deed({"deed": "paste", "tab": "Master", "cell": f"{letters(column)}2", "values": words})
    episode.book.deed({"deed": "insert_columns", "tab": "Master", "column": "F", "header": "Remarks"})
