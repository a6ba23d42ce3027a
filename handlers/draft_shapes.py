"""What may be saved at all: the form of a change's key and value, before anything is kept."""

import json
import re
from typing import Final

from flows.edits import EditFaulty, file_of
from handlers.draft_values import KINDS, Change, NotAllowed, Value, text_key
from translations.locales import LOCALES

MOST: Final = 30_000  # bytes of one value; the longest node has 2,000
MOST_KEY: Final = 200  # characters
DEEP: Final = 20  # levels of lists and mappings (R69)
_SHA: Final = re.compile(r"[0-9a-f]{64}")
_FAULTY: Final = "draft.faulty"


def check_shape(change: Change) -> None:
    """Raise NotAllowed for a kind, key or value that no page of ours makes."""
    if change.kind not in KINDS or not 0 < len(change.key) <= MOST_KEY or too_deep(change.value):
        raise NotAllowed(_FAULTY)
    try:
        told = json.dumps(change.value, ensure_ascii=False)
        size = len(told.encode())
    except (TypeError, ValueError):
        raise NotAllowed(_FAULTY) from None
    if size > MOST or "\\u0000" in told or not _fits(change):
        raise NotAllowed(_FAULTY)


def too_deep(value: object, left: int = DEEP) -> bool:
    """Whether lists and mappings lie in one another more than DEEP levels."""
    if left < 0:
        return True
    if isinstance(value, dict):
        return any(too_deep(one, left - 1) for one in value.values())
    return isinstance(value, list) and any(too_deep(one, left - 1) for one in value)


def _fits(change: Change) -> bool:
    value = change.value
    match change.kind:
        case "text":
            return _is_text(change.key, value)
        case "clip":
            return _is_clip(change.key, value)
        case "phrase":
            shape = value is None or isinstance(value, str)
        case _:
            shape = value is None or isinstance(value, dict)
    try:
        file_of(change.kind, change.key)
    except EditFaulty:
        return False
    return shape


def _is_text(key: str, value: Value) -> bool:
    if value is None:
        return key.count("/") >= 2  # language, context, digest
    if not isinstance(value, dict):
        return False
    locale = key.partition("/")[0]
    context, msgid, text = (value.get(name) for name in ("context", "msgid", "text"))
    if not (isinstance(context, str) and isinstance(msgid, str) and isinstance(text, str)):
        return False
    comments = value.get("comments", [])
    is_list = isinstance(comments, list) and all(isinstance(one, str) for one in comments)
    flat = is_list and not any("\n" in one for one in comments)
    return flat and locale in LOCALES and key == text_key(locale, context, msgid)


def _is_clip(key: str, value: Value) -> bool:
    locale, _, context = key.partition("/")
    if locale not in LOCALES or not context:
        return False
    if value is None:
        return True
    names = ("clip", "text", "by", "listened_by")
    if not isinstance(value, dict) or set(value) - {*names, "seconds"}:
        return False
    told = [value.get(name, "") for name in names]
    return all(isinstance(one, str) for one in told) and bool(_SHA.fullmatch(str(told[0])))
