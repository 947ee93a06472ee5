"""The morning e-mails: once a day to each person who has something due. Called by the worker every minute.

Two workers, a worker that dies and a mail server that is away make no letter twice: `store.digests` says who may send
and what has gone out, and is asked for the last time when only the text is left to hand over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import Connection, Engine

from core.config import Config, Person
from core.digest import IN_SIGHT, DueList, is_time, letter, readers
from core.followups import first_labels, library_day
from store import digests, mirror, queues, state
from store.config import load_config
from store.database import reading
from store.queues import Queue
from sync.mailing import MailServer, NotHandedOver, Unsure, compose, hand_over

log = structlog.get_logger("worker")
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Post:
    """What sending needs. `at` is the hour on the library's clock, `address` where the app stands ("" unknown),
    `owner` this process, `house` the installation's name."""

    engine: Engine
    shipped: Config
    server: MailServer
    at: time
    library: str
    address: str
    owner: str
    house: str
    clock: Callable[[], datetime]


def send_due(post: Post) -> int:
    """Sends what should have gone out by now and did not; how many letters were handed over. A failure is remembered
    with its reason and tried again later; it stops nobody else's."""
    now = post.clock()
    with reading(post.engine) as conn:
        config = load_config(conn, post.shipped)
        if not is_time(now, post.at, config) or state.read_status(conn).last_good_at is None:
            return 0
        day = library_day(now, config)
        settled = {one.email for one in digests.of_day(conn, day) if one.state in ("sent", "handing")}
        waiting = [one for one in readers(config) if one.email not in settled]
        due = [(one, due_list(conn, one, day, config)) for one in waiting]
    return sum(_send(post, one, listed, day, config) for one, listed in due if not listed.empty)


def due_list(conn: Connection, person: Person, day: date, config: Config) -> DueList:
    """What is due of this person; who must not be contacted is in none of the queues."""
    new = first_labels(config)
    late, today = Queue("overdue", day, new, person.name), Queue("today", day, new, person.name)
    ids = [*queues.first(conn, late, IN_SIGHT), *queues.first(conn, today, IN_SIGHT)][:IN_SIGHT]
    return DueList(queues.count(conn, late), queues.count(conn, today), mirror.leads(conn, ids))


def _send(post: Post, person: Person, due: DueList, day: date, config: Config) -> bool:
    with post.engine.begin() as conn:
        digests.forget(conn, day - _KEPT)
        if not digests.claim(conn, day, person.email, post.owner, post.clock()):
            return False
    try:
        text = letter(person, day, due, config, post.library, post.address)
        key = f"{post.house}:{day}:{person.email}"
        mail = compose(text, person.email, person.name, post.server, key, post.clock())
        handed = hand_over(post.server, mail, person.email, lambda: _move(post, day, person, "handing"))
    except NotHandedOver as why:
        log.warning("morning e-mail not sent", person=person.name, why=str(why))
        _move(post, day, person, "failed", str(why))
        return False
    except Unsure as why:
        log.warning("morning e-mail may not have arrived", person=person.name, why=str(why))
        _move(post, day, person, "handing", str(why))
        return False
    return handed and _move(post, day, person, "sent")


def _move(post: Post, day: date, person: Person, to: digests.State, why: str = "") -> bool:
    with post.engine.begin() as conn:
        return digests.move(conn, day, person.email, to, post.owner, post.clock(), why)
