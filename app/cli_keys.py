"""`saphan doctor` and `saphan keys`: whether all is safe, and what is done with the root key."""

import asyncio
from typing import Annotated

import typer

from app.cli_parts import AsJson, on_databases, our_settings, print_json, wrong_use

keys_app = typer.Typer(no_args_is_help=True, help="The key store and its root key.")


def doctor(
    introduce: Annotated[
        bool,
        typer.Option("--introduce", help="First give every messenger our neutral profile."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look at everything that must be safe: settings, files, databases, keys, clock, doors."""
    from app.doctor import examine

    found = asyncio.run(examine(doors=True, introduce=introduce))
    unsafe = [one for one in found if not one.ok]
    if as_json:
        print_json([one.document() for one in found])
    else:
        for one in found:
            typer.echo(f"{'ok     ' if one.ok else 'UNSAFE '} {one.line()}")
    raise typer.Exit(1 if unsafe else 0)


@keys_app.command("rotate")
def rotate(
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Only make the next root key, to carry it about.")
    ] = False,
) -> None:
    """Put all keys under a new root key. What runs meanwhile goes on; a crash loses nothing."""
    from app import root_key_change
    from app.settings import SettingsFaulty
    from privacy.keystore import RootKeyWrong

    settings = our_settings()
    try:
        if prepare:
            typer.echo(f"{root_key_change.prepare(settings).name} is made")
            return
        changed = asyncio.run(root_key_change.change_root_key(settings))
    except (SettingsFaulty, RootKeyWrong) as refused:
        wrong_use(str(refused) or "the key store was written with another root key")
    except Exception as trouble:
        kind = type(trouble).__name__
        typer.echo(f"not finished ({kind}); nothing is lost, call it once more", err=True)
        raise typer.Exit(1) from None
    name = settings.root_key_path.name
    typer.echo(
        f"{changed} keys lie under a new root key, in {name}. If that file is filled from another "
        "place when the machine starts, put the new key there before the next start: the old one "
        "opens nothing"
    )


@keys_app.command("clock")
def clock() -> None:
    """Believe the machine's clock: it ran ahead, or Saphan was stopped for more than a week.

    Every Saphan must be stopped. Look first whether the clock is right.
    """
    from app.settings import SettingsFaulty
    from app.wiring import utc_now
    from storage.keys import KeyTable
    from storage.long_keys import lives
    from storage.store import Store

    settings = our_settings()

    now = utc_now()

    async def set_back() -> int:
        rows, store = KeyTable(settings.keystore()), Store(settings.database())
        try:
            await rows.create()
            async with store.turn() as turn:
                long = await lives(turn)
            return await rows.set_back(now.timestamp(), long)
        finally:
            await rows.close()
            await store.close()

    try:
        gone = on_databases(set_back())
    except SettingsFaulty as refused:
        wrong_use(str(refused))
    typer.echo(
        f"it is {now:%Y-%m-%d %H:%M} UTC, and that is believed; {gone} keys that were dated too "
        "late are destroyed. What was over before this goes at the next start"
    )
