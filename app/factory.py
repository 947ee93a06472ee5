"""Puts the web app together. The front door gives settings and an open database; nothing happens at import."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    adding_page,
    api,
    api_groups,
    api_writing,
    assets,
    attention,
    bulk_page,
    calendar,
    calendar_links,
    conflicts,
    dashboard,
    database,
    errors,
    exporting,
    follow_ups,
    forms,
    guide,
    health,
    installed,
    kept,
    lead_actions,
    leads,
    quick,
    refused,
    saved_views,
    security,
    shell,
    signin,
    source_tabs,
    team,
    toast,
    today,
    tour,
    words,
)
from app.limits import limiter
from app.settings import AppSettings

ROOT = Path(__file__).resolve().parent.parent
_LARGEST_REQUEST = 2 * 1024 * 1024  # bytes
_ROOMS = (
    shell,
    today,
    dashboard,
    follow_ups,
    calendar_links,
    calendar,
    team,
    tour,
    guide,
    installed,
    leads,
    saved_views,
    quick,
    bulk_page,
    exporting,
    adding_page,
    lead_actions,
    conflicts,
    refused,
    attention,
    source_tabs,
    api,
    api_groups,
    api_writing,
    health,
)


def create_app(settings: AppSettings, engine: Engine) -> Flask:
    """The web app on this database. Raises ValueError without a secret key."""
    if not settings.secret_key:
        raise ValueError("SECRET_KEY is needed: sessions are signed with it")
    app = Flask("app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    _configure(app, settings)
    database.attach(app, settings, engine)
    errors.install(app)
    assets.install(app)
    security.install(app)  # after assets: headers stand on the compressed answer
    words.install(app, settings.timezone)
    limiter.init_app(app)
    csrf = CSRFProtect(app)
    for half in (api, api_groups, api_writing):
        csrf.exempt(half.blueprint)  # a bearer token is never sent by a browser on its own
    signin.install(app)
    forms.install(app)
    kept.install(app)
    toast.install(app)
    for room in _ROOMS:
        app.register_blueprint(room.blueprint)
    app.jinja_env.globals.update(crm_name=settings.crm_name, sheet_url=settings.sheet_url)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # how Flask documents middleware
    return app


def _configure(app: Flask, settings: AppSettings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="bumuk_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SESSION_REFRESH_EACH_REQUEST=False,  # once a day: app.signin
        MAX_CONTENT_LENGTH=_LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=_LARGEST_REQUEST,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session; a page may stay open all day
        WTF_CSRF_SSL_STRICT=True,
    )
    app.json = DefaultJSONProvider(app)
    app.json.sort_keys, app.json.ensure_ascii = False, False  # fields in Master's order; names in their own script
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
