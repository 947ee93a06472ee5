"""Access tokens: the JWT-bearer and refresh-token grants of `/token`, and what a bearer token is worth.

Tokens carry account, scopes and expiry under a signature of the server's own, so nothing is stored and a restart keeps
them. The assertion's times are checked against real time (the client wrote them), a token's life against the server's
clock, which tests may drive. Errors are those of Google's token endpoint (RFC 6749 section 5.2, RFC 7523).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .accounts import Account

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME = 3600
SKEW = 300
SHEETS_READ = frozenset(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("spreadsheets", "spreadsheets.readonly", "drive", "drive.readonly", "drive.file")
) | {"https://spreadsheets.google.com/feeds"}
SHEETS_WRITE = SHEETS_READ - {
    "https://www.googleapis.com/auth/spreadsheets.readonly",
    "https://www.googleapis.com/auth/drive.readonly",
}
DRIVE_READ = frozenset(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("drive", "drive.readonly", "drive.file", "drive.metadata", "drive.metadata.readonly")
)
# Only the page gets it: reads and writes by a person's hand count against no API quota, as at Google.
PAGE = "localsheets:page"
DRIVE_WRITE = frozenset(f"https://www.googleapis.com/auth/{name}" for name in ("drive", "drive.file"))
SCOPE_STARTS = (
    "https://www.googleapis.com/auth/",
    "https://spreadsheets.google.com/feeds",
    "openid",
    "email",
    "profile",
)


class TokenError(Exception):
    """A refused grant: the OAuth error code and Google's description of it."""

    def __init__(self, error: str, description: str, code: int = 400) -> None:
        super().__init__(description)
        self.code = code
        self.body = {"error": error, "error_description": description}


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a valid access token says: whose it is and for which scopes."""

    account: str
    scopes: frozenset[str]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _seal(secret: bytes, prefix: str, claims: dict[str, Any]) -> str:
    body = _encode(json.dumps(claims, separators=(",", ":")).encode())
    return f"{prefix}{body}.{_encode(hmac.digest(secret, (prefix + body).encode(), hashlib.sha256))}"


def _open(secret: bytes, prefix: str, token: str) -> dict[str, Any] | None:
    body, _, seal = token.removeprefix(prefix).partition(".")
    expected = _encode(hmac.digest(secret, (prefix + body).encode(), hashlib.sha256))
    if not token.startswith(prefix) or not hmac.compare_digest(seal.encode(), expected.encode()):
        return None
    claims = json.loads(_decode(body))
    return claims if isinstance(claims, dict) else None


def issue(secret: bytes, account: str, scopes: str, now: float) -> str:
    """An access token for space-separated scopes, good for LIFETIME seconds of the server's clock."""
    return _seal(secret, "ya29.c.", {"sub": account, "scope": scopes, "exp": now + LIFETIME})


def issue_refresh(secret: bytes, account: str, client_id: str) -> str:
    """A refresh token, as in an authorized-user file."""
    return _seal(secret, "1//0", {"sub": account, "client": client_id})


def check(secret: bytes, token: str, now: float) -> Bearer | None:
    """Whose token this is, or None where it is forged or has expired."""
    claims = _open(secret, "ya29.c.", token)
    if claims is None or claims["exp"] <= now:
        return None
    return Bearer(claims["sub"], frozenset(claims["scope"].split()))


def _parts(assertion: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    try:
        header, payload, signature = assertion.split(".")
        read = json.loads(_decode(header)), json.loads(_decode(payload)), _decode(signature)
    except (ValueError, UnicodeDecodeError):
        raise TokenError("invalid_grant", "Bad Request") from None
    if not isinstance(read[0], dict) or not isinstance(read[1], dict):
        raise TokenError("invalid_grant", "Bad Request")
    return read[0], read[1], read[2], f"{header}.{payload}".encode()


def issuer(assertion: str) -> str:
    """The `iss` of an assertion, not yet verified: which account's key to verify it with."""
    return str(_parts(assertion)[1].get("iss", ""))


def _verify_signature(account: Account, signature: bytes, signed: bytes) -> None:
    key = serialization.load_pem_public_key(account.public_key)
    assert isinstance(key, rsa.RSAPublicKey)
    try:
        key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise TokenError("invalid_grant", "Invalid JWT Signature.") from None


def _check_times(claims: dict[str, Any], real_now: float) -> None:
    issued, expires = claims.get("iat"), claims.get("exp")
    if (
        not isinstance(issued, int | float)
        or not isinstance(expires, int | float)
        or issued > real_now + SKEW
        or expires < real_now - SKEW
        or not 0 < expires - issued <= LIFETIME
    ):
        raise TokenError(
            "invalid_grant",
            "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
            "Check your iat and exp values in the JWT claim.",
        )


def _scopes(text: object) -> str:
    scopes = text.split() if isinstance(text, str) else []
    if not scopes or not all(scope.startswith(SCOPE_STARTS) for scope in scopes):
        raise TokenError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    return " ".join(scopes)


def verify_assertion(assertion: str, account: Account | None, audiences: frozenset[str], real_now: float) -> str:
    """The scopes that a signed assertion asks for; TokenError where key, audience, times or scopes are wrong."""
    header, claims, signature, signed = _parts(assertion)
    if account is None:
        raise TokenError("invalid_grant", "Invalid grant: account not found")
    if header.get("alg") != "RS256" or header.get("kid", account.key_id) != account.key_id:
        raise TokenError("invalid_grant", "Invalid JWT Signature.")
    _verify_signature(account, signature, signed)
    if claims.get("aud") not in audiences:
        raise TokenError("invalid_grant", f"Invalid JWT: Failed audience check. The right audience is {min(audiences)}")
    _check_times(claims, real_now)
    if claims.get("sub", account.email) != account.email:
        raise TokenError(
            "unauthorized_client",
            "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of "
            "the scopes requested.",
            401,
        )
    return _scopes(claims.get("scope"))


def refreshed_account(secret: bytes, token: str, client_id: str) -> str:
    """Whose refresh token this is; TokenError where it is not one of ours or not this client's."""
    claims = _open(secret, "1//0", token)
    if claims is None:
        raise TokenError("invalid_grant", "Token has been expired or revoked.")
    if claims["client"] != client_id:
        raise TokenError("unauthorized_client", "Unauthorized", 401)
    return str(claims["sub"])
