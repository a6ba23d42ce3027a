"""Tells from two database addresses alone whether they may name one and the same database."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_HERE = "this machine"
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104 - names
_SOCKETS = frozenset({"/tmp", "/run/postgresql", "/var/run/postgresql"})  # noqa: S108 - names
_PORT = "5432"

Named = tuple[object, ...]


def same_database(one: str, other: str) -> bool:
    """Whether both lead to one database, however user, host, port and options are written.

    Not seen here: two names of one host, two ways through a proxy. The database itself is asked
    about those at the start (storage/soundness.py). Raises ValueError, as `check_address`.
    """
    first, second = _places(one), _places(other)
    return bool(first & second)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address, resolved; None for another kind, or one in memory."""
    if not _is_sqlite(url):
        return None
    path = unquote(url.partition("://")[2].partition("?")[0]).removeprefix("/")
    path = path.removeprefix("file:") if path.startswith("file:") else path
    return None if path in ("", ":memory:") else Path(path).resolve()


def check_address(url: str) -> None:
    """Raises ValueError for what is no address of a database that we know; it shows nothing."""
    _parsed(url)


def may_hold_password(url: str) -> bool:
    """Whether the address tells a password to whoever reads it; what is none may hold one too."""
    try:
        parsed = _parsed(url)
    except ValueError:
        return True
    return parsed.password is not None or any(one.endswith("password") for one in parsed.query)


def _is_sqlite(url: str) -> bool:
    return url.partition("://")[0].casefold().startswith("sqlite")


def _parsed(url: str) -> "URL":
    """The address as the engine will read it: a password may hold any sign but @."""
    from sqlalchemy.engine import make_url  # here: most commands need no database
    from sqlalchemy.exc import ArgumentError

    with suppress(ArgumentError, ValueError):
        parsed = make_url(url)
        if parsed.get_backend_name() in ("sqlite", "postgresql"):
            return parsed
    raise ValueError("takes sqlite:///… or postgresql+psycopg://user:password@host/name")


def _places(url: str) -> frozenset[Named]:
    """Everything the address may lead to: one file, or a database on each of its hosts."""
    file = sqlite_file(url)
    if file is not None:
        return frozenset({("file", file), *_inode(file)})
    if _is_sqlite(url):
        return frozenset()
    parsed = _parsed(url)
    options = {n: v if isinstance(v, str) else ",".join(v) for n, v in parsed.query.items()}
    # libpq takes whatever stands in the options over what stands before them.
    hosts, ports = _hosts(parsed, options)
    user = options.get("user") or parsed.username or ""
    name = options.get("dbname") or parsed.database or user
    return frozenset((host, port, name) for host in hosts for port in ports)


def _inode(file: Path) -> set[Named]:
    """What a file is under every name; nothing of one that is not there, or not for us to see."""
    try:
        known = file.stat()
    except OSError:
        return set()
    return {("inode", known.st_dev, known.st_ino)}


def _hosts(parsed: "URL", options: dict[str, str]) -> tuple[set[str], set[str]]:
    """Hosts and ports: several may stand in either, with commas between."""
    hosts, ports = [], []
    for place in options.get("host", parsed.host or "").split(","):
        host, _, port = place.rpartition(":") if _has_port(place) else (place, "", "")
        hosts.append(unquote(host.strip("[]")))
        ports.append(port or str(parsed.port or ""))
    hosts = options["hostaddr"].split(",") if "hostaddr" in options else hosts
    ports = options["port"].split(",") if "port" in options else ports
    return {_host(host) for host in hosts}, {port or _PORT for port in ports}


def _has_port(place: str) -> bool:
    last = place.rpartition(":")[2]
    return ":" in place and last.isdecimal() and (place.count(":") == 1 or "]:" in place)


def _host(written: str) -> str:
    host = written.casefold().rstrip(".")
    if host in _LOCAL or host.rstrip("/") in _SOCKETS:
        return _HERE
    return str(Path(host).resolve()) if host.startswith("/") else host
