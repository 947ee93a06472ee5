"""What machines ask: is it alive, is it ready, how does it go. Numbers are read from the database at each scrape, so
that two web processes tell the same."""

from __future__ import annotations

from datetime import timedelta

import structlog
from flask import Blueprint, Response, jsonify
from flask_login import current_user
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import Unauthorized

from app.api_access import bearer
from app.database import now, reading, settings
from store import counters, mirror, state, stopped
from store.state import SyncStatus

blueprint = Blueprint("health", __name__)
log = structlog.get_logger(__name__)

_FRESH = timedelta(minutes=5)


@blueprint.get("/healthz")
def alive() -> Response:
    """The process answers. Says nothing of the database: restarting the web would not bring that back."""
    return jsonify({"status": "ok"})


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """503 while the database does not answer, or the last good sync is older than five minutes (or 30 cycles). Fields
    whose header is gone from Master are named: they stand still, the others go on."""
    try:
        status = state.read_status(reading())
        stands_still: list[str] = stopped.fields(reading())
    except SQLAlchemyError as error:
        log.error("the database does not answer", why=str(error))
        return jsonify({"status": "not ready", "database": "away", "last_good_sync": None}), 503
    good = status.last_good_at
    fresh = good is not None and now() - good <= max(_FRESH, timedelta(seconds=30 * settings().sync_seconds))
    told = {
        "status": ("degraded" if stands_still else "ok") if fresh else "not ready",
        "database": "ok",
        "last_good_sync": good.isoformat() if good else None,
        "stopped_fields": stands_still,
    }
    return jsonify(told), 200 if fresh else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus. Asks for a session or an API token like everything that tells of the leads."""
    if not current_user.is_authenticated and bearer() is None:
        raise Unauthorized
    return Response(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    conn = reading()
    _sync_gauges(registry, state.read_status(conn))
    Gauge("bumuk_leads", "Leads in the book", registry=registry).set(mirror.count(conn))
    by_status = Gauge("bumuk_leads_by_status", "Leads by status", ["status"], registry=registry)
    for label, n in counters.by(conn, "status").items():
        by_status.labels(label).set(n)
    Gauge("bumuk_revision", "Moves with every change of the book", registry=registry).set(state.revision(conn))
    return registry


def _sync_gauges(registry: CollectorRegistry, status: SyncStatus) -> None:
    def gauge(name: str, told: str, value: float) -> None:
        Gauge(f"bumuk_{name}", told, registry=registry).set(value)

    gauge("pending_changes", "Changes that the sheet does not have yet", status.pending)
    gauge("conflicts", "Conflicts that nobody has decided", status.conflicts)
    gauge("attention", "Rows that could not become leads", status.attention)
    gauge("sheet_calls_last_minute", "Calls to the sheet in the last minute", status.calls_last_minute)
    gauge("sync_problem", "1 while the last cycle met a problem", 1 if status.problem else 0)
    for name, at in (("last_cycle", status.last_cycle_at), ("last_good_sync", status.last_good_at)):
        if at is not None:
            gauge(f"{name}_timestamp_seconds", f"When the {name.replace('_', ' ')} ended (Unix time)", at.timestamp())
    if status.lag_seconds is not None:
        gauge("sync_lag_seconds", "How old the picture of the sheet was at the last cycle", status.lag_seconds)
