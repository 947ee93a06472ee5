"""People's own columns of a lead that comes back: what stood in them goes into its new row. Part of `sync.outgoing`.

What came out of a formula comes back as its value. Where a formula fills the column by itself, nothing is written into
it: one value in its way would empty the whole column.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.model import Cell, Change, ChangeKind
from store import kept
from store.database import reading
from store.recalled import deleted_lead
from sync.batch import MasterShape
from sync.filling import fills
from sync.link import Link
from sync.ranges import GridRange
from sync.reading import read
from sync.window import contested

Own = Mapping[str, Mapping[int, Cell]]


def returning(link: Link, master: MasterShape, changes: Sequence[Change]) -> Own:
    """By lead and 0-based column what the restored ones among `changes` had in people's columns. One read where there
    is anything to bring back."""
    restored = [change.lead_id for change in changes if change.kind is ChangeKind.RESTORE]
    if not restored:
        return {}
    with reading(link.engine) as conn:
        texts = kept.of_keys(conn, "deleted", restored)
    extras = {lead_id: deleted_lead(lead_id, text).extra for lead_id, text in texts.items()}
    columns = {name: column for name, column in _own(master).items() if any(name in one for one in extras.values())}
    if not columns:
        return {}
    free = _free(link, master, list(columns.values()))
    return {
        lead_id: {column: extra[name] for name, column in columns.items() if name in extra and column in free}
        for lead_id, extra in extras.items()
    }


def _own(master: MasterShape) -> dict[str, int]:
    """The columns that are not ours by their headers, as `sync.people` names them."""
    ours = {*master.columns.values(), *contested(master.header)}
    return {str(h): c for c, h in enumerate(master.header) if h not in (None, "") and c not in ours}


def _free(link: Link, master: MasterShape, columns: Sequence[int]) -> set[int]:
    """Those of the columns that no formula fills."""
    ranges = [GridRange(master.sheet_id, 0, None, column, column + 1) for column in columns]
    answers = read(link.sheets, ranges, formulas=True)
    return {
        column
        for column, rows in zip(columns, answers, strict=True)
        if not any(fills(cell) for row in rows for cell in row)
    }
