"""What she hears with a screen: recordings of exactly the words on it, and only after a tap."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from directory.service import ContactKind, Service
from flows.aloud import Reading, read_on
from flows.talk import PHRASE, Show, Text
from flows.walk import Walk
from handlers.aloud import (
    AGAIN,
    DIGITS,
    NUMBER,
    PHRASES,
    VOLUME,
    digest_of,
    is_greeting,
    said_by,
    words_of,
)
from handlers.desk import Desk
from handlers.messages import Choice, Outgoing, Pressed, Said
from handlers.messages import Text as Typed
from handlers.shortcuts import is_number
from handlers.turn_counts import LISTENS
from translations.locales import LOCALES
from translations.recordings import Recorded

TOLD: Final = "told_volume"  # the flag of one who was asked to turn the sound down
LONGEST: Final = 60.0  # seconds; numbers that would make it longer are not read
_READABLE: Final = re.compile(r"\+?[0-9() .-]{2,24}")


@dataclass(frozen=True, slots=True)
class Sounding:
    """The recordings of a screen in order; `whole` when nothing she needs of it is left out."""

    parts: tuple[Recorded, ...] = ()
    whole: bool = False


def goes_on_hearing(walk: Walk, said: Said, *, covers: bool) -> bool:
    """Whether this screen comes with its sound though she did not ask for it once more.

    She listens, and has just tapped, or typed the number of an answer, which means the same. Where
    what is typed is answered with a cover (`covers`), the sound waits for the tap on that.
    """
    if LISTENS not in walk.flags:
        return False
    match said:
        case Choice():
            return True
        case Pressed(command=command):
            return command != "start"
        case Typed(words=words):
            return is_number(words) and not covers
        case _:
            return False


def sounding(desk: Desk, walk: Walk, show: Show) -> Sounding:
    """What can be played with this screen; nothing where a part of it has no ready recording."""
    if walk.ended:
        return Sounding()
    *advice, own = read_on(desk.book, show)
    if is_greeting(desk.book, own):
        parts = tuple(_in_each_language(desk, own))
        return Sounding(parts, whole=bool(parts))
    found = [_ready(desk, walk.locale, one) for one in (*advice, own)]
    parts = tuple(one for one in found if one is not None)
    if not walk.locale or len(parts) < len(found):
        return Sounding()
    numbers, whole = _numbers(desk, walk.locale, show, sum(one.seconds for one in parts))
    answers = () if own.choices else tuple(_answers(desk, walk.locale, show))
    numbered = bool(own.choices or answers) or not show.choices
    return Sounding((*parts, *numbers, *answers), whole and numbered)


def with_warning(desk: Desk, walk: Walk, screen: Outgoing) -> tuple[Walk, Outgoing]:
    """Before the first sound: low volume, or earphones. Said once in a conversation."""
    if not screen.audio or not walk.locale or TOLD in walk.flags:
        return walk, screen
    told = replace(walk, flags=walk.flags | {TOLD})
    words = desk.translator.sign(walk.locale, VOLUME)
    if words is None:
        return told, screen
    clip = _phrase(desk, walk.locale, VOLUME)
    return told, replace(
        screen,
        texts=(words, *screen.texts),
        audio=(*((clip.digest,) if clip else ()), *screen.audio),
    )


def _in_each_language(desk: Desk, own: Reading) -> Iterator[Recorded]:
    """Before she chose one: every language that is offered and has its greeting recorded."""
    offered = desk.book.offered
    for locale in LOCALES:
        if offered is None or locale in offered:
            one = _ready(desk, locale, own)
            if one is not None:
                yield one


def _ready(desk: Desk, locale: str, reading: Reading) -> Recorded | None:
    """The recording of these very words; one of other words is outdated and never played."""
    there = desk.shelf.live.recordings.get(locale, {}).get(reading.place, ())
    if not there:
        return None
    words = words_of(desk.book, reading, locale, said_by(desk.translator, locale))
    digest = digest_of(words)
    return next((one for one in there if words and one.words == digest), None)


def _phrase(desk: Desk, locale: str, name: str) -> Recorded | None:
    return _ready(desk, locale, Reading(place=name, texts=(Text(name, PHRASE),)))


def _answers(desk: Desk, locale: str, show: Show) -> Iterator[Recorded]:
    """The answers of a screen that is put together for her: each number, then its words."""
    for number, option in enumerate(show.choices, start=1):
        name = option.label.context if isinstance(option.label, Text) else ""
        said = _phrase(desk, locale, name) if name in PHRASES else None
        digits = [_phrase(desk, locale, DIGITS[one]) for one in str(number)]
        if said is None or None in digits:
            return
        yield from (one for one in (*digits, said) if one is not None)


def _numbers(
    desk: Desk, locale: str, show: Show, seconds: float
) -> tuple[tuple[Recorded, ...], bool]:
    """The number of each card, read twice; and whether every card has been read."""
    read: tuple[Recorded, ...] = ()
    for service in show.services:
        one = desk.services.get(service)
        once = _number(desk, locale, one) if one else ()
        lead, again = (_phrase(desk, locale, name) for name in (NUMBER, AGAIN))
        if not once or lead is None or again is None:
            return read, False
        twice = (lead, *once, again, *once)
        seconds += sum(part.seconds for part in twice)
        if seconds > LONGEST:
            return read, False
        read += twice
    return read, True


def _number(desk: Desk, locale: str, service: Service) -> tuple[Recorded, ...]:
    """The first telephone number of a service, digit by digit; nothing where one is missing."""
    spoken = (one.value for one in service.contacts if one.kind is ContactKind.VOICE)
    number = next(spoken, "")
    if not _READABLE.fullmatch(number):
        return ()
    digits = [_phrase(desk, locale, DIGITS[sign]) for sign in number if sign in DIGITS]
    parts = tuple(one for one in digits if one is not None)
    return parts if len(parts) == len(digits) else ()
