"""The front door: the `bumuk` command.

Parses, lets `assembly` put the parts together, prints. Exit status 0, 1 (it failed and says why) or 2 (it was asked in
the wrong way).
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, cast

import click

from assembly import (
    NotStarted,
    await_part,
    new_login_link,
    open_link,
    open_store,
    post_of,
    settings_now,
    sheet_server,
    sheet_url,
    sheets_base,
    sheets_part,
    shipped_config,
    web_from_environment,
)
from processes import Part, Run

if TYPE_CHECKING:
    from core.settings import Settings
    from store import users

__all__ = ["main", "web_from_environment"]  # gunicorn asks for bumuk:web_from_environment()

WEB_PROCESSES = 2


def step_printer(quiet: bool) -> Callable[[str], None]:
    """Says each step: one line that changes on a terminal, plain lines elsewhere."""
    if quiet:
        return lambda name: None  # noqa: ARG005  # nobody is to be told
    from rich.console import Console

    screen = Console(stderr=True)
    return (lambda name: screen.print(f"  {name}…", style="dim")) if screen.is_terminal else screen.print


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bumuk-library-crm")
def commands() -> None:
    """Bumuk Library CRM: the lead book of a children's library that lives in Google Sheets."""


@commands.command()
@click.option("--samples/--no-samples", default=True, help="Sample leads in a new local spreadsheet.")
def run(samples: bool) -> None:
    """Everything at once: the web app, the worker and, without credentials, the local sheet server."""
    settings, parts = settings_now(), Run()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, parts.ask)
    refuse_taken_ports(settings)
    try:
        if settings.local and not settings.sheets_api_url:
            await_part(parts.add(sheets_part(settings)), f"{sheets_base(settings)}/_local/health")
        link = open_link(settings, step_printer(quiet=True), samples=samples)
        found = {"SPREADSHEET_ID": link.sheets.spreadsheet_id}
        parts.add(Part("The worker", ("worker",), found))
        web = parts.add(Part("The web app", ("web",), found))
        await_part(web, f"http://127.0.0.1:{settings.port}/healthz")
        click.echo(f"\n  The sheet:    {sheet_url(settings, link.sheets.spreadsheet_id)}")
        click.echo(f"  Sign in once: {new_login_link(settings, link.engine)}")
        click.echo("  (another link: bumuk login-link; Ctrl+C ends everything)\n")
        parts.watch(click.echo)
    finally:
        parts.end()


def refuse_taken_ports(settings: Settings) -> None:
    """Says at once which port is taken, by the name of its setting."""
    wanted = {"PORT": settings.port} | ({"SHEETS_PORT": settings.sheets_port} if settings.local else {})
    for name, port in wanted.items():
        if not port:
            raise click.ClickException(f"{name} is 0; the parts find each other by number, so it must be a certain one")
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise click.ClickException(f"Port {port} is taken; set {name} to another one") from error


@commands.command()
def web() -> None:
    """The web app alone, under gunicorn."""
    settings = settings_now()
    arguments = ["--workers", str(WEB_PROCESSES), "--threads", "4", "--bind", f"{settings.host}:{settings.port}"]
    arguments += ["--log-level", "warning", "bumuk:web_from_environment()"]
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", *arguments])  # noqa: S606  # our own arguments


@commands.command()
def worker() -> None:
    """The worker alone: a cycle every SYNC_SECONDS until SIGTERM."""
    from sync.worker import Worker
    from sync.worker import run as run_worker

    settings = settings_now()
    link = open_link(settings, step_printer(quiet=True))
    run_worker(Worker(link, settings.sync_seconds, post=post_of(settings, link)))


@commands.command()
@click.option("--port", type=int, default=9090, show_default=True, help="0 takes a free one.")
@click.option("--data", type=click.Path(path_type=Path), required=True, help="Folder of its spreadsheets.")
@click.option("--no-quota", is_flag=True, help="No limits of calls per minute.")
@click.option("--faults", is_flag=True, help="Misbehave on request, for tests.")
def sheets(port: int, data: Path, no_quota: bool, faults: bool) -> None:
    """The local server that speaks Google's Sheets and Drive API."""
    from localsheets.command import CannotStart, serve

    try:
        serve(port, data, not no_quota, faults)
    except CannotStart as error:
        raise click.ClickException(str(error)) from error


