"""What stands on a button where titles are short: the label, its reviewed short form, or its
number; a label is never cut."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.render import LabelTooLong
from bot.taps import carried
from handlers.messages import Button, Outgoing

# Actions whose word is understood when it is typed, in every language (translations/words.py);
# the one she misses least goes first where there is no room for all.
_TYPED = ("menu", "back", "listen")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Key:
    """One button: what its tap carries, the title on it, and its whole label with the icon.

    `whole`: the title says all of the label.
    """

    data: str
    title: str
    face: str
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Laid:
    """A screen ready to be sent: its texts still undivided, its keys in order."""

    texts: tuple[str, ...]
    keys: tuple[Key, ...]


def laid_out(screen: Outgoing, *, title: int, rows: int, note: int = 0) -> Laid:
    """Choices first, then the actions; what has no room is a word to be typed.

    `title`: characters on a button; `rows`: buttons in all; `note`: characters a button has
    beside its title for the whole label. What no button says whole is spelled out in the text,
    with the number that may be typed. Raises ValueError as bot.render.fit does.
    """
    kept, words = _seated(screen, rows - len(screen.choices))
    actions = [_action(screen, one, title) for one in kept]
    keys = (*_choices(screen, title, [key.title for key in actions]), *actions)
    texts = screen.texts
    if any(not key.whole and len(key.face) > note for key in keys):
        texts = _with_last(texts, "\n".join(_numbered(screen.choices)))
    if words:
        texts = _with_last(texts, " · ".join(one.face for one in words))
    return Laid(texts=texts, keys=keys)


def without_keys(screen: Outgoing, texts: tuple[str, ...]) -> Outgoing:
    """The words of a screen alone, to be divided."""
    return replace(screen, texts=texts, choices=(), actions=())


def _seated(screen: Outgoing, room: int) -> tuple[list[Button], list[Button]]:
    kept = list(screen.actions)
    words: list[Button] = []
    for name in _TYPED:
        found = [one for one in kept if one.id == name]
        if len(kept) > room and found:
            kept.remove(found[0])
            words.append(found[0])
    if len(kept) > max(0, room) or room < 0:
        raise ValueError(f"{screen.node}: more buttons than the channel has rows")
    return kept, words


def _choices(screen: Outgoing, limit: int, taken: Sequence[str]) -> Iterator[Key]:
    """Two keys with one title would be refused, so choices are told apart by their numbers."""
    titles = [_title(one, limit) for one in screen.choices]
    often = Counter((*titles, *taken))
    for number, (one, given) in enumerate(zip(screen.choices, titles, strict=True), start=1):
        title = given if given and often[given] == 1 else f"{number} {one.icon}".strip()
        yield Key(
            data=carried(screen, one.id, row=False),
            title=title,
            face=one.face,
            whole=title in (one.face, replace(one, icon="").face, one.label),
        )


def _action(screen: Outgoing, one: Button, limit: int) -> Key:
    title = _title(one, limit)
    if not title:
        raise LabelTooLong(screen.node, one.id)
    return Key(data=carried(screen, one.id, row=True), title=title, face=one.face, whole=True)


def _title(one: Button, limit: int) -> str:
    """The fullest form that fits; the icon goes before a word does. "" when none fits."""
    short = replace(one, label=one.short or one.label)
    bare = (replace(one, icon="").face, replace(short, icon="").face)
    forms = (one.face, short.face, *bare, one.label, short.label)
    return next((form for form in forms if len(form) <= limit), "")


def _numbered(choices: Sequence[Button]) -> Iterator[str]:
    for number, one in enumerate(choices, start=1):
        yield f"{number}  {replace(one, number='').face}"


def _with_last(texts: tuple[str, ...], more: str) -> tuple[str, ...]:
    *early, last = texts
    return (*early, f"{last}\n\n{more}")
