"""The peer of the leads page: Flask and Jinja, the same 50 rows from memory, rendered anew for each request.

No session, no database, no counters: what a table of this size costs at the least. Its template is our page's own.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, render_template

from app import words
from app.factory import ROOT
from app.list_columns import USUAL
from app.shown import showing
from store import search
from store.config import default_config
from store.database import database_url, open_database, reading
from store.search import LeadQuery


def create() -> Flask:
    app = Flask("peer", template_folder=str(ROOT / "templates"))
    config = default_config()
    words.install(app, config.timezone)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    engine = open_database(database_url(None, Path(os.environ["DATA_DIR"])))
    with reading(engine) as conn:
        leads = search.page(conn, LeadQuery(), 50).leads
    shown = showing(config, datetime.now(UTC).date())
    more = tuple(column.name for column in USUAL if column.plain)
    rows = [shown.row(lead, more=more) for lead in leads]
    columns = {column.name for column in USUAL}
    labels = {column.name: column for column in USUAL}

    @app.get("/")
    def table() -> str:
        return render_template(
            "parts/leads_found.html",
            rows=rows,
            columns=columns,
            labels=labels,
            heads=[],
            may_write=True,
            counted="340,000 in all",
            sorted_by="next follow-up",
            next_address="",
            shown_words="",
        )

    return app
