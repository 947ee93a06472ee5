from __future__ import annotations

import gzip

from flask.testing import FlaskClient
from sqlalchemy import Engine

ZIPPED = {"Accept-Encoding": "gzip"}


def test_pages_and_styles_are_compressed_when_asked(client: FlaskClient, book: Engine) -> None:
    for address in ("/leads", "/static/base.css"):
        plain, packed = client.get(address), client.get(address, headers=ZIPPED)
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.data) < len(plain.data) / 2
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data


def test_the_length_of_a_page_does_not_tell_what_is_in_it(client: FlaskClient, book: Engine) -> None:
    assert len({len(client.get("/leads/LTEST00002", headers=ZIPPED).data) for _ in range(40)}) > 1


def test_a_style_sheet_that_did_not_change_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get("/static/base.css", headers=ZIPPED).headers["ETag"]
    assert client.get("/static/base.css", headers={**ZIPPED, "If-None-Match": tag}).status_code == 304


def test_fonts_are_left_as_they_are(client: FlaskClient) -> None:
    answer = client.get("/static/icon.svg", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
