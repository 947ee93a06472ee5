"""Settings are checked by name before anything starts."""

import pytest

from core.config import PhoneFormat
from core.settings import SettingsError, parse


def test_nothing_set_runs_on_the_local_server() -> None:
    settings = parse({}, {})
    assert settings.local
    assert (settings.port, settings.sheets_port, settings.sync_seconds) == (8000, 9090, 10)
    assert settings.phone_format is PhoneFormat.GROUPED


def test_the_environment_wins_over_the_file_and_blanks_are_not_set() -> None:
    settings = parse({"PORT": "9001", "CRM_NAME": "", "PATH": "/bin"}, {"PORT": "1", "CRM_NAME": "Ours"})
    assert (settings.port, settings.crm_name) == (9001, "Ours")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("TIMEZONE", "Asia/Nowhere"),
        ("TIMEZONE", "../etc"),
        ("PHONE_REGION", "India"),
        ("PHONE_FORMAT", "dots"),
        ("SYNC_SECONDS", "0"),
        ("SHEETS_API_URL", "localhost:9090"),
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        parse({name: value}, {})


def test_an_unknown_line_of_the_file_is_named() -> None:
    with pytest.raises(SettingsError, match="SPREDSHEET_ID"):
        parse({}, {"SPREDSHEET_ID": "1abc"})


def test_a_secret_is_never_repeated_in_a_message() -> None:
    with pytest.raises(SettingsError) as caught:
        parse({"PORT": "x", "SECRET_KEY": "hush"}, {})
    assert "hush" not in str(caught.value)


def test_lists_and_formats_are_read_leniently() -> None:
    settings = parse({"ADMIN_EMAILS": " Neha@Example.org, ", "PHONE_FORMAT": "E164", "PHONE_REGION": "in"}, {})
    assert settings.admin_emails == ("neha@example.org",)
    assert settings.phone_format is PhoneFormat.E164
    assert settings.phone_region == "IN"
