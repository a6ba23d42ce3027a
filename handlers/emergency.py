"""The emergency card: what is shown while nothing can be read or kept. It needs no database.

First a short form for whoever it is, then, by taps that carry all there is to know, the numbers
of one country in one language. Every word and number comes from the trees and the directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from directory.hours import ZONES
from flows.arrive import Scene
from flows.engine import advance
from flows.talk import Show, Went
from flows.walk import Walk
from handlers.desk import Desk
from handlers.messages import Button, Choice, Outgoing, Said
from handlers.speak import spoken
from handlers.stepping import settled
from translations.locales import LOCALES, SOURCE
from translations.translator import NotTranslated

STEP = 0  # of no walk: afterwards a button of the card is an old button
# In whose language a country's own numbers stand in the short form.
_OWN = {"KH": "km", "LA": "lo", "MM": "my", "TH": "th", "VN": "vi"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Texts by language, and by language and country ("km/TH"); of an edition and a day.

    `broken`: that something does not work, and where to go. `asks`: which country she is in.
    `names`: the countries. `leave`: the word on the way out.
    """

    made_of: str
    broken: Mapping[str, str]
    asks: Mapping[str, str]
    leave: Mapping[str, str]
    names: Mapping[str, str]
    numbers: Mapping[str, tuple[str, ...]]


def made(desk: Desk) -> Cards:
    """The cards of the edition that is live, with the numbers that may be shown today."""
    say = desk.translator.phrase
    offered = [code for code in LOCALES if desk.book.offered is None or code in desk.book.offered]
    locales = tuple(dict.fromkeys((*offered, SOURCE)))
    pairs = [(locale, country) for locale in locales for country in ZONES]
    return Cards(
        made_of=made_of(desk),
        broken={locale: say(locale, "web.broken") for locale in locales},
        asks={locale: _asked(desk, locale) for locale in locales},
        leave={locale: say(locale, "row.leave") for locale in locales},
        names={f"{one}/{where}": say(one, f"country.{where}") for one, where in pairs},
        numbers={f"{one}/{where}": _numbers(desk, one, where) for one, where in pairs},
    )


def made_of(desk: Desk) -> str:
    """What the cards depend on: another edition, another day or another directory changes it."""
    day = desk.clock().date().isoformat()
    services = sha256("".join(map(repr, desk.services.values())).encode()).hexdigest()
    return f"{desk.book.edition}/{day}/{desk.mode}/{services[:16]}"


def glance(desk: Desk) -> int:
    """Changes when `made_of` may have changed, and costs next to nothing."""
    here = (desk.book.edition, desk.clock().date(), *map(id, desk.services.values()))
    return hash(here)


def screen(cards: Cards, said: Said | None, locale: str = "") -> Outgoing:
    """What answers her: numbers for who named language and country, the countries for who named
    a language or came from a page in one, else the short form."""
    option = said.option if isinstance(said, Choice) and said.step == STEP else ""
    named, _, country = option.partition(".")
    locale = named if named in cards.broken else locale
    if locale not in cards.broken:
        return _short(cards)
    if texts := cards.numbers.get(f"{locale}/{country}"):
        return _screen(cards, locale, (*texts, cards.broken[locale]))
    return _screen(cards, locale, (cards.broken[locale], cards.asks[locale]))


def _short(cards: Cards) -> Outgoing:
    """In all languages where to go; of each country what stands first, in its own language."""
    broken = "\n\n".join(cards.broken[locale] for locale in LOCALES if locale in cards.broken)
    first: list[str] = []
    for country, locale in _OWN.items():
        own = locale if locale in cards.broken else SOURCE
        _, *found = cards.numbers[f"{own}/{country}"]
        first += [f"{cards.names[f'{own}/{country}']}\n{found[0]}"] if found else []
    languages = tuple(
        Button(id=code, label=one.name) for code, one in LOCALES.items() if code in cards.broken
    )
    leave = (Button(id="leave", label="✖"),)
    return Outgoing(
        step=STEP,
        locale=SOURCE,
        node="",
        texts=(broken, *first),
        choices=languages,
        actions=leave,
    )


def _screen(cards: Cards, locale: str, texts: tuple[str, ...]) -> Outgoing:
    countries = tuple(
        Button(id=f"{locale}.{country}", label=cards.names[f"{locale}/{country}"])
        for country in ZONES
    )
    leave = (Button(id="leave", label=cards.leave[locale], icon="✖"),)
    return Outgoing(
        step=STEP, locale=locale, node="", texts=texts, choices=countries, actions=leave
    )


def _asked(desk: Desk, locale: str) -> str:
    """Which country she is in, as the trees ask it."""
    return _shown(desk, locale, frozenset())[0]


def _numbers(desk: Desk, locale: str, country: str) -> tuple[str, ...]:
    """What stands behind "Numbers now" for this language and country."""
    return _shown(desk, locale, frozenset({f"in_{country}"}))


def _shown(desk: Desk, locale: str, flags: frozenset[str]) -> tuple[str, ...]:
    book = desk.book
    walk = Walk(edition=book.edition, step=STEP + 1, node=book.rules.screens["menu"], screens=1)
    walk = replace(walk, flags=flags | {f"lang_{locale}"}, trail=(walk.node,))
    scene = Scene(book)
    step, _ = settled(desk, scene, advance(scene, walk, Went("numbers")), None)
    show = next(one for one in step.effects if isinstance(one, Show))
    try:
        return spoken(desk, step.walk, show).texts
    except NotTranslated:
        return ()
