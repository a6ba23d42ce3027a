"""all_problems(): trees and catalogues checked together, for `saphan flows check`."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from app.catalogues import entries_of, of_language
from app.glossary import against, words_to_avoid
from bot.telegram import ABILITIES as TELEGRAM
from bot.webchat import ABILITIES as WEB
from directory.taxonomy import TAGS, TAXONOMY
from directory.text import zawgyi_probability
from flows.book import DATA, BookFaulty, FlowBook, Problem, read_book
from flows.check import problems
from flows.extract import SHORT, SHORT_FORM
from flows.lint import seen_by_others, texts
from translations.catalogues import FOLDER, Domain, path_of, read_catalogue
from translations.locales import LOCALES, SOURCE, western
from translations.phrases import said_twice

MAX_SCREEN = 250  # characters of a text in any language (conversation design 1.2)
MAX_ZAWGYI = 0.95  # probability; correct short Burmese may reach 0.9, Zawgyi stands near 1
# Burmese letters from which on the detector can be trusted: of our own texts turned into Zawgyi it
# knows 99 in 100, and suspects none as they are; shorter ones it takes for Zawgyi at random.
ENOUGH_BURMESE = 12
LABELS: Mapping[str, int] = MappingProxyType({"telegram": TELEGRAM.label, "web": WEB.label})
LINE_LABEL = 20  # LINE's buttons; a longer label needs a short form (decisions 9)
_NAMES = frozenset({"web.title"})  # a name a deployment chooses; it may stay in Latin letters
# What Telegram shows of the bot before anybody writes (app/jobs.py), and the cover.
_PUBLIC = frozenset({"web.title", "row.leave", "row.menu", "row.language"})
_COVER = "cover."
_NUMBER = re.compile(r"\d+")
_LINK = re.compile(r"\b(?:[\w-]{1,63}\.){1,9}(?:org|com|net|info|int)\b")
_FIELD = re.compile(r"\{[^{}]*\}")
_SIGNS = frozenset("✖☎✔⚠👋")  # the sign of leaving above all
_BREAK, _NON_JOINER, _JOINER = "\u200b", "\u200c", "\u200d"
# Scripts that do not part words mark where a line may end; a joiner also ties two emoji.
_INVISIBLE: Mapping[str, str] = MappingProxyType(
    {
        "km": _BREAK + _NON_JOINER + _JOINER,
        "lo": _BREAK,
        "my": _BREAK + _NON_JOINER + _JOINER,
        "th": _BREAK,
        "vi": "",
    }
)


@dataclass(frozen=True, slots=True)
class Translated:
    """One text of a catalogue: where it stands, the English, the translation."""

    locale: str
    context: str
    msgid: str
    text: str


def all_problems(folder: Path = DATA, catalogues: Path = FOLDER) -> list[Problem]:
    """Every problem of every tree and every catalogue; nothing stops at the first one."""
    try:
        book = read_book(folder)
    except BookFaulty as fault:
        return list(fault.problems)
    return [
        *problems(book, TAXONOMY, TAGS, LABELS),
        *catalogue_problems(book, catalogues),
        *staff_problems(catalogues),
        *_said_twice(),
    ]


def catalogue_problems(book: FlowBook, folder: Path = FOLDER) -> Iterator[Problem]:
    """Every problem of every language: what is there must be right; what is missing may be."""
    for locale in LOCALES:
        yield from of_one_language(locale, book, folder)


def staff_problems(folder: Path = FOLDER) -> Iterator[Problem]:
    """Every problem of what staff read; nothing of it is a button's label that must be short."""
    for locale in LOCALES.keys() - {SOURCE}:
        yield from of_staff(locale, folder)


def of_staff(locale: str, folder: Path = FOLDER) -> list[Problem]:
    """Every problem of one language's catalogue for staff."""
    place = _Place(locale, folder, Domain.DESK)
    return list(_of_catalogue(place, _wanted(place), {}))


