from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from app.factory import create_app
from core.model import Lead
from store import mirror, state
from tests.app.book import NOW, TODAY, fill, lead, put
from tests.app.conftest import settings, sign_in

HTMX = {"HX-Request": "true", "HX-Target": "found"}


def names(page: str) -> list[str]:
    return re.findall(r'<a id="lead-[^"]+" href="[^"]+"><bdi>([^<]*)</bdi>', page)


def test_a_row_says_what_is_next(client: FlaskClient, book: Engine) -> None:
    page = client.get("/leads?q=Farah Siddiqui").text
    row = page.split('id="lead-LTEST00002"')[1].split("</tr>")[0]
    assert "(981) 555-0102" in row
    assert 'href="tel:+919815550102"' in row
    assert "22-11-2026" in row
    assert "today" in row
    assert 'data-tone="interested"' in row
    assert "Zoya, 4" in row


def test_late_is_said_in_words(client: FlaskClient, book: Engine) -> None:
    row = client.get("/leads").text.split('id="lead-LTEST00000"')[1].split("</tr>")[0]
    assert "9 days late" in row
    assert "i-alert" in row


def test_saving_and_conflict_are_shown_beside_the_lead(client: FlaskClient, book: Engine) -> None:
    page = client.get("/leads").text
    assert "saving…" in page.split('id="lead-LTEST00003"')[1].split("</tr>")[0]
    assert "Conflict" in page.split('id="lead-LTEST00004"')[1].split("</tr>")[0]
    assert (
        "Interested" in page.split('id="lead-LTEST00003"')[1].split("</tr>")[0]
    )  # the edit shows before the sheet has it


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=0102", ["Farah Siddiqui"]),
        ("q=(981) 555-0102", ["Farah Siddiqui"]),
        ("q=harpreet8@", ["Harpreet Kaur"]),
        ("status=re-engage later&q=kaur harpreet18", ["Harpreet Kaur 2"]),
        ("assigned_to=vikram&source=walk-in&q=arjun24", ["Arjun Menon 3"]),
        ("status=Nonsense", []),
        ("city=-", []),
    ],
)
def test_search_and_filters(client: FlaskClient, book: Engine, asked: str, found: list[str]) -> None:
    assert names(client.get(f"/leads?{asked}").text) == found


def test_overdue_is_before_the_librarys_today(client: FlaskClient, book: Engine) -> None:
    found = names(client.get("/leads?overdue=1").text)
    assert len(found) == 7
    assert all(name.startswith(("Deepak", "Imran")) for name in found)


def test_a_blank_field_can_be_asked_for(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0), lead(1, city=None)])
    assert names(client.get("/leads?city=-").text) == ["Imran Khan"]


def test_sorting_turns_round(client: FlaskClient, book: Engine) -> None:
    up = names(client.get("/leads?sort=full_name").text)
    down = names(client.get("/leads?sort=-full_name").text)
    assert up == sorted(up)
    assert down == up[::-1]
    assert 'aria-sort="descending"' in client.get("/leads?sort=-full_name").text


def test_show_more_reaches_every_lead_once(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 130)
    page = client.get("/leads")
    seen = names(page.text)
    assert len(seen) == 50
    while more := re.search(r'hx-get="([^"]+cursor=[^"]+)"', page.text):
        page = client.get(more[1].replace("&amp;", "&"), headers={"HX-Request": "true", "HX-Target": "rows"})
        assert "<html" not in page.text
        seen += names(page.text)
    assert len(seen) == len(set(seen)) == 130


def test_without_javascript_the_next_page_is_a_link(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 60)
    more = re.search(r'href="([^"]+cursor=[^"]+)"', client.get("/leads").text)
    assert more
    page = client.get(more[1].replace("&amp;", "&")).text
    assert "<html" in page
    assert len(names(page)) == 10


