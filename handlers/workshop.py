"""Workshop: editions and drafts as they were read last, so that a page need not read them anew."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from weakref import WeakKeyDictionary

from babel.messages.catalog import Catalog

from flows.faults import Problem
from handlers.draft_values import Kind, Value
from handlers.edition_content import Changed, Content
from handlers.texts import Kept

_MOST_DRAFTS = 12  # one takes a few megabytes

Made = TypeVar("Made")
By = TypeVar("By")

Key = tuple[str, str, tuple[int, ...]]
"""The live edition's name, the draft's id, the versions of its items."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What was worked out, by what it was worked out from. Empty in processes without pages."""

    editions: OrderedDict[str, Content] = field(default_factory=OrderedDict)
    """By the name of the edition; two are enough, the live one and the one before."""
    drafts: OrderedDict[Key, Changed] = field(default_factory=OrderedDict)
    checked: OrderedDict[Key, tuple[Problem, ...]] = field(default_factory=OrderedDict)
    """Outcomes of full checks."""
    updates: OrderedDict[tuple[str, str, str], Mapping[tuple[Kind, str], Value]] = field(
        default_factory=OrderedDict
    )
    """What an update brought: by the live edition, the files taken over last, those of now."""
    shipped: dict[str, tuple[str, Catalog]] = field(default_factory=dict)
    """The program's own file of a language, and the catalogue in it."""
    texts: Kept = field(default_factory=WeakKeyDictionary)
    """Every text of an edition in each language, for the pages of translations."""
    working: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Full checks take seconds of the processor: one at a time."""


async def in_thread(work: Callable[[], Made]) -> Made:
    """Do it while other people are served."""
    return await asyncio.to_thread(work)


def remember(kept: OrderedDict[By, Made], key: By, made: Made, most: int = _MOST_DRAFTS) -> Made:
    """Keep it as the newest; the oldest goes."""
    kept[key] = made
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
    return made
