"""Quotas: per user, per project, reads apart from writes, the window, the words."""

from __future__ import annotations

import pytest

from localsheets.errors import ApiError
from localsheets.quota import Quotas


def test_sixty_a_minute_for_a_user_in_googles_words() -> None:
    quotas = Quotas()
    for i in range(60):
        quotas.charge("a@x", False, 1000.0 + i / 10)
    with pytest.raises(ApiError) as refused:
        quotas.charge("a@x", False, 1010.0)
    body = refused.value.body()["error"]
    assert (body["code"], body["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert body["message"].startswith(
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
        "'sheets.googleapis.com' for consumer 'project_number:"
    )
    quotas.charge("a@x", True, 1010.0)
    quotas.charge("b@x", False, 1010.0)


def test_the_window_moves_and_a_refusal_does_not_count() -> None:
    quotas = Quotas(per_user=2)
    quotas.charge("a", True, 0.0)
    quotas.charge("a", True, 30.0)
    for at in (31.0, 45.0, 59.9):
        with pytest.raises(ApiError):
            quotas.charge("a", True, at)
    quotas.charge("a", True, 60.0)
    with pytest.raises(ApiError):
        quotas.charge("a", True, 61.0)
    quotas.charge("a", True, 90.0)


def test_three_hundred_for_the_project() -> None:
    quotas = Quotas()
    for i in range(300):
        quotas.charge(f"user{i % 10}", True, 5.0)
    with pytest.raises(ApiError, match="'Write requests per minute' of service"):
        quotas.charge("late", True, 6.0)


def test_a_clock_set_back_frees_the_quota() -> None:
    quotas = Quotas(per_user=1)
    quotas.charge("a", False, 10_000.0)
    quotas.charge("a", False, 5_000.0)


def test_switched_off() -> None:
    quotas = Quotas(enabled=False)
    for _ in range(1000):
        quotas.charge("a", True, 0.0)
