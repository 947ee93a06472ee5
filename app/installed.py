"""What makes the app installable: the manifest, the service worker, the page for when nothing is reached.

All three are served without signing in and hold no data; the service worker keeps no page with people's data on a
device that others may use. What a form does offline is `static/offline.js`.
"""

from __future__ import annotations

from hashlib import blake2b

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, url_for

from app.database import settings

blueprint = Blueprint("installed", __name__)

PAPER, LAMP = "#f5f4f0", "#1c5d4b"
_KEPT = ("base.css", "icon.svg", "offline.js")


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    name = settings().crm_name
    response = jsonify(
        {
            "name": name,
            "short_name": name.split()[0][:12],
            "id": "/",
            "start_url": url_for("today.page"),
            "scope": "/",
            "display": "standalone",
            "lang": "en-IN",
            "background_color": PAPER,
            "theme_color": LAMP,
            "icons": [
                _icon("icon-192.png", "192x192"),
                _icon("icon-512.png", "512x512"),
                _icon("icon-maskable-512.png", "512x512") | {"purpose": "maskable"},
                _icon("icon.svg", "any") | {"type": "image/svg+xml"},
            ],
            "shortcuts": [
                {"name": "Today", "url": url_for("today.page")},
                {"name": "New lead", "url": url_for("adding.form")},
                {"name": "Find a lead", "url": url_for("leads.listing")},
            ],
        }
    )
    response.mimetype = "application/manifest+json"
    return response


@blueprint.get("/sw.js")
def service_worker() -> Response:
    kept = [url_for("installed.offline"), *(_asset(name) for name in _KEPT)]
    version = blake2b(repr(kept).encode(), digest_size=6).hexdigest()
    response = make_response(render_template("sw.js", kept=kept, version=version, offline=kept[0]))
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


@blueprint.get("/offline")
def offline() -> str:
    return render_template("pages/offline.html")


def _icon(name: str, sizes: str) -> dict[str, str]:
    return {"src": _asset(name), "sizes": sizes, "type": "image/png"}


def _asset(name: str) -> str:
    return str(current_app.jinja_env.globals["asset"](name))  # type: ignore[operator]  # app.assets puts a function there
