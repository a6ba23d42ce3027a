"""A language's texts out as a PO file and in again: all of it or nothing, every reason named."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from flows.extract import SHORT_FORM
from flows.faults import Fault
from handlers.checks import Checks, Wording
from handlers.draft_values import Change, Draft, digest
from handlers.edition_content import Content
from handlers.edition_texts import of_language
from handlers.text_items import changed_catalogue
from handlers.texts import Text, catalogue_now
from translations.catalogues import written
from translations.locales import LOCALES, SOURCE
from translations.review import State, unsigned

MAX_FILE: Final = 2_000_000  # bytes; the largest catalogue has a third of it
WAITS: Final = 1_800.0  # seconds between the look and the act
# Share of the letters in the language's script. Our own catalogues have 0.99 and more; a file of
# another of our languages has 0.01 at most.
LEAST_SCRIPT: Final = 0.9
# Vietnamese shares its letters with English: of our own catalogue 0.31 of them bear a mark, of an
# English one 0.00.
LEAST_MARKS: Final = 0.15
# Latin letters with all marks of Vietnamese: up to U+024F, and U+1EA0 to U+1EF9.
_LATIN: Final = frozenset(map(chr, (*range(0x41, 0x250), *range(0x1EA0, 0x1EFA))))
_ENOUGH: Final = 40  # letters from which on a share says anything
_PLACES: Final = 20  # files that wait at a time, of all people together
_ODD: Final = (PoFileError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a file is refused: where, `po.bad.<phrase>`, and what a check found."""

    phrase: str
    where: str = field(default="", repr=False)
    fault: Fault | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One text that the file changes. `fits`: the same words, no longer said to be outdated."""

    text: Text
    words: str = field(repr=False)
    outdated: bool = False

    @property
    def fits(self) -> bool:
        """Whether only the mark of outdated words went."""
        return self.words == self.text.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What taking a file over would do; with any reason it is not taken over at all."""

    moved: tuple[Moved, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def mark(self) -> str:
        """What tells these changes from any others."""
        return digest({one.text.key: [one.text.mark, one.words] for one in self.moved})


def file_of(content: Content, draft: Draft | None, locale: str) -> bytes:
    """The PO file of a language as a draft has it; takes half a second, in a thread."""
    wanted = of_language(locale, content.entries)
    old, items = catalogue_now(content, locale), draft.items if draft else ()
    return written(changed_catalogue(locale, wanted, old, items))


def looked_at(content: bytes, into: tuple[Content, str, tuple[Text, ...]], checks: Checks) -> Look:
    """What a file would change in the texts of a language, or everything against it.

    `into`: the edition, the language, its texts. Takes a second, in a thread. Nothing of the file
    is believed but its translations: notes, signatures and flags stay as they are.
    """
    edition, locale, texts = into
    read = _read(locale, content)
    if isinstance(read, Reason):
        return Look(reasons=(read,))
    catalogue, named = read
    known = {(one.context, one.msgid): one for one in texts}
    reasons = [*_of_other_language(locale, named, catalogue), *_of_ids(catalogue, known)]
    moved = tuple(_moved(catalogue, known))
    if not reasons:
        reasons = [*_faulty(edition, locale, (texts, moved), checks)]
    return Look(moved=moved, reasons=tuple(dict.fromkeys(reasons)))


def changes(look: Look) -> tuple[Change, ...]:
    """The saves that take a file over."""
    return tuple(_change(one) for one in look.moved)


def _change(one: Moved) -> Change:
    text = one.text
    value = dict(text.item.value) if text.item and isinstance(text.item.value, dict) else {}
    value |= {
        "context": text.context,
        "msgid": text.msgid,
        "text": one.words,
        "comments": list(text.comments) if one.fits else unsigned(text.comments),
        "outdated": one.outdated,
    }
    if not one.fits:
        value |= {"back": "", "back_by": ""}
    return Change(kind="text", key=text.key, value=value, seen=text.seen)


def _read(locale: str, content: bytes) -> tuple[Catalog, str] | Reason:
    """The catalogue and the language that its head names."""
    if len(content) > MAX_FILE:
        return Reason(phrase="too_big")
    try:
        told = content.decode("utf-8-sig")
        # As text: a head that names another encoding cannot make other letters of it.
        catalogue = read_po(StringIO(told), locale=locale, abort_invalid=True)
        named = str(catalogue.locale_identifier or "")
        empty = not any(one.id for one in catalogue)
    except _ODD:
        return Reason(phrase="malformed")
    return Reason(phrase="malformed") if empty or "\x00" in told else (catalogue, named)


def _of_other_language(locale: str, named: str, catalogue: Catalog) -> Iterator[Reason]:
    if named.replace("-", "_").partition("_")[0] not in ("", locale):
        yield Reason(phrase="header")
    told = "".join(one.string for one in catalogue if one.id and isinstance(one.string, str))
    letters = [one for one in told if one.isalpha()]
    if len(letters) < _ENOUGH or locale == SOURCE:
        return
    is_theirs = _LATIN.__contains__ if locale == "vi" else LOCALES[locale].in_script
    theirs = sum(map(is_theirs, letters))
    marked = sum(1 for one in letters if one > "\x7f")
    ours = theirs >= LEAST_SCRIPT * len(letters)
    if locale == "vi":
        ours = ours and marked >= LEAST_MARKS * len(letters)
    if not ours:
        yield Reason(phrase="script")


def _of_ids(catalogue: Catalog, known: Mapping[tuple[str, str], Text]) -> Iterator[Reason]:
    """Texts that nobody knows, and texts that are there today and would be gone."""
    there = set()
    for one in catalogue:
        if not one.id:
            continue
        where = one.context or ""
        if not isinstance(one.id, str) or not isinstance(one.string, str):
            yield Reason(phrase="two_forms", where=where)
        elif (where, one.id) not in known:
            yield Reason(phrase="unknown", where=where)
        elif one.string:
            there.add((where, one.id))
    for pair, text in known.items():
        if text.text and pair not in there:
            yield Reason(phrase="lost", where=text.context)


def _moved(catalogue: Catalog, known: Mapping[tuple[str, str], Text]) -> Iterator[Moved]:
    for one in catalogue:
        text = known.get((one.context or "", str(one.id))) if one.id else None
        if text is None or not isinstance(one.string, str) or not one.string:
            continue
        if one.string != text.text:
            yield Moved(text=text, words=one.string, outdated=bool(one.fuzzy))
        elif text.state is State.OUTDATED and not one.fuzzy:
            yield Moved(text=text, words=one.string)


def _faulty(
    edition: Content,
    locale: str,
    both: tuple[tuple[Text, ...], tuple[Moved, ...]],
    checks: Checks,
) -> Iterator[Reason]:
    """What the checks say of texts that the file changes, whether marked outdated or not."""
    texts, moved = both
    if edition.book is None or not moved:
        return
    new = {one.text.id: one.words for one in moved}
    catalogue = Catalog(locale=locale)
    for text in texts:
        old = text.state is State.OUTDATED and text.id not in new
        words, flags = new.get(text.id, text.text), ("fuzzy",) if old else ()
        catalogue.add(text.msgid, string=words, context=text.context, flags=flags)
    wording = Wording(book=edition.book, phrases=edition.phrases, catalogues={locale: catalogue})
    touched = {one.text.context for one in moved} | {one.text.place for one in moved}
    for problem in checks.texts(wording):
        if problem.node in touched or f"{problem.node}{SHORT_FORM}" in touched:
            yield Reason(phrase="faulty", where=problem.node, fault=problem.fault)


@dataclass(frozen=True, slots=True)
class _Waiting:
    account: str
    place: tuple[str, str]
    content: bytes = field(repr=False)
    mark: str
    until: float


class WaitingFiles:
    """Files that were looked at and wait for the second word, in memory only; one for a person."""

    def __init__(self) -> None:
        """None waits."""
        self._waiting: dict[str, _Waiting] = {}

    def put(
        self, account: str, place: tuple[str, str], file: tuple[bytes, str], now: float
    ) -> str:
        """Let a file wait; `place` is its language and draft, `file` its bytes and Look.mark."""
        kept = {
            token: one
            for token, one in self._waiting.items()
            if one.account != account and now < one.until
        }
        token = secrets.token_hex(16)
        newest = dict(list(kept.items())[-_PLACES + 1 :])
        waiting = _Waiting(account, place, *file, now + WAITS)
        self._waiting = newest | {token: waiting}
        return token

    def take(
        self, token: str, account: str, place: tuple[str, str], now: float
    ) -> tuple[bytes, str] | None:
        """The file, once; None where it is another's or of another place, or waits no more."""
        found = self._waiting.get(token)
        if found is None or found.account != account or found.place != place:
            return None
        del self._waiting[token]
        return (found.content, found.mark) if now < found.until else None
