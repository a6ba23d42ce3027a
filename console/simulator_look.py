"""How a screen looks on each messenger: what fits on its buttons, and what does not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from handlers.messages import Button, Outgoing
from handlers.simulating import Run
from handlers.walk_taps import tap_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a messenger takes, in characters and buttons; None where a label has no limit."""

    title: str
    text: int
    label: int | None
    buttons: int
    private: bool = False


# As bot/telegram.py, bot/webchat.py and the modules of bot/doors state them; a test compares.
# Where a label has no limit, what is longer than a title stands in the text with its number.
LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        "telegram": Look(title="Telegram", text=4096, label=64, buttons=12),
        "web": Look(title="Web", text=4000, label=64, buttons=40, private=True),
        "viber": Look(title="Viber", text=3000, label=64, buttons=12),
        "line": Look(title="LINE", text=2000, label=120, buttons=12),
        "whatsapp": Look(title="WhatsApp", text=1024, label=None, buttons=10),
        "messenger": Look(title="Messenger", text=2000, label=None, buttons=13),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A button on the phone: what stands on it and which tap it is."""

    face: str
    tap: str
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """One screen on one messenger. `faults` are (staff phrase, number) of what does not fit."""

    texts: tuple[str, ...]
    choices: tuple[Key, ...]
    actions: tuple[Key, ...]
    faults: tuple[tuple[str, int], ...] = ()


def phone(run: Run, screen: Outgoing, look: Look) -> Phone:
    """The screen with the short form of every label that is too long."""
    choices = tuple(
        _key(button, tap_of(run.scene, run.walk, button.id), look) for button in screen.choices
    )
    actions = tuple(_key(button, f"row:{button.id}", look) for button in screen.actions)
    return Phone(
        texts=tuple(text for text in screen.texts if text.strip()),
        choices=choices,
        actions=actions,
        faults=tuple(_faults(screen, (*choices, *actions), look)),
    )


def _key(button: Button, tap: str, look: Look) -> Key:
    face = button.face
    if look.label and len(face) > look.label and button.short:
        face = f"{button.icon} {button.short}".strip()
    return Key(face=face, tap=tap, over=bool(look.label and len(face) > look.label))


def _faults(screen: Outgoing, keys: tuple[Key, ...], look: Look) -> Iterator[tuple[str, int]]:
    if look.label and any(key.over for key in keys):
        yield "try.label_long", look.label
    if len(keys) > look.buttons:
        yield "try.many_buttons", look.buttons
    if any(len(text) > look.text for text in screen.texts):
        yield "try.text_long", look.text
