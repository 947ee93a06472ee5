"""Which column of a tab is which, between two looks at its header.

A header that stands once in both is the same column wherever it moved. One that is blank, doubled or renamed is known
by its neighbours: between two known ones that still stand around as many, or that stand around it once. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from core.model import Cell


def aligned(before: Sequence[Cell], after: Sequence[Cell]) -> Mapping[int, int]:
    """Columns (0-based) of the first look -> of the second; those that nobody can tell are left out."""
    width = max(len(before), len(after)) + 1  # what stands right of the last header is a column too
    one, other = _texts(before, width), _texts(after, width)
    if one == other:
        return {column: column for column in range(width)}
    known = _named(one, other)
    places = {there: here for here, there in known.items()}
    found = dict(known)
    for run in _runs([column for column in range(width) if column not in known]):
        found |= _between(run, known, places, one, other) or _once(run, known, places, one, other)
    return found


def _between(
    run: Sequence[int], known: Mapping[int, int], places: Mapping[int, int], one: Sequence[str], other: Sequence[str]
) -> dict[int, int]:
    """A run of columns between two known ones, or up to the open right side: of as many headers, or blank."""
    left = known.get(run[0] - 1, -1 if run[0] == 0 else None)
    if left is None:
        return {}
    now = range(left + 1, left + 1 + len(run))
    headers, there = [one[c] for c in run if one[c]], [text for text in other[left + 1 :] if text]
    closed = run[-1] < len(one) - 1
    as_many = known[run[-1] + 1] == now.stop if closed else len(headers) in (0, len(there))
    return dict(zip(run, now, strict=True)) if as_many and not any(column in places for column in now) else {}


def _once(
    run: Sequence[int], known: Mapping[int, int], places: Mapping[int, int], one: Sequence[str], other: Sequence[str]
) -> dict[int, int]:
    """Of a run between two known columns, among which others have come or gone, those whose header stands there once:
    it stands elsewhere too."""
    left, right = known.get(run[0] - 1, -1 if run[0] == 0 else len(other)), known.get(run[-1] + 1, len(other))
    now = [column for column in range(left + 1, right) if column not in places]
    named = _named([one[column] for column in run], [other[column] for column in now])
    return {run[here]: now[there] for here, there in named.items()}


def _texts(header: Sequence[Cell], width: int) -> list[str]:
    texts = ["" if cell is None else str(cell) for cell in header]
    return texts + [""] * (width - len(texts))


def _named(one: Sequence[str], other: Sequence[str]) -> dict[int, int]:
    often, there = Counter(one), Counter(other)
    place = {text: column for column, text in enumerate(other)}
    return {c: place[text] for c, text in enumerate(one) if text and often[text] == 1 and there[text] == 1}


def _runs(columns: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for column in columns:
        if runs and runs[-1][-1] == column - 1:
            runs[-1].append(column)
        else:
            runs.append([column])
    return runs
