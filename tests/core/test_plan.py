from core.model import Change, ChangeKind, Conflict, Disposition, Issue, LedgerEntry, Plan
from core.plan import describe, unattended_risk
from tests.core.library import NOW


def changes(count: int, kind: ChangeKind) -> tuple[Change, ...]:
    return tuple(Change(f"C{n}", f"L{n}", kind, {"city": ("Delhi", "Pune")}, "sync", NOW, "why") for n in range(count))


def test_fifty_leads_or_thirty_percent_may_change_unattended():
    assert unattended_risk(Plan(changes(50, ChangeKind.UPDATE)), 60) is None
    assert "51 of 60" in (unattended_risk(Plan(changes(51, ChangeKind.UPDATE)), 60) or "")
    assert unattended_risk(Plan(changes(300, ChangeKind.DELETE)), 1000) is None
    assert unattended_risk(Plan(changes(301, ChangeKind.DELETE)), 1000) is not None


def test_a_first_import_is_no_risk():
    assert unattended_risk(Plan(changes(5000, ChangeKind.CREATE)), 0) is None


def test_many_changes_of_one_lead_count_once():
    one = tuple(Change(f"C{n}", "L1", ChangeKind.UPDATE, {}, "sync", NOW) for n in range(99))
    assert unattended_risk(Plan(one), 10) is None


def test_a_plan_in_words():
    plan = Plan(
        changes=(
            Change("C1", "L1", ChangeKind.CREATE, {"full_name": (None, "Asha")}, "sync", NOW, "new"),
            *changes(1, ChangeKind.UPDATE),
        ),
        conflicts=(Conflict("L2", "city", "Delhi", "Pune", "Agra"),),
        issues=(Issue("Form", 4, "no phone", blocking=True), Issue("Form", 5, "odd date")),
        ledger=(
            LedgerEntry(7, "f:0", "", Disposition.CREATED, ("L1",)),
            LedgerEntry(7, "g:0", "", Disposition.ATTENTION),
        ),
    )
    lines = list(describe(plan))
    assert lines[0] == "create    L1  Name Asha  (new)"
    assert "City Delhi -> Pune" in lines[1]
    assert "Agra" in lines[2]
    assert lines[3] == "attention Form, row 4: no phone"
    assert lines[4].startswith("note")
    assert lines[-2:] == ["rows: 1 attention, 1 created", "leads: 1 to create, 1 to update"]
    assert list(describe(Plan())) == ["rows: none", "leads: nothing to do"]
