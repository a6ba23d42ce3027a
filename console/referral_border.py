"""What a referral's page shows of a border: travel, other ways than a dangerous one, steps."""

from dataclasses import dataclass, field, replace
from datetime import date

from console.forms import Posted
from console.referral_lines import Choice
from handlers import casework, receivers
from handlers.case_values import TravelGiven, View
from handlers.case_words import Voice
from handlers.casework_form import Form
from handlers.desk import Desk
from handlers.staff import SignedIn, accounts_of
from referrals.children import ReturnStep
from referrals.contact_terms import Band
from referrals.corridor import CrossingPoint
from referrals.roles import Role
from referrals.states import Act, State

_MOST = 3  # services shown for each of the other ways
# What is looked at with her first: scenario 38, in the words of the taxonomy.
_OTHER_WAYS = {
    "safer.stay": ("LEG.IMM", "LEG.AID"),
    "safer.refugee": ("DOC.REFUGEE",),
    "safer.shelter": ("SHE.EMERG", "SHE.LONG"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """One of a child's eight steps, and how it stands."""

    number: int
    done: bool
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderTold:
    """Everything the page says of it; empty inside one country."""

    ours: tuple[Choice, ...] = ()
    theirs: tuple[Choice, ...] = ()
    bands: tuple[Choice, ...] = ()
    points: tuple[Choice, ...] = ()
    travel: tuple[tuple[str, str], ...] = ()
    asks: str = ""
    ways: tuple[tuple[str, tuple[str, ...]], ...] = ()
    advisers: tuple[Choice, ...] = ()
    adviser: str = ""
    steps: tuple[StepLine, ...] = field(default=())


async def border_told(desk: Desk, signed: SignedIn, voice: Voice, view: View) -> BorderTold:
    """For one referral as this person may see it now."""
    told = BorderTold(steps=_steps(view), travel=_travel(voice, view), asks=_asks(voice, view))
    if view.target and view.target.abroad and Act.ARRANGE in view.acts:
        people = await casework.companions(desk, signed.account, view.id)
        told = replace(
            told,
            ours=tuple(Choice(*one) for one in people.ours),
            theirs=tuple(Choice(*one) for one in people.theirs),
            bands=tuple(Choice(one.value, voice.say(f"band.{one.value}")) for one in Band),
            points=_points(voice),
        )
    if view.safer is None:
        return told
    async with desk.store.turn() as turn:
        known = await accounts_of(turn, desk, "", Role.SPECIALIST)
    advisers = tuple(Choice(one.id, one.name or one.id) for one in known)
    asked = next((one.words for one in advisers if one.value == view.safer.adviser), "")
    ways = await other_ways(desk, signed, view.form) if view.form else ()
    return replace(told, advisers=advisers, adviser=asked, ways=ways)


async def other_ways(
    desk: Desk, signed: SignedIn, form: Form
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Staying, refugee office, another shelter: each with partners in the country she is in."""
    found = []
    for phrase, services in _OTHER_WAYS.items():
        names = dict[str, None]()
        for one in services:
            here = replace(form, services=(one,), to_country=form.country, corridor=None)
            takers = await receivers.who_can_take(desk, signed.account.id, here)
            names |= dict.fromkeys(taker.name for taker in takers.candidates)
        found.append((phrase, tuple(names)[:_MOST]))
    return tuple(found)


def travel_given(form: Posted) -> TravelGiven | None:
    """Travel as the form of "arrange" says it; None where there is no such form."""
    if not form.one("first"):
        return None
    return TravelGiven(
        first=day_of(form.one("first")),
        last=day_of(form.one("last")),
        band=next((one for one in Band if one.value == form.one("band")), None),
        point=next((one for one in CrossingPoint if one.value == form.one("point")), None),
        ours=form.one("ours"),
        theirs=form.one("theirs"),
        safe=form.one("safe") == "yes",
    )


def day_of(written: str) -> date | None:
    """A day as a browser's date field sends it; None for anything else."""
    try:
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _points(voice: Voice) -> tuple[Choice, ...]:
    return tuple(
        Choice(one.value, voice.say(f"border.point.{one.value}")) for one in CrossingPoint
    )


def _travel(voice: Voice, view: View) -> tuple[tuple[str, str], ...]:
    travel = view.travel
    if travel is None:
        return ()
    days = dict.fromkeys(f"{one:%d/%m}" for one in (travel.first, travel.last))
    when = f"{' – '.join(days)}, {voice.say(f'band.{travel.band.value}')}"
    return (
        (voice.say("travel.when"), when),
        (voice.say("travel.point"), voice.say(f"border.point.{travel.point.value}")),
        (voice.say("travel.follow_up"), f"{travel.ours} · {travel.theirs}"),
    )


def _asks(voice: Voice, view: View) -> str:
    """When she is asked again, or when she was."""
    travel = view.travel
    if travel is None or view.state not in (State.HANDOVER_ARRANGED, State.MET):
        return ""
    if travel.confirmed_at is not None:
        return voice.say("travel.confirmed", time=voice.time(travel.confirmed_at))
    start, end = voice.time(travel.ask_from), voice.time(travel.ask_until)
    return voice.say("travel.ask", **{"from": start, "until": end})


def _steps(view: View) -> tuple[StepLine, ...]:
    if view.steps is None:
        return ()
    done = {one.step for one in view.steps.done}
    opened = view.steps.open if view.may_mark else None
    return tuple(
        StepLine(number=one.value, done=one in done, open=one is opened) for one in ReturnStep
    )
