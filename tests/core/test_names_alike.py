import pytest

from core.names_alike import alike, begins, fold_name, fullest, nothing_shared


def test_folding():
    assert fold_name("  EMMA-Rose. ") == fold_name("emma rose")
    assert fold_name("रवि") != fold_name("रवा")
    assert fold_name(None) == ""


@pytest.mark.parametrize(("one", "other"), [("aarav", "aarav s"), ("anaya", "annaya"), ("ria sen", "ria")])
def test_alike(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(("one", "other"), [("emma", "ria"), ("ravi", "raj"), ("anaya", "aarav")])
def test_not_alike(one, other):
    assert not alike(one, other)


@pytest.mark.parametrize(
    ("names", "others", "nothing"),
    [
        (["asha rao"], ["vikram seth"], True),
        (["asha rao"], ["rao asha"], False),
        (["ravi kumar"], ["r kumar"], False),
        (["ravi kumar"], ["रवि कुमार"], False),
        ([], ["vikram seth"], False),
        (["asha rao", "meera nair"], ["vikram seth", "meera"], False),
    ],
)
def test_names_that_share_nothing(names, others, nothing):
    assert nothing_shared(names, others) is nothing


def test_the_fullest_of_names_that_begin_alike():
    assert fullest({"emma", "emma rao", "emma rao iyer", "ria"}) == {
        "emma": "emma rao iyer", "emma rao": "emma rao iyer", "emma rao iyer": "emma rao iyer", "ria": "ria",
    }  # fmt: skip
    assert fullest({"emma", "emma rao", "emma devi"})["emma"] == "emma"
    assert not begins("aarav", "aarav s")
