"""`saphan staff`: a code for a new member of staff, and the end of one, at the console."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from app.cli_parts import AsJson, on_databases, our_settings, print_json, wrong_use
from app.settings import Settings

if TYPE_CHECKING:
    from handlers.desk import Desk

staff_app = typer.Typer(no_args_is_help=True, help="Accounts of people who work here.")

Done = TypeVar("Done")


@staff_app.command("invite")
def invite(
    role: Annotated[str, typer.Option(help="One role, e.g. caseworker or coordinator.")],
    organisation: Annotated[
        str, typer.Option(help="Id of the organisation; none for a role of the network.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Make a code for one person in one role. It works once, within 72 hours."""
    from handlers import staff
    from privacy.audit import OPERATOR, known_id

    roles = {one.value: one for one in staff.READING | staff.NETWORK}
    if role not in roles:
        wrong_use(f"--role takes one of: {', '.join(sorted(roles))}")
    if (roles[role] in staff.READING) != bool(known_id(organisation)):
        wrong_use("--organisation takes the id of one for roles of organisations, and only there")
    settings = our_settings()
    made = _done(settings, lambda desk: staff.invite(desk, OPERATOR, roles[role], organisation))
    until = datetime.fromtimestamp(made.expires_at, UTC).isoformat(timespec="minutes")
    link = f"{settings.staff_origin}/desk/set-up/{made.code}" if settings.staff_origin else ""
    if as_json:
        print_json({"account": made.account, "code": made.code, "link": link, "until": until})
        return
    _print_picture(link or made.code)
    typer.echo(f"Account  {made.account}\nCode     {made.code}")
    if link:
        typer.echo(f"Link     {link}")
    typer.echo(f"Once, until {until}. Give the code and the account's name by different ways.")


@staff_app.command("off-board")
def off_board(
    account: Annotated[str, typer.Argument(help="Id of the account, as s-abc234.")],
    as_json: AsJson = False,
) -> None:
    """End everything a person can reach, at once; prints the open referrals to hand on."""
    from handlers import staff
    from privacy.audit import OPERATOR

    pending = _done(our_settings(), lambda desk: staff.off_board(desk, OPERATOR, account))
    if as_json:
        print_json({"account": account, "referrals": list(pending)})
        return
    typer.echo(f"{account} can reach nothing any more; {len(pending)} open referrals to hand on")
    for referral in pending:
        typer.echo(referral)


def _done(settings: Settings, act: Callable[["Desk"], Awaitable[Done]]) -> Done:
    """Do it with a desk of its own; what is refused ends with exit code 1."""
    from app.wiring import build
    from handlers.staff import StaffRefused, Why

    async def run() -> Done:
        building: AbstractAsyncContextManager[Desk] = build(settings, channels={})
        async with building as desk:
            return await act(desk)

    try:
        return on_databases(run())
    except StaffRefused as refused:
        said = {
            Why.UNKNOWN: "there is no such account",
            Why.SEPARATION: "no such role alone",
            Why.ORGANISATION: "no such organisation; write it down in the console first",
        }
        typer.echo(said.get(refused.why, f"refused: {refused.why.value}"), err=True)
        raise typer.Exit(1) from None


def _print_picture(text: str) -> None:
    import segno

    segno.make_qr(text).terminal(compact=True)
