"""What is done with one translation: write it, sign it, translate it back; always in a draft."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final

from babel.messages.catalog import Message

from flows.faults import Fault
from handlers.desk import Desk
from handlers.draft_values import LANGUAGES, Change, Draft, Item, NotAllowed, Value
from handlers.drafts import drafts, open_draft, save
from handlers.edition_content import Content
from handlers.staff_values import Account
from handlers.text_rules import SIGNERS
from handlers.texts import Text, icon_of
from translations.locales import LOCALES
from translations.review import Signature, sign, unsigned

MAX_WORDS: Final = 2_000  # characters of a translation or a back-translation


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody typed for a text, and the version that the page had shown."""

    text: Text
    words: str = field(repr=False)
    seen: int


async def own_draft(desk: Desk, account: Account) -> Draft | None:
    """The newest open draft that this person began."""
    known = await drafts(desk, account)
    return next((one for one in known if one.by == account.id and one.state == "open"), None)


async def draft_to_write(desk: Desk, account: Account, locale: str) -> str:
    """The id of her open draft; one is begun for her where she has none. Raises NotAllowed."""
    if found := await own_draft(desk, account):
        return found.id
    if not account.roles & LANGUAGES:
        raise NotAllowed("draft.not_yours")
    say = desk.translator.staff
    title = say(account.locale, "text.draft_title", language=LOCALES[locale].name)
    return (await open_draft(desk, account, title)).id


def faults(desk: Desk, content: Content, text: Text, words: str) -> tuple[Fault, ...]:
    """What is wrong with these words in the place of a text; nothing for none."""
    if not words:
        return ()
    one = (text.locale, text.context, text.msgid, words)
    return desk.checks.text(one, icon_of(content, text))


async def write(desk: Desk, account: Account, draft_id: str, change: Words) -> Item:
    """Keep a translation; whoever saves it says that it fits the English of now.

    Signatures and the back-translation of other words go. Raises Conflict and NotAllowed.
    """
    text, words = change.text, change.words
    if not words and not text.optional:
        raise NotAllowed("text.empty")
    if len(words) > MAX_WORDS:
        raise NotAllowed("text.too_long")
    value: Value = None
    if words:
        same = words == text.text
        value = {**_value(text), "text": words, "outdated": False}
        if not same:
            value |= {"comments": unsigned(text.comments), "back": "", "back_by": ""}
    return await _kept(desk, account, draft_id, (text, value, change.seen))


async def sign_text(
    desk: Desk, account: Account, draft_id: str, shown: tuple[Text, str, int]
) -> Item:
    """Sign as a native reader what the page showed: the text, its mark, its version.

    Raises Conflict; NotAllowed where the words are others by now, for who wrote them, and for
    who does not know the language.
    """
    text, mark, seen = shown
    if mark != text.mark:
        raise NotAllowed("text.changed_since")
    if reason := may_not_sign(account, text):
        raise NotAllowed(reason)
    message = Message(
        text.msgid, string=text.text, context=text.context, user_comments=list(text.comments)
    )
    sign(message, Signature(account.id, _today(desk)))
    value = {**_value(text), "comments": list(message.user_comments), "outdated": False}
    return await _kept(desk, account, draft_id, (text, value, seen))


def may_not_sign(account: Account, text: Text) -> str:
    """The id of the phrase that says why not; empty where this person may."""
    if not account.roles & SIGNERS:
        return "text.only_reviewer"
    if account.id == text.about["written_by"]:
        return "text.own"
    if text.locale not in account.languages:
        return "text.not_native"
    return "text.nothing_to_sign" if not text.text else ""


async def translate_back(desk: Desk, account: Account, draft_id: str, change: Words) -> Item:
    """Keep what a reader made of a translation, in English. Not for who wrote it.

    Raises Conflict and NotAllowed.
    """
    text = change.text
    if not text.text:
        raise NotAllowed("text.nothing_to_sign")
    if account.id == text.about["written_by"]:
        raise NotAllowed("text.back_own")
    if len(change.words) > MAX_WORDS:
        raise NotAllowed("text.too_long")
    by = account.id if change.words else ""
    value = {**_value(text), "back": change.words, "back_by": by}
    return await _kept(desk, account, draft_id, (text, value, change.seen))


def _value(text: Text) -> dict[str, Any]:
    """The item as it is, or as it begins from what is live."""
    if text.item and isinstance(text.item.value, dict):
        return dict(text.item.value)
    return {
        "context": text.context,
        "msgid": text.msgid,
        "text": text.text,
        "comments": list(text.comments),
        "outdated": bool(text.state == "outdated"),
    }


async def _kept(
    desk: Desk, account: Account, draft_id: str, what: tuple[Text, Value, int]
) -> Item:
    text, value, seen = what
    change = Change(kind="text", key=text.key, value=value, seen=seen)
    return await save(desk, account, draft_id, change)


def _today(desk: Desk) -> date:
    return datetime.fromtimestamp(desk.now(), UTC).date()
