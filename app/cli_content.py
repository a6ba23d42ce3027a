"""`saphan flows …` and `saphan translations …`: trees and languages."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from app.cli_parts import AsJson, bytes_of, known_language, print_json, wrong_use

flows_app = typer.Typer(no_args_is_help=True, help="Decision trees.")
translations_app = typer.Typer(no_args_is_help=True, help="Languages.")


@flows_app.command("check")
def flows_check(as_json: AsJson = False) -> None:
    """Every problem of every tree and catalogue, with file, node and what to do."""
    from app.checking import all_problems

    problems = all_problems()
    if as_json:
        print_json(
            [{"file": p.file, "node": p.node, "what": p.what, "fix": p.fix} for p in problems]
        )
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

    rows = status()
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
    file.write_bytes(export(locale, Domain.DESK if for_staff else Domain.MESSAGES))


@translations_app.command("import")
def translations_import(
    locale: str,
    file: Path,
    for_staff: ForStaff = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a PO file: all of it, or nothing and every fault."""
    from app.po import check_import
    from translations.catalogues import Domain, path_of

    _known_catalogue(locale, for_staff)
    domain = Domain.DESK if for_staff else Domain.MESSAGES
    new, problems = check_import(locale, bytes_of(file), domain=domain)
    if not problems and not dry_run:
        path_of(locale, domain=domain).write_bytes(new)
    if as_json:
        rows = [{"context": p.node, "what": p.what, "fix": p.fix} for p in problems]
        print_json({"taken": not problems and not dry_run, "problems": rows})
    else:
        for problem in problems:
            typer.echo(f"{problem.node}: {problem.what}. {problem.fix}")
        outcome = "can be taken" if dry_run else "was taken"
        typer.echo(f"{len(problems)} problems; nothing was taken" if problems else outcome)
    raise typer.Exit(1 if problems else 0)


def _known_catalogue(locale: str, for_staff: bool) -> None:
    from translations.locales import SOURCE

    known_language(locale)
    if for_staff and locale == SOURCE:
        wrong_use("what staff read in English stands in translations/desk.yaml")
