"""Proposal: what a caseworker asks a woman, read anew from the referral each time it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from directory.hours import ZONES
from flows.walk import Opened
from handlers import case_file, partners
from handlers.case_file import Case
from handlers.case_taking_out import OPEN
from handlers.case_world import World, around
from handlers.desk import Desk
from handlers.staff_accounts import account
from referrals.consent import LONGEST, Extra, ReceiverType
from referrals.contact_terms import ContactWay
from referrals.items import Item, Sector
from referrals.referral import Referral
from referrals.rota import after
from referrals.states import FINAL, State
from referrals.urgency import Limits
from storage.partner_documents import Partner
from storage.store import Turn
from translations.locales import LOCALES

PUSHED = timedelta(days=7)  # only check-ins due so soon are sent (decisions 11)

# The screen of its own that each body of a state has, as a fact of the trees (rules.yaml).
_BODIES: Mapping[Sector, str] = MappingProxyType(
    {
        Sector.POLICE: "to_police",
        Sector.STATE_TEAM: "to_team",
        Sector.EMBASSY: "to_embassy",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One referral as she is asked about it, or as her receipt shows it.

    `helper` is who asks, as kept. What the referral no longer holds after its end is empty.
    """

    case: Case = field(repr=False)
    world: World = field(repr=False)
    helper: str = field(repr=False)

    @property
    def referral(self) -> Referral:
        """As the table of moves sees it."""
        return self.case.referral

    @property
    def receiver(self) -> Partner | None:
        """Whom it would go to."""
        return self.world.receiver

    @property
    def waits(self) -> bool:
        """Whether her answer can still be given: asked, in time, and not about a child (3.15)."""
        until = self.referral.answer_until
        in_time = until is not None and self.world.at < until
        asked = self.referral.state is State.CONSENT_PENDING
        return asked and in_time and not self.referral.child and self.receiver is not None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be stopped."""
        return self.referral.state in FINAL

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything she is asked for, in one order."""
        return tuple(item for item in Item if item in self.case.form.items)

    @property
    def limits(self) -> Limits:
        """The times of this urgency."""
        return self.world.clocks.limits[self.referral.urgency]

    @property
    def abroad(self) -> str:
        """The country of the receiver where it is another one, else empty."""
        there = self.receiver.country if self.receiver else ""
        return there if there != self.case.form.country else ""

    def kept(self, opened: Opened) -> tuple[Item, ...]:
        """The items that are left of what she was asked for."""
        return tuple(item for item in self.items if item.value not in opened.out)

    def way(self, opened: Opened) -> ContactWay:
        """How she may be reached; through her caseworker, where she keeps that to herself."""
        told = Item.CONTACT in self.kept(opened)
        return (self.case.form.contact.way if told else None) or ContactWay.CASEWORKER

    def ends_at(self, opened: Opened) -> datetime:
        """Until when they may use it: what the screen says is what the record holds."""
        return case_file.moment(opened.since) + LONGEST

    def contact_by(self) -> datetime:
        """The latest moment of first contact, counted from now in the receiver's hours (3.4)."""
        rota, limits = self.world.clocks.rota, self.limits
        if rota is None or not limits.stops:
            return self.world.at + limits.contact
        return after(rota, self.world.at, limits.contact)

    def check_at(self) -> datetime | None:
        """When a check-in would be due; None where that is too late to be sent (decisions 11)."""
        at = self.contact_by() + self.limits.checks[0]
        return at if at - self.world.at <= PUSHED else None

    def facts(self, opened: Opened, *, writable: bool) -> frozenset[str]:
        """What the trees may ask about it. `writable`: this chat can be written to later."""
        receiver, held = self.receiver, set()
        if receiver and receiver.sector in _BODIES:
            held.add(_BODIES[receiver.sector])
        elif receiver and receiver.type is ReceiverType.STATE:
            held.add("to_state")
        if self.abroad:
            held |= {"abroad", f"there_{self.abroad}"}
        if writable and Extra.CHECK_IN.value in opened.yeses and self.check_at():
            held.add("may_write")
        if self.is_over:
            held.add("over")
        if self.items and self.referral.state in OPEN:
            held |= {"may_take_out", *(("takes_out",) if opened.out else ())}
        return frozenset(held)


async def proposal(turn: Turn, desk: Desk, ref_id: str) -> Proposal | None:
    """The referral as she may see it; None where there is none any more."""
    case = await case_file.read(turn, desk, ref_id) if ref_id else None
    if case is None:
        return None
    sender = await partners.receiver(turn, desk, case.row.sender)
    owner = None if sender else await account(turn, desk, case.row.owner)
    helper = sender.name if sender else owner.name if owner else ""
    return Proposal(case=case, world=await around(turn, desk, case), helper=helper)


def told(desk: Desk, locale: str, asked: Proposal, opened: Opened) -> dict[str, str]:
    """What fills the placeholders of tree `co`, in her language; names stay as they are kept."""
    say, form = desk.translator.phrase, asked.case.form
    nothing = desk.translator.sign(locale, "item.nothing") or "–"
    items = [say(locale, f"item.{item.value}") for item in asked.kept(opened)]
    return {
        "helper": asked.helper,
        "receiver": _receiver(desk, locale, asked.receiver),
        "service": ", ".join(say(locale, f"need.{code}") for code in form.services),
        "purpose": say(locale, f"purpose.{form.purpose.value}") if form.purpose else "",
        "items": "; ".join(items) or nothing,
        "date": _day(locale, _local(asked, asked.ends_at(opened))),
        "how": say(locale, f"how.{asked.way(opened).value}"),
        "time": time_of(locale, asked, asked.contact_by()),
        "country": say(locale, f"country.{asked.abroad}") if asked.abroad else "",
    }


def time_of(locale: str, asked: Proposal, at: datetime) -> str:
    """A moment where she is: the hour, and the day where that is not today."""
    local, today = _local(asked, at), _local(asked, asked.world.at)
    hour = LOCALES[locale].with_digits(f"{local:%H:%M}")
    return hour if local.date() == today.date() else f"{_day(locale, local)} {hour}"


def _receiver(desk: Desk, locale: str, receiver: Partner | None) -> str:
    if receiver is None:
        return ""
    name = f"receiver.{receiver.type.value}"
    source = desk.translator.phrases[name]
    return desk.translator.say(locale, name, source, {"name": receiver.name})


def _local(asked: Proposal, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(ZONES[asked.case.form.country])) if _placed(asked) else at


def _placed(asked: Proposal) -> bool:
    return asked.case.form.country in ZONES


def _day(locale: str, at: datetime) -> str:
    return LOCALES[locale].with_digits(f"{at:%d.%m.%Y}")
