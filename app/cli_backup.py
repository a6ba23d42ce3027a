"""`saphan backup` and `saphan restore`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli_parts import AsJson, our_settings, print_json, wrong_use

Lists = Annotated[
    list[Path] | None,
    typer.Option(help="A folder with a copy of var/removals; may be given several times."),
]
NoList = Annotated[
    bool,
    typer.Option(
        "--without-removals",
        help="No copy is left: end every open referral, lock every account.",
    ),
]
Folder = Annotated[Path, typer.Argument(help="The folder of the backups.")]


def backup(folder: Folder, as_json: AsJson = False) -> None:
    """Write one encrypted backup into a folder, and delete those older than 35 days."""
    from app.backup import back_up
    from app.settings import SettingsFaulty
    from storage.snapshot import SnapshotRefused

    settings = our_settings()
    try:
        made = asyncio.run(back_up(settings, folder))
    except (SettingsFaulty, SnapshotRefused) as refused:
        wrong_use(str(refused))
    except Exception as trouble:
        typer.echo(f"no backup was made: {_cause(trouble)}; older ones still stand", err=True)
        raise typer.Exit(1) from None
    told = made.document()
    if made.doubt:
        typer.echo(f"no older backup and no list of removals was deleted: {made.doubt}", err=True)
    if as_json:
        print_json(told)
    else:
        typer.echo(f"{told['file']}: {told['rows']} rows, {told['bytes']} bytes")


def _cause(trouble: Exception) -> str:
    """Why, and what to do; never the error's own message, which may hold an address."""
    from storage.store import is_trouble

    kind = type(trouble).__name__
    if is_trouble(trouble):
        do = "see that it is there and that this user may open it, then call this once more"
        return f"a database does not answer ({kind}); {do}"
    if isinstance(trouble, OSError) and trouble.errno:
        do = "see that there is room, and that this user may read and write it"
        return f"a file or folder says “{os.strerror(trouble.errno)}”; {do}"
    return kind


def restore(
    folder: Annotated[Path, typer.Argument(help="The folder of the backups, or one of them.")],
    identity: Annotated[
        Path | None, typer.Option(help="The file of the secret key; without it you are asked.")
    ] = None,
    removals: Lists = None,
    without_removals: NoList = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup into an empty database, and remove again what was removed since."""
    from app.backup_stream import BackupFaulty
    from app.restore import Asked, told_by
    from app.restore import restore as put_back
    from app.settings import SettingsFaulty
    from privacy.age_files import AgeFaulty
    from storage.snapshot import SnapshotRefused

    settings = our_settings()
    path, lists = _file(folder), tuple(removals or ())
    if not without_removals:
        _refuse_unread(settings.removals, lists)
    asked = Asked(
        path=path, identity=_secret(identity), lists=lists, without_list=without_removals
    )
    for line in told_by(settings, asked):
        typer.echo(line, err=True)
    try:
        finished = asyncio.run(put_back(settings, asked))
    except (SettingsFaulty, SnapshotRefused) as refused:
        wrong_use(str(refused))
    except (BackupFaulty, AgeFaulty) as faulty:
        typer.echo(f"{asked.path.name}: {faulty}", err=True)
        raise typer.Exit(1) from None
    except Exception as trouble:
        kind = type(trouble).__name__
        typer.echo(f"not finished ({kind}); call it once more", err=True)
        raise typer.Exit(1) from None
    _tell({"file": asked.path.name, **finished.document()}, as_json=as_json)


def _tell(told: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        typer.echo("\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in told.items()))


def _file(given: Path) -> Path:
    from app.backup_files import newest
    from app.wiring import utc_now

    if given.is_file():
        return given
    found, passed = newest(given, utc_now()) if given.is_dir() else (None, ())
    for name in passed:
        typer.echo(f"{name} is passed over: dated after today; name it to take it", err=True)
    if found is None:
        wrong_use("there is no backup in this folder")
    return found


def _refuse_unread(own: Path, named: tuple[Path, ...]) -> None:
    """A folder that says nothing would let come back what was removed."""
    from privacy.removals import lists, read

    for folder in (own, *named):
        try:
            found = lists(folder)
            read((folder,))
        except OSError:
            wrong_use(f"{folder}: cannot be read; give the folder, with its files, to this user")
        if folder in named and not found:
            wrong_use(
                f"{folder}: there is no list of removals (removed-….list) in it; name the folder "
                "that the files were carried to"
            )


def _secret(file: Path | None) -> str:
    """The secret key, which no setting and no file of the server ever holds."""
    from app.private_files import FileUnsafe, refuse_open

    if file is None:
        return str(typer.prompt("Secret key (AGE-SECRET-KEY-1…)", hide_input=True))
    try:
        refuse_open(file)
        return file.read_text("utf-8")
    except FileUnsafe as why:
        wrong_use(f"{file.name} {why}")
    except (OSError, UnicodeDecodeError):
        wrong_use(f"{file.name} cannot be read; give the file of the secret key")
