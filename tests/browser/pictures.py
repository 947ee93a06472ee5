"""Takes the pictures of the pages for the documentation: `python -m tests.browser.pictures`.

Made-up people on a day of their own. Pictures are made small with optipng or pngquant where the machine has them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from app.vendor import ROOT
from core.model import Conflict, Disposition, LedgerEntry
from store import conflicts, ledger, tabs
from store.ledger import PlacedEntry
from store.tabs import TabState
from tests.app.book import NOW, TODAY, fill, lead, put
from tests.app.test_conflicts import lose
from tests.browser.site import DESKTOP, PHONE, Site, context, launch, missing, serve, signed_in

SIZES = {"desktop": DESKTOP, "phone": PHONE}
PAGES = {
    "today": "/",
    "leads": "/leads",
    "lead": "/leads/LTEST00002",
    "conflicts": "/conflicts",
    "dashboard": "/dashboard",
    "attention": "/attention",
    "follow-ups": "/follow-ups",
    "team": "/team",
    "add": "/leads/new",
    "help": "/help",
}


def prepare(site: Site) -> None:
    """A working day with something to read on every page."""
    fill(site.engine, 10)
    lose(site.engine)
    noted = "16-11-2026 Neha: Wants the weekend story hour, free after six. Asked if siblings share a card."
    other = Conflict("LTEST00007", "next_follow_up", TODAY, TODAY + timedelta(days=6), TODAY + timedelta(days=2))
    with site.engine.begin() as conn:
        put(conn, [lead(0, notes=noted)])
        put(conn, [lead(7, next_follow_up=TODAY + timedelta(days=2))], first_row=9)
        conflicts.add(conn, "C7", [other], NOW)
        tabs.put_tab(conn, TabState(8, "Diwali Mela", "source", ("Name", "Mobile", "Child"), rows=40))
        rows = {"a": ("Ritu Malhotra", "98765 4321", "Kabir, 6"), "b": ("Priyanka Bose", "", "Rik (9)")}
        waiting = [LedgerEntry(8, name, name, Disposition.ATTENTION, ()) for name in rows]
        ledger.put(conn, [PlacedEntry(one, 12, rows[one.fingerprint]) for one in waiting])


def take(browser: Browser, site: Site, folder: Path) -> list[Path]:
    """Every page in every size and both schemes; returns the files."""
    taken = []
    for size, pixels in SIZES.items():
        for scheme in ("light", "dark"):
            made = context(browser, pixels, scheme)
            page = signed_in(site, made)
            for name, address in PAGES.items():
                page.goto(site.base + address, wait_until="networkidle")
                path = folder / (f"{name}-{size}.png" if scheme == "light" else f"{name}-{size}-{scheme}.png")
                page.screenshot(path=path)
                taken.append(path)
            made.close()
    return taken


def shrink(path: Path) -> None:
    if quant := shutil.which("pngquant"):
        subprocess.run([quant, "--force", "--skip-if-larger", "--ext", ".png", "64", str(path)], check=False)
    if pack := shutil.which("optipng"):
        subprocess.run([pack, "-quiet", "-o5", str(path)], check=True)


def main(wanted: list[str]) -> int:
    """Keeps the pictures whose names are given (leads-desktop …), or all, in docs/pictures."""
    if lacks := missing():
        sys.stderr.write(f"{lacks}\n")
        return 1
    target = ROOT / "docs" / "pictures"
    target.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright, serve(Path(folder)) as site:
        prepare(site)
        for path in take(launch(playwright), site, Path(folder)):
            if not wanted or path.stem in wanted:
                shrink(path)
                shutil.copy(path, target / path.name)
                sys.stdout.write(f"docs/pictures/{path.name} ({path.stat().st_size:,} bytes)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
