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


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "SMTP_FROM"),
        ({"SMTP_FROM": "crm@example.org"}, "SMTP_HOST"),
        ({"SMTP_HOST": "m", "SMTP_FROM": "a@example.org", "SMTP_USERNAME": "u"}, "SMTP_PASSWORD"),
        ({"SMTP_HOST": "m", "SMTP_FROM": "a@example.org", "SMTP_PASSWORD": "hunter2"}, "SMTP_USERNAME"),
        ({"SMTP_HOST": "m", "SMTP_FROM": "not an address"}, "SMTP_FROM"),
        ({"SMTP_PORT": "0"}, "SMTP_PORT"),
        ({"SMTP_SECURITY": "some"}, "SMTP_SECURITY"),
        ({"DIGEST_AT": "8"}, "DIGEST_AT"),
        ({"DIGEST_AT": "25:00"}, "DIGEST_AT"),
        ({"PUBLIC_URL": "crm.example.org"}, "PUBLIC_URL"),
    ],
)
def test_what_is_said_of_mail_is_checked_at_start(given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as refused:
        parse(given, {})
    assert "hunter2" not in str(refused.value)


def test_mail_as_it_should_be() -> None:
    whole = {"SMTP_HOST": "m", "SMTP_FROM": "a@example.org", "SMTP_USERNAME": "u", "SMTP_PASSWORD": "p"}
    read = parse(whole | {"DIGEST_AT": "07:30", "PUBLIC_URL": "https://crm.example.org/"}, {})
    assert (read.smtp_port, read.smtp_security, read.digest_at.isoformat("minutes")) == (587, "starttls", "07:30")
    assert read.public_url == "https://crm.example.org"
