from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.vendor import FILES, ROOT, PackageMissing, copy_files


def packages(folder: Path) -> Path:
    for file in FILES:
        (folder / file.source).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.source).write_text(file.source)
    return folder


def test_every_file_comes_with_a_licence(tmp_path: Path) -> None:
    lines = copy_files(packages(tmp_path / "node_modules"), tmp_path / "vendor")
    assert len(lines) == len(FILES)
    copied = {path.name for path in (tmp_path / "vendor").iterdir()}
    for name in ("htmx", "source-sans-3", "source-serif-4"):
        assert f"{name}.LICENSE.txt" in copied


def test_a_missing_package_is_named_and_nothing_is_copied(tmp_path: Path) -> None:
    (packages(tmp_path / "node_modules") / FILES[0].source).unlink()
    with pytest.raises(PackageMissing, match="npm ci"):
        copy_files(tmp_path / "node_modules", tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_the_lock_names_no_addresses_and_checks_hashes() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    wanted = [package for name, package in lock["packages"].items() if name]
    assert wanted
    assert all("resolved" not in package and package["integrity"].startswith("sha512-") for package in wanted)
