"""The bar of issue B on the generator's truth: true duplicates found, no false merge, each row in one disposition."""

from collections import Counter, defaultdict
from dataclasses import replace

import pytest

from benchmarks.messy import tabs
from benchmarks.truth import Truth
from core.book import book_of
from core.columns import recognise
from core.config import Person
from core.identity import fingerprints, identify
from core.intake import arrivals_of, plan_intake
from core.model import Disposition, LedgerEntry, SourceRow, Tab
from core.normalise import Cleaner
from tests.core.library import NOW
from tests.core.shipped import CONFIG

Place = tuple[str, int]


def taken_in(size: int, seed: int) -> tuple[dict[Place, LedgerEntry], dict[Place, Truth], int]:
    config = replace(CONFIG, team=(Person("Asha"), Person("Ravi")))
    arrivals = []
    truths: dict[Place, Truth] = {}
    for number, made in enumerate(tabs(size, seed)):
        tab = Tab(number, made.title)
        named = enumerate(zip(made.rows, fingerprints(made.rows), strict=True), 2)
        rows = [SourceRow(tab, place, tuple(cells), name) for place, (cells, name) in named]
        cleaner = Cleaner(recognise(made.header, made.rows, config, made.locale), config)
        arrivals += arrivals_of(identify(rows, (), True), cleaner.drafts)
        truths |= {(truth.tab, truth.row): truth for truth in made.truths}
    plan = plan_intake(arrivals, book_of(()), config, NOW, {})
    entries = {(a.row.tab.title, a.row.row): e for a, e in zip(arrivals, plan.ledger, strict=True)}
    return entries, truths, len(plan.changes)


@pytest.mark.parametrize("seed", [1, 2])
def test_duplicates_are_found_and_strangers_kept_apart(seed):
    entries, truths, leads = taken_in(4000, seed)
    assert set(entries) == set(truths)

    duplicates = [(place, truth.duplicate_of) for place, truth in truths.items() if truth.good and truth.duplicate_of]
    found = sum(bool(set(entries[one].lead_ids) & set(entries[other].lead_ids)) for one, other in duplicates)
    assert found >= 0.92 * len(duplicates)

    families: dict[str, set[int]] = defaultdict(set)
    phones: dict[int, set[str]] = defaultdict(set)
    for place, entry in entries.items():
        phones[truths[place].family].update(truths[place].phones)
        for lead_id in entry.lead_ids:
            families[lead_id].add(truths[place].family)
    merged = [sorted(several) for several in families.values() if len(several) > 1]
    # The generator may give two families one landline by chance; then no one could know.
    assert not [several for several in merged if not set.intersection(*(phones[family] for family in several))]

    ends = Counter(entry.disposition for entry in entries.values())
    good = [place for place, truth in truths.items() if truth.good]
    assert sum(entries[place].disposition is Disposition.ATTENTION for place in good) <= 0.01 * len(good)
    assert ends.total() == len(truths)
    assert len({lead_id for entry in entries.values() for lead_id in entry.lead_ids}) == leads
