"""Where a person is: one frozen value that survives storage between any two messages."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import orjson

__all__ = ["MAX_TRAIL", "SHARED", "Frame", "Offer", "Opened", "Walk", "altered"]

MAX_TRAIL = 30  # screens that Back can go through
SHARED = "shared"  # the flag of a phone that others use too


@dataclass(frozen=True, slots=True, repr=False)
class Offer:
    """An answer that only this person has: a place, a service. `label` is ready to show."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Frame:
    """Where an interrupt happened, so that `resume` shows the very same screen again."""

    node: str
    trail: tuple[str, ...]
    returning: str = ""
    page: int = 0
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened:
    """What a code of her helper, or her receipt, has opened; it goes with her answer.

    `referral` is empty once she has answered: then nothing here tells whose answer it was. `code`
    is the hash of what opened it, `since` when she saw the first screen (Unix seconds). `out` are
    items she took out, `yeses` what she ticked apart, `hours` when she may be written to, all by
    id. `fields` are what an answered screen still says, ready in her language; `receipt` is her
    number while it is shown.
    """

    referral: str = ""
    kind: str = ""
    code: str = ""
    since: float = 0.0
    out: tuple[str, ...] = ()
    yeses: tuple[str, ...] = ()
    hours: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    receipt: str = ""


@dataclass(frozen=True, kw_only=True, repr=False)  # no slots: `altered` copies it whole
class Walk:
    """A person's place in the trees. What she said is here and nowhere else.

    `step` numbers the screen shown last: an answer to another step is an old button. `counters`
    are what counted, each with the screen it was answered on: another answer there replaces it.
    `trail` holds the nodes she waited at, the present one last. `returning` is the node that
    asked for a country or a language first. `results` are the services found, `found_at` the
    search that found them, `wider` how far it was widened, `shown` those on the cards she saw
    last; `offers` what a picker offers now; `screens` how many screens this conversation had;
    `code` what goes on with this walk in another app. `opened` is what a code has opened,
    `request` the number of her request for a caseworker, `reported` that she told of a helper.
    `covered`: a neutral sign stands before her screen, which she has not opened yet.
    """

    edition: str
    step: int
    node: str = ""
    flags: frozenset[str] = frozenset()
    counters: tuple[tuple[str, str], ...] = ()
    trail: tuple[str, ...] = ()
    returning: str = ""
    frame: Frame | None = None
    results: tuple[str, ...] = ()
    found_at: str = ""
    wider: int = 0
    page: int = 0
    shown: tuple[str, ...] = ()
    screens: int = 0
    offers: tuple[Offer, ...] = ()
    place: str = ""
    service: str = ""
    code: str = ""
    opened: Opened | None = None
    request: str = ""
    reported: bool = False
    ended: bool = False
    covered: bool = False

    def value_of(self, group: str) -> str:
        """The value of an exclusive group: `TH` for `in_TH`; empty when it was never chosen."""
        prefix = f"{group}_"
        for flag in self.flags:
            if flag.startswith(prefix):
                return flag[len(prefix) :]
        return ""

    @property
    def locale(self) -> str:
        """Her language, empty before she chose one."""
        return self.value_of("lang")

    @property
    def shares_phone(self) -> bool:
        """Whether she said that others use this phone too."""
        return SHARED in self.flags

    def dump(self) -> bytes:
        """The walk as bytes, to be sealed."""
        return orjson.dumps(
            [
                self.edition,
                self.step,
                self.node,
                sorted(self.flags),
                self.counters,
                self.trail,
                self.returning,
                self.frame and _kept(self.frame),
                self.results,
                self.found_at,
                self.wider,
                self.page,
                _pairs(self.offers),
                self.place,
                self.service,
                self.ended,
                self.shown,
                self.screens,
                self.code,
                self.opened and _facts(self.opened),
                self.request,
                self.reported,
                self.covered,
            ]
        )

    @classmethod
    def load(cls, data: bytes) -> "Walk":
        """The walk that `dump` wrote."""
        (edition, step, node, flags, counters, trail, returning, frame, *rest) = orjson.loads(data)
        results, found_at, wider, page, offers, place, service, ended, *added = rest
        # Absent in a walk kept before they were added.
        absent: tuple[Any, ...] = ((), 0, "", None, "", False, False)
        added = [*added, *absent[len(added) :]]
        shown, screens, code, opened, request, reported, covered = added
        return altered(
            _NOWHERE,
            edition=edition,
            step=step,
            node=node,
            flags=frozenset(flags),
            counters=tuple((name, node) for name, node in counters),
            trail=tuple(trail),
            returning=returning,
            frame=_frame(frame),
            results=tuple(results),
            found_at=found_at,
            wider=wider,
            page=page,
            offers=tuple(Offer(*offer) for offer in offers),
            place=place,
            service=service,
            ended=ended,
            shown=tuple(shown),
            screens=screens,
            code=code,
            opened=_opened(opened),
            request=request,
            reported=reported,
            covered=covered,
        )


_NOWHERE = Walk(edition="", step=0)

if TYPE_CHECKING:
    from dataclasses import replace as altered
else:

    def altered(walk: Walk, /, **changes: object) -> Walk:
        """As dataclasses.replace, in a tenth of its time: one step makes many walks."""
        made = object.__new__(Walk)
        vars(made).update(vars(walk), **changes)
        return made


def _pairs(offers: tuple[Offer, ...]) -> list[list[str]]:
    return [[offer.id, offer.label] for offer in offers]


def _facts(opened: Opened) -> list[Any]:
    return [getattr(opened, one.name) for one in fields(Opened)]


def _opened(raw: Any) -> Opened | None:
    if raw is None:
        return None
    told = {one.name: value for one, value in zip(fields(Opened), raw, strict=True)}
    for name in ("out", "yeses"):
        told[name] = tuple(told[name])
    return Opened(**{**told, "fields": tuple((name, text) for name, text in told["fields"])})


def _kept(frame: Frame) -> list[Any]:
    return [frame.node, frame.trail, frame.returning, frame.page, _pairs(frame.offers)]


def _frame(raw: Any) -> Frame | None:
    if raw is None:
        return None
    node, trail, returning, *added = raw
    page, offers = added or (0, ())  # absent in a walk kept before they were added
    return Frame(
        node=node,
        trail=tuple(trail),
        returning=returning,
        page=page,
        offers=tuple(Offer(*offer) for offer in offers),
    )
