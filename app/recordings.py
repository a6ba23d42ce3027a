"""Recordings of a language: how many are ready, what there is to read, and taking one in."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from handlers import edition_files
from handlers.aloud import PHRASES, all_words, digest_of, said_by
from handlers.edition_content import Content, shipped_files
from handlers.edition_texts import book_for
from handlers.shelf import Edition
from privacy.archives import ArchiveFaulty, members
from privacy.sounds import clip_of
from translations.catalogues import FOLDER
from translations.locales import LOCALES
from translations.recordings import (
    INDEX,
    recordings_of,
    shipped_index,
    shipped_indexes,
    sound_path,
)
from translations.translator import Translator

AIM: Final = 25  # seconds at most (conversation design 1.3)
_FIRST: Final = ("sh", "rx", "dn", "sv", "ch", "ph", "co")  # the safety set, as women meet it
_HELP: Final = tuple(f"help.sound.{number}" for number in range(1, 5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One recording to be made: its number on the paper, its place, its words in order."""

    number: int
    place: str
    words: tuple[str, ...]
    ready: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """Everything that is read aloud in one language, what matters most first.

    `about` says in that language how to read it.
    """

    locale: str
    title: str
    about: tuple[str, ...]
    lines: tuple[Line, ...] = field(repr=False)


class NothingToRead(LookupError):
    """There are no words at this place in this language. Says the place."""


def shipped_content(folder: Path = FOLDER) -> Content:
    """What came with the program."""
    translator = Translator.read(folder)
    shipped = Edition(
        number=0,
        book=book_for(translator),
        translator=translator,
        recordings=recordings_of(shipped_indexes(folder)),
    )
    return Content(shipped_files(folder), shipped, live=False)


def live_content(shipped: Content, kept: Path) -> Content | None:
    """The live edition as this machine keeps it for its next start; it is only counted here, so
    nobody asks for its signature. None where nothing was published."""
    document, bundles = edition_files.read(kept)
    with suppress(ValueError, KeyError, TypeError, ArchiveFaulty):
        number = int(json.loads(json.loads(document)["content"])["live"])
        packed = members(bundles[number])
        files = {path: one.decode() for path, one in packed.items()}
        return Content({**shipped.files, **files}, shipped.shipped, live=False, number=number)
    return None


def ready_counts(kept: Path | None = None, folder: Path = FOLDER) -> dict[str, int]:
    """Language -> places with a recording that a second person accepted and whose words are those
    that women read now: of the live edition where one was published, else of the program."""
    shipped = shipped_content(folder)
    content = (live_content(shipped, kept) if kept else None) or shipped
    return {locale: sum(line.ready for line in _lines(content, locale)) for locale in LOCALES}


def script_of(locale: str, folder: Path = FOLDER) -> Script:
    """What is to be recorded in a language: words around the screens, the safety set, the rest."""
    content = shipped_content(folder)
    translator = content.shipped.translator
    leave = translator.phrase(locale, "row.leave")  # nobody can read a cross aloud
    lines = tuple(
        replace(line, words=tuple(one.replace("✖", f"“{leave}”") for one in line.words))
        for line in _lines(content, locale)
    )
    return Script(
        locale=locale,
        title=translator.staff(locale, "sound.read"),
        about=tuple(translator.staff(locale, one) for one in _HELP),
        lines=lines,
    )


def as_text(script: Script) -> str:
    """A script as plain text, ready to be printed."""
    made = [f"{LOCALES[script.locale].name} ({script.locale}) · {script.title}", *script.about]
    for line in script.lines:
        done = ", OK" if line.ready else ""
        made += ["", f"{line.number}  [{line.place}]  max. {AIM} s{done}", *line.words]
    return "\n".join(made) + "\n"


def for_paper(script: Script) -> dict[str, Any]:
    """The same for the typesetter (console/paper.py)."""
    return asdict(script) | {"aim": AIM, "language": LOCALES[script.locale].name}


def take_in(which: tuple[str, str], content: bytes, by: tuple[str, str], folder: Path) -> Path:
    """Keep a recording with the program: `which` is (language, place), `by` who reads and who
    listened to it. Raises NothingToRead, and SoundRefused for a file that is no recording."""
    locale, place = which
    words = dict(_words(shipped_content(folder), locale)).get(place)
    if not words:
        raise NothingToRead(place)
    clip, path = clip_of(content), sound_path(locale, place, folder)
    about = {
        "clip": sha256(clip.content).hexdigest(),
        "text": digest_of(words),
        "by": by[0],
        "listened_by": by[1],
        "seconds": clip.seconds,
    }
    index = shipped_index(locale, folder) | {place: about}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(clip.content)
    told = json.dumps(index, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.with_name(INDEX).write_text(told, "utf-8")
    return path


def _lines(content: Content, locale: str) -> Iterator[Line]:
    there = content.recordings.get(locale, {})
    trees = _trees(content)
    found = sorted(_words(content, locale), key=lambda one: _rank(one[0], trees))
    for number, (place, words) in enumerate(found, start=1):
        digest = digest_of(words)
        ready = any(one.words == digest for one in there.get(place, ()))
        yield Line(number=number, place=place, words=words, ready=ready)


def _words(content: Content, locale: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    shipped = content.shipped
    book = content.book if content.number else shipped.book
    translator = content.translator if content.number else shipped.translator
    if book is not None:
        yield from all_words(book, translator.phrases, locale, said_by(translator, locale))


def _trees(content: Content) -> dict[str, str]:
    """Variant -> the tree whose node first shows it."""
    found: dict[str, str] = {}
    for node in content.book.nodes.values() if content.book else ():
        for kind in ("country_text", "platform_text"):
            if name := getattr(node, kind):
                found.setdefault(f"{kind}.{name}", node.id.partition(".")[0])
    return found


def _rank(place: str, trees: Mapping[str, str]) -> int:
    """The words around every screen, the trees without which no language is offered, the rest."""
    if place in PHRASES:
        return -1
    tree = trees.get(place.rpartition(".")[0], place.partition(".")[0])
    return _FIRST.index(tree) if tree in _FIRST else len(_FIRST)
