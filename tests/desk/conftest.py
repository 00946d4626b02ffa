"""The desk under test: a home of its own, and every test that touches the base runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

HOME = Path(tempfile.mkdtemp(prefix="dovolen-desk-"))
os.environ["DOVOLEN_HOME"] = str(HOME)
os.environ["DOVOLEN_LOG"] = "critical"
os.environ["DJANGO_SETTINGS_MODULE"] = "dovolen.desk.settings"

given_url = os.environ.pop("DATABASE_URL", None)  # names the PostgreSQL of these tests, not the base of the settings
import django  # noqa: E402 – reads the environment above
from django.conf import settings  # noqa: E402

settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
django.setup()
del os.environ["DJANGO_SETTINGS_MODULE"]  # processes of xdist would inherit it and load the settings before this file
if given_url:
    os.environ["DATABASE_URL"] = given_url

BASES = ("sqlite", "postgres")
USES_BASE = {"db", "transactional_db", "django_db_reset_sequences"}
NOON = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""Friday, twelve o'clock in Moscow: the `now` of tests that need none in particular."""


TIMES = int(os.environ.get("DOVOLEN_TIMES") or 1)
"""How many times as much the tests of endurance do."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches the base runs once on each; mark it `django_db` (or ask for `db`), nothing more."""
    if metafunc.definition.get_closest_marker("django_db") or USES_BASE & set(metafunc.fixturenames):
        chosen = metafunc.definition.get_closest_marker("base")
        metafunc.parametrize("base", chosen.args if chosen else BASES, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def _home() -> Iterator[None]:
    yield
    shutil.rmtree(HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def _no_seal_of_another_test() -> None:
    settings.HOME.seal.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_setup() -> None:
    """The bases are made by `base`."""


@pytest.fixture(scope="session", autouse=True)
def base(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[str | None]:
    """The name of the engine this test runs on: "sqlite" or "postgres"; None where it touches no base."""
    name = getattr(request, "param", None)
    if name is None:
        yield None
        return
    with django_db_blocker.unblock():
        settings_of_base = request.getfixturevalue(f"{name}_base")
        with connected(settings_of_base) as here:
            _ = here.features.supports_json_field  # asked of SQLite once: not within a page whose queries are counted
            yield name


@pytest.fixture(scope="session")
def sqlite_base(django_db_blocker: Any) -> dict[str, Any]:
    """Settings of a migrated SQLite base in a file."""
    from django.db import connections

    found = dict(connections.settings["default"])
    with django_db_blocker.unblock(), connected(found):
        _migrate()
    return found


@pytest.fixture(scope="session")
def postgres_base(postgres_url: str, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Settings of a migrated PostgreSQL base, dropped at the end."""
    with fresh_postgres(postgres_url) as url:
        found = settings_of(url)
        with django_db_blocker.unblock(), connected(found):
            _migrate()
        yield found


@pytest.fixture(scope="session")
def new_postgres(postgres_url: str) -> Callable[[], Any]:
    """Makes empty PostgreSQL bases, each for the length of a `with`; gives its URL."""
    return lambda: fresh_postgres(postgres_url)


@contextmanager
def fresh_postgres(server: str, more: str = "") -> Iterator[str]:
    """The URL of an empty base on a server, dropped at the end."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    name = f"desk_{os.getpid()}_{os.urandom(3).hex()}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} {more}")
    parts = conninfo_to_dict(server, dbname=name)
    host = str(parts.get("host", ""))
    login = f"{parts.get('user', '')}:{parts.get('password', '') or ''}"
    place = (
        f"{login}@/{name}?host={host}" if host.startswith("/") else f"{login}@{host}:{parts.get('port', 5432)}/{name}"
    )
    yield f"postgresql://{place}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def settings_of(url: str, home: Path = HOME) -> dict[str, Any]:
    """Django's settings of a base: the PostgreSQL of `url`, else the SQLite of a home."""
    from django.db.utils import ConnectionHandler

    from dovolen.desk.core.home import Home, database

    handler = ConnectionHandler({"default": database(Home(home), url)})
    return dict(handler.settings["default"])


@contextmanager
def connected(to: dict[str, Any]) -> Iterator[Any]:
    """Everything in this process speaks to the base of these settings, threads that it starts as well."""
    from django.db import connections

    before = connections.settings["default"]
    connections["default"].close()
    connections.settings["default"] = to
    connections["default"] = connections.create_connection("default")
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        connections.settings["default"] = before
        connections["default"] = connections.create_connection("default")


def _migrate() -> None:
    from tests.desk.ready_bases import make_ready

    make_ready()


@pytest.fixture
def in_threads() -> Callable[..., list[Any]]:
    """Runs functions at once, each in a thread with a connection of its own; gives their answers."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def run(function: Callable[[], Any]) -> Any:
        try:
            return function()
        finally:
            connections.close_all()

    def together(*functions: Callable[[], Any]) -> list[Any]:
        with ThreadPoolExecutor(len(functions)) as pool:
            return list(pool.map(run, functions))

    return together


@pytest.fixture(params=BASES)
def installed(
    request: pytest.FixtureRequest, tmp_path: Path, new_postgres: Callable[[], Any], django_db_blocker: Any
) -> Iterator[Any]:
    """An installation of its own for real processes, once on each engine, and this process connected to its base."""
    with (
        new_postgres() if request.param == "postgres" else nullcontext("") as url,
        django_db_blocker.unblock(),
        an_installation(tmp_path / "home", url) as installation,
    ):
        yield installation


@contextmanager
def an_installation(home: Path, url: str) -> Iterator[Any]:
    """An installation with an empty base, and this process connected to it."""
    from tests.desk.processes import Installation

    settings.HOME.secret("journal")
    shutil.copytree(HOME / "secrets", home / "secrets")  # what is recorded here is checked there
    with connected(settings_of(url, home)):
        _migrate()
        yield Installation(home, url)


@pytest.fixture
def director(db: None) -> Any:
    """The director of a centre in Moscow: holds every right there."""
    from dovolen.desk.accounts.models import Centre, Membership, Staff
    from dovolen.desk.accounts.rights import DIRECTOR

    centre = Centre.objects.create(name="Сервис на Ленина", zone="Europe/Moscow")
    staff = Staff.objects.create(login="director", name="Игорь Мельник")
    Membership.objects.create(staff=staff, centre=centre, role=DIRECTOR)
    return staff
