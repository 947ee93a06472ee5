"""The token endpoint's rules: signatures, audience, times, scopes; tokens that expire or are forged."""

from __future__ import annotations

import base64
import json
import sqlite3
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from localsheets import accounts, oauth
from localsheets.accounts import Account
from localsheets.oauth import TokenError

NOW = 1_700_000_000.0
AUDIENCE = "http://127.0.0.1:1/token"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"


@pytest.fixture(scope="module")
def keys() -> tuple[Account, rsa.RSAPrivateKey]:
    connection = sqlite3.connect(":memory:")
    accounts.prepare(connection)
    content = accounts.create(connection, "asha", AUDIENCE)
    account = accounts.find(connection, content["client_email"])
    assert account is not None
    key = serialization.load_pem_private_key(content["private_key"].encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return account, key


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def assertion(keys: tuple[Account, rsa.RSAPrivateKey], header: dict[str, Any] | None = None, **changes: Any) -> str:
    account, key = keys
    claims = {"iss": account.email, "aud": AUDIENCE, "iat": int(NOW), "exp": int(NOW) + 3600, "scope": SCOPE} | changes
    head = {"alg": "RS256", "typ": "JWT", "kid": account.key_id} | (header or {})
    signed = f"{b64(json.dumps(head).encode())}.{b64(json.dumps(claims).encode())}"
    return f"{signed}.{b64(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def verify(text: str, account: Account | None) -> str:
    return oauth.verify_assertion(text, account, frozenset({AUDIENCE}), NOW)


def test_a_good_assertion(keys: tuple[Account, rsa.RSAPrivateKey]) -> None:
    text = assertion(keys)
    assert oauth.issuer(text) == keys[0].email
    assert verify(text, keys[0]) == SCOPE


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"aud": "https://example.org/token"}, "invalid_grant", "audience"),
        ({"exp": int(NOW) - 3600, "iat": int(NOW) - 7200}, "invalid_grant", "short-lived"),
        ({"exp": int(NOW) + 7200}, "invalid_grant", "short-lived"),
        ({"iat": int(NOW) + 4000, "exp": int(NOW) + 5000}, "invalid_grant", "short-lived"),
        ({"iat": "now"}, "invalid_grant", "short-lived"),
        ({"exp": None}, "invalid_grant", "short-lived"),
        ({"scope": ""}, "invalid_scope", "scope"),
        ({"scope": "everything"}, "invalid_scope", "scope"),
        ({"sub": "someone@example.org"}, "unauthorized_client", "unauthorized"),
    ],
)
def test_bad_claims(keys: tuple[Account, rsa.RSAPrivateKey], changes: dict[str, Any], error: str, words: str) -> None:
    with pytest.raises(TokenError, match=words) as refused:
        verify(assertion(keys, **changes), keys[0])
    assert refused.value.body["error"] == error


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"kid": "other"}])
def test_bad_headers(keys: tuple[Account, rsa.RSAPrivateKey], header: dict[str, Any]) -> None:
    with pytest.raises(TokenError, match="Signature"):
        verify(assertion(keys, header), keys[0])


def test_a_foreign_signature_and_an_unknown_account(keys: tuple[Account, rsa.RSAPrivateKey]) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(TokenError, match="Signature"):
        verify(assertion((keys[0], other)), keys[0])
    with pytest.raises(TokenError, match="account not found"):
        verify(assertion(keys), None)


@pytest.mark.parametrize("text", ["", "a.b.c", "....", "e30.e30.", "W10.W10.x", "\u0000", "e30.e30.e30.e30"])
def test_garbage_is_refused(keys: tuple[Account, rsa.RSAPrivateKey], text: str) -> None:
    with pytest.raises(TokenError):
        verify(text, keys[0])


def test_tokens_live_an_hour_and_cannot_be_forged() -> None:
    secret = b"s" * 32
    token = oauth.issue(secret, "a@x", SCOPE, NOW)
    bearer = oauth.check(secret, token, NOW + 3599)
    assert bearer is not None
    assert (bearer.account, bearer.scopes) == ("a@x", {SCOPE})
    assert oauth.check(secret, token, NOW + 3600) is None
    assert oauth.check(b"t" * 32, token, NOW) is None
    body, _, seal = token.removeprefix("ya29.c.").partition(".")
    forged = b64(json.dumps({"sub": "b@x", "scope": SCOPE, "exp": NOW + 9}).encode())
    for text in ("", "x", "ya29.c.", f"ya29.c.{forged}.{seal}", token[:-1], f"1//0{body}.{seal}", "ya29.c.é.é"):
        assert oauth.check(secret, text, NOW) is None


def test_refresh_tokens_belong_to_a_client() -> None:
    secret = b"s" * 32
    token = oauth.issue_refresh(secret, "a@x", "client")
    assert oauth.refreshed_account(secret, token, "client") == "a@x"
    with pytest.raises(TokenError):
        oauth.refreshed_account(secret, token, "other")
    with pytest.raises(TokenError):
        oauth.refreshed_account(secret, "1//0nonsense", "client")
