"""Hands an e-mail to the mail server that the library has named (SMTP_*). The only place that speaks SMTP."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as LINES
from email.utils import format_datetime
from hashlib import blake2b

from core.digest import Letter

_SECONDS = 30.0


class NotHandedOver(Exception):
    """The server did not take the letter, for certain; the message says why, in plain words."""


class Unsure(Exception):
    """The letter was on its way when the connection was lost: it may have arrived."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """`security`: "starttls", "tls" (from the first byte) or "none"."""

    host: str
    port: int
    security: str
    username: str
    password: str
    sender: str


def compose(letter: Letter, to: str, name: str, server: MailServer, key: str, now: datetime) -> EmailMessage:
    """The message. `key` names it for good: the same key makes the same Message-ID, by which mailboxes know a repeat.
    Raises NotHandedOver where an address cannot be one."""
    mail = EmailMessage(policy=LINES)
    _, _, domain = server.sender.rpartition("@")
    try:
        mail["To"] = Address(name, addr_spec=to)
        mail["From"] = Address("", addr_spec=server.sender)
    except (ValueError, IndexError) as error:
        raise NotHandedOver(f"{to} is not an address that a letter can go to") from error
    mail["Subject"] = " ".join(letter.subject.split())
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{blake2b(key.encode(), digest_size=12).hexdigest()}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text)
    return mail


def hand_over(server: MailServer, mail: EmailMessage, to: str, last_word: Callable[[], bool]) -> bool:
    """Sends the message. `last_word` is asked when nothing but the text itself is left to send; where it says no, the
    letter is not sent and the answer is False. Raises NotHandedOver and Unsure."""
    with _connected(server) as smtp:
        _accepted(*smtp.mail(server.sender), "the sender")
        _accepted(*smtp.rcpt(to), "the reader’s address")
        if not last_word():
            return False
        try:
            code, said = smtp.data(mail.as_bytes())
        except smtplib.SMTPDataError as refused:  # the server's own no
            raise NotHandedOver(f"the mail server refused the text: {_words(refused.smtp_error)}") from refused
        except (OSError, smtplib.SMTPException) as lost:
            raise Unsure(f"the connection to the mail server was lost: {lost}") from lost
        _accepted(code, said, "the text")
        return True


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    try:
        smtp = _open(server)
    except (OSError, smtplib.SMTPException) as error:
        raise NotHandedOver(f"the mail server {server.host} was not reached: {error}") from error
    try:
        yield smtp
    except (OSError, smtplib.SMTPException) as error:
        raise NotHandedOver(f"the mail server {server.host} broke off: {error}") from error
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


def _open(server: MailServer) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=trusted)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    try:
        if server.security == "starttls":
            smtp.starttls(context=trusted)
        smtp.ehlo_or_helo_if_needed()
        if server.username:
            smtp.login(server.username, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _accepted(code: int, said: bytes, what: str) -> None:
    if not 200 <= code < 300:
        raise NotHandedOver(f"the mail server refused {what}: {_words(said)}")


def _words(said: bytes | str) -> str:
    return (said.decode("utf-8", "replace") if isinstance(said, bytes) else said)[:200]
