"""What typed words mean on this screen: a command, a number, a label, a signal, an answer."""

from typing import assert_never

from directory.text import zawgyi_readings
from flows.arrive import Scene, present
from flows.screens import waits_for_words
from flows.talk import Chose, Event, Interrupted, Option, Went, Wrote
from flows.talk import Text as TextId
from flows.walk import Walk
from handlers.desk import Desk
from handlers.messages import MAX_TYPED
from translations.folding import fold
from translations.locales import western
from translations.words import Word

_YES, _NO = "✅", "❌"
DIGITS = 2  # of the longest number that can name an answer


def meaning(desk: Desk, scene: Scene, walk: Walk, words: str) -> Event | None:
    """The event that typed words are, or None when they answer a question of their own (a place).

    Leaving wins over everything, then the answers of the screen, then signals of danger: a
    person who types at a place prompt that he is coming must be heard.
    """
    words = words[:MAX_TYPED]
    readings = zawgyi_readings(words)
    command = next((c for r in readings if (c := desk.words.command(r, walk.locale))), None)
    if command == "leave":
        return Went("leave")
    if not walk.locale:
        return _before_language(desk, scene, walk, words)
    for reading in readings:
        if option := _option(desk, scene, walk, reading, command):
            return Chose(walk.step, option)
    if command and (event := _command(command)):
        return event
    for reading in readings:
        if sign := desk.words.sign(reading, walk.locale):
            return Interrupted(sign)
    return None if waits_for_words(scene.book.nodes[walk.node]) else Wrote()


def _before_language(desk: Desk, scene: Scene, walk: Walk, words: str) -> Event:
    """A number or a language's own name chooses it; anything else shows the greeting again."""
    options = present(scene, walk).choices
    for option in options:
        if isinstance(option.label, TextId) and fold(option.label.msgid) == fold(words):
            return Chose(walk.step, option.id)
    if option_id := _numbered(options, words):
        return Chose(walk.step, option_id)
    return Interrupted("cover") if asks_who(desk, words) else Wrote()


def asks_who(desk: Desk, words: str) -> bool:
    """Whether it is asked, in any language, who we are."""
    return any(desk.words.sign(r) == "cover" for r in zawgyi_readings(words[:MAX_TYPED]))


def _option(desk: Desk, scene: Scene, walk: Walk, words: str, command: Word | None) -> str | None:
    """The answer whose number, label or plain yes / no was typed."""
    options = present(scene, walk).choices
    if option_id := _numbered(options, words):
        return option_id
    folded = fold(words)
    for option in options:
        if fold(label_of(desk, walk.locale, option)) == folded:
            return option.id
    icon = {"yes": _YES, "no": _NO, "skip": "⏭"}.get(command or "")
    marked = [option.id for option in options if icon and option.icon == icon]
    return marked[0] if len(marked) == 1 else None


def is_number(words: str) -> bool:
    """Whether typed words are the number of an answer; a telephone number is none."""
    number = western(words.strip())
    return number.isascii() and number.isdigit() and len(number) <= DIGITS


def _numbered(options: tuple[Option, ...], words: str) -> str | None:
    """The answer with a typed number."""
    if not is_number(words):
        return None
    number = western(words.strip())
    return options[int(number) - 1].id if 0 < int(number) <= len(options) else None


def label_of(desk: Desk, locale: str, option: Option) -> str:
    """The words of an answer in her language."""
    if isinstance(option.label, str):
        return option.label
    if not locale or option.label.context == "sh.start":
        return option.label.msgid
    return desk.translator.say(locale, option.label.context, option.label.msgid)


def _command(word: Word) -> Event | None:
    match word:
        case "leave" | "back" | "menu" | "help" | "erase" | "language" | "listen":
            return Went(word)
        case "yes" | "no" | "skip":
            return None
        case _:
            assert_never(word)
