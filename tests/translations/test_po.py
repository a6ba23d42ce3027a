"""A catalogue out and in again: nothing lost, and no harmful change gets in."""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from app.po import check_import, export
from flows.faults import fault
from tests.proving import Proof
from translations.locales import LOCALES

SOURCES = [locale for locale in LOCALES if locale != "en"]


def read(content: bytes, locale: str) -> Catalog:
    return read_po(BytesIO(content), locale=locale)


def written(catalogue: Catalog, width: int = 76) -> bytes:
    """As another editor would write it: wrapped lines, sorted or not."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=width, include_previous=True)
    return buffer.getvalue()


@pytest.mark.parametrize("locale", LOCALES)
def test_what_goes_out_comes_in_unchanged(locale: str) -> None:
    new, problems = check_import(locale, export(locale))

    assert problems == []
    assert new == export(locale)


def test_wrapped_lines_of_another_editor_come_in_unchanged() -> None:
    new, problems = check_import("my", written(read(export("my"), "my")))

    assert problems == []
    assert new == export("my")


def test_a_file_of_another_language_is_refused() -> None:
    _, problems = check_import("lo", export("th"))

    wrong = fault("po_language", which="th", language="lo")
    assert wrong in [problem.fault for problem in problems]


@pytest.mark.parametrize("rubbish", [b"", b"\xff\xfe\x00", b'msgid "', b"PK\x03\x04" * 100])
def test_rubbish_is_refused_with_advice(rubbish: bytes) -> None:
    _, problems = check_import("km", rubbish)

    assert problems
    assert {problem.fault.kind for problem in problems} <= {"po_broken", "po_lost"}


def test_a_signature_made_elsewhere_is_not_believed() -> None:
    catalogue = read(export("vi"), "vi")
    message = next(m for m in catalogue if m.context == "dn.1" and m.string)
    message.string = str(message.string) + " nhé"
    message.user_comments = ["reviewed 2026-12-01 by F. Orger ~00000000"]
    new, _ = check_import("vi", written(catalogue, 0))

    assert b"F. Orger" not in new


# --- a thousand harmful changes ------------------------------------------------------------------


def _number(message: Message, chance: random.Random) -> bool:
    found = re.search(r"\d+", str(message.string))
    if not found:
        return False
    changed = str(int(found[0]) + chance.choice((1, 2, 10)))
    digits = dict(zip("0123456789", LOCALES["my"].digits, strict=True))
    if not found[0].isascii():
        changed = "".join(digits[d] for d in changed)
    message.string = str(message.string).replace(found[0], changed, 1)
    return True


def _placeholder(message: Message, chance: random.Random) -> bool:
    found = re.search(r"\{\w+\}", str(message.string))
    if not found:
        return False
    other = chance.choice(("", "{name}", found[0][:-1], found[0] * 2))
    message.string = str(message.string).replace(found[0], other, 1)
    return True


def _link(message: Message, chance: random.Random) -> bool:
    found = re.search(r"\w+\.(?:ncmec\.)?org", str(message.string))
    if not found:
        return False
    other = chance.choice(("evil.org", "stopncii.com", ""))
    message.string = str(message.string).replace(found[0], other, 1)
    return True


def _exit_word(message: Message, chance: random.Random) -> bool:
    text = str(message.string)
    if "✖" in text:
        message.string = text.replace("✖", chance.choice(("", "➕")))
        return True
    if message.context in ("row.leave", "sh.exit", "sh.idle"):
        message.string = ""
        return True
    return False


def _button(message: Message, chance: random.Random) -> bool:
    is_answer = any("button" in comment for comment in message.auto_comments)
    if not is_answer or str(message.context).endswith("(short)"):
        return False
    message.string = ""
    return True


def _node(message: Message, chance: random.Random) -> bool:
    message.context = chance.choice((f"{message.context}x", "sh.menu.other", "dn"))
    return True


def _source(message: Message, chance: random.Random) -> bool:
    """Another English, by which the text would belong to another answer."""
    message.id = f"{message.id}{chance.choice(('.', ' ', '!'))}"
    return True


def _hidden(message: Message, chance: random.Random) -> bool:
    message.string = f"{message.string}{chance.choice(HIDDEN)}"
    return True


def _markup(message: Message, chance: random.Random) -> bool:
    """A link, a number or a placeholder put in where the English has none."""
    message.string = f"{message.string}{chance.choice((' evil.org', ' 1911', ' {phone}', ' {'))}"
    return True


HIDDEN = ("\u202e", "\u2066", "\ufeff", "\x07")
Kind = Callable[[Message, random.Random], bool]
KINDS: tuple[Kind, ...] = (
    _number,
    _placeholder,
    _link,
    _exit_word,
    _button,
    _node,
    _source,
    _hidden,
    _markup,
)


@contextmanager
def harmed(catalogue: Catalog, kind: Kind, chance: random.Random) -> Iterator[str | None]:
    """One message of the catalogue is changed in this way; the node that it stands at then.

    "{name}" may come in the place of "{name}": what says the same as before is not counted, and
    another message is changed.
    """
    messages = [one for one in catalogue if one.id and one.string]
    chance.shuffle(messages)
    for message in messages:
        before = _said(message)
        if kind(message, chance) and _said(message) != before:
            yield message.context
            message.id, message.context, message.string = before
            return
    raise AssertionError(kind.__name__)


def _said(message: Message) -> tuple[Any, ...]:
    return message.id, message.context, message.string


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("locale", SOURCES)
def test_R73_no_harmful_change_is_taken(locale: str, proof: Proof) -> None:
    chance = random.Random(f"mutations of {locale}")
    catalogue = read(export(locale), locale)
    number = proof.count(1_000 // len(SOURCES), quick=2)
    for count in range(number):
        kind = KINDS[(2 * SOURCES.index(locale) + count) % len(KINDS)]
        with harmed(catalogue, kind, chance) as context:
            _, problems = check_import(locale, written(catalogue, 0))

        assert problems, f"{kind.__name__} in {context}"
        assert context in {problem.node for problem in problems}, kind.__name__
    proof.figure(f"0 of {number} taken in {locale}")
