"""A tab's columns: what each of them means, how its dates are written, and whether the tab is a source by itself.

Where it stands: the sync shows a new tab's header and rows to `recognise` once, keeps the `TabShape` as JSON, and
gives it to `normalise` with every row.

Two columns for one field:
- phones: all are read; the first valid one is the phone, the others stand in `other_phones`;
- names: a parent's column is the lead's name; beside it a plain "Name" is the child's, if there is no child column, and
  so is a "Name" beside an "Age" of children;
- children: each column is another child, its age the column of the same rank;
- notes, responses, addresses: all are kept;
- every other field: the surer header wins (exact synonym, then cut, then by its words), then the left one; the other
  fills in where that one is blank, and is kept in `extra` where the two differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.config import Config
from core.date_orders import DateOrders, decide
from core.dates import Order
from core.headers import ROLES, Sureness, field_of, is_unnamed, tight_table
from core.model import Cell
from core.names import parse_age
from core.phones import parse as parse_phone
from core.text import cell_text, fold, tidy

_MASTERS = frozenset(
    (
        "lead score", "status updated date", "household", "source tab", "source key", "created at", "updated at",
        "customer segment", "potential value", "engagement strategy", "library benefits", "other phones",
    )
)  # fmt: skip
_PLAIN_AGES = frozenset(("age", "ages", "age years", "age in years", "age yrs", "years", "age in yrs"))
_OF_PARENTS = frozenset(("customer", "client", "contact", "lead", "parent", "your", "account"))
_GLANCE, _FEW = 20, 2  # rows, and of them filled ones, that say what a column without a title holds
_SEVERAL = 3  # of Master's own columns make a copy of it
_PIVOT = re.compile(r"(?:counta?|countunique|sum|average|min|max|median) of |grand total$")
DATE_FIELDS = frozenset(("lead_date", "birth_date", "next_follow_up", "last_contacted"))
NAME_FIELDS = frozenset(("full_name", "parent_name", "first_name", "child_name", "child_and_age"))
_MANY = frozenset(
    (
        "phone_number",
        "other_phones",
        "child_name",
        "child_and_age",
        "child_age",
        "birth_date",
        "notes",
        "response",
        "address",
    )
)
_UNASKED = frozenset(("lead_id", "lead_score", "household", "source_tab", "source_key", "created_at", "updated_at"))


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What becomes of one column. `index` counts from 0; `header` is tidied; `field` is a field of Master, a role of
    `core.headers.ROLES`, or "" (kept in `extra`, unless `dropped`); `rule` says why, for a person; `choice` is 0 for
    the column that fills its field and counts up for the others."""

    index: int
    header: str
    field: str = ""
    dropped: bool = False
    rule: str = ""
    choice: int = 0


@dataclass(frozen=True, slots=True)
class TabShape:
    """How a source tab is to be read. `verdict`: "source" (taken by itself), "ask" (a person decides) or "no"
    (nothing in it to take); `why` in plain words. `date_orders` by column index. `header_row`: the 0-based row of the
    header (`core.header_rows`)."""

    columns: tuple[ColumnUse, ...]
    date_orders: tuple[tuple[int, DateOrders], ...]
    verdict: str
    why: str
    has_lead_id: bool = False
    header_row: int = 0


def recognise(
    header: Sequence[Cell], rows: Sequence[Sequence[Cell]], config: Config, locale: str = "", formulas: bool = False
) -> TabShape:
    """Reads a tab's header, with its rows as evidence. `locale` is the spreadsheet's (`en_IN`); `formulas`: cells of
    the tab are formulas."""
    tight = tight_table(config.column_synonyms)
    found = [_use(index, cell, config, tight) for index, cell in enumerate(header)]
    uses = _choose(found, rows, config)
    orders = tuple(
        (use.index, decide([row[use.index] for row in rows if use.index < len(row)], locale))
        for use in uses
        if use.field in DATE_FIELDS
    )
    titles = [fold(cell_text(cell)) for cell in header]
    has_id = "lead id" in titles
    fields = {use.field for use in uses if not use.dropped} - {""}
    if not fields and _holds_phones((header, *rows[:_GLANCE]), config):
        verdict, why = "ask", "it holds phone numbers, but no header says which: give its columns titles"
    else:
        verdict, why = _verdict(fields, _copied(titles), formulas)
    return TabShape(uses, orders, verdict, why, has_id)


