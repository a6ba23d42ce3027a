"""The `saphan` command. Exit code 0 = fine, 1 = problems found, 2 = wrong use."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from app.settings import Settings, SettingsFaulty, read_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
flows_app = typer.Typer(no_args_is_help=True, help="Decision trees.")
translations_app = typer.Typer(no_args_is_help=True, help="Languages.")
directory_app = typer.Typer(no_args_is_help=True, help="The directory of services.")
app.add_typer(flows_app, name="flows")
app.add_typer(translations_app, name="translations")
app.add_typer(directory_app, name="directory")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@app.callback()
def _saphan() -> None:
    """Saphan takes a woman through safe, anonymous questions to a service that will take her."""
    from app.logs import configure

    configure("warning")


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the public side.")] = 8080,
) -> None:
    """Start the whole system on one process."""
    from app.serving import run
    from directory.exchange import ServicesFaulty
    from flows.book import BookFaulty
    from translations.frames import FrameFaulty

    try:
        asyncio.run(run(_settings(), host, port))
    except (SettingsFaulty, BookFaulty, ServicesFaulty, FrameFaulty) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None


@app.command()
def chat(
    locale: Annotated[str, typer.Option(help="Begin in this language: km lo my th vi en.")] = "",
    play: Annotated[str, typer.Option("--as", help="Whose limits: telegram or web.")] = "web",
    keep: Annotated[
        Path | None, typer.Option(help="Keep the walk as a conversation file.")
    ] = None,
) -> None:
    """The survivor's conversation in a terminal."""
    from app.chatting import chat as talk
    from bot.terminal import AS
    from translations.locales import LOCALES

    if play not in AS:
        _wrong(f"--as takes one of: {', '.join(AS)}")
    if locale and locale not in LOCALES:
        _wrong(f"--locale takes one of: {', '.join(LOCALES)}")
    walk = asyncio.run(talk(locale, play))
    if keep:
        keep.write_text(walk, "utf-8")


@flows_app.command("check")
def flows_check(as_json: AsJson = False) -> None:
    """Every problem of every tree and catalogue, with file, node and what to do."""
    from app.checking import all_problems

    problems = all_problems()
    if as_json:
        _print([{"file": p.file, "node": p.node, "what": p.what, "fix": p.fix} for p in problems])
    else:
        for problem in problems:
            typer.echo(str(problem))
        typer.echo(f"{len(problems)} problems")
    raise typer.Exit(1 if problems else 0)


@flows_app.command("show")
def flows_show(
    tree: str,
    form: Annotated[str, typer.Option("--format", help="mermaid or svg.")] = "mermaid",
) -> None:
    """A picture of a tree."""
    from flows.book import read_book
    from flows.picture import mermaid, svg

    book = read_book()
    if tree not in book.trees:
        _wrong(f"there is no tree of that name; the trees are {', '.join(book.trees)}")
    if form not in ("mermaid", "svg"):
        _wrong("--format takes mermaid or svg")
    typer.echo((mermaid if form == "mermaid" else svg)(book, tree))


@flows_app.command("replay")
def flows_replay(files: list[Path]) -> None:
    """Replay conversation files over the real handlers; every difference is named."""
    from app.replay import ConversationFaulty, read_conversation, replay

    failed = False
    for path in files:
        try:
            found = asyncio.run(replay(read_conversation(path)))
        except ConversationFaulty as fault:
            typer.echo(str(fault), err=True)
            failed = True
            continue
        for difference in found:
            typer.echo(f"{path.name}: turn {difference.turn}: {difference.what}")
        failed = failed or bool(found)
        if not found:
            typer.echo(f"{path.name}: as written")
    raise typer.Exit(1 if failed else 0)


@translations_app.command("status")
def translations_status(as_json: AsJson = False) -> None:
    """For each language: texts, translated, reviewed, outdated, audio."""
    from app.catalogues import status

    rows = status()
    if as_json:
        _print(rows)
        return
    for locale, row in rows.items():
        typer.echo(f"{locale}  " + "  ".join(f"{name} {value}" for name, value in row.items()))


