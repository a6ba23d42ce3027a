"""`saphan flows …` and `saphan translations …`: trees and languages."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import AsJson, bytes_of, known_language, print_json, put, wrong_use

flows_app = typer.Typer(no_args_is_help=True, help="Decision trees.")
translations_app = typer.Typer(no_args_is_help=True, help="Languages.")


@flows_app.command("check")
def flows_check(as_json: AsJson = False) -> None:
    """Every problem of every tree and catalogue, with file, node and what to do."""
    from app.checking import all_problems
    from app.fault_words import in_english, line_of

    problems = all_problems()
    if as_json:
        print_json(
            [
                {"file": p.file, "node": p.node, "kind": p.fault.kind, "what": in_english(p.fault)}
                for p in problems
            ]
        )
    else:
        for problem in problems:
            typer.echo(line_of(problem))
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
        wrong_use(f"there is no tree of that name; the trees are {', '.join(book.trees)}")
    if form not in ("mermaid", "svg"):
        wrong_use("--format takes mermaid or svg")
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


ForStaff = Annotated[bool, typer.Option("--staff", help="The catalogue of what staff read.")]


@translations_app.command("status")
def translations_status(as_json: AsJson = False) -> None:
    """For each language: texts, translated, reviewed, outdated, audio; and phrases for staff."""
    from app.catalogues import status
    from app.settings import SettingsFaulty, read_settings

    kept = None
    with suppress(SettingsFaulty):  # the texts can be counted whatever is set
        kept = read_settings().var / "editions"
    rows = status(kept)
    if as_json:
        print_json(rows)
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
    """Bring templates and every catalogue up to the English; what changed becomes outdated."""
    from app.catalogues import update

    stale = update(write=not check, minor=frozenset(minor or ()))
    for path in stale:
        typer.echo(f"{path}: {'is stale; run saphan translations update' if check else 'updated'}")
    raise typer.Exit(1 if stale and check else 0)


@translations_app.command("export")
def translations_export(locale: str, file: Path, for_staff: ForStaff = False) -> None:
    """Write the catalogue of a language to a PO file, for Poedit or Weblate."""
    from app.po import export
    from translations.catalogues import Domain

    _known_catalogue(locale, for_staff)
    put(file, export(locale, Domain.DESK if for_staff else Domain.MESSAGES))


@translations_app.command("import")
def translations_import(
    locale: str,
    file: Path,
    for_staff: ForStaff = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a PO file: all of it, or nothing and every fault."""
    from app.fault_words import in_english
    from app.po import check_import
    from translations.catalogues import Domain, path_of

    _known_catalogue(locale, for_staff)
    domain = Domain.DESK if for_staff else Domain.MESSAGES
    new, problems = check_import(locale, bytes_of(file), domain=domain)
    if not problems and not dry_run:
        put(path_of(locale, domain=domain), new)
    if as_json:
        rows = [{"context": p.node, "what": in_english(p.fault)} for p in problems]
        print_json({"taken": not problems and not dry_run, "problems": rows})
    else:
        for problem in problems:
            typer.echo(f"{problem.node}: {in_english(problem.fault)}")
        outcome = "can be taken" if dry_run else "was taken"
        typer.echo(f"{len(problems)} problems; nothing was taken" if problems else outcome)
    raise typer.Exit(1 if problems else 0)


@translations_app.command("scripts")
def translations_scripts(
    locale: Annotated[str, typer.Option(help="Whose words are read.")],
    out: Annotated[Path | None, typer.Option(help="A folder for a text file and a PDF.")] = None,
) -> None:
    """What is to be recorded in a language, numbered, ready to be read aloud."""
    from app.recordings import as_text, for_paper, script_of

    known_language(locale)
    script = script_of(locale)
    if out is None:
        typer.echo(as_text(script), nl=False)
        return
    from console.paper import script_pdf

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError:
        wrong_use(f"{out.name} cannot be made a folder; give one where you may write")
    put(out / f"{locale}.txt", as_text(script).encode())
    put(out / f"{locale}.pdf", script_pdf(for_paper(script)))
    typer.echo(f"{len(script.lines)} recordings: {locale}.txt, {locale}.pdf")


@translations_app.command("record")
def translations_record(
    locale: str,
    place: str,
    file: Path,
    by: Annotated[str, typer.Option(help="Who reads; a name or initials.")],
    heard_by: Annotated[str, typer.Option(help="Who listened to all of it; somebody else.")],
) -> None:
    """Take a recording into translations/, to come with the program."""
    from app.recordings import NothingToRead, take_in
    from privacy.opus import SoundRefused
    from translations.catalogues import FOLDER

    known_language(locale)
    if not by.strip() or not heard_by.strip() or by == heard_by:
        wrong_use("--by and --heard-by name two people")
    try:
        path = take_in((locale, place), bytes_of(file), (by, heard_by), FOLDER)
    except NothingToRead:
        wrong_use(f"there is nothing to read at {place}; see saphan translations scripts")
    except SoundRefused as refused:
        wrong_use(f"no recording that is taken: {refused.reason}; Ogg or WebM with Opus")
    typer.echo(str(path.relative_to(FOLDER.parent)))


def _known_catalogue(locale: str, for_staff: bool) -> None:
    from translations.locales import SOURCE

    known_language(locale)
    if for_staff and locale == SOURCE:
        wrong_use("what staff read in English stands in translations/desk.yaml")
