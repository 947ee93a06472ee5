"""With one of the protections switched off the oracle has to fail: it is a test of the simulation, not of the sync."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chaos import steer
from chaos.run import run
from chaos.trouble import NOTHING
from sync import batch, flush, proving, seeing, settling
from sync.verify import Verdict, verify

SEEDS = (3, 4, 5, 2, 1, 6, 7)  # one after the other until it shows: processes that run at once are never quite the same
ENOUGH = 480  # operations of each; most show within the first 100 of the first seed
SHOWN = ("lost", "misplaced", "half", "twice", "mixed")


def no_fence(patch: pytest.MonkeyPatch) -> None:
    """The batch neither takes the old fence down nor puts a new one up: it is applied whatever happened since."""
    build = batch.build

    def without(*given: Any) -> batch.Batch:
        made = build(*given)
        kept = [one for one in made.requests if not {"deleteNamedRange", "addNamedRange"} & one.keys()]
        return replace(made, requests=tuple(kept))

    patch.setattr(flush, "build", without)


def no_journal(patch: pytest.MonkeyPatch) -> None:
    """Nothing is kept of what stood where it wrote."""
    patch.setattr(batch, "keep", lambda aims: iter(()))


def no_verification(patch: pytest.MonkeyPatch) -> None:
    """Every write is taken to have landed where it was aimed, by its own answer and by the later read. The answer of
    those that are led astray comes here: of others the fence tells."""

    def believe(answer: Any, made: batch.Batch, master: batch.MasterShape) -> Verdict:
        found = verify(answer, made, master)
        rows = {one.lead_id: one.row if one.row is not None else 1 for one in made.expected}
        return Verdict(rows | dict(found.landed), (), header_moved=False)

    patch.setattr(flush, "verify", believe)
    patch.setattr(flush, "overtaken", lambda answer, made, crm_sheet: False)
    patch.setattr(proving, "holds", lambda found: True)
    patch.setattr(steer, "_UNHEARD", (NOTHING,))


def no_repair(patch: pytest.MonkeyPatch) -> None:
    """What went astray stays where it is."""
    patch.setattr(settling, "mend", lambda link, head, config, now: (head, ()))


def no_freeze(patch: pytest.MonkeyPatch) -> None:
    """Names that stand beside other ids are believed like anything that people type."""
    patch.setattr(seeing, "sift", lambda conn, seen, unnamed, now: list(seen))


OFF = [no_fence, no_journal, no_verification, no_repair, no_freeze]


@pytest.mark.slow
@pytest.mark.parametrize("off", OFF, ids=lambda one: str(one.__name__))
def test_the_oracle_fails_without(off: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    off(monkeypatch)
    assert any(run(seed, ENOUGH, stop=True).lost(*SHOWN) for seed in SEEDS), "the oracle found nothing"