def _said_twice() -> Iterator[Problem]:
    """YAML keeps the last of two lines with the same id, and nobody would notice."""
    for name, ids in said_twice().items():
        for one in ids:
            yield Problem(name, one, "stands there twice", "Give one of them another id.")


def of_one_language(locale: str, book: FlowBook, folder: Path = FOLDER) -> list[Problem]:
    """Every problem of one catalogue of hers."""
    place = _Place(locale, folder)
    icons = {(said.node, said.text): said.icon for said in texts(book) if said.is_answer}
    return [
        *_of_catalogue(place, _wanted(place, book), icons),
        *_gives_away(locale, folder, neutral_contexts(book)),
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Which catalogue, and below which folder."""

    locale: str
    folder: Path
    domain: Domain = Domain.MESSAGES

    @property
    def file(self) -> str:
        """As it stands in the repository, wherever it was read."""
        return path_of(self.locale, domain=self.domain).relative_to(FOLDER.parent).as_posix()


def _wanted(place: _Place, book: FlowBook | None = None) -> frozenset[tuple[str, str]]:
    theirs = of_language(place.locale, entries_of(place.domain, book))
    return frozenset((entry.context, entry.msgid) for entry in theirs)


def neutral_contexts(book: FlowBook) -> frozenset[str]:
    """Where a text may stand in a notification, a list of chats, the bot's name or commands."""
    nodes = {node.id for node in book.nodes.values() if node.neutral}
    return frozenset(nodes | {book.rules.screens["leave"]} | _PUBLIC)


def _gives_away(locale: str, folder: Path, neutral: frozenset[str]) -> Iterator[Problem]:
    """Words in such a text that say what this is about (R34)."""
    try:
        catalogue = read_catalogue(locale, folder)
    except (ValueError, UnicodeDecodeError):
        return  # said already
    for message in catalogue:
        context = (message.context or "").removesuffix(SHORT_FORM)
        if context not in neutral and not context.startswith(_COVER):
            continue
        if word := seen_by_others(str(message.string), locale):
            fix = "Anybody may see this text; say it without that word."
            what = f"a neutral text says “{word}”"
            yield Problem(_Place(locale, folder).file, context, what, fix)


def _of_catalogue(
    place: _Place,
    wanted: Collection[tuple[str, str]],
    icons: Mapping[tuple[str, str], str],
) -> Iterator[Problem]:
    locale, file = place.locale, place.file
    try:
        catalogue = read_catalogue(locale, place.folder, place.domain)
    except (ValueError, UnicodeDecodeError) as error:
        what = f"cannot be read: {type(error).__name__}"
        yield Problem(file, "the file", what, "Open it in Poedit and save it again.")
        return
    there = {(m.context or "", str(m.id)): m for m in catalogue if m.id}
    for pair in sorted(there.keys() ^ set(wanted)):
        what = "lacks a text of it" if pair in wanted else "has a text that is no longer used"
        context, what = pair[0], f"the catalogue {what}"
        yield Problem(file, context, what, "Run: saphan translations update")
    said = {
        pair: Translated(locale, *pair, str(message.string))
        for pair, message in there.items()
        if message.string and not message.fuzzy and pair in wanted
    }
    # The glossary is of the words for her; among colleagues the words of the trade are right.
    avoided = words_to_avoid(locale) if place.domain is Domain.MESSAGES else ()
    for pair, one in said.items():
        icon = icons.get((pair[0].removesuffix(SHORT_FORM), pair[1]))
        for what, fix in (*faults_of(one, icon), *against(one.msgid, one.text, avoided)):
            yield Problem(file, pair[0], what, fix)
    yield from _between(file, said, icons)


def _between(
    file: str,
    said: Mapping[tuple[str, str], Translated],
    icons: Mapping[tuple[str, str], str],
) -> Iterator[Problem]:
    """What is wrong between texts: two answers that read alike, a label LINE would cut."""
    faces: dict[tuple[str, str], str] = {}
    for (context, msgid), one in said.items():
        if (context, msgid) not in icons or context.endswith(SHORT_FORM):
            continue
        same = faces.setdefault((context, one.text), msgid)
        if same != msgid:
            what = f"the answers “{same}” and “{msgid}” read the same"
            yield Problem(file, context, what, "Say what makes them differ.")
        face = f"{icons[context, msgid]} {one.text}".strip()
        if len(face) > LINE_LABEL and (f"{context}{SHORT_FORM}", msgid) not in said:
            what = f"the answer “{msgid}” has {len(face)} characters and no short form"
            yield Problem(file, context, what, f"Write one for {LINE_LABEL} with icon.")


def faults_of(one: Translated, icon: str | None) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) for one text; `icon` is None unless it is an answer."""
    yield from _same(one)
    yield from _long(one, icon)
    if one.context.endswith(SHORT_FORM) and len(one.text) > SHORT:
        yield f"has {len(one.text)} characters where {SHORT} are allowed", "Say it shorter."
    yield from _written(one)


def _same(one: Translated) -> Iterator[tuple[str, str]]:
    """What must be in a translation exactly as in the English."""
    for name, found in _KEPT.items():
        wanted, given = found(one.msgid), found(one.text)
        if wanted != given:
            missing, added = (
                sorted((wanted - given).elements()),
                sorted((given - wanted).elements()),
            )
            what = f"other {name} than the English: without {missing}, with {added}"
            yield what, f"Write the same {name} as in the English text."


def _long(one: Translated, icon: str | None) -> Iterator[tuple[str, str]]:
    if len(one.text) > MAX_SCREEN:
        yield f"{len(one.text)} characters where {MAX_SCREEN} are allowed", "Say it shorter."
    for channel, most in LABELS.items() if icon is not None else ():
        face = f"{icon} {one.text}".strip()
        if len(face) > most:
            what = f"the answer has {len(face)} characters where {channel} takes {most}"
            yield what, "Say it shorter."


def _written(one: Translated) -> Iterator[tuple[str, str]]:
    """Script, encoding and invisible characters."""
    if unicodedata.normalize("NFC", one.text) != one.text:
        yield "is not in Unicode form NFC", "Save it in form NFC; most editors can convert it."
    for character in dict.fromkeys(one.text):
        if unicodedata.category(character) in ("Cc", "Cf") and not _needed(one, character):
            what = f"holds the invisible character U+{ord(character):04X}"
            yield what, "Delete it; it may have come from copying."
    plain = _LINK.sub("", _FIELD.sub("", one.msgid))
    is_sentence = any(map(str.islower, plain)) and one.context not in _NAMES
    if is_sentence and not LOCALES[one.locale].in_script(one.text):
        yield f"has no letter of {LOCALES[one.locale].name}", "Translate it, or leave it empty."
    letters = sum(map(LOCALES[one.locale].in_script, one.text))
    enough = one.locale == "my" and letters >= ENOUGH_BURMESE
    if enough and zawgyi_probability(one.text) > MAX_ZAWGYI:
        yield "looks like Zawgyi", "Write it in Unicode; convert it with a Zawgyi converter."


def _needed(one: Translated, character: str) -> bool:
    """Whether an invisible character has its use: a line's end, a script's joiner, an emoji."""
    return character in _INVISIBLE[one.locale] or character in one.msgid


def _fields(text: str) -> Counter[str]:
    try:
        return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return Counter(["a brace alone"])


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(western(_FIELD.sub("", text))))


def _links(text: str) -> Counter[str]:
    return Counter(match.casefold() for match in _LINK.findall(text))


def _signs(text: str) -> Counter[str]:
    return Counter(character for character in text if character in _SIGNS)


_KEPT: Mapping[str, Callable[[str], Counter[str]]] = MappingProxyType(
    {"placeholders": _fields, "numbers": _numbers, "links": _links, "signs": _signs}
)
