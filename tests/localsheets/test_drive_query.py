"""The search language of files.list."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localsheets.drive_errors import DriveError
from localsheets.drive_query import Searched, matching

SHEET = "application/vnd.google-apps.spreadsheet"
FILE = Searched(
    name="Reader's list 2025", mime=SHEET, created=1_700_000_000.0, modified=1_750_000_000.0, trashed=False,
        starred=True,
    shared_with_me=False, parents=("folder1", "root"), owners=("asha@example.org",), writers=("asha@example.org",),
    readers=("asha@example.org", "ravi@example.org"), visibility="anyoneWithLink", me="ravi@example.org",
    properties={"properties": {"a": "it's b"}},
)  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "", "  ", f'mimeType="{SHEET}"', f"mimeType='{SHEET}'", f'mimeType="{SHEET}" and name = "Reader\'s list 2025"',
        "name = 'Reader\\'s list 2025'", "name contains 'read'", "name contains 'list'", "name != 'x'",
        "not name = 'x'",
        "trashed = false", "trashed=false and starred=true", "trashed != true", "'folder1' in parents",
        "parents in \"folder1\"",
        "'root' in parents",
        "'ASHA@example.org' in owners", "'ravi@example.org' in readers", "not 'ravi@example.org' in writers",
        "modifiedTime > '2025-01-01T00:00:00'", "createdTime < '2024-01-01T00:00:00Z'", "fullText contains 'list'",
        "(name = 'x' or name contains 'read') and not trashed = true", "name = 'x' or trashed = false",
        "visibility = 'anyoneWithLink'", "visibility != 'limited'", "'me' in readers", "not 'me' in owners",
        "properties has { key='a' and value='it\\'s b' } and trashed=false",
        "not appProperties has {key='a' and value='b'}",
        "mimeType contains 'application/vnd'", "not sharedWithMe", "sharedWithMe = false",
    ],
)  # fmt: skip
def test_what_is_found(query: str) -> None:
    assert matching(query)(FILE)


@pytest.mark.parametrize(
    "query",
    [
        "name = 'x'",
        "name contains 'eader'",
        "trashed = true",
        "'other' in parents",
        "'me' in parents",
        "properties has { key='a' and value='c' }",
        "name = 'x' and trashed = false",
        "sharedWithMe",
    ],
)
def test_what_is_not_found(query: str) -> None:
    assert not matching(query)(FILE)


def test_a_quote_and_a_backslash_in_a_name() -> None:
    assert matching(r"name = 'a\\b\'c'")(replace(FILE, name=r"a\b'c"))


@pytest.mark.parametrize(
    "query",
    [
        "name", "name =", "= 'x'", "name = x", "name = 'x", "name < 'x'", "colour = 'red'", "name = 'x' and",
        "(name = 'x'",
        "name = 'x') ", "trashed = 'maybe'", "trashed = perhaps", "'a' in nowhere", "modifiedTime > 'yesterday'", "💥",
        "name = 'x' name = 'y'", "properties has { key='a' }", "properties has 'a'",
        "visibility = 'all'", "(" * 10_000, "not " * 10_000 + "trashed = true",
    ],
)  # fmt: skip
def test_what_cannot_be_read(query: str) -> None:
    with pytest.raises(DriveError) as refused:
        matching(query)
    assert refused.value.body()["error"]["errors"][0]["location"] == "q"


@given(st.text(alphabet="name='\" ()andornt<>\\x", max_size=40))
def test_any_text_is_read_or_refused(query: str) -> None:
    with contextlib.suppress(DriveError):
        assert matching(query)(FILE) in (True, False)
