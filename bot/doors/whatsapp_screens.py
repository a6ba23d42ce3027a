"""Makes WhatsApp messages of a screen: reply buttons where they are enough, else a list."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.doors.meta_keys import Key, Laid, laid_out, without_keys
from bot.render import fit
from handlers.messages import Abilities, Outgoing

# Meta: "Interactive reply buttons messages": three buttons, titles of 20, text of 1,024.
# "Interactive list messages": ten rows in all, titles of 24, descriptions of 72, text of 4,096.
# "Text messages": 4,096. So 1,024 is right wherever it lands.
BUTTONS, BUTTON_TITLE = 3, 20
ROWS, ROW_TITLE, ROW_NOTE = 10, 24, 72
OPENS = "☰"  # opens the list, and heads it: a word would be one of a language

ABILITIES = Abilities(text=1024, unit="utf16", label=ROW_TITLE, rows=ROWS, window=24)

Message = dict[str, Any]


def messages(screen: Outgoing) -> tuple[Message, ...]:
    """The screen's messages in order, without whom they go to; the last has the buttons.

    Raises ValueError for a screen with more buttons than a list has rows.
    """
    laid, make = _form(screen)
    *early, last = fit(without_keys(screen, laid.texts), ABILITIES).texts
    end = make(last, laid.keys) if laid.keys else text(last)
    return (*map(text, early), end)


def text(words: str) -> Message:
    """A text and nothing else; no page is opened for a preview of its links."""
    return {"type": "text", "text": {"body": words, "preview_url": False}}


def voice(media_id: str) -> Message:
    """A recording that was uploaded, shown as a voice message (Meta: "Audio messages")."""
    return {"type": "audio", "audio": {"id": media_id, "voice": True}}


def _form(screen: Outgoing) -> tuple[Laid, Any]:
    """Buttons stand open below the text, so they are taken where they hold every label whole."""
    if len(screen.choices) + len(screen.actions) <= BUTTONS:
        laid = laid_out(screen, title=BUTTON_TITLE, rows=BUTTONS)
        if all(key.whole for key in laid.keys):
            return laid, _with_buttons
    return laid_out(screen, title=ROW_TITLE, rows=ROWS, note=ROW_NOTE), _with_list


def _with_buttons(words: str, keys: Sequence[Key]) -> Message:
    buttons = [{"type": "reply", "reply": {"id": key.data, "title": key.title}} for key in keys]
    return _interactive("button", words, {"buttons": buttons})


def _with_list(words: str, keys: Sequence[Key]) -> Message:
    section = {"title": OPENS, "rows": [_row(key) for key in keys]}
    return _interactive("list", words, {"button": OPENS, "sections": [section]})


def _row(key: Key) -> Mapping[str, str]:
    row = {"id": key.data, "title": key.title}
    told = not key.whole and len(key.face) <= ROW_NOTE
    return {**row, "description": key.face} if told else row


def _interactive(kind: str, words: str, action: Mapping[str, object]) -> Message:
    return {
        "type": "interactive",
        "interactive": {"type": kind, "body": {"text": words}, "action": action},
    }
