"""Makes Messenger messages of a screen: texts, and quick replies under the last one."""

from typing import Any

from bot.doors.meta_keys import laid_out, without_keys
from bot.render import fit
from handlers.messages import Abilities, Outgoing

# Meta: "Send API" (texts of 2,000 characters), "Quick replies" (13 of them, titles of 20). They
# are taken and not templates: a template has three buttons, and they stand open for ever, while
# quick replies go away with the tap. What no title says whole stands in the text.
REPLIES, TITLE = 13, 20

ABILITIES = Abilities(
    text=2000, unit="utf16", label=TITLE, rows=REPLIES, window=24, poster="?ref="
)

Message = dict[str, Any]


def messages(screen: Outgoing) -> tuple[Message, ...]:
    """The screen's messages in order; the last has the quick replies.

    Raises ValueError for a screen with more buttons than there are quick replies.
    """
    laid = laid_out(screen, title=TITLE, rows=REPLIES)
    *early, last = fit(without_keys(screen, laid.texts), ABILITIES).texts
    replies = [
        {"content_type": "text", "title": key.title, "payload": key.data} for key in laid.keys
    ]
    return (*map(text, early), {**text(last), **({"quick_replies": replies} if replies else {})})


def text(words: str) -> Message:
    """A text and nothing else; it takes away quick replies that still stand."""
    return {"text": words}


def voice(url: str) -> Message:
    """A recording that Messenger fetches itself (Meta: "Send API", attachments by URL)."""
    payload = {"url": url, "is_reusable": False}
    return {"attachment": {"type": "audio", "payload": payload}}
