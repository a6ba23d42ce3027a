"""`saphan places` and `saphan directory …`: where she is, and who will take her."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import AsJson, bytes_of, our_settings, print_json, wrong_use

directory_app = typer.Typer(no_args_is_help=True, help="The directory of services.")


def places(
    query: str,
    country: Annotated[str | None, typer.Option(help="KH, LA, MM, TH or VN.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    as_json: AsJson = False,
) -> None:
    """Places that typed words may mean, best first; any of the six scripts, Zawgyi too."""
    from directory.places import Gazetteer
    from directory.taxonomy import COUNTRIES

    if country and country not in COUNTRIES:
        wrong_use(f"--country takes one of: {', '.join(COUNTRIES)}")
    gazetteer = Gazetteer.load()
    found = gazetteer.find(query, country=country, limit=limit)
    rows = []
    for match in found:
        latitude, longitude = gazetteer.position(match.place) or (None, None)
        province = gazetteer.get(match.place.admin1 or "")
        rows.append(
            {
                "id": match.place.id,
                "name": match.place.names["en"],
                "country": match.place.country,
                "admin1": province.names["en"] if province else None,
                "lat": latitude,
                "lon": longitude,
                "score": round(match.score, 1),
                "matched": match.matched,
            }
        )
    if as_json:
        print_json(rows)
        return
    for row in rows:
        typer.echo(f"{row['score']:5}  {row['name']}, {row['admin1']}, {row['country']}")


@directory_app.command("search")
def directory_search(  # noqa: PLR0913, PLR0917 - one parameter an option
    country: Annotated[str, typer.Option(help="KH, LA, MM, TH or VN.")],
    need: Annotated[list[str], typer.Option(help="What for: shelter, clinic, …, or a code.")],
    place: Annotated[str | None, typer.Option(help="A town or district, as typed.")] = None,
    locale: Annotated[str, typer.Option(help="Her language.")] = "en",
    flag: Annotated[list[str] | None, typer.Option(help="A flag of the trees.")] = None,
    explain: Annotated[bool, typer.Option(help="Also what was hidden, and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """What a survivor with these answers would be shown."""
    from app.looking import Asked, NotUnderstood, known_services, look

    settings = our_settings()
    services = asyncio.run(known_services(settings))
    asked = Asked(country, tuple(need), place, locale, frozenset(flag or ()))
    try:
        found = look(asked, services, settings.mode)
    except NotUnderstood as fault:
        wrong_use(str(fault))
    if as_json:
        print_json(found if explain else found["shown"])
        return
    for row in found["shown"]:
        typer.echo(f"{row['id']}  {row['organisation']}  {'; '.join(row['phones']) or '-'}")
        typer.echo(f"        {', '.join(row['reasons'])}")
    if explain:
        for row in found["hidden"]:
            typer.echo(f"hidden  {row['id']}  {row['reason']}: {row['why']}")


@directory_app.command("due")
def directory_due(as_json: AsJson = False) -> None:
    """What must be verified, when and by whom, the most urgent first."""
    from app.looking import due

    rows = asyncio.run(due(our_settings()))
    if as_json:
        print_json(rows)
        return
    for row in rows:
        by = row["by"] if row["not_by"] is None else f"{row['by']} (not {row['not_by']})"
        typer.echo(f"{row['priority']:2}  {row['id']}  {row['why']}  {row['due'] or 'now'}  {by}")
        for fix in row["fixes"]:
            typer.echo(f"        {fix}")


@directory_app.command("import")
def directory_import(
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import services from CSV: all of them, at level 0 and hidden, or none and every fault."""
    from app.looking import import_services

    faults, number = asyncio.run(
        import_services(our_settings(), bytes_of(file), write=not dry_run)
    )
    if as_json:
        print_json({"imported": 0 if faults or dry_run else number, "faults": faults})
    else:
        for fault in faults:
            typer.echo(f"{fault['row']}: {fault['column']}: {fault['wrong']}. {fault['do']}")
        typer.echo(
            f"{len(faults)} faults; nothing was imported"
            if faults
            else f"{number} services {'could be' if dry_run else 'were'} imported, hidden"
        )
    raise typer.Exit(1 if faults else 0)
