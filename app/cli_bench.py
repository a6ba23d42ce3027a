"""`saphan bench`: what is measured, each part by itself or all together."""

import importlib
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from app.cli_parts import AsJson, print_json, wrong_use

PARTS = ("words", "places", "services")


def bench(
    part: Annotated[str, typer.Argument(help="words, places or services; all without.")] = "",
    as_json: AsJson = False,
) -> None:
    """Measure: how well typed words and places are understood, and what finding costs."""
    if part and part not in PARTS:
        wrong_use(f"bench takes one of: {', '.join(PARTS)}")
    parts = (part,) if part else PARTS
    measured = {one: rows for name in parts for one, rows in _measured(name)}
    if as_json:
        print_json(measured)
        return
    for name, rows in measured.items():
        typer.echo(name)
        for line in lines_of(rows):
            typer.echo(f"  {line}")


def _measured(part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run a part: the name of each table in it, and its rows."""
    tables = {
        "words": {"typed_words": ("app.bench", "words_bench")},
        "places": {
            "typed_places": ("app.bench_places", "places_bench"),
            "many_names": ("app.bench_names", "names_bench"),
        },
        "services": {"many_services": ("app.bench_services", "services_bench")},
    }
    for name, (module, function) in tables[part].items():
        run: Callable[[], dict[str, Any]] = getattr(importlib.import_module(module), function)
        yield name, run()


def lines_of(rows: dict[str, Any], before: str = "") -> Iterator[str]:
    """One line a row: the lowest tables, with the names of those around them in front."""
    flat = {name: value for name, value in rows.items() if not _is_table(value)}
    if flat:
        yield f"{before:28}  " + "  ".join(f"{n} {_shown(v)}" for n, v in flat.items())
    for name, value in rows.items():
        if _is_table(value):
            yield from lines_of(value, f"{before}  {name}".strip())


def _is_table(value: object) -> bool:
    """A share with its interval is a value, not a table."""
    return isinstance(value, dict) and set(value) != {"n", "count", "percent", "interval"}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        low, high = value["interval"]
        return f"{value['percent']} % ({low}-{high})"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
