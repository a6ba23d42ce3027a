"""Tells from two database addresses alone whether they may name one and the same database."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

_HERE = "this machine"
_LOCAL = frozenset({"", "localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104 - names
_SOCKETS = frozenset({"/tmp", "/run/postgresql", "/var/run/postgresql"})  # noqa: S108 - names
_PORT = "5432"

Named = tuple[object, ...]


def same_database(one: str, other: str) -> bool:
    """Whether both lead to one database, however user, host, port and options are written.

    Not seen here: two names of one host, two ways through a proxy. The database itself is asked
    about those at the start (storage/soundness.py).
    """
    first, second = _places(one), _places(other)
    return bool(first & second)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite address, resolved; None for another kind, or one in memory."""
    parts = urlsplit(url)
    if not parts.scheme.startswith("sqlite"):
        return None
    path = unquote(url.partition("://")[2].partition("?")[0]).removeprefix("/")
    path = path.removeprefix("file:") if path.startswith("file:") else path
    return None if path in ("", ":memory:") else Path(path).resolve()


def may_hold_password(url: str) -> bool:
    """Whether the address tells a password to whoever reads it."""
    return ":" in urlsplit(url).netloc.rpartition("@")[0] or "password=" in urlsplit(url).query


def _places(url: str) -> frozenset[Named]:
    """Everything the address may lead to: one file, or a database on each of its hosts."""
    file = sqlite_file(url)
    if file is not None:
        known = file.stat() if file.exists() else None
        inode = {("inode", known.st_dev, known.st_ino)} if known else set()
        return frozenset({("file", file), *inode})
    parts = urlsplit(url)
    if parts.scheme.startswith("sqlite"):
        return frozenset()
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    # libpq takes whatever stands in the options over what stands before them.
    hosts, ports = _hosts(parts.netloc.rpartition("@")[2], given)
    user = given.get("user") or unquote(parts.username or "")
    name = given.get("dbname") or unquote(parts.path.removeprefix("/")) or user
    return frozenset((host, port, name) for host in hosts for port in ports)


def _hosts(netloc: str, given: dict[str, str]) -> tuple[set[str], set[str]]:
    """Hosts and ports: several may stand in either, with commas between."""
    hosts, ports = [], []
    for place in netloc.split(","):
        host, _, port = place.rpartition(":") if _has_port(place) else (place, "", "")
        hosts.append(unquote(host.strip("[]")))
        ports.append(port)
    for name in ("host", "hostaddr"):
        if name in given:
            hosts = given[name].split(",")
    ports = given["port"].split(",") if "port" in given else ports
    return {_host(host) for host in hosts}, {port or _PORT for port in ports}


def _has_port(place: str) -> bool:
    last = place.rpartition(":")[2]
    return ":" in place and last.isdecimal() and (place.count(":") == 1 or "]:" in place)


def _host(written: str) -> str:
    host = written.casefold().rstrip(".")
    if host in _LOCAL or host.rstrip("/") in _SOCKETS:
        return _HERE
    return str(Path(host).resolve()) if host.startswith("/") else host
