"""Who wrote, signed or listened: kept by the program from who is signed in, never as claimed."""

from collections.abc import Mapping
from typing import Any, Final

from babel.messages.catalog import Message

from handlers.draft_values import Change, NotAllowed, Value
from handlers.staff_values import Account
from referrals.roles import Role
from translations.review import signature_of, unsigned

SIGNERS: Final = frozenset({Role.REVIEWER})
_OWN: Final = ("written_by", "signed_by")


def ruled(change: Change, before: Value, account: Account) -> Value:
    """The value as it may be kept. `before` is the draft's, else the live one.

    A changed text is unsigned and its writer is whoever saves it. A signature is put under it by
    a native reviewer who did not write it (R74); a recording is accepted by another person than
    who made it. Raises NotAllowed.
    """
    if not isinstance(change.value, dict):
        return change.value
    old = before if isinstance(before, dict) else {}
    match change.kind:
        case "text":
            return _text(change.value, old, account)
        case "clip":
            return _clip(change.value, old, account)
        case _:
            return change.value


def _text(value: Mapping[str, Any], old: Mapping[str, Any], account: Account) -> Value:
    fresh = {name: one for name, one in value.items() if name not in _OWN}
    comments = list(value.get("comments") or ())
    known = {name: old[name] for name in _OWN if name in old}
    if value["text"] != old.get("text"):
        return {**fresh, "comments": unsigned(comments), "written_by": account.id, "signed_by": ""}
    if not _is_signed(value):
        return {**fresh, "comments": unsigned(comments), **known, "signed_by": ""}
    if _is_signed(old):
        return {**fresh, "comments": list(old.get("comments") or ()), **known}
    if not account.roles & SIGNERS:
        raise NotAllowed("draft.not_yours")
    if account.id == old.get("written_by"):
        raise NotAllowed("edition.own")
    return {**fresh, **known, "signed_by": account.id}


def _clip(value: Mapping[str, Any], old: Mapping[str, Any], account: Account) -> Value:
    if value["clip"] != old.get("clip") or value.get("text") != old.get("text"):
        return {**value, "by": account.id, "listened_by": ""}
    heard = value.get("listened_by") or ""
    if heard == (old.get("listened_by") or "") or not heard:
        return {**value, "by": old.get("by", ""), "listened_by": heard}
    if account.id == old.get("by"):
        raise NotAllowed("edition.own")
    return {**value, "by": old.get("by", ""), "listened_by": account.id}


def _is_signed(value: Mapping[str, Any]) -> bool:
    if not value.get("text"):
        return False
    message = Message(
        value["msgid"],
        string=value["text"],
        context=value["context"],
        user_comments=list(value.get("comments") or ()),
    )
    return signature_of(message) is not None
