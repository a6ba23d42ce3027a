"""What the parts of the `saphan` command share: reading files, settings, wrong use, JSON."""

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from app.settings import Settings, SettingsFaulty, read_settings

_Found = TypeVar("_Found")

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