@translations_app.command("update")
def translations_update(
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether they are stale.")
    ] = False,
    minor: Annotated[
        list[str] | None, typer.Option(help="A context whose English kept its meaning.")
    ] = None,
) -> None:
    """Bring messages.pot and every catalogue up to the trees; what changed becomes outdated."""
    from app.catalogues import update

    stale = update(write=not check, minor=frozenset(minor or ()))
    for path in stale:
        typer.echo(f"{path}: {'is stale; run saphan translations update' if check else 'updated'}")
    raise typer.Exit(1 if stale and check else 0)


@translations_app.command("export")
def translations_export(locale: str, file: Path) -> None:
    """Write the catalogue of a language to a PO file, for Poedit or Weblate."""
    from app.po import export

    _known(locale)
    file.write_bytes(export(locale))


@translations_app.command("import")
def translations_import(
    locale: str,
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a PO file: all of it, or nothing and every fault."""
    from app.po import check_import
    from translations.catalogues import path_of

    _known(locale)
    new, problems = check_import(locale, _bytes_of(file))
    if not problems and not dry_run:
        path_of(locale).write_bytes(new)
    if as_json:
        rows = [{"context": p.node, "what": p.what, "fix": p.fix} for p in problems]
        _print({"taken": not problems and not dry_run, "problems": rows})
    else:
        for problem in problems:
            typer.echo(f"{problem.node}: {problem.what}. {problem.fix}")
        outcome = "can be taken" if dry_run else "was taken"
        typer.echo(f"{len(problems)} problems; nothing was taken" if problems else outcome)
    raise typer.Exit(1 if problems else 0)


@app.command()
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
        _wrong(f"--country takes one of: {', '.join(COUNTRIES)}")
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
        _print(rows)
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

    settings = _settings()
    services = asyncio.run(known_services(settings))
    asked = Asked(country, tuple(need), place, locale, frozenset(flag or ()))
    try:
        found = look(asked, services, settings.mode)
    except NotUnderstood as fault:
        _wrong(str(fault))
    if as_json:
        _print(found if explain else found["shown"])
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

    rows = asyncio.run(due(_settings()))
    if as_json:
        _print(rows)
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

    faults, number = asyncio.run(import_services(_settings(), _bytes_of(file), write=not dry_run))
    if as_json:
        _print({"imported": 0 if faults or dry_run else number, "faults": faults})
    else:
        for fault in faults:
            typer.echo(f"{fault['row']}: {fault['column']}: {fault['wrong']}. {fault['do']}")
        typer.echo(
            f"{len(faults)} faults; nothing was imported"
            if faults
            else f"{number} services {'could be' if dry_run else 'were'} imported, hidden"
        )
    raise typer.Exit(1 if faults else 0)


@app.command()
def bench(as_json: AsJson = False) -> None:
    """Measure: how well typed words are understood, on sets the lists have not seen."""
    from app.bench import words_bench

    rows = words_bench()
    if as_json:
        _print({"typed_words": rows})
        return
    for locale, classes in rows.items():
        for name, row in classes.items():
            typer.echo(f"{locale}  {name:12}  {_line(row)}")


def _line(row: dict[str, Any]) -> str:
    return "  ".join(
        f"{name} {value:.1f}" if isinstance(value, float) else f"{name} {value}"
        for name, value in row.items()
    )


@app.command()
def sweep() -> None:
    """Erase everything whose time is over, now."""
    from app.serving import sweep_once

    typer.echo(f"{asyncio.run(sweep_once(_settings()))} conversations ended")


def main() -> None:
    """Entry point of the `saphan` command."""
    app()


def _known(locale: str) -> None:
    from translations.locales import LOCALES

    if locale not in LOCALES:
        _wrong(f"the languages are {', '.join(LOCALES)}")


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        _wrong(f"{file.name} cannot be read; give the path of a file")


def _settings() -> Settings:
    try:
        return read_settings()
    except SettingsFaulty as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(2) from None


def _wrong(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
