"""The doors of the messengers, found by themselves: each module here states its `DOOR`."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from bot.door import Door


@cache
def doors() -> Mapping[str, Door]:
    """Every door by name, in the order of their names."""
    modules = sorted(module.name for module in iter_modules(__path__))
    found = (import_module(f"{__name__}.{name}") for name in modules)
    stated = (getattr(module, "DOOR", None) for module in found)
    return MappingProxyType({door.name: door for door in stated if isinstance(door, Door)})
