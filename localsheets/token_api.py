"""`POST /token`: exchanges a signed assertion or a refresh token for an access token, as oauth2.googleapis.com does."""

from __future__ import annotations

import json
import time
from urllib.parse import parse_qsl, urlsplit

from . import accounts, oauth
from .asked import Answer, Asked
from .oauth import LIFETIME, TokenError
from .service import Service

GOOGLE_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address, not a secret
_NO_STORE = {"Cache-Control": "no-cache, no-store, max-age=0, must-revalidate", "Pragma": "no-cache"}


def token_uri(base: str) -> str:
    """The address of this endpoint under a base address."""
    return base.rstrip("/") + "/token"


def _audiences(base: str) -> frozenset[str]:
    """What an assertion may name as its audience: this endpoint by each name of the loopback, or Google's own."""
    port = urlsplit(base).port
    local = {token_uri(f"http://{host}:{port}") for host in ("127.0.0.1", "localhost", "[::1]")}
    return frozenset({token_uri(base), GOOGLE_TOKEN_URI, "https://www.googleapis.com/oauth2/v4/token"} | local)


def _form(asked: Asked) -> dict[str, str]:
    if "json" in asked.content_type:
        try:
            read = json.loads(asked.body or b"{}")
        except ValueError:
            raise TokenError("invalid_request", "Invalid JSON payload received.") from None
        return {str(name): str(value) for name, value in read.items()} if isinstance(read, dict) else {}
    return dict(parse_qsl(asked.body.decode("utf-8", "replace"), keep_blank_values=True))


def _by_assertion(service: Service, form: dict[str, str]) -> dict[str, object]:
    assertion = form.get("assertion", "")
    account = accounts.find(service.engine.connection, oauth.issuer(assertion))
    scopes = oauth.verify_assertion(assertion, account, _audiences(service.base), time.time())
    assert account is not None
    token = oauth.issue(service.secret, account.email, scopes, service.clock.now())
    return {"access_token": token, "expires_in": LIFETIME - 1, "token_type": "Bearer"}


def _by_refresh_token(service: Service, form: dict[str, str]) -> dict[str, object]:
    account = oauth.refreshed_account(service.secret, form.get("refresh_token", ""), form.get("client_id", ""))
    scopes = " ".join(sorted(oauth.SHEETS_WRITE | oauth.DRIVE_WRITE))
    token = oauth.issue(service.secret, account, scopes, service.clock.now())
    return {"access_token": token, "expires_in": LIFETIME - 1, "scope": scopes, "token_type": "Bearer"}


def answer_token(service: Service, asked: Asked) -> Answer:
    """Answers the token endpoint; refusals are OAuth's own JSON, not the APIs'."""
    try:
        form = _form(asked)
        grant = form.get("grant_type", "")
        if grant == oauth.JWT_BEARER:
            body = _by_assertion(service, form)
        elif grant == "refresh_token":
            body = _by_refresh_token(service, form)
        else:
            raise TokenError("unsupported_grant_type", f"Invalid grant_type: {grant}")
    except TokenError as error:
        return Answer(error.code, json.dumps(error.body).encode(), headers=_NO_STORE)
    return Answer(200, json.dumps(body).encode(), headers=_NO_STORE)
