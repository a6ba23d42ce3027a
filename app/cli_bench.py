"""`saphan bench`: what is measured, each part by itself or all together."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

import typer

from app.cli_parts import AsJson, print_json, wrong_use

TABLES = {
    "words": {"typed_words": "app.bench.words_bench"},
    "places": {
        "typed_places": "app.bench_places.places_bench",
        "many_names": "app.bench_names.names_bench",
    },
    "services": {"many_services": "app.bench_services.services_bench"},
    "steps": {
        "engine": "app.bench_inside.engine_bench",
        "codec": "app.bench_steps.codec_bench",
    },
    "web": {"webhooks": "app.bench_web.web_bench"},
    "start": {"start": "app.bench_start.start_bench"},
    "growth": {"growth": "app.bench_inside.growth"},
    "scale": {"scale": "app.bench_inside.scale"},
}
LONG = {
    "growth": {"growth": "app.bench_inside.full_growth"},
    "long": {"minutes": "app.bench_long.long_bench"},
}
PARTS = (*TABLES, "long")


def bench(
    part: Annotated[str, typer.Argument(help=f"{', '.join(PARTS)}; all but long without.")] = "",
    full: Annotated[bool, typer.Option("--full", help="Also what takes many minutes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure: how typed words and places are understood, and what everything costs, as ratios."""
    if part and part not in PARTS:
        wrong_use(f"bench takes one of: {', '.join(PARTS)}")
    tables = {**TABLES, **LONG} if full or part == "long" else TABLES
    parts = (part,) if part else tuple(tables)
    measured = {one: rows for name in parts for one, rows in _measured(tables[name])}
    if as_json:
        print_json(measured)
        return
    for name, rows in measured.items():
        typer.echo(name)
        for line in lines_of(rows):
            typer.echo(f"  {line}")


def _measured(tables: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Run a part: the name of each table in it, and its rows."""
    for name, path in tables.items():
        module, _, function = path.rpartition(".")
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
