"""Copies the few front-end files that pages are served with from `node_modules` to `static/vendor`.

`npm ci` brings the packages that `package-lock.json` names (checked by hash); `python -m app.vendor` then takes the
browser's part of them, with each licence beside. `static/vendor` is git-ignored: nothing third-party is committed, and
no page asks another host for anything.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class PackageMissing(Exception):
    """A package of `package.json` is not in `node_modules`: `npm ci` has not run, or not to its end."""


@dataclass(frozen=True, slots=True)
class VendoredFile:
    """A file of an npm package (`source`, below node_modules) and its name below `static/vendor`."""

    source: str
    target: str


FILES: tuple[VendoredFile, ...] = (
    VendoredFile("htmx.org/dist/htmx.min.js", "htmx.js"),
    VendoredFile("htmx.org/LICENSE", "htmx.LICENSE.txt"),
    VendoredFile(
        "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2", "source-sans-3.woff2"
    ),
    VendoredFile("@fontsource-variable/source-sans-3/LICENSE", "source-sans-3.LICENSE.txt"),
    VendoredFile(
        "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2", "source-serif-4.woff2"
    ),
    VendoredFile("@fontsource-variable/source-serif-4/LICENSE", "source-serif-4.LICENSE.txt"),
)


def copy_files(node_modules: Path, vendor: Path) -> tuple[str, ...]:
    """Copy every file of `FILES`; returns one line for each. Raises PackageMissing before anything is copied."""
    missing = [file.source for file in FILES if not (node_modules / file.source).is_file()]
    if missing:
        raise PackageMissing(f"not in {node_modules.name}: {', '.join(missing)}. Run `npm ci` first.")
    vendor.mkdir(parents=True, exist_ok=True)
    return tuple(_copy(node_modules / file.source, vendor / file.target) for file in FILES)


def _copy(source: Path, target: Path) -> str:
    shutil.copyfile(source, target)
    return f"static/vendor/{target.name} ({target.stat().st_size:,} bytes)"


def main() -> int:
    """The command line: exit status 0, or 1 with what is missing on stderr."""
    try:
        lines = copy_files(ROOT / "node_modules", ROOT / "static" / "vendor")
    except PackageMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