@commands.command()
@click.option("--once", is_flag=True, help="One cycle (the default; the worker is what repeats it).")
@click.option("--dry-run", is_flag=True, help="Print what a cycle would do and write nothing.")
@click.option("--take-over", is_flag=True, help="Write to a copied spreadsheet, or one that another installation uses.")
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def sync(once: bool, dry_run: bool, take_over: bool, as_json: bool) -> None:  # noqa: ARG001  # --once is what it does anyway
    """Take in what is new in the sheet, now."""
    from sync.cycle import run_cycle, taking_over
    from sync.rehearsal import rehearse

    settings = settings_now()
    with sheet_server(settings):
        link = open_link(settings, step_printer(quiet=as_json))
        if dry_run:
            lines = list(rehearse(link, datetime.now(UTC)))
            click.echo(json.dumps({"dry_run": lines}, ensure_ascii=False) if as_json else "\n".join(lines))
            return
        report = (taking_over if take_over else run_cycle)(link, datetime.now(UTC), attended=True)
    click.echo(report.json() if as_json else report.sentence())


@commands.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_files(files: tuple[Path, ...]) -> None:
    """Take in workbooks (xlsx, xls, xlsb, ods) and csv files: each sheet becomes a source tab, then a cycle runs."""
    from sync.cycle import run_cycle
    from sync.importing import add_tabs, read_files

    settings = settings_now()
    found = read_files(files)
    with sheet_server(settings):
        link = open_link(settings, step_printer(quiet=False))
        for title, count in add_tabs(link, found):
            click.echo(f"{title}: {count:,} rows")
        report = run_cycle(link, datetime.now(UTC), attended=True)
    click.echo(report.sentence())


@commands.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--asked", default="", help="What the list's address asks for: 'status=Interested&overdue=1'.")
def export_file(file: Path, asked: str) -> None:
    """Write the leads to FILE (xlsx or csv): all of them, or those that the list finds."""
    from app.errors import Refused
    from app.exporting import export
    from store.config import load_config
    from store.database import reading

    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise click.BadParameter("the file's name ends in .xlsx or .csv", param_hint="FILE")
    settings = settings_now()
    try:
        with reading(open_store(settings)) as conn:
            in_force = load_config(conn, shipped_config(settings))
            count = export(file, conn, asked, in_force, datetime.now(settings.zone).date())
    except Refused as refused:
        raise click.BadParameter(refused.fault.message, param_hint="--asked") from refused
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(f"{file}: {count:,} leads")


@commands.command()
def doctor() -> None:
    """Check credentials, sharing, headers, quota and size; each problem with its remedy."""
    from sync.doctor import examine

    settings = settings_now()
    with sheet_server(settings):
        findings = list(examine(lambda: open_link(settings, step_printer(quiet=True))))
    for one in findings:
        click.echo(f"{'ok     ' if one.good else 'PROBLEM'}  {one.what}")
        if one.remedy:
            click.echo(f"         {one.remedy}")
    if not all(one.good for one in findings):
        sys.exit(1)


@commands.command("login-link")
def login_link() -> None:
    """Print a one-time address that signs in as the admin."""
    settings = settings_now()
    click.echo(new_login_link(settings, open_store(settings)))


@commands.group()
def token() -> None:
    """Tokens for the JSON API."""


@token.command()
@click.option("--role", type=click.Choice(["admin", "staff", "viewer"]), required=True)
@click.option("--name", default="", help="What it is for.")
def create(role: str, name: str) -> None:
    """Print a new token; it is shown only now."""
    from store import users

    settings = settings_now()
    with open_store(settings).begin() as conn:
        made = users.create_token(conn, name or f"{role} token", cast("users.Role", role), datetime.now(UTC))
    click.echo(made[1])


@commands.command()
@click.argument("only", required=False)
def bench(only: str | None) -> None:
    """Measure beside the peers and write docs/benchmarks.md (ONLY one of them: print it)."""
    from benchmarks.report import BENCHES, measure

    if only and only not in BENCHES:
        raise click.BadParameter(f"no bench {only!r}; there are {', '.join(BENCHES)}", param_hint="ONLY")
    measure(only, click.echo)


def main() -> NoReturn:
    """The command's entry: whatever is known to go wrong ends in one plain line."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(1)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(1)
    except Exception as error:
        said = known(error)
        if not said:
            raise
        click.echo(f"Error: {said}", err=True)
        sys.exit(1)
    sys.exit(0)


def known(error: Exception) -> str:
    """What is known to go wrong, in plain words, with its remedy; "" for all else. The rooms are imported only now:
    most commands need few of them, and all of them take a second."""
    from core.settings import SettingsError

    if isinstance(error, (SettingsError, NotStarted)):
        return str(error)
    from sync.errors import SheetsProblem
    from sync.flush import Busy

    if isinstance(error, Busy):
        return "The worker is writing to the sheet at this moment.\nTry again in a few seconds."
    return f"{error}\n{error.remedy}" if isinstance(error, SheetsProblem) else ""


if __name__ == "__main__":
    main()
