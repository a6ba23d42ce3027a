"""A disk as it may be after a power cut, from the log of what a process wrote and synced (R11).

`strace` writes down every call that changes a file. At any moment of that log the disk certainly
has what was synced; of the rest any part may be there: each sector of 512 bytes of a write, each
change of a file's length, and, in their order, files that were made or removed since the folder
was synced last.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

CALLS = "openat,open,creat,pwrite64,write,fsync,fdatasync,ftruncate,unlink,unlinkat,close"
SECTOR = 512
_LINE = re.compile(r"(\d+)\s+(.*)")
_CALL = re.compile(r"(\w+)\((.*)\)\s+=\s+(-?\d+)")
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Change:
    """One write or new length of a file."""

    at: int
    content: bytes | None  # None: the file ends at `at`


@dataclass
class File:
    """What is on the disk for certain, and what may be."""

    sure: bytes = b""
    perhaps: list[Change] = field(default_factory=list)

    def synced(self) -> None:
        for change in self.perhaps:
            self.sure = changed(self.sure, change)
        self.perhaps.clear()

    def after_a_cut(self, random: Random, share: float) -> bytes:
        """Each sector of what was not synced is there, or is not."""
        content = self.sure
        for change in self.perhaps:
            for part in _sectors(change):
                if random.random() < share:
                    content = changed(content, part)
        return content


@dataclass
class Disk:
    """One folder, call by call; `told` is what the process had said aloud by then."""

    folder: Path
    sure: dict[str, File] = field(default_factory=dict)
    now: dict[str, File] = field(default_factory=dict)
    names: list[tuple[str, File | None]] = field(default_factory=list)  # made or removed, unsynced
    told: list[str] = field(default_factory=list)
    _open: dict[int, str] = field(default_factory=dict)

    def holds(self, path: Path) -> None:
        """A file that is there from the beginning."""
        self.sure[str(path)] = self.now[str(path)] = File(path.read_bytes())

    def does(self, call: str, arguments: str, result: int) -> bool:
        """One call; False where it changes nothing here."""
        match call:
            case "openat" | "open" | "creat":
                return self._opened(_path(arguments), arguments, result)
            case "unlink" | "unlinkat":
                return self._removed(_path(arguments))
            case "close":
                self._open.pop(int(arguments), None)
                return False
            case _:
                return self._changed(call, arguments, result)

    def after_a_cut(self, into: Path, random: Random) -> None:
        """Write the folder as it may be now."""
        share = random.choice((0.0, 0.3, 0.7, 1.0))
        there = dict(self.sure)
        for path, file in self.names[: random.randrange(len(self.names) + 1)]:
            if file is None:
                there.pop(path, None)
            else:
                there[path] = file
        for path, file in there.items():
            (into / Path(path).name).write_bytes(file.after_a_cut(random, share))

    def _opened(self, path: str, arguments: str, number: int) -> bool:
        if number < 0 or not path.startswith(str(self.folder)):
            return False
        self._open[number] = path
        is_folder = path.rstrip("/") == str(self.folder)
        if is_folder or path in self.now or "O_CREAT" not in arguments:
            return False
        self.now[path] = File()
        self.names.append((path, self.now[path]))
        return True

    def _removed(self, path: str) -> bool:
        if path not in self.now:
            return False
        del self.now[path]
        self.names.append((path, None))
        return True

    def _changed(self, call: str, arguments: str, result: int) -> bool:
        number = int(arguments.partition(",")[0])
        if call == "write" and number == 1:
            self.told += _bytes(arguments).decode().split("\n")[:-1]
            return True
        path = self._open.get(number)
        if path is None or result < 0:
            return False
        if path.rstrip("/") == str(self.folder):
            self._synced_names()
            return True
        file = self.now.get(path)
        if file is None:
            return False
        match call:
            case "fsync" | "fdatasync":
                file.synced()
            case "pwrite64":
                at = int(arguments.rpartition(",")[2])
                file.perhaps.append(Change(at, _bytes(arguments)[:result]))
            case "ftruncate":
                file.perhaps.append(Change(int(arguments.rpartition(",")[2]), None))
            case _:
                raise AssertionError(call)
        return True

    def _synced_names(self) -> None:
        for path, file in self.names:
            if file is None:
                self.sure.pop(path, None)
            else:
                self.sure[path] = file
        self.names.clear()


def calls(log: Path) -> Iterator[tuple[str, str, int]]:
    """Every whole call of the log, in the order in which they ended."""
    begun: dict[str, str] = {}
    for line in log.read_text("latin-1").splitlines():
        if (found := _LINE.fullmatch(line)) is None:
            continue
        thread, said = found.groups()
        if said.endswith("<unfinished ...>"):
            begun[thread] = said.removesuffix("<unfinished ...>")
            continue
        if said.startswith("<... "):
            said = begun.pop(thread, "") + said.partition("resumed>")[2]
        if call := _CALL.match(said):
            yield call[1], call[2], int(call[3])


def changed(content: bytes, change: Change) -> bytes:
    """The file after one change."""
    if change.content is None:
        return content[: change.at].ljust(change.at, b"\0")
    filled = content.ljust(change.at, b"\0")
    return filled[: change.at] + change.content + filled[change.at + len(change.content) :]


def _sectors(change: Change) -> Iterator[Change]:
    if change.content is None:
        yield change
        return
    first = SECTOR - change.at % SECTOR
    cuts = [0, *range(first, len(change.content), SECTOR), len(change.content)]
    for begin, end in itertools.pairwise(cuts):
        if begin < end:
            yield Change(change.at + begin, change.content[begin:end])


def _path(arguments: str) -> str:
    return _bytes(arguments).decode()


def _bytes(arguments: str) -> bytes:
    found = _TEXT.search(arguments)
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""
