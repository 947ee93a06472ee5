"""The whole server behind HTTP: who asks, may they, which room answers. Runs in one thread, the engine's.

server -> Service.answer -> sheets_api | drive_api | token_api | local_api | page, each with the same `Service`.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from . import drive_store, oauth
from .asked import Answer, Asked, error_answer
from .clock import Clock
from .engine import Caller, Engine
from .errors import ApiError, forbidden, not_found
from .faults import Faults
from .formula_lanes import Computing, Lanes
from .oauth import Bearer
from .quota import Quotas
from .switches import Switches

_LOG = logging.getLogger("localsheets")
SIGN_IN = "https://developers.google.com/identity/sign-in/web/devconsole-project"
DEFAULT_SWITCHES = Switches()


def _nowhere(asked: Asked) -> Answer:
    raise AssertionError(f"no rooms answer {asked.path}")


@dataclass(slots=True)
class Service:
    """All that an answer can need. `account` is the local default account, `base` this server's address.

    `fixed_tokens` are bearer tokens that never expire, each with its account. `faults` is None where the server was not
    started to misbehave, `formulas` where formulas are computed in this process. `request_id` is that of the request
    at work, `plain` what answers requests as it should be.
    """

    engine: Engine
    clock: Clock
    quotas: Quotas
    secret: bytes
    account: str
    base: str
    fixed_tokens: Mapping[str, str] = field(default_factory=dict)
    faults: Faults | None = None
    formulas: Lanes | None = None
    request_id: str = ""
    switches: Switches = DEFAULT_SWITCHES
    plain: Callable[[Asked], Answer] = _nowhere

    def bearer(self, asked: Asked) -> Bearer | None:
        """Who signs this request; None without a token. ApiError 401 where the token is no good."""
        if asked.account is not None:
            return Bearer(asked.account, oauth.SHEETS_WRITE | oauth.DRIVE_WRITE)
        kind, _, token = asked.authorization.partition(" ")
        token = token.strip() if kind.lower() == "bearer" else (asked.first("access_token") or "")
        if not token:
            return None
        if token in self.fixed_tokens:
            return Bearer(self.fixed_tokens[token], oauth.SHEETS_WRITE | oauth.DRIVE_WRITE)
        found = oauth.check(self.secret, token, self.clock.now())
        if found is None:
            raise ApiError(
                401,
                "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
                f"valid authentication credential. See {SIGN_IN}.",
            )
        return found

    def caller(self, account: str) -> Caller:
        """The engine's view of an account asking now; each request has an id of its own."""
        return Caller(account, self.request_id or new_request_id(), self.clock.now())

    def uncharged(self, asked: Asked) -> Answer:
        """Answers a request that costs no quota: a person's, or one that was charged when it came."""
        with self.quotas.suspended():
            return self.plain(asked)

    def set_switches(self, switches: Switches) -> None:
        """Chooses between Google's possible behaviours (see `switches`)."""
        self.switches = switches
        self.engine.forgiving = switches.forgiving
        self.engine.keeps_covered = switches.covered_cells_keep_values
        if self.engine.metadata_follows_sort != switches.metadata_follows_sort:
            self.engine.metadata_follows_sort = switches.metadata_follows_sort

    def require(self, file_id: str, account: str, write: bool) -> None:
        """404 where there is no such spreadsheet, 403 where this account may not read (or write) it."""
        file = drive_store.find(self.engine.connection, file_id)
        if file is None or file.mime != drive_store.SPREADSHEET:
            raise not_found()
        role = drive_store.role_of(self.engine.connection, file_id, account)
        if role is None or (write and drive_store.RANKS[role] < drive_store.RANKS["writer"]):
            raise forbidden()


def new_request_id() -> str:
    """An id that no other request has."""
    return secrets.token_hex(8)


Handler = Callable[[Service, Asked], Answer]


def guarded(handler: Handler, service: Service, asked: Asked) -> Answer:
    """Runs a handler; refusals become their JSON, and a fault of ours is logged and answered as Google's 500."""
    try:
        return handler(service, asked)
    except ApiError as error:
        return error_answer(error)
    except Computing:  # the request is asked again, by the one who asked
        raise
    except Exception:  # noqa: BLE001  # the outermost edge: one request's fault must not end the server
        _LOG.exception("fault while answering %s %s", asked.method, asked.path)
        return error_answer(ApiError(500, "Internal error encountered."))
