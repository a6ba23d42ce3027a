"""All routes of the staff app, found by themselves: their rules, and what a request to each is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import signature
from typing import Any

from fastapi import FastAPI, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from console.guard import Open, Rule

READS = {"GET", "HEAD"}


@dataclass(frozen=True)
class Way:
    """One method of one route; `path` has something in each of its gaps."""

    method: str
    template: str
    path: str
    rule: Rule | Open | None
    route: APIRoute

    @property
    def changes(self) -> bool:
        return self.method not in READS

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


def ways(app: FastAPI) -> Iterator[Way]:
    """Every method of every route, in the order of the app."""
    for route in _routes(app.routes):
        rule = next(_rules(route.dependant), None)
        path = _filled(route)
        for method in sorted(route.methods or ()):
            yield Way(method, route.path, path, rule, route)


def recorded(app: FastAPI, reached: list[str]) -> None:
    """From now on every route with a rule does nothing but say that it was reached.

    To be called before the first request: FastAPI reads what a route does once.
    """
    for way in ways(app):
        if way.rule is not None:
            way.route.endpoint = _noting(way, reached)


def _noting(way: Way, reached: list[str]) -> Callable[..., Any]:
    async def note(**_values: Any) -> Response:
        reached.append(way.name)
        return Response(status_code=204)

    note.__signature__ = signature(way.route.endpoint)  # type: ignore[attr-defined]
    return note


def _routes(routes: Any) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif inner := getattr(getattr(route, "original_router", None), "routes", None):
            yield from _routes(inner)


def _rules(dependant: Dependant) -> Iterator[Rule | Open]:
    for one in dependant.dependencies:
        if isinstance(one.call, Rule | Open):
            yield one.call
        yield from _rules(one)


def _filled(route: APIRoute) -> str:
    path = route.path
    for gap in route.param_convertors:
        path = path.replace(f"{{{gap}:path}}", "x1").replace(f"{{{gap}}}", "1")
    return path
