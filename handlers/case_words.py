"""A referral in words for one member of staff: lines of labels and values, for every door."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from directory.hours import ZONES
from directory.places import Gazetteer
from handlers import partners
from handlers.case_values import View
from handlers.casework_form import HELP_WITH_WORDS, Form
from handlers.desk import Desk
from handlers.staff_values import Account
from referrals.items import Item
from translations.locales import SOURCE
from translations.translator import NotTranslated, Translator

_ELSEWHERE = "TH"  # where the clock hangs of people who work for the whole network
_IN_HOURS = 120  # minutes
_FIRST_ITEMS = (Item.BEFORE, Item.AGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Speaks to one member of staff: the language, and where the clock on the wall hangs."""

    translator: Translator
    places: Gazetteer
    locale: str
    zone: ZoneInfo

    def say(self, phrase: str, **fields: str) -> str:
        """A phrase for staff; of what both sides know by name, the one the women read."""
        if phrase.startswith("item."):
            phrase = f"label.{phrase.removeprefix('item.')}"
        try:
            return self.translator.staff(self.locale, phrase, **fields)
        except KeyError:
            pass
        try:
            return self.translator.phrase(self.locale, phrase, **fields)
        except NotTranslated:
            return self.translator.phrase(SOURCE, phrase, **fields)

    def time(self, at: datetime) -> str:
        """A day and an hour where the person is, in numbers that all five countries read."""
        return at.astimezone(self.zone).strftime("%d/%m %H:%M")

    def moment(self, seconds: float) -> str:
        """The same for Unix seconds."""
        return self.time(datetime.fromtimestamp(seconds, UTC))

    def place(self, place_id: str) -> str:
        """The name of a province or district."""
        found = self.places.get(place_id)
        return self.places.name(found, self.locale) if found else ""

    def many(self, prefix: str, codes: Iterable[str]) -> str:
        """Several codes as words, side by side."""
        return ", ".join(self.say(f"{prefix}.{code}") for code in codes)


@dataclass(frozen=True, slots=True)
class Line:
    """What it is, and its value in words."""

    label: str
    words: str = field(repr=False)


def span(voice: Voice, age: timedelta) -> str:
    """How long, in minutes, from two hours on in hours."""
    minutes = int(age.total_seconds() // 60)
    unit, number = ("hours", minutes // 60) if minutes >= _IN_HOURS else ("minutes", minutes)
    return voice.say(f"requests.{unit}", number=str(number))


async def voice_of(desk: Desk, account: Account) -> Voice:
    """The voice for an account: its language, and the zone of its organisation's country."""
    async with desk.store.turn() as turn:
        own = await partners.receiver(turn, desk, account.organisation)
    zone = ZoneInfo(ZONES[own.country if own else _ELSEWHERE])
    return Voice(translator=desk.translator, places=desk.places, locale=account.locale, zone=zone)


async def partner_name(desk: Desk, account: Account, organisation: str) -> str:
    """How this person may call a partner; empty where nobody told this person of it."""
    found = await partners.look(desk, account.id, organisation) if organisation else None
    return found.name if found else ""


def form_lines(voice: Voice, form: Form, receiver: str) -> tuple[Line, ...]:
    """A draft as it is read once more before she is asked."""
    told = {
        "need": voice.many("need", form.services),
        "place": voice.place(form.province),
        "to_country": voice.say(f"country.{form.to_country}") if form.abroad() else "",
        "receiver": receiver,
        "urgency": "" if form.urgency is None else voice.say(f"urgency.{form.urgency.value}"),
        "contact": voice.say(f"contact.{form.contact.way.value}") if form.contact.way else "",
        "items": voice.many("item", (item.value for item in Item if item in form.items)),
    }
    lines = [Line(voice.say(f"label.{name}"), words) for name, words in told.items() if words]
    values = form.values(frozenset(Item) - {Item.PROVINCE}).of
    return (*lines, *(_valued(voice, item, parts) for item, parts in values.items()))


def card_lines(voice: Voice, view: View, sender: str) -> tuple[Line, ...]:
    """The triage card, the hour before which care is needed first; empty where there is none."""
    card = view.card
    if card is None:
        return ()
    lines = [
        Line(voice.say("label.need"), voice.many("need", card.services)),
        Line(voice.say("label.urgency"), voice.say(f"urgency.{view.urgency.value}")),
    ]
    if sender:
        lines.append(Line(voice.say("label.sender"), sender))
    order = sorted(card.values, key=lambda item: (item not in _FIRST_ITEMS, item.value))
    return (*lines, *(_valued(voice, item, card.values[item]) for item in order))


def value_words(voice: Voice, item: Item, parts: tuple[str, ...]) -> str:
    """The values of one item in words."""
    return " · ".join(filter(None, _values(voice, item, parts)))


def _valued(voice: Voice, item: Item, parts: tuple[str, ...]) -> Line:
    return Line(voice.say(f"label.{item.value}"), value_words(voice, item, parts))


def _values(voice: Voice, item: Item, parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        match item:
            case Item.AREA | Item.PROVINCE:
                yield voice.place(part)
            case Item.BEFORE:
                day, _, hour = part.partition("T")
                yield f"{day[8:10]}/{day[5:7]} {hour}:00"
            case Item.LANGUAGE if part not in HELP_WITH_WORDS:
                yield voice.say(f"language.{part}")
            case _:
                yield voice.say(f"value.{item.value}.{part}")