def test_htmx_gets_the_part_and_the_address(client: FlaskClient, book: Engine) -> None:
    answer = client.get("/leads?q=kaur&status=&city=", headers=HTMX)
    assert "<html" not in answer.text
    assert 'id="count"' in answer.text
    assert answer.headers["HX-Replace-Url"] == "/leads?q=kaur"
    assert "HX-Request" in answer.headers["Vary"]


def test_a_page_that_follows_keeps_its_rows(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 130)
    assert len(names(client.get("/leads?rows=100", headers=HTMX).text)) == 100
    assert len(names(client.get("/leads?rows=99999999999", headers=HTMX).text)) == 130


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("sort=password", "cannot be sorted"),
        ("limit=0", "limit"),
        ("limit=١٢", "limit"),
        ("limit=9999", "limit"),
        ("overdue=perhaps", "overdue"),
        ("cursor=rubbish", "Start from the top"),
        ("q=" + "x" * 201, "longer"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(client: FlaskClient, book: Engine, asked: str, named: str) -> None:
    answer = client.get(f"/leads?{asked}")
    assert answer.status_code == 400
    assert named in answer.text


def test_a_cursor_of_another_list_is_refused(client: FlaskClient, engine: Engine) -> None:
    fill(engine, 60)
    cursor = re.search(r"cursor=([\w-]+)", client.get("/leads").text)
    assert cursor
    assert client.get(f"/leads?status=Interested&cursor={cursor[1]}").status_code == 400


@pytest.mark.parametrize(
    "q", ["'; DROP TABLE leads; --", '" OR 1=1', "%", "_", "*", "NEAR(", "\x00", "﷽" * 60, "🧒" * 60, "(((("]
)
def test_hostile_searches_find_what_they_say(client: FlaskClient, book: Engine, q: str) -> None:
    assert client.get("/leads", query_string={"q": q}).status_code == 200
    assert len(names(client.get("/leads").text)) == 38


HOSTILE = Lead(
    lead_id="LHOSTILE01",
    full_name="<script>alert(1)</script>\u202egnp.exe",
    phone_number="javascript:alert(1)",
    email='x"onmouseover=alert(1)@example.com',
    city='=HYPERLINK("https://evil.example","Delhi")',
    status="<img src=x onerror=alert(1)>",
    priority="{{ 7*7 }}",
    assigned_to="\u202eahen\u2066",
    lead_source="x" * 50_000,
    notes="<b>" + "नमस्ते " * 7_000,
    child_name="' autofocus onfocus='alert(1)",
    other_phones="+919815550101, tel:1, <i>",
    next_follow_up=TODAY,
    extra={"<u>own</u>": "<script>2</script>", "": "=1+1"},
)


@pytest.mark.parametrize("address", ["/leads", "/leads/LHOSTILE01", "/leads?status=<img src=x onerror=alert(1)>"])
def test_a_hostile_cell_is_only_text(client: FlaskClient, engine: Engine, address: str) -> None:
    with engine.begin() as conn:
        put(conn, [HOSTILE, lead(1)])
    page = client.get(address).text
    assert page.count("<script") == page.count("<script src=")
    for told in ("<img", "<b>नम", "<u>", "<i>", 'javascript:alert(1)"', 'href="javascript', "onerror=alert(1)>"):
        assert told not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert len(page) < 300_000
    assert not re.search(r'href="[^"]*mouseover', page)


def test_one_hostile_row_does_not_stretch_the_list(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(n, full_name="अ" * 50_000, notes="n" * 50_000, city="c" * 50_000) for n in range(50)])
    assert len(client.get("/leads").data) < 500_000


def test_empty_says_what_to_do_next(client: FlaskClient, engine: Engine) -> None:
    page = client.get("/leads").text
    assert "has not been read yet" in page
    assert "Open the sheet" in page
    with engine.begin() as conn:
        state.write_status(conn, state.SyncStatus(last_cycle_at=NOW, last_good_at=NOW))
    assert "No leads yet." in client.get("/leads").text


