"""`saphan places` and `saphan directory …`: where she is, and who will take her."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import (
    AsJson,
    known_language,
    on_databases,
    our_settings,
    print_json,
    put,
    wrong_use,
)

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

    known_language(locale)
    settings = our_settings()
    services = on_databases(known_services(settings))
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

    rows = on_databases(due(our_settings()))
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
    """Import services (.csv, .xlsx, HSDS .json): all of them, hidden, or none and every fault."""
    from app.exchanging import import_services

    ending, data = _ending(file), _beginning(file)
    answer = on_databases(import_services(our_settings(), ending, data, write=not dry_run))
    if as_json:
        print_json(answer)
    elif answer["faults"]:
        _print_rows(answer["faults"])
        typer.echo(f"{len(answer['faults'])} faults; nothing was imported")
    else:
        _print_rows(answer["notes"])
        for double in answer["doubles"]:
            typer.echo(f"{double['id']}: may be {double['like']} ({double['why']})")
        new, proposed, there = (len(answer[key]) for key in ("new", "proposed", "unchanged"))
        verb = "could be" if dry_run else "were"
        typer.echo(
            f"{new + proposed + there} services {verb} imported, hidden until somebody checks "
            f"them: {new} new, {proposed} as proposals for entries we have, {there} there already"
        )
    raise typer.Exit(1 if answer["faults"] else 0)


@directory_app.command("export")
def directory_export(
    file: Path,
    public: Annotated[
        bool, typer.Option("--public", help="Only what everybody may have.")
    ] = False,
    country: Annotated[str | None, typer.Option(help="KH, LA, MM, TH or VN only.")] = None,
) -> None:
    """Write the services into a .csv, .xlsx or HSDS .json file."""
    from app.exchanging import Wanted, export_services
    from directory.hsds_json import LONGEST_JSON
    from directory.sheets_xlsx import CellTooLong
    from directory.taxonomy import COUNTRIES

    if country and country not in COUNTRIES:
        wrong_use(f"--country takes one of: {', '.join(COUNTRIES)}")
    wanted = Wanted(ending=_ending(file), country=country, public=public)
    try:
        data, number = on_databases(export_services(our_settings(), wanted))
    except CellTooLong as why:
        wrong_use(str(why))
    put(file, data, private=not public)
    typer.echo(f"{number} services were written to {file.name}")
    if wanted.ending == ".json" and len(data) > LONGEST_JSON:
        typer.echo("larger than an import takes; use --country for one file a country", err=True)


def _ending(file: Path) -> str:
    """The ending of a file that can be exchanged, or wrong use."""
    from directory.exchange_file import ENDINGS

    ending = file.suffix.lower()
    if ending not in ENDINGS:
        wrong_use(f"the name of the file ends in one of: {', '.join(ENDINGS)}")
    return ending


def _beginning(file: Path) -> bytes:
    """What a file holds, one byte more than may be imported at most, or wrong use."""
    from directory.exchange import LONGEST_FILE

    try:
        with file.open("rb") as stream:
            return stream.read(LONGEST_FILE + 1)
    except OSError:
        wrong_use(f"{file.name} cannot be read; give the path of a file")


def _print_rows(rows: list[dict[str, str]]) -> None:
    for row in rows:
        typer.echo(f"{row['row']}: {row['column']}: {row['wrong']}. {row['do']}")
