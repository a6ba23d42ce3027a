"""`saphan sweep`, `migrate` and `audit verify`: what an operator does to a running system."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import AsJson, on_databases, our_settings, print_json, wrong_use

audit_app = typer.Typer(no_args_is_help=True, help="The audit chain of what staff did.")


def sweep() -> None:
    """Erase everything whose time is over, now."""
    from app.serving import sweep_once
    from app.settings import SettingsFaulty

    settings = our_settings()
    try:
        ended = asyncio.run(sweep_once(settings))
    except SettingsFaulty as fault:
        wrong_use(str(fault))
    except Exception as trouble:
        kind = type(trouble).__name__
        typer.echo(f"not everything could be erased ({kind}); try it again", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{ended} conversations ended")


def migrate(
    back: Annotated[
        str, typer.Option(help="Make the tables as an older version knows them: its revision.")
    ] = "",
) -> None:
    """Bring the tables up to this version, or back to an older one where nothing is lost."""
    from app.wiring import make_folders
    from storage.migrate import migrate as forward
    from storage.migrate import migrate_back, revision_of
    from storage.store import Store

    settings = our_settings()

    async def changed() -> tuple[str, str]:
        make_folders(settings)
        store = Store(settings.database())
        try:
            before = await revision_of(store.engine)
            await (migrate_back(store.engine, back) if back else forward(store.engine))
            return before, await revision_of(store.engine)
        finally:
            await store.close()

    before, after = on_databases(changed())
    typer.echo(f"revision {before or 'none'} -> {after}")


@audit_app.command("verify")
def audit_verify(
    anchors: Annotated[
        Path | None, typer.Option(help="A folder of anchors that were carried off.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read the whole chain and compare it with its anchors; names the first wrong entry."""
    from app.anchoring import verify_command
    from app.settings import SettingsFaulty
    from app.wiring import utc_now
    from privacy.keystore import RootKeyWrong

    settings = our_settings()
    folder = anchors or settings.anchor_dir
    if anchors and not anchors.is_dir():
        wrong_use("--anchors takes a folder")
    try:
        found = on_databases(verify_command(settings, folder, utc_now().timestamp()))
    except (SettingsFaulty, RootKeyWrong) as refused:
        wrong_use(str(refused) or "the key store was written with another root key")
    fault = found["fault"]
    if as_json:
        print_json(found)
    elif fault:
        typer.echo(f"entry {fault['entry']}: {fault['wrong']}")
    else:
        typer.echo(f"{found['entries']} entries, each as it was written")
        typer.echo(_vouched(found["anchors"], found["anchored_to"]))
    raise typer.Exit(1 if fault else 0)


def _vouched(anchors: int, anchored_to: int) -> str:
    if not anchors:
        return "no anchors: a chain that was written anew as a whole could not be told"
    return f"{anchors} anchors vouch for it up to entry {anchored_to}"