def _use(index: int, cell: Cell, config: Config, tight: Mapping[str, str]) -> tuple[ColumnUse, Sureness]:
    title = tidy(cell_text(cell))
    if is_unnamed(title):
        return ColumnUse(index, title, dropped=True, rule="no name"), Sureness.EXACT
    field, sureness = field_of(title, config.column_synonyms, tight)
    if field in _UNASKED:
        field = ""
    if not field:
        return ColumnUse(index, title, rule="nobody knows it; kept as it is"), sureness
    how = {Sureness.EXACT: "by its name", Sureness.CUT: "by part of its name", Sureness.WORDS: "by its words"}[sureness]
    return ColumnUse(index, title, field, rule=how), sureness


def _choose(
    found: list[tuple[ColumnUse, Sureness]], rows: Sequence[Sequence[Cell]], config: Config
) -> tuple[ColumnUse, ...]:
    found = _aged_names(_plain_names(_real_emails(_real_phones(found, rows, config), rows)), rows)
    ranked = sorted(found, key=lambda pair: (pair[1], pair[0].index))
    seen: dict[str, ColumnUse] = {}
    chosen: dict[int, ColumnUse] = {}
    counts: dict[str, int] = {}
    for use, _ in ranked if ranked else []:
        field = "phone_number" if use.field == "other_phones" and "phone_number" not in _fields(found) else use.field
        use = replace(use, field=field)
        if not use.field or use.dropped:
            chosen[use.index] = use
            continue
        choice = counts.get(use.field, 0)
        counts[use.field] = choice + 1
        if choice:
            use = replace(use, choice=choice, rule=f"{use.rule}; {_second(use.field, seen[use.field].header)}")
        else:
            seen[use.field] = use
        chosen[use.index] = use
    return _in_column_order(tuple(chosen[index] for index in sorted(chosen)))


def _in_column_order(uses: tuple[ColumnUse, ...]) -> tuple[ColumnUse, ...]:
    """Fields that all their columns fill count them from left to right."""
    counts: dict[str, int] = {}
    ordered = []
    for use in uses:
        if use.field in _MANY and use.field not in ("phone_number",):
            use = replace(use, choice=counts.get(use.field, 0))
            counts[use.field] = use.choice + 1
        ordered.append(use)
    return tuple(ordered)


def _fields(found: list[tuple[ColumnUse, Sureness]]) -> set[str]:
    return {use.field for use, _ in found}


def _second(field: str, first: str) -> str:
    if field in ("phone_number", "other_phones"):
        return f"“{first}” is the phone, this one stands in other phones"
    if field in ("child_name", "child_last_name", "child_and_age", "child_age", "birth_date"):
        return f"another child beside “{first}”"
    if field in ("notes", "response", "address"):
        return f"kept together with “{first}”"
    return f"“{first}” comes first, this one fills in where that is blank"


def _real_phones(
    found: list[tuple[ColumnUse, Sureness]], rows: Sequence[Sequence[Cell]], config: Config
) -> list[tuple[ColumnUse, Sureness]]:
    """Where several columns claim to be phones ("Number" beside "Mobile"), one without a single phone in five cells or
    more is none."""
    phones = [use for use, _ in found if use.field == "phone_number"]
    if len(phones) < 2:
        return found
    share = {use.index: _phone_share(use.index, rows, config) for use in phones}
    if max(share.values()) <= 0:
        return found
    return [
        (replace(use, field="", rule="named like a phone, but holds none; kept as it is"), sureness)
        if use.field == "phone_number" and share[use.index] == 0
        else (use, sureness)
        for use, sureness in found
    ]


def _phone_share(index: int, rows: Sequence[Sequence[Cell]], config: Config) -> float:
    """The share of a column's cells that hold a phone; -1 where fewer than five speak."""
    cells = [row[index] for row in rows[:400] if index < len(row) and row[index] not in (None, "")]
    if len(cells) < 5:
        return -1.0
    return sum(bool(parse_phone(cell, config).phones) for cell in cells) / len(cells)


def _real_emails(
    found: list[tuple[ColumnUse, Sureness]], rows: Sequence[Sequence[Cell]]
) -> list[tuple[ColumnUse, Sureness]]:
    """A question about e-mails ("Can we email you?") whose answers hold none is no column of e-mails."""
    return [
        (replace(use, field="", rule="it speaks of e-mails, but holds none; kept as it is"), sureness)
        if use.field == "email" and sureness is Sureness.WORDS and _speaks_without(use.index, rows, "@")
        else (use, sureness)
        for use, sureness in found
    ]


