"""From the engine's screen, which is ids, to the screen she reads, which is sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flows.actions import Action
from flows.nodes import Find
from flows.screens import waits_for_words
from flows.talk import PHRASE, Option, Row, Show, Text
from flows.walk import Walk
from handlers import code_forms
from handlers.aloud import in_digits
from handlers.cards import card
from handlers.conversation import silence_of
from handlers.desk import Desk
from handlers.hearing import sounding
from handlers.messages import Button, Outgoing
from handlers.open_doors import elsewhere
from handlers.shortcuts import label_of
from handlers.signs import Reader
from handlers.turn_counts import LISTENS
from translations.locales import LOCALES, SOURCE
from translations.translator import Translator

_ICONS: Mapping[Row, str] = {
    "leave": "✖",
    "back": "↩",
    "menu": "☰",
    "listen": "🔊",
    "numbers": "☎",
    "erase": "🗑",
    "help": "🚨",
    "language": "🌐",
}


DOORS = "move.doors"  # the phrase that lists the other doors


def spoken(desk: Desk, walk: Walk, show: Show, *, hears: bool = False) -> Outgoing:
    """The screen in her language; before she chose one, only symbols and language names.

    With its sound where she asks for it now, or (`hears`) goes on listening. Where it says the
    same to everybody it is put together once.
    """
    known = show.spoken.get(walk.locale)
    alike = not (show.listens or hears or show.services or LISTENS in walk.flags)
    if alike and isinstance(known, _Known) and known.translator is desk.translator:
        return _numbered(known.screen, walk)
    screen = _spoken(desk, walk, show, hears=hears)
    locale = walk.locale or SOURCE
    if alike and not any(_has_fields(_words(desk, locale, text)) for text in show.texts):
        show.spoken[walk.locale] = _Known(desk.translator, screen)
    return screen


@dataclass(frozen=True, slots=True)
class _Known:
    """A screen that was put together before, and of whose texts."""

    translator: Translator
    screen: Outgoing


def _numbered(screen: Outgoing, walk: Walk) -> Outgoing:
    """The screen as it is on this walk; dataclasses.replace takes three times as long."""
    return Outgoing(
        step=walk.step,
        locale=screen.locale,
        node=screen.node,
        texts=screen.texts,
        choices=screen.choices,
        actions=screen.actions,
        types=screen.types,
        ended=walk.ended,
        neutral=screen.neutral,
    )


def _spoken(desk: Desk, walk: Walk, show: Show, *, hears: bool) -> Outgoing:
    sound = sounding(desk, walk, show) if show.listens or hears else None
    honest: tuple[str, ...] = ()
    if show.listens and walk.locale and not (sound and sound.whole):
        honest = (desk.translator.phrase(walk.locale, "audio.none"),)
    return Outgoing(
        step=walk.step,
        locale=walk.locale or SOURCE,
        node=show.node,
        texts=(*_texts(desk, walk, show), *honest),
        choices=tuple(_choices(desk, walk, show)),
        actions=tuple(_action(desk, walk.locale, row) for row in show.row),
        audio=tuple(one.digest for one in sound.parts) if sound else (),
        types=waits_for_words(desk.book.nodes[show.node]),
        ended=walk.ended,
        neutral=show.neutral,
    )


def _texts(desk: Desk, walk: Walk, show: Show) -> Iterator[str]:
    locale = walk.locale or SOURCE
    yield from (_said(desk, walk, text) for text in show.texts if _has_words(desk, text))
    sectors = _sectors(desk, walk)
    child = bool(walk.flags & desk.book.rules.child_flags)
    reader = Reader(locale, child=child, here=walk.value_of("in"))
    yield from (
        card(desk, desk.services[service], reader, sectors)
        for service in show.services
        if service in desk.services
    )


def _has_words(desk: Desk, text: Text) -> bool:
    """Where no other door is known or open, nothing is said about doors."""
    return text.context != DOORS or bool(elsewhere(desk))


def _said(desk: Desk, walk: Walk, text: Text) -> str:
    words = _words(desk, walk.locale or SOURCE, text)
    return words.format(**{**_fields(desk, walk), **text.fields}) if _has_fields(words) else words


def _words(desk: Desk, locale: str, text: Text) -> str:
    """The sentence with its placeholders."""
    msgid = desk.translator.phrases[text.context] if text.msgid == PHRASE else text.msgid
    return desk.translator.say(locale, text.context, msgid)


def _has_fields(words: str) -> bool:
    return "{" in words or "}" in words


def _fields(desk: Desk, walk: Walk) -> dict[str, str]:
    """The placeholders that do not depend on a referral."""
    locale = walk.locale or SOURCE
    minutes = LOCALES[locale].with_digits(str(silence_of(desk, walk) // 60))
    ttl = desk.translator.phrase(locale, "time.minutes", n=minutes)
    fields = {"ttl": ttl, "doors": elsewhere(desk)}
    if desk.book.nodes[walk.node].action in (Action.MAKE_CODE, Action.REPEAT_CODE):
        fields["code"] = code_forms.shown(desk, walk)
    return fields


def _sectors(desk: Desk, walk: Walk) -> tuple[str, ...]:
    node = desk.book.nodes.get(walk.found_at)
    return node.find.sector if isinstance(node, Find) else ()


def _choices(desk: Desk, walk: Walk, show: Show) -> Iterator[Button]:
    """With their numbers for one who listens, so that hearing 2 and seeing 2 is the same."""
    for number, option in enumerate(show.choices, start=1):
        button = _choice(desk, walk.locale, option)
        listens = LISTENS in walk.flags
        yield replace(button, number=in_digits(walk.locale, number)) if listens else button


def _choice(desk: Desk, locale: str, option: Option) -> Button:
    label = label_of(desk, locale, option)
    if not locale and option.icon:  # an English word would say nothing to her yet
        return Button(id=option.id, label=option.icon)
    short = None
    if isinstance(option.label, Text):
        text = option.label
        short = desk.translator.short(locale or SOURCE, text.context, text.msgid)
    return Button(id=option.id, label=label, icon=option.icon, short=short)


def _action(desk: Desk, locale: str, row: Row) -> Button:
    if not locale:
        return Button(id=row, label=_ICONS[row])
    label = desk.translator.phrase(locale, f"row.{row}")
    return Button(id=row, label=label, icon=_ICONS[row])
