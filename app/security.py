"""What every answer carries so that a hostile cell, page or network can do little. One `after_request`."""

from __future__ import annotations

from flask import Flask, Response, request

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_A_YEAR = 31_536_000


def install(app: Flask) -> None:
    @app.after_request
    def _protect(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")
        if request.endpoint == "static":
            if "v" in request.args:  # the address changes with the content (see app.assets)
                response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
        else:
            kept = "no-store" if request.blueprint == "signin" else "private, no-cache"
            response.headers.setdefault("Cache-Control", kept)
        return response
