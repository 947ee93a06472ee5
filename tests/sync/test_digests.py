"""The morning e-mails, handed to a real mail server on this machine."""

from __future__ import annotations

import os
import signal
import smtplib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from core.model import Lead
from store import digests, mirror, state
from store.config import default_config, save_config_source
from store.database import database_url, open_database
from store.mirror import SheetLead
from store.state import SyncStatus
from sync.digests import Post, send_due
from sync.mailing import MailServer
from tests.born import processes
from tests.commands import free_port

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)  # 08:30 in Kolkata
DAY = date(2026, 11, 22)
TEAM = [
    ["name", "email", "role", "active"],
    ["Neha", "neha@example.org", "admin", True],
    ["Vikram", "vikram@example.org", "staff", True],
    ["Idle", "idle@example.org", "staff", True],
]


@dataclass
class Box:
    """A mail server's in-tray. `answer` is what it says to a letter's text; "" takes it."""

    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answer: str = ""
    refuse_reader: bool = False
    hang_up: bool = False

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_reader:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        mail = message_from_bytes(envelope.content or b"", policy=policy.default)  # type: ignore[arg-type]
        self.letters.append((envelope.rcpt_tos[0], mail))  # type: ignore[arg-type]
        if self.hang_up:
            server.transport.close()
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    handler = Box()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=30)
    controller.start()
    yield handler, port
    controller.stop()


def post_at(folder: Path, port: int, owner: str = "a", now: datetime = NOW) -> Post:
    server = MailServer("127.0.0.1", port, "none", "", "", "crm@example.org")
    engine = open_database(database_url(None, folder))
    return Post(
        engine, default_config(), server, time(8), "Bumuk", "https://crm.example.org", owner, "house", lambda: now
    )


@pytest.fixture
def post(tmp_path: Path, box: tuple[Box, int]) -> Iterator[Post]:
    made = post_at(tmp_path, box[1])
    leads = [
        Lead("L1", full_name="Farah", phone_number="+919815550102", assigned_to="Neha", next_follow_up=DAY),
        Lead("L2", full_name="Deepak", assigned_to="Neha", next_follow_up=DAY - timedelta(days=2)),
        Lead("L3", full_name="Imran", assigned_to="Vikram", next_follow_up=DAY),
        Lead("L4", full_name="Asked not", assigned_to="Neha", next_follow_up=DAY, do_not_contact=True),
        Lead("L5", full_name="Later", assigned_to="Idle", next_follow_up=DAY + timedelta(days=1)),
    ]
    with made.engine.begin() as conn:
        mirror.put_synced(conn, [SheetLead(one, at, one.lead_id) for at, one in enumerate(leads, 2)])
        save_config_source(conn, [], TEAM)  # type: ignore[arg-type]  # rows of cells
        state.write_status(conn, SyncStatus(last_good_at=NOW))
    yield made
    made.engine.dispose()


def states(post: Post) -> dict[str, str]:
    with post.engine.connect() as conn:
        return {one.email: one.state for one in digests.of_day(conn, DAY)}


def later(post: Post, minutes: int = 11, owner: str = "a") -> Post:
    return replace(post, owner=owner, clock=lambda: NOW + timedelta(minutes=minutes))


def test_once_a_day_to_each_person_with_something_due(post: Post, box: tuple[Box, int]) -> None:
    assert send_due(post) == 2
    assert send_due(post) == send_due(later(post)) == 0
    assert [to for to, _ in box[0].letters] == ["neha@example.org", "vikram@example.org"]
    mail = box[0].letters[0][1]
    assert (mail["To"], mail["From"]) == ("Neha <neha@example.org>", "crm@example.org")
    assert mail["Subject"] == "Bumuk: 1 due today, 1 overdue"
    text = mail.get_content()
    assert text.index("Deepak") < text.index("Farah")
    assert "https://crm.example.org/leads/L1" in text
    assert "Asked not" not in text
    assert states(post) == {"neha@example.org": "sent", "vikram@example.org": "sent"}


def test_the_next_day_again_and_not_before_its_hour(post: Post, box: tuple[Box, int]) -> None:
    send_due(post)
    assert send_due(later(post, 60 * 23)) == 0  # 07:30 of the next day
    assert send_due(later(post, 60 * 24)) == 3
    assert len(box[0].letters) == 5


def test_before_the_sheet_was_read_nothing_is_said(post: Post, box: tuple[Box, int]) -> None:
    with post.engine.begin() as conn:
        state.write_status(conn, SyncStatus())
    assert send_due(post) == 0


def test_two_at_once_send_each_letter_once(post: Post, box: tuple[Box, int]) -> None:
    start = threading.Barrier(4)

    def send(owner: str) -> None:
        start.wait()
        send_due(replace(post, owner=owner))

    threads = [threading.Thread(target=send, args=(f"w{n}",)) for n in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(to for to, _ in box[0].letters) == ["neha@example.org", "vikram@example.org"]


def test_a_server_that_refuses_is_asked_again_later(post: Post, box: tuple[Box, int]) -> None:
    box[0].answer = "451 try later"
    assert send_due(post) == 0
    with post.engine.connect() as conn:
        assert "try later" in digests.of_day(conn, DAY)[0].why
    box[0].answer = ""
    assert send_due(post) == 0  # not at once
    assert send_due(later(post)) == 2


def test_a_reader_that_is_refused_stops_nobody_else(post: Post, box: tuple[Box, int]) -> None:
    box[0].refuse_reader = True
    send_due(post)
    assert set(states(post).values()) == {"failed"}


def test_a_server_that_is_away(post: Post) -> None:
    away = replace(post, server=replace(post.server, port=1))
    assert send_due(away) == 0
    assert states(post) == {"neha@example.org": "failed", "vikram@example.org": "failed"}


def test_an_answer_that_is_lost_makes_no_second_letter(post: Post, box: tuple[Box, int]) -> None:
    """The server has the letter, and the connection breaks before it says so."""
    box[0].hang_up = True
    assert send_due(post) == 0
    box[0].hang_up = False
    assert send_due(later(post, 60)) == 0
    assert len(box[0].letters) == 2
    assert set(states(post).values()) == {"handing"}


def _dies(folder: Path, port: int, when: str) -> None:
    def dead(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    # before the last word: when the reader is named; after it: when the text would go
    setattr(smtplib.SMTP, "rcpt" if when == "before" else "data", dead)
    send_due(post_at(folder, port))


@pytest.mark.parametrize(("when", "letters"), [("before", 2), ("after", 1)])
def test_killed_on_the_way(post: Post, box: tuple[Box, int], tmp_path: Path, when: str, letters: int) -> None:
    """Killed before the last word, somebody else sends it. Killed after it, nobody can know, and it is not sent twice:
    one letter of a day may be missing, which its row shows."""
    dying = processes().Process(target=_dies, args=(tmp_path, box[1], when))
    dying.start()
    dying.join(60)
    assert dying.exitcode == -signal.SIGKILL
    send_due(later(post, 1, "b"))
    send_due(later(post, 12, "b"))
    assert len(box[0].letters) == letters
    assert send_due(later(post, 30, "c")) == 0


def test_the_same_letter_has_the_same_id(post: Post, box: tuple[Box, int]) -> None:
    send_due(post)
    with post.engine.begin() as conn:
        digests.forget(conn, DAY + timedelta(days=1))  # as if the database had been lost
    send_due(post)
    ids = [mail["Message-ID"] for _, mail in box[0].letters]
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2
