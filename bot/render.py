"""Fits a screen to what a channel takes: texts in parts, choices and actions in keyboard rows."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from icu4py.breakers import CharacterBreaker, LineBreaker

from handlers.messages import Abilities, Button, Outgoing

LINE_WIDTH = 32  # narrow letters that share one keyboard row before a small phone cuts labels
ACROSS = 3  # actions side by side at most
LOOK_AHEAD = 100  # characters past a cut that show the dictionaries where words end


class LabelTooLong(ValueError):
    """A label has no form short enough for the channel: an error of the tree, not of a person."""

    def __init__(self, node: str, option: str) -> None:
        """Name the place to mend, never the words that stand there."""
        super().__init__(f"{node}: the label of option {option} has no form short enough")
        self.node = node
        self.option = option


@dataclass(frozen=True, slots=True)
class Fitted:
    """What to send: the texts in order, and the keyboard rows that belong under the last one."""

    texts: tuple[str, ...]
    rows: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that would stand best in one message, and what joins them to the piece before."""

    words: str
    joint: str | None  # None: always a message of its own


def fit(screen: Outgoing, abilities: Abilities) -> Fitted:
    """Divide the texts and lay out the buttons; pure.

    A channel that can edit gets one text, as its card is one message; others keep the screen's
    texts apart. Raises LabelTooLong, and ValueError for a screen without words or with more
    rows than the channel has: the engine pages long lists before they come here.
    """
    rows = _keyboard(screen, abilities) if abilities.buttons else ()
    if len(rows) > abilities.rows:
        raise ValueError(f"{screen.node}: {len(rows)} rows where {abilities.rows} are allowed")
    joint = "\n\n" if abilities.edits else None
    pieces = [_Piece(_sound(text), joint) for text in screen.texts if text.strip()]
    if not pieces:
        raise ValueError(f"{screen.node}: a screen without words")
    if not abilities.buttons:
        pieces += _numbered(screen)
    return Fitted(tuple(_parts(pieces, abilities, screen.locale)), rows)


def size(text: str, abilities: Abilities) -> int:
    """Length of a text in the units the channel counts."""
    return sum(_units(text, abilities))


def _keyboard(screen: Outgoing, abilities: Abilities) -> tuple[tuple[Button, ...], ...]:
    """One choice a row, then the actions side by side as far as their labels let them."""
    choices = [_fitting(screen.node, button, abilities.label) for button in screen.choices]
    actions = [_fitting(screen.node, button, abilities.label) for button in screen.actions]
    return (*((choice,) for choice in choices), *_packed(actions, screen.locale))


def _fitting(node: str, button: Button, limit: int) -> Button:
    if len(button.face) <= limit:
        return button
    shorter = replace(button, label=button.short or button.label)
    if len(shorter.face) > limit and button.number:
        shorter = replace(shorter, icon="")  # the number says which one it is
    if len(shorter.face) > limit:
        raise LabelTooLong(node, button.id)
    return shorter


def _packed(buttons: Sequence[Button], locale: str) -> Iterator[tuple[Button, ...]]:
    """Even rows: a platform gives the buttons of a row the same width, the widest decides."""
    if not buttons:
        return
    widest = max(_width(button.face, locale) for button in buttons)
    across = min(ACROSS, max(1, LINE_WIDTH // widest))
    lines = -(-len(buttons) // across)
    even = -(-len(buttons) // lines)
    for start in range(0, len(buttons), even):
        yield tuple(buttons[start : start + even])


def _width(face: str, locale: str) -> int:
    """Letters side by side: marks above and below take no room, pictures take two."""
    clusters = CharacterBreaker(_sound(face), locale)
    return sum(2 if unicodedata.east_asian_width(each[0]) in "WF" else 1 for each in clusters)


def _numbered(screen: Outgoing) -> Iterator[_Piece]:
    """Choices as lines to answer by number, then the words that always work when typed."""
    for number, button in enumerate(screen.choices, start=1):
        yield _Piece(
            f"{number}  {_sound(replace(button, number='').face)}", "\n\n" if number == 1 else "\n"
        )
    if screen.actions:
        yield _Piece(" · ".join(_sound(button.face) for button in screen.actions), "\n\n")


def _parts(pieces: Iterable[_Piece], abilities: Abilities, locale: str) -> Iterator[str]:
    """Messages as full as the limit lets them be; a piece is divided only when it must be."""
    full = ""
    for piece in pieces:
        words = piece.words.strip()
        joined = f"{full}{piece.joint}{words}" if full and piece.joint else words
        if full and (piece.joint is None or size(joined, abilities) > abilities.text):
            yield full
            joined = words
        *whole, full = _divided(joined, abilities, locale)
        yield from whole
    yield full


def _divided(text: str, abilities: Abilities, locale: str) -> list[str]:
    """Cut where a line may end (a word's border in every script), else between clusters."""
    parts = []
    while size(text, abilities) > abilities.text:
        cut = _cut(text, abilities, locale)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text]


def _cut(text: str, abilities: Abilities, locale: str) -> int:
    """Index of the best border in the first part: a line's end past the middle, word, cluster."""
    ends = accumulate(_units(text[: abilities.text + 1], abilities))
    room = max(1, sum(1 for end in ends if end <= abilities.text))
    newline = text.rfind("\n", room // 2, room + 1)
    if newline > 0:
        return min(newline + 1, room)
    window = text[: room + LOOK_AHEAD]
    for breaker in (LineBreaker, CharacterBreaker):
        borders = accumulate(len(segment) for segment in breaker(window, locale))
        inside = [border for border in borders if border <= room]
        if inside:
            return inside[-1]
    return room  # one cluster wider than a whole message: marks piled up without end


def _units(text: str, abilities: Abilities) -> Iterator[int]:
    """Units of each character: Telegram counts UTF-16, where the rare planes take two."""
    match abilities.unit:
        case "utf16":
            return (2 if character > "\uffff" else 1 for character in text)
        case "characters":
            return (1 for _ in text)


def _sound(text: str) -> str:
    """Half of a broken surrogate pair cannot be sent or measured; a question mark can."""
    return text.encode("utf-8", "replace").decode("utf-8")
