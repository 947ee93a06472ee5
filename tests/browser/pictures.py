"""Takes the pictures of the pages for the documentation: `python -m tests.browser.pictures`.

Made-up people on a day of their own. Pictures are made small with optipng or pngquant where the machine has them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from app.vendor import ROOT
from tests.app.book import fill
from tests.browser.site import DESKTOP, PHONE, Site, context, launch, missing, serve, signed_in

SIZES = {"desktop": DESKTOP, "phone": PHONE}
PAGES = {
    "today": "/",
    "leads": "/leads",
    "lead": "/leads/LTEST00002",
    "conflicts": "/conflicts",
    "dashboard": "/dashboard",
    "attention": "/attention",
}


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
        fill(site.engine, 10)
        for path in take(launch(playwright), site, Path(folder)):
            if not wanted or path.stem in wanted:
                shrink(path)
                shutil.copy(path, target / path.name)
                sys.stdout.write(f"docs/pictures/{path.name} ({path.stat().st_size:,} bytes)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
