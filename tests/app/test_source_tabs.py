"""How the tabs of the sheet and their columns are understood, shown and changed."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import Engine

from core.columns import recognise, shape_to_json
from core.model import Cell
from store import tabs
from store.tabs import Role, TabState
from tests.app.conftest import csrf
from tests.core.shipped import CONFIG


def put(engine: Engine, sheet_id: int, title: str, role: Role, header: tuple[Cell, ...], why: str) -> None:
    shape = shape_to_json(recognise(header, (), CONFIG))
    with engine.begin() as conn:
        tabs.put_tab(conn, TabState(sheet_id, title, role, header, shape, rows=12, why=why))


def test_each_column_is_shown_with_its_rule(client: FlaskClient, engine: Engine) -> None:
    header = ("Name", "Mobile", "WhatsApp number", "Which town do you live in?", "City", "Shoe size", "")
    put(engine, 41, "Fair <b>", "source", header, "it has a phone column")
    page = client.get("/tabs").text
    assert "Fair &lt;b&gt;" in page
    assert "11 rows under the header in row 1" in page
    for words in (
        "“Mobile” is the phone, this one stands in other phones",
        "“City” comes first",
        "Shoe size",
        "Not read",
    ):
        assert words in page


def test_an_answer_can_be_changed_later(client: FlaskClient, engine: Engine) -> None:
    put(engine, 42, "Copy of Master", "ask", ("lead_id", "Name", "Phone"), "it has a lead_id column")
    page = client.get("/tabs").text
    assert "Take its rows in" in page
    form = {"csrf_token": csrf(page), "role": "source", "back": "tabs"}
    answer = client.post("/attention/tabs/42", data=form)
    assert (answer.status_code, answer.location) == (302, "/tabs")
    assert "Its rows become leads" in client.get("/tabs").text
    client.post("/attention/tabs/42", data=form | {"role": "skip"})
    assert "Left alone" in client.get("/tabs").text


def test_without_tabs_it_is_said_what_to_do(client: FlaskClient, engine: Engine) -> None:
    assert "No tabs but the CRM’s own" in client.get("/tabs").text
