"""The `saphan` command. Exit code 0 = fine, 1 = problems found, 2 = wrong use."""

import asyncio
import gc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from app.cli_backup import backup, restore
from app.cli_bench import bench
from app.cli_content import flows_app, translations_app
from app.cli_directory import directory_app, places
from app.cli_keys import doctor, keys_app
from app.cli_operations import audit_app, migrate, sweep
from app.cli_parts import can_be_written, our_settings, put, wrong_use
from app.cli_staff import staff_app
from app.settings import SettingsFaulty

if TYPE_CHECKING:
    from app.serving import Role

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(flows_app, name="flows")
app.add_typer(translations_app, name="translations")
app.add_typer(directory_app, name="directory")
app.command()(places)
app.command()(bench)
app.command()(sweep)
app.command()(migrate)
app.command()(backup)
app.command()(restore)
app.add_typer(audit_app, name="audit")
app.command()(doctor)
app.add_typer(keys_app, name="keys")
app.add_typer(staff_app, name="staff")


@app.callback()
def _saphan() -> None:
    """Saphan takes a woman through safe, anonymous questions to a service that will take her."""
    from app.logs import configure
    from app.memory import keep_private

    keep_private()  # a command may hold the root key, or ask for a secret key
    configure("warning")


@app.command()
def serve(  # noqa: PLR0913, PLR0917  # the options of the command
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the public side.")] = 8080,
    staff_port: Annotated[int, typer.Option(help="Port of the staff side.")] = 8081,
    role: Annotated[str, typer.Option(help="all, public, staff or jobs.")] = "all",
    metrics_port: Annotated[
        int, typer.Option(help="Port of /metrics where this process has no staff side.")
    ] = 0,
    demo: Annotated[bool, typer.Option("--demo", help="Add fictional partners to try.")] = False,
) -> None:
    """Start the whole system on one process, or one role of it."""
    gc.disable()  # until all is read (app/serving.py): looking through it takes a third of a start
    import uvloop  # a quicker event loop; the other commands need none

    from app.demo import LIVE
    from app.serving import Where, run

    settings = our_settings()
    if demo and (settings.mode == "live" or role not in ("all", "staff")):
        wrong_use(LIVE)
    where = Where(
        role=_role_of(role),
        host=host,
        port=port,
        staff_port=staff_port,
        metrics_port=metrics_port,
        demo=demo,
    )
    try:
        uvloop.run(run(settings, where))
    except SettingsFaulty as fault:
        wrong_use(str(fault))
    except Exception as fault:
        if said := _said_of_data(fault):
            wrong_use(said)
        raise


def _role_of(given: str) -> "Role":
    """The role of that name; any other word is wrong use."""
    from app.serving import Role

    roles: tuple[Role, ...] = get_args(Role)
    if (named := next((one for one in roles if one == given), None)) is None:
        wrong_use(f"--role takes one of: {', '.join(roles)}")
    return named


@app.command()
def chat(
    locale: Annotated[str, typer.Option(help="Begin in this language: km lo my th vi en.")] = "",
    play: Annotated[str, typer.Option("--as", help="Whose limits: web, viber …")] = "web",
    keep: Annotated[
        Path | None, typer.Option(help="Keep the walk as a conversation file.")
    ] = None,
) -> None:
    """The survivor's conversation in a terminal."""
    from app.chatting import chat as talk
    from bot.terminal import AS
    from translations.locales import LOCALES

    if play not in AS:
        wrong_use(f"--as takes one of: {', '.join(AS)}")
    if locale and locale not in LOCALES:
        wrong_use(f"--locale takes one of: {', '.join(LOCALES)}")
    if keep:
        can_be_written(keep)
    walk = asyncio.run(talk(locale, play))
    if keep:
        put(keep, walk.encode())


def main() -> None:
    """Entry point of the `saphan` command; faulty data files end each one with their faults."""
    try:
        app()
    except Exception as fault:
        if not (said := _said_of_data(fault)):
            raise
        typer.echo(said, err=True)
        raise SystemExit(1) from None


def _said_of_data(fault: Exception) -> str:
    """Every fault of the trees, the services or the frames, a line each; else nothing."""
    from app.fault_words import line_of
    from directory.exchange import ServicesFaulty
    from flows.book import BookFaulty
    from translations.frames import FrameFaulty

    match fault:
        case BookFaulty(problems=problems):
            return "\n".join(map(line_of, problems))
        case ServicesFaulty() | FrameFaulty():
            return str(fault)
        case _:
            return ""
