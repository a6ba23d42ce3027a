"""The state of each text in each language: missing, draft, outdated, or reviewed by whom and when.

A signature is a translator's comment in the catalogue, so that Poedit and Weblate keep it:

    # reviewed 2026-12-01 by S. K. ~5f2c9a1b

Its last part is a digest of the English and the translation: whoever changes either has a draft
again, without anybody having to remember it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from babel.messages.catalog import Catalog, Message

_SIGNED = re.compile(
    r"^reviewed (?P<on>\d{4}-\d\d-\d\d) by (?P<by>.{1,60}) ~(?P<digest>[0-9a-f]{8})$"
)
_CLASS_A = "class A"


class State(StrEnum):
    """What a text is worth."""

    MISSING = "missing"
    DRAFT = "draft"
    OUTDATED = "outdated"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who has read this text in this form, and when."""

    by: str
    on: date


def state_of(message: Message) -> State:
    """The state of one text. `fuzzy` is gettext's word for outdated."""
    if not message.string:
        return State.MISSING
    if message.fuzzy:
        return State.OUTDATED
    return State.REVIEWED if signature_of(message) else State.DRAFT


def signature_of(message: Message) -> Signature | None:
    """The signature that is still true of the text."""
    for comment in message.user_comments:
        match = _SIGNED.match(comment)
        if match and match["digest"] == _digest(message):
            return Signature(match["by"], date.fromisoformat(match["on"]))
    return None


def sign(message: Message, signature: Signature) -> None:
    """Put a native reviewer's signature under a text, in place of older ones."""
    line = f"reviewed {signature.on:%Y-%m-%d} by {signature.by} ~{_digest(message)}"
    message.user_comments = [*unsigned(message.user_comments), line]


def unsigned(comments: Iterable[str]) -> list[str]:
    """Translators' comments without signatures."""
    return [comment for comment in comments if not _SIGNED.match(comment)]


def is_class_a(message: Message) -> bool:
    """Whether a specialist has to approve the text (coordination.md 5.2); the note says so."""
    return any(comment.startswith(_CLASS_A) for comment in message.auto_comments)


def usable(
    catalogue: Catalog, *, live: bool, outdated: bool = True
) -> Iterator[tuple[str, str, str]]:
    """(context, English, text) of what may be shown.

    Live: what is reviewed. Trial: drafts too, and where `outdated` the old words of an outdated
    text unless it is of class A, whose meaning may have changed.
    """
    for message in catalogue:
        state = state_of(message) if message.id else State.MISSING
        shown = state is State.REVIEWED or (
            not live
            and (
                state is State.DRAFT
                or (outdated and state is State.OUTDATED and not is_class_a(message))
            )
        )
        if shown:
            yield message.context or "", str(message.id), str(message.string)


def _digest(message: Message) -> str:
    content = f"{message.context}\x00{message.id}\x00{message.string}"
    return hashlib.sha256(content.encode()).hexdigest()[:8]
