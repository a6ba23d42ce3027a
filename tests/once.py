"""What a test would work out again although nothing of it can have changed: worked out once.

Pages are compiled, routes understood, catalogues parsed, statements made into text and
certificates read for every desk and every client anew, which was a tenth of the suite's time. In a
full run all is done each time.
"""

import os
import ssl
from collections.abc import Callable, Iterator
from functools import cache
from inspect import isfunction
from types import CodeType
from typing import Any

import fastapi.routing
import httpx
import jinja2
import pytest
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from handlers import edition_content
from tests.proving import FULL
from translations.catalogues import catalogue_of


@pytest.fixture(scope="session", autouse=True)
def _once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if not os.environ.get(FULL):
            patch.setattr(jinja2.Environment, "compile", _pages())
            patch.setattr(edition_content, "po", cache(catalogue_of))  # nobody changes them there
            patch.setattr(fastapi.routing, _ROUTES, _routes())
            patch.setattr(httpx._transports.default, "create_ssl_context", _certificates())
            _statements(patch)
        yield


_MOST = 5_000  # statements
_ROUTES = "_build_dependant_with_parameterless_dependencies"


def _pages() -> Callable[..., CodeType]:
    """Their code depends on nothing but their source, and the names of filters."""
    compiled: dict[tuple[object, ...], CodeType] = {}
    real = jinja2.Environment.compile

    def compile_once(
        self: jinja2.Environment, source: str, name: str | None = None, file: str | None = None
    ) -> CodeType:
        key = (source, name, file, *self.filters)
        if key not in compiled:
            compiled[key] = real(self, source, name, file)
        return compiled[key]

    return compile_once


def _routes() -> Callable[..., Any]:
    """What a function asks for; methods belong to one desk."""
    real = getattr(fastapi.routing, _ROUTES)

    @cache
    def understood(path: str, call: Callable[..., Any]) -> Any:
        return real(path=path, call=call, dependencies=[])

    def understood_once(*, path: str, call: Callable[..., Any], dependencies: Any) -> Any:
        if isfunction(call) and not call.__closure__ and not dependencies:
            return understood(path, call)
        return real(path=path, call=call, dependencies=dependencies)

    return understood_once


def _statements(patch: pytest.MonkeyPatch) -> None:
    """What SQLAlchemy makes of a statement: kept for an engine, of which each test has its own.

    Dialects of one class are made with the same arguments throughout; each is asked as another.
    """
    kept: dict[type[Dialect], LRUCache[Any, Any]] = {}

    def shared(self: Engine) -> LRUCache[Any, Any]:
        return kept.setdefault(type(self.dialect), LRUCache(_MOST))

    patch.setattr(Engine, "_compiled_cache", property(shared, lambda *_: None), raising=False)
    patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
    patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))


def _certificates() -> Callable[..., ssl.SSLContext]:
    """Those of the authorities, for clients that say nothing else about them."""
    real = httpx.create_ssl_context

    @cache
    def usual(trust_env: bool) -> ssl.SSLContext:
        return real(trust_env=trust_env)

    def context_once(
        verify: ssl.SSLContext | str | bool = True, cert: Any = None, trust_env: bool = True
    ) -> ssl.SSLContext:
        if verify is True and cert is None:
            return usual(trust_env)
        return real(verify=verify, cert=cert, trust_env=trust_env)

    return context_once
