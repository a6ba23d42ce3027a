"""Translations that go with a node to its new name: the words stay, signatures are given anew."""

from collections.abc import Iterator

from flows.extract import SHORT_FORM
from handlers.draft_values import Change, clip_key, text_key
from handlers.edition_content import Content
from translations.review import unsigned


def moved_texts(content: Content, old: str, new: str) -> Iterator[Change]:
    """An item for everything that is said of a node in any language, recordings among it.

    A signature holds for a place too (translations/review.py): a native reviewer looks again.
    """
    places = {old: new, f"{old}{SHORT_FORM}": f"{new}{SHORT_FORM}"}
    for locale, catalogue in content.catalogues.items():
        for message in catalogue:
            context = places.get(message.context or "")
            if not context or not message.id or not message.string:
                continue
            value = {
                "context": context,
                "msgid": str(message.id),
                "text": str(message.string),
                "comments": unsigned(message.user_comments),
                "outdated": bool(message.fuzzy),
            }
            key = text_key(locale, context, str(message.id))
            yield Change(kind="text", key=key, value=value)
    for locale, clips in content.audio.items():
        if old in clips:
            yield Change(kind="clip", key=clip_key(locale, new), value=dict(clips[old]))
