"""The order of rows against a plain list."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from localsheets.storage import order as order_module
from localsheets.storage.order import RowOrder

STEP = st.tuples(
    st.sampled_from(["insert", "delete", "move", "replace"]), st.floats(0, 1), st.floats(0, 1), st.integers(1, 1300)
)


def _apply(order: RowOrder, plain: list[int], step: tuple[str, float, float, int], fresh: int) -> int:
    kind, one, two, count = step
    at = int(one * len(plain))
    if kind == "insert":
        ids = range(fresh, fresh + count)
        order.insert(at, ids)
        plain[at:at] = ids
        return fresh + count
    stop = min(len(plain), at + count)
    if kind == "delete":
        assert list(order.delete(at, stop)) == plain[at:stop]
        del plain[at:stop]
    elif kind == "replace":
        turned = plain[at:stop][::-1]
        order.replace(at, turned)
        plain[at:stop] = turned
    else:
        gone = order.delete(at, stop)
        taken = plain[at:stop]
        del plain[at:stop]
        to = int(two * len(plain))
        order.insert(to, gone)
        plain[to:to] = taken
    return fresh


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=25))
def test_behaves_like_a_list_and_keeps_the_disk_in_step(steps: list[tuple[str, float, float, int]]) -> None:
    order, plain, fresh = RowOrder(), list[int](), 1
    disk: dict[int, list[int]] = {}
    for step in steps:
        fresh = _apply(order, plain, step, fresh)
        for ord_ in order.removed:
            disk.pop(ord_, None)
        disk.update({block.ord: list(block.ids) for block in order.changed})
        order.changed, order.removed = set(), set()
        assert list(order) == plain
        assert len(order) == len(plain)
        assert [row for ord_ in sorted(disk) for row in disk[ord_]] == plain
        assert all(0 < len(block.ids) <= order_module.BLOCK for block in order.blocks)
    for at in {0, len(plain) // 2, len(plain) - 1} if plain else set[int]():
        assert order.at(at) == plain[at]
        assert order.position_of(plain[at]) == at
        assert list(order.slice(at, at + 700)) == plain[at : at + 700]


def test_inserting_at_one_place_for_ever_runs_out_of_no_room() -> None:
    order, plain = RowOrder(), list[int]()
    disk: dict[int, list[int]] = {}
    order.insert(0, range(1024))
    plain[0:0] = range(1024)
    for i in range(200):
        ids = range(10_000 + i * 512, 10_000 + (i + 1) * 512)
        order.insert(512, ids)
        plain[512:512] = ids
        for ord_ in order.removed:
            disk.pop(ord_, None)
        disk.update({block.ord: list(block.ids) for block in order.changed})
        order.changed, order.removed = set(), set()
    assert list(order) == plain
    assert [row for ord_ in sorted(disk) for row in disk[ord_]] == plain


def test_an_insert_touches_few_blocks_however_many_there_are() -> None:
    order = RowOrder()
    order.insert(0, range(340_000))
    order.changed = set()
    order.insert(1, [999_999])
    order.delete(200_000, 200_001)
    assert len(order.changed) + len(order.removed) <= 4