def test_nothing_found_offers_the_whole_list(client: FlaskClient, book: Engine) -> None:
    page = client.get("/leads?q=zzz<b>").text
    assert "No lead matches" in page
    assert "zzz&lt;b&gt;" in page
    assert "Show all leads" in page


def test_do_not_contact_offers_no_call(client: FlaskClient, engine: Engine) -> None:
    with engine.begin() as conn:
        put(conn, [lead(0, do_not_contact=True)])
    for address in ("/leads", "/leads/LTEST00000"):
        page = client.get(address).text
        assert "Do not contact" in page
        assert "tel:" not in page
        assert "wa.me" not in page


def test_the_line_is_live(client: FlaskClient, book: Engine) -> None:
    first = client.get("/live")
    assert "Sheet synced 10:42 · 1 waiting" in first.text
    assert 'data-state="ok"' in first.text
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/live", headers=tag).status_code == 304
    with book.begin() as conn:
        put(conn, [lead(40)], first_row=100)
    assert client.get("/live", headers=tag).status_code == 200


def test_live_without_session_says_so_plainly(app: Flask, book: Engine) -> None:
    assert app.test_client().get("/live").status_code == 401


def test_the_librarys_day_is_not_utcs(engine: Engine) -> None:
    late_evening = NOW.replace(hour=19)  # 00:30 of the 23rd in Kolkata
    with engine.begin() as conn:
        put(conn, [lead(0, next_follow_up=TODAY)])
    client = sign_in(create_app(settings(clock=lambda: late_evening), engine), engine, now=late_evening)
    assert "1 day late" in client.get("/leads").text


def test_viewers_read(app: Flask, book: Engine) -> None:
    assert sign_in(app, book, "viewer").get("/leads").status_code == 200


def test_columns_are_chosen_and_kept_for_the_person(app: Flask, client: FlaskClient, book: Engine) -> None:
    page = client.get("/leads").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    chosen = {"csrf_token": token, "column": ["email", "phone_number", "nonsense"], "back": "/leads?q=0102"}
    assert client.post("/leads/columns", data=chosen).headers["Location"] == "/leads?q=0102"
    table = client.get("/leads?q=0102").text.split("<table")[1].split("</table>")[0]
    assert re.findall(r'<th role="columnheader" scope="col"[^>]*>(?:<a[^>]*>)?([\w -]+)', table) == [
        "Parent and child", "Phone", "E-mail",
    ]  # fmt: skip
    assert "farah2@example.com" in table
    assert "chip" not in table
    client.post("/leads/columns", data={"csrf_token": token, "usual": "1", "column": ["email"]})
    assert "Next follow-up" in client.get("/leads").text.split("<table")[1]


def test_a_page_is_the_books_whatever_was_kept(client: FlaskClient, book: Engine) -> None:
    """The list is rendered once a revision; a change of the book, of the day or of who looks is never missed."""
    first = client.get("/leads?q=farah").text
    assert client.get("/leads?q=farah").text.count("<tr") == first.count("<tr")
    with book.begin() as conn:
        put(conn, [lead(2, full_name="Farah <Khan>")], first_row=4)
    assert "Farah &lt;Khan&gt;" in client.get("/leads?q=farah").text
    with book.begin() as conn:
        mirror.set_state(conn, ["LTEST00002"], "deleted")
    assert "Khan" not in client.get("/leads?q=farah").text


@pytest.mark.parametrize("asked", ["score_from=many", "follow_up_from=31-02-2026", "lead_to=soon"])
def test_a_bad_bound_is_said_in_the_lists_place(client: FlaskClient, book: Engine, asked: str) -> None:
    answer = client.get(f"/leads?{asked}", headers=HTMX)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert client.get(f"/leads?{asked}").status_code == 400


def test_a_form_of_another_page_that_ends_here_gets_the_whole_list(client: FlaskClient, book: Engine) -> None:
    """htmx follows the answer of a form with its own headers."""
    answer = client.get("/leads", headers={"HX-Request": "true", "HX-Target": "main"})
    assert answer.status_code == 200
    assert 'id="main"' in answer.text