def _speaks_without(index: int, rows: Sequence[Sequence[Cell]], sign: str) -> bool:
    cells = [str(row[index]) for row in rows[:400] if index < len(row) and row[index] not in (None, "")]
    return len(cells) >= _FEW and not any(sign in cell for cell in cells)


def _holds_phones(rows: Sequence[Sequence[Cell]], config: Config) -> bool:
    """Whether a column is made of phones, though nothing names it."""
    for index in range(max(map(len, rows), default=0)):
        cells = [row[index] for row in rows if index < len(row) and row[index] not in (None, "")]
        if len(cells) >= _FEW and sum(bool(parse_phone(cell, config).phones) for cell in cells) > len(cells) * 0.6:
            return True
    return False


def _plain_names(found: list[tuple[ColumnUse, Sureness]]) -> list[tuple[ColumnUse, Sureness]]:
    fields = _fields(found)
    if "parent_name" not in fields or "full_name" not in fields or fields & {"child_name", "child_and_age"}:
        return found
    return [
        (replace(use, field="child_name", rule="a name beside a parent's name is the child's"), sureness)
        if use.field == "full_name"
        else (use, sureness)
        for use, sureness in found
    ]


def _aged_names(
    found: list[tuple[ColumnUse, Sureness]], rows: Sequence[Sequence[Cell]]
) -> list[tuple[ColumnUse, Sureness]]:
    """A plain "Age" tells whose name stands beside it, if the ages are children's."""
    ages = [use.index for use, _ in found if use.field == "child_age" and fold(use.header) in _PLAIN_AGES]
    if not ages or _fields(found) & {"parent_name", "child_name", "child_and_age", "first_name"}:
        return found
    cells = [row[ages[0]] for row in rows[:400] if ages[0] < len(row) and row[ages[0]] not in (None, "")]
    if not cells or sum(parse_age(cell) is not None for cell in cells) < len(cells) * 0.6:
        return found
    return [
        (replace(use, field="child_name", rule="a name beside a child's age is the child's"), sureness)
        if use.field == "full_name" and not _OF_PARENTS.intersection(fold(use.header).split())
        else (use, sureness)
        for use, sureness in found
    ]


def _copied(titles: Sequence[str]) -> str:
    """Why a header is one of a tab that only repeats what stands elsewhere; "" where nothing speaks for it."""
    if "lead id" in titles:
        return "it has a lead_id column, so it may be a copy of Master"
    if len(_MASTERS.intersection(titles)) >= _SEVERAL:
        return "it has columns that only Master has, so it may be a copy of it"
    if any(_PIVOT.match(title) for title in titles):
        return "it counts or sums up another tab, as a pivot table does"
    return ""


def _verdict(fields: set[str], copied: str, formulas: bool) -> tuple[str, str]:
    phone, named = "phone_number" in fields, bool(fields & NAME_FIELDS)
    if not fields:
        return "no", "no column of a lead was recognised in its first rows"
    if copied:
        return "ask", copied
    if formulas:
        return "ask", "its cells are formulas, so it may only show what stands elsewhere"
    if not phone:
        return "ask", "it has no phone column"
    if not named and "email" not in fields:
        return "ask", "it has a phone column, but neither a name nor an e-mail column"
    return "source", "it has a phone column and a name or e-mail column"


def role_label(field: str) -> str:
    """A field or role in words, for pages."""
    return ROLES.get(field, field.replace("_", " "))


def shape_to_json(shape: TabShape) -> str:
    """The shape as the store keeps it."""
    return json.dumps(
        {
            "columns": [[use.index, use.header, use.field, use.dropped, use.rule, use.choice] for use in shape.columns],
            "dates": [
                [
                    index,
                    orders.other.value,
                    {style: order.value for style, order in orders.styles.items()},
                    orders.trust_serials,
                    orders.trust_timed,
                ]
                for index, orders in shape.date_orders
            ],
            "verdict": shape.verdict,
            "why": shape.why,
            "lead_id": shape.has_lead_id,
            "header_row": shape.header_row,
        },
        ensure_ascii=False,
    )


def shape_from_json(text: str) -> TabShape:
    """What `shape_to_json` wrote. Raises ValueError, KeyError or TypeError on anything else."""
    kept = json.loads(text)
    return TabShape(
        tuple(ColumnUse(*use) for use in kept["columns"]),
        tuple(
            (index, DateOrders(Order(other), {style: Order(order) for style, order in styles.items()}, *trust))
            for index, other, styles, *trust in kept["dates"]
        ),
        kept["verdict"],
        kept["why"],
        kept["lead_id"],
        kept.get("header_row", 0),
    )
