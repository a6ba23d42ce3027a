"""What the parts of the `saphan` command share: reading files, settings, wrong use, JSON."""

import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from app.settings import Settings, SettingsFaulty, read_settings

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


def wrong_use(message: str) -> NoReturn:
    """Say what is wrong and end with exit code 2."""
    typer.echo(message, err=True)
    raise typer.Exit(2)


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
