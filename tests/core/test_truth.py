"""The bar of the project on messy leads with their truth: phones and dates, good rows let in, bad rows stopped."""

import pytest

from benchmarks.messy import tabs
from benchmarks.truth import Score, Truth, score
from core.columns import recognise
from core.model import LeadDraft, SourceRow, Tab
from core.normalise import Cleaner
from tests.core.shipped import CONFIG


def held(rows: int, seed: int) -> Score:
    drafts: dict[tuple[str, int], tuple[LeadDraft, ...]] = {}
    truths: list[Truth] = []
    for number, tab in enumerate(tabs(rows, seed)):
        shape = recognise(tab.header, tab.rows, CONFIG, tab.locale)
        assert shape.verdict == "source"
        sources = [SourceRow(Tab(number, tab.title), at, row, "") for at, row in enumerate(tab.rows, 2)]
        for source, found in zip(sources, Cleaner(shape, CONFIG).clean(sources), strict=True):
            drafts[tab.title, source.row] = found
        truths += tab.truths
    return score(drafts, truths)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_bar(seed: int) -> None:
    result = held(3000, seed)
    assert result.share("phones") >= 0.99, result.wrong.get("phones", [])[:5]
    assert result.share("dates") >= 0.99, result.wrong.get("dates", [])[:5]
    assert result.share("accepted dates are right") == 1.0, result.wrong.get("accepted dates are right", [])[:5]
    assert result.share("undecidable dates flagged") == 1.0
    assert result.share("decidable dates accepted") >= 0.97
    assert result.share("good rows let in") >= 0.99, result.wrong.get("good rows let in", [])[:5]
    assert result.share("bad rows stopped") >= 0.99, result.wrong.get("bad rows stopped", [])[:5]
    for name in ("emails", "names", "cities", "statuses", "children"):
        assert result.share(name) >= 0.99, result.wrong.get(name, [])[:5]


def test_the_score_sees_a_wrong_answer() -> None:
    truth = Truth("T", 2, 1, ("+919876543210",), name="Asha")
    row = SourceRow(Tab(1, "T"), 2, ("Asha", "9876543211"), "")
    wrong = score({("T", 2): (LeadDraft({"full_name": "Asha", "phone_number": "+919876543211"}, row),)}, [truth])
    assert wrong.share("phones") == 0.0
    assert wrong.share("names") == 1.0


def test_the_generator_repeats_itself() -> None:
    assert tabs(200, 9) == tabs(200, 9)
    assert tabs(200, 9) != tabs(200, 10)
