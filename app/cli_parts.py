"""What the parts of the `saphan` command share: reading files, settings, wrong use, JSON."""

import asyncio
import errno
import json
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from app.settings import Settings, SettingsFaulty, read_settings

_Found = TypeVar("_Found")

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_STREAMS = ("/dev", "/dev/fd", "/proc/self/fd")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


def known_language(locale: str) -> None:
    """Refuse a language that is none of ours."""
    from translations.locales import LOCALES

    if locale not in LOCALES:
        wrong_use(f"the languages are {', '.join(LOCALES)}")


def bytes_of(file: Path) -> bytes:
    """What a file holds, or wrong use."""
    try:
        return file.read_bytes()
    except OSError:
        wrong_use(f"{file.name} cannot be read; give the path of a file")


def can_be_written(file: Path) -> None:
    """Refuse a path where no file can be put, before there is something to put there."""
    try:
        where = file if _is_stream(file) else file.resolve().parent
        open_to_us = os.access(where, os.W_OK) and not file.is_dir()
        good = open_to_us and (where == file or where.is_dir())
    except (OSError, RuntimeError):  # the way there is shut, or links that lead in a circle
        good = False
    if not good:
        _refuse(file)


def put(file: Path, data: bytes, *, private: bool = False) -> None:
    """Put a file there whole, or wrong use; what stood there stays until all of it is written.

    A private one is for this user alone, whoever could read what stood there before.
    """
    from app.backup_files import written

    can_be_written(file)
    try:
        if _is_stream(file):
            file.write_bytes(data)
        else:
            with written(file.resolve(), 0o600 if private else 0o666) as content:
                content.write(data)
    except OSError as why:
        if why.errno in _NO_ROOM:
            wrong_use(f"there is no room for {file.name}; make room, then call this once more")
        _refuse(file)


def _is_stream(file: Path) -> bool:
    """Whether it is a pipe or a device, such as /dev/stdout, in whose place no file is put."""
    return str(file.parent) in _STREAMS or (file.exists() and not file.is_file())


def _refuse(file: Path) -> NoReturn:
    wrong_use(f"{file.name} cannot be written; give a file in a folder where you may write")


def our_settings() -> Settings:
    """The settings, or every fault of them and exit code 2."""
    try:
        return read_settings()
    except SettingsFaulty as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None


def on_databases(work: Coroutine[Any, Any, _Found]) -> _Found:
    """What work on the databases gives; one that does not answer, or a file that does not open,
    ends the command with a line and exit code 1. Tables that cannot be used, and settings that do
    not fit, are wrong use."""
    from app.settings import SettingsFaulty
    from storage.migrate import MigrationRefused
    from storage.store import is_trouble

    try:
        return asyncio.run(work)
    except (MigrationRefused, SettingsFaulty) as why:
        wrong_use(str(why))
    except Exception as trouble:
        if not is_trouble(trouble) and not isinstance(trouble, OSError):
            raise
        what = "a database does not answer" if is_trouble(trouble) else "a file does not open"
        do = "see that it is there and that this user may open it, then call this once more"
        typer.echo(f"{what} ({type(trouble).__name__}); {do}", err=True)
        raise typer.Exit(1) from None


def wrong_use(message: str) -> NoReturn:
    """Say what is wrong and end with exit code 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
