from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.app.book import fill
from tests.app.test_lead_actions import send


def test_an_empty_book_begins_with_a_tour_of_three_steps(client: FlaskClient) -> None:
    assert "Step 1 of 3" in client.get("/").text
    for step, title in ((1, "Bring your leads in"), (2, "Say who calls"), (3, "Call the first family")):
        page = client.get(f"/?tour={step}").text
        assert f"Step {step} of 3" in page
        assert title in page


def test_put_away_it_stays_away(client: FlaskClient) -> None:
    assert send(client, "/tour/away", {}, "/").status_code == 303
    assert "Step 1 of 3" not in client.get("/").text
    assert "Step 2 of 3" in client.get("/?tour=2").text  # from Help, whenever one likes


def test_a_book_with_leads_has_none(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 10)
    assert 'class="card tour"' not in client.get("/").text
    assert "(done)" in client.get("/?tour=1").text
    assert 'class="card tour"' not in client.get("/?tour=9").text
