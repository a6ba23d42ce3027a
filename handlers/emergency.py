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

STEP = 0  # of no walk: afterwards a button of the card is an old button
SLOT = 600  # seconds after which they are made anew: lines open and shut, pauses and alerts end
# In whose language a country's own numbers stand in the short form.
_OWN = {"KH": "km", "LA": "lo", "MM": "my", "TH": "th", "VN": "vi"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """Texts by language, and by language and country ("km/TH"); of an edition and a moment.

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
    """The cards of the edition that is live, with the numbers that may be shown now.

    A language without the words around the numbers has no card; where the numbers cannot be said
    in one, they stand in English.
    """
    say = desk.translator.phrase
    offered = [code for code in LOCALES if desk.book.offered is None or code in desk.book.offered]
    whole = [code for code in offered if code != SOURCE and _speaks(desk, code)]
    locales = (*whole, SOURCE)
    pairs = [(locale, country) for locale in locales for country in ZONES]
    return Cards(
        made_of=made_of(desk),
        broken={locale: say(locale, "web.broken") for locale in locales},
        asks={locale: _asked(desk, locale) for locale in locales},
        leave={locale: say(locale, "row.leave") for locale in locales},
        names={f"{one}/{where}": say(one, f"country.{where}") for one, where in pairs},
        numbers={
            f"{one}/{where}": _numbers(desk, one, where) or _numbers(desk, SOURCE, where)
            for one, where in pairs
        },
    )


def made_of(desk: Desk) -> str:
    """What the cards depend on: another edition, other ten minutes or another directory changes
    it."""
    services = sha256("".join(map(repr, desk.services.values())).encode()).hexdigest()
    return f"{desk.book.edition}/{_slot(desk)}/{desk.mode}/{services[:16]}"


def glance(desk: Desk) -> tuple[object, ...]:
    """Differs when `made_of` may, and costs next to nothing.

    It holds the services themselves: what is the same object need not be compared.
    """
    return (desk.book.edition, _slot(desk), *desk.services.values())


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
        found = cards.numbers[f"{own}/{country}"][1:2]
        first += [f"{cards.names[f'{own}/{country}']}\n{one}" for one in found]
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
        step=STEP,
        locale=locale,
        node="",
        texts=tuple(filter(None, texts)),
        choices=countries,
        actions=leave,
    )


def _slot(desk: Desk) -> int:
    return int(desk.now() // SLOT)


def _speaks(desk: Desk, locale: str) -> bool:
    """Whether all words around the numbers can be said in this language."""
    names = ("web.broken", "row.leave", *(f"country.{where}" for where in ZONES))
    has, phrases = desk.translator.has, desk.translator.phrases
    return all(has(locale, one, phrases[one]) for one in names) and bool(_asked(desk, locale))


def _asked(desk: Desk, locale: str) -> str:
    """Which country she is in, as the trees ask it; empty where they cannot."""
    return next(iter(_shown(desk, locale, frozenset())), "")


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
    except (LookupError, ValueError):  # NotTranslated, or a text whose fields nobody can fill
        return ()
