"""What the engine hears (events: facts) and what it asks for (effects: orders)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.actions import Action
from flows.nodes import Search
from flows.walk import Offer, Walk

Row = Literal["leave", "back", "menu", "listen", "numbers", "help", "erase", "language"]
Signal = Literal["self", "danger", "med", "child", "watch", "harm", "cover"]

MORE = "more"
NEXT = "next"
PHRASE = ""  # in place of the English source: the context alone names a phrase of the interface


@dataclass(frozen=True, slots=True)
class Text:
    """A text by its id: `context` is the node or variant, `msgid` the English source.

    With PHRASE as `msgid` the context is the id of a phrase of the interface.
    """

    context: str
    msgid: str
    fields: Mapping[str, str] = field(default_factory=dict)


# --- events -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Started:
    """A walk begins: at the greeting, or (`idle`) at the neutral hello."""

    idle: bool = False


@dataclass(frozen=True, slots=True)
class Chose:
    """She tapped or typed the answer `option` of the screen numbered `step`."""

    step: int
    option: str


@dataclass(frozen=True, slots=True)
class Went:
    """She used the standard row or one of its words."""

    where: Row


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Typed words sounded like one of the signals of the tree `rx`."""

    signal: Signal


@dataclass(frozen=True, slots=True)
class Wrote:
    """She typed something that is none of the above; the words themselves stay outside."""


@dataclass(frozen=True, slots=True)
class Attached:
    """She sent a photo, a voice note, a location …"""


@dataclass(frozen=True, slots=True)
class Found:
    """Answer to Look: ids of services, best first."""

    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Returned:
    """Answer to Act: new `offers` to tap, or an `outcome` of the node, or nothing at all.

    `page` is the page of the offers that is shown.
    """

    outcome: str = ""
    offers: tuple[Offer, ...] = ()
    page: int = 0
    place: str = ""
    service: str = ""
    flags: tuple[str, ...] = ()


Event = Started | Chose | Went | Interrupted | Wrote | Attached | Found | Returned

# --- effects ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Option:
    """An answer on the screen: a text of the tree, or an offer's ready label."""

    id: str
    label: Text | str
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """Put this screen before her. `services` are the cards of this page; `listens`: she asked
    to hear it.

    `neutral`: drawn without a word of the row, for it may be seen before she said it is safe.
    """

    node: str
    texts: tuple[Text, ...]
    choices: tuple[Option, ...] = ()
    row: tuple[Row, ...] = ()
    services: tuple[str, ...] = ()
    neutral: bool = False
    listens: bool = False
    spoken: dict[str, object] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was made of it before, by language: most screens say the same to everybody."""


@dataclass(frozen=True, slots=True)
class Look:
    """Search the directory and come back with Found. `wider` counts steps of widening."""

    search: Search
    wider: int = 0


@dataclass(frozen=True, slots=True)
class Act:
    """Carry out an action; `chosen`: the offer she tapped; `answers`: come back with Returned."""

    action: Action
    chosen: str = ""
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Count something about the tree, never about her: a node reached, a gap, a refusal."""

    what: Literal["node", "gap", "feedback", "exit", "interrupt"]
    name: str


Effect = Show | Look | Act | Count


@dataclass(frozen=True, slots=True)
class Step:
    """The new walk and what is to be done now, in order."""

    walk: Walk
    effects: tuple[Effect, ...]

    @property
    def asks(self) -> Look | Act | None:
        """The order that must be answered before the turn is over."""
        return next(
            (e for e in self.effects if isinstance(e, Look) or (isinstance(e, Act) and e.answers)),
            None,
        )
