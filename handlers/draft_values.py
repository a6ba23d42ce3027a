"""What is said of drafts: items, drafts, changes, differences, refusals. Only values."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, Literal

from flows.faults import Problem
from flows.nodes import SignOff
from referrals.roles import Role

Kind = Literal["tree", "node", "variant", "phrase", "text", "clip"]
State = Literal["open", "submitted", "published", "dropped"]
Value = dict[str, Any] | str | None

KINDS: Final[tuple[Kind, ...]] = ("tree", "node", "variant", "phrase", "text", "clip")
ENGLISH: Final = frozenset({Role.COORDINATOR, Role.EDITOR})
LANGUAGES: Final = frozenset({Role.COORDINATOR, Role.TRANSLATOR, Role.REVIEWER})
WRITES: Final[Mapping[str, frozenset[Role]]] = MappingProxyType(
    {
        "tree": ENGLISH,
        "node": ENGLISH,
        "variant": ENGLISH,
        "phrase": ENGLISH,
        "text": LANGUAGES,
        "clip": LANGUAGES,
    }
)
"""Who may change what; everybody of these may open a draft."""
READS: Final = ENGLISH | LANGUAGES | {Role.SPECIALIST}

_RANK: Final = "CBA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One changed thing of a draft.

    | kind    | key                        | value (None: taken out)                      |
    |---------|----------------------------|----------------------------------------------|
    | tree    | sv                         | the head; `nodes` is the list of its ids     |
    | node    | sv.72b                     | the node's mapping, as in YAML               |
    | variant | country_text.wage_claim.TH | {say, src, add}                              |
    | phrase  | row.leave                  | the English                                  |
    | text    | `text_key`                 | {context, msgid, text, comments, …}          |
    | clip    | km/sv.72b                  | {clip, text, by, listened_by}                |

    The first four are those of flows/edits.py. `base` is `digest` of what was live when the item
    was begun, `by` everybody who changed it (account ids), `at` in Unix seconds, `version` what a
    save has to have seen, `minor`: typing errors, icons or order only, says who wrote it.
    """

    kind: Kind
    key: str
    value: Value = field(repr=False)
    base: str
    by: tuple[str, ...]
    at: float
    version: int
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A draft on its way to the women. Times in Unix seconds; people by their account ids.

    `mark` is `mark_of` its items: whoever says yes says it to exactly these. `browser` tells the
    browsers that had a hand in it (not who sits there). `due_at`: when it goes live by itself.
    `refused_by` and `reason`: somebody sent it back, and says why.
    """

    by: str = ""
    at: float = 0.0
    browser: str = ""
    mark: str = ""
    cls: SignOff = "A"
    hotfix: bool = False
    approved_by: str = ""
    approved_at: float = 0.0
    specialist: str = ""
    specialist_at: float = 0.0
    due_at: float = 0.0
    due_by: str = ""
    refused_by: str = ""
    reason: str = field(default="", repr=False)

    @property
    def waits_for(self) -> Literal["second", "specialist", "time", "publish"]:
        """What it waits for next."""
        if not self.approved_by:
            return "second"
        if self.cls == "A" and not self.specialist:
            return "specialist"
        return "time" if self.due_at else "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Changes against the live edition. `base` is the number of the edition it was begun on."""

    id: str
    title: str = field(repr=False)
    by: str
    made_at: float
    state: State
    base: int
    items: tuple[Item, ...] = ()
    version: int = 0
    review: Review | None = None

    @property
    def authors(self) -> frozenset[str]:
        """Everybody who had a hand in it: none of them may approve it."""
        return frozenset((self.by, *(one for item in self.items for one in item.by)))

    def item(self, kind: str, key: str) -> Item | None:
        """Its item of this kind and key."""
        return next((one for one in self.items if (one.kind, one.key) == (kind, key)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A save. `seen` is the version of the item that the page showed, 0 where it had none."""

    kind: Kind
    key: str
    value: Value = field(repr=False)
    seen: int = 0
    minor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that the draft makes different, before and after; `cls` by coordination.md 5.2.

    `said_minor`: the editor says that only typing errors, icons or the order changed.
    """

    kind: Kind
    key: str
    before: Value = field(repr=False)
    after: Value = field(repr=False)
    cls: SignOff
    said_minor: bool = False
    problems: tuple[Problem, ...] = ()


class Conflict(Exception):
    """Somebody else saved this item first. `theirs` is what is kept now; nothing was changed."""

    def __init__(self, theirs: Item | None, now: Value) -> None:
        """`now` is their value, or the live one where they took their change back."""
        super().__init__()
        self.theirs = theirs
        self.now = now

    @property
    def by(self) -> str:
        """Who saved it last; empty where nobody's change is left."""
        return self.theirs.by[-1] if self.theirs else ""

    @property
    def at(self) -> float:
        """When, in Unix seconds; 0 where nobody's change is left."""
        return self.theirs.at if self.theirs else 0.0


class NotAllowed(Exception):
    """Nothing was kept. `reason` is the id of a staff phrase and repeats nothing."""

    def __init__(self, reason: str) -> None:
        """Keep the phrase."""
        super().__init__(reason)
        self.reason = reason


def text_key(locale: str, context: str, msgid: str) -> str:
    """The key of one translation: short, and the same for the same English."""
    return f"{locale}/{context}/{sha256(msgid.encode()).hexdigest()[:12]}"


def clip_key(locale: str, context: str) -> str:
    """The key of one recording."""
    return f"{locale}/{context}"


def digest(value: Value) -> str:
    """What tells one value from another; empty for none. Order within mappings does not count."""
    if value is None:
        return ""
    told = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(told.encode()).hexdigest()[:16]


def mark_of(items: Iterable[Item]) -> str:
    """What tells one set of changes from another."""
    told = [[one.kind, one.key, digest(one.value), one.minor] for one in items]
    return sha256(json.dumps(sorted(told)).encode()).hexdigest()


def highest(*classes: SignOff) -> SignOff:
    """The strictest of these; C where there is none."""
    found: SignOff = "C"
    for one in classes:
        if _RANK.index(one) > _RANK.index(found):
            found = one
    return found
