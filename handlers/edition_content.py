"""The content of an edition: its files, read; and the same with the items of a draft in it."""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog

from flows.aloud import Reading
from flows.book import BookFaulty, FlowBook
from flows.edits import TREES, apply, shipped, trees_book, value_of
from flows.faults import Problem
from flows.used_by import Names
from handlers.aloud import places
from handlers.draft_values import Item, Value, text_key
from handlers.edition_texts import all_entries, book_for, translator_of
from handlers.shelf import Edition
from handlers.text_items import changed_catalogue, changed_contexts, live_text
from translations.catalogues import FOLDER, Entry, path_of, written
from translations.catalogues import catalogue_of as po
from translations.locales import LOCALES
from translations.phrases import Phrases
from translations.recordings import Recordings, recordings_of, together
from translations.translator import Translator

PHRASES: Final = "phrases.yaml"
AUDIO: Final = "audio.json"
RULES: Final = f"{TREES}rules.yaml"
"""Rules belong to the program: an edition is always led through by the program's own."""

Files = Mapping[str, str]


def shipped_files(folder: Path = FOLDER) -> dict[str, str]:
    """The files of the edition that came with the program, as an edition has them."""
    catalogues = {
        po_file(locale): path.read_text("utf-8")
        for locale in LOCALES
        if (path := path_of(locale, folder)).exists()
    }
    phrases = (folder / PHRASES).read_text("utf-8")
    return {**shipped(), **catalogues, PHRASES: phrases, AUDIO: "{}\n"}


def po_file(locale: str) -> str:
    """Where the catalogue of a language stands within an edition."""
    return f"translations/{locale}.po"


def name_of(files: Files) -> str:
    """What tells one edition from another: a hash of everything in it."""
    told = sha256()
    for path in sorted(files):
        told.update(f"{path}\x00{len(files[path].encode())}\x00{files[path]}".encode())
    return told.hexdigest()[:16]


class Content:
    """An edition read from its files. Values only; nothing of it changes once it was asked for.

    Building it takes a tenth of a second and more: in a thread, and kept (handlers/workshop.py).
    """

    def __init__(self, files: Files, shipped: Edition, *, live: bool, number: int = 0) -> None:
        """`shipped` is the edition of the program, `live` whether texts must be reviewed."""
        self.files = files
        self.number = number
        self.shipped: Final = shipped
        self.live_mode: Final = live
        self.judged: Final[dict[tuple[str, ...], tuple[Problem, ...]]] = {}
        """What a page found out about some trees of it (console/tree_scene.py), by their names."""

    @cached_property
    def phrases(self) -> Phrases:
        """The words of the interface."""
        return Phrases.of(self.files[PHRASES])

    @cached_property
    def catalogues(self) -> Mapping[str, Catalog]:
        """Every language's catalogue. Raises ValueError for one that is none."""
        return {code: po(code, self.files.get(po_file(code), "").encode()) for code in LOCALES}

    @cached_property
    def translator(self) -> Translator:
        """What can be said, in live mode what is reviewed."""
        return translator_of(
            self.catalogues, self.phrases, self.shipped.translator, live=self.live_mode
        )

    @cached_property
    def form(self) -> FlowBook | BookFaulty:
        """The trees, or what is wrong with their form."""
        try:
            return trees_book(self.files)
        except BookFaulty as faulty:
            return faulty

    @cached_property
    def book(self) -> FlowBook | None:
        """The trees, knowing what is missing in which language; None where they are faulty."""
        return book_for(self.translator, self.form) if isinstance(self.form, FlowBook) else None

    @cached_property
    def names(self) -> Names:
        """The trees as they stand in the files: who leads where. Raises Unreadable."""
        return Names.of(self.files)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Problems of form: with any of them there is no book."""
        return self.form.problems if isinstance(self.form, BookFaulty) else ()

    @cached_property
    def audio(self) -> Mapping[str, Mapping[str, Any]]:
        """Recordings by language and context (see Item, kind `clip`)."""
        found: dict[str, dict[str, Any]] = json.loads(self.files.get(AUDIO) or "{}")
        return found

    @cached_property
    def recordings(self) -> Recordings:
        """What can be played: this edition's own recordings before those of the program."""
        return together(recordings_of(self.audio), self.shipped.recordings)

    @cached_property
    def readings(self) -> Mapping[str, Reading]:
        """What can be recorded, by place; nothing while the trees are faulty."""
        return places(self.form, self.phrases) if isinstance(self.form, FlowBook) else {}

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that can be said; nothing while the trees are faulty."""
        return all_entries(self.form, self.phrases) if isinstance(self.form, FlowBook) else ()

    @cached_property
    def _keys(self) -> Mapping[str, tuple[str, str, str]]:
        """Key of a text item -> language, context, English."""
        return {
            text_key(code, one.context, one.msgid): (code, one.context, one.msgid)
            for code in LOCALES
            for one in self.entries
        }

    def text_keys(self) -> tuple[str, ...]:
        """The key of every text in every language, translated or not."""
        return tuple(self._keys)

    def value(self, kind: str, key: str) -> Value:
        """What is there now under this key; None where there is nothing. Raises EditFaulty."""
        if kind == "text":
            where = self._keys.get(key)
            return live_text(self.catalogues[where[0]], where[1], where[2]) if where else None
        if kind == "clip":
            locale, _, context = key.partition("/")
            return self.audio.get(locale, {}).get(context)
        found: Value = value_of(self.files, kind, key)
        return found

    def with_items(self, items: Iterable[Item]) -> "Changed":
        """The edition as it would be with these. Raises EditFaulty or Unreadable."""
        return Changed(self, tuple(items))


class Changed(Content):
    """An edition with a draft in it; only what the draft touches is worked out anew."""

    def __init__(self, base: Content, items: tuple[Item, ...]) -> None:
        """Trees and phrases are changed at once, texts when they are asked for."""
        files = apply(base.files, items)
        if clips := [one for one in items if one.kind == "clip"]:
            files[AUDIO] = _with_clips(base.audio, clips)
        super().__init__(files, base.shipped, live=base.live_mode)
        self.base: Final = base
        self.items: Final = items

    @property
    def same_english(self) -> bool:
        """Whether only translations and recordings changed."""
        return not any(one.kind in ("tree", "node", "variant", "phrase") for one in self.items)

    @cached_property
    def names(self) -> Names:
        """As in Content; files that did not change are not read again."""
        return self.base.names.with_files(self.base.files, self.files)

    @cached_property
    def phrases(self) -> Phrases:
        """As in Content."""
        same = self.files[PHRASES] == self.base.files[PHRASES]
        return self.base.phrases if same else Phrases.of(self.files[PHRASES])

    @cached_property
    def form(self) -> FlowBook | BookFaulty:
        """As in Content; the very book of the base where no tree changed."""
        same = {path for path, text in self.files.items() if self.base.files.get(path) == text}
        if not isinstance(self.base.form, FlowBook):
            return super().form
        if all(path in same for path in {*self.files, *self.base.files} if _is_tree(path)):
            return self.base.form
        trees = self.base.form.trees.items()
        known = {f"{name}.yaml": tree for name, tree in trees if f"{TREES}{name}.yaml" in same}
        try:
            return trees_book(self.files, known)
        except BookFaulty as faulty:
            return faulty

    @cached_property
    def catalogues(self) -> Mapping[str, Catalog]:
        """The catalogues whole, for the full check and for the bundle; half a second."""
        if not isinstance(self.form, FlowBook):
            return self.base.catalogues
        return {
            code: changed_catalogue(code, self.entries, self.base.catalogues[code], self.items)
            for code in LOCALES
        }

    @cached_property
    def translator(self) -> Translator:
        """As in Content, but only contexts that changed are looked at."""
        if not isinstance(self.form, FlowBook) or not isinstance(self.base.form, FlowBook):
            return self.base.translator
        touched = changed_contexts(self.base.entries, self.entries, self.items)
        wanted = tuple(one for one in self.entries if one.context in touched)
        texts: dict[str, dict[tuple[str, str], str]] = {}
        for code, said in self.base.translator.catalogues.items():
            old = [m for m in self.base.catalogues[code] if (m.context or "") in touched]
            part = changed_catalogue(code, wanted, old, self.items)
            fresh = Translator.of(
                {code: part}, self.phrases, self.shipped.translator.desk, live=self.live_mode
            ).catalogues[code]
            kept = {pair: text for pair, text in said.items() if pair[0] not in touched}
            texts[code] = {**kept, **fresh}
        return Translator(texts, self.phrases, self.shipped.translator.desk)

    def whole(self) -> dict[str, str]:
        """Every file of the edition this would be, catalogues written out."""
        catalogues = {
            po_file(code): written(one).decode() for code, one in self.catalogues.items()
        }
        kept = {path for path in catalogues if path in self.base.files}
        return {**self.files, **{path: catalogues[path] for path in sorted(kept)}}


def _is_tree(path: str) -> bool:
    return path.startswith(TREES)


def _with_clips(audio: Mapping[str, Mapping[str, Any]], clips: Iterable[Item]) -> str:
    changed = {locale: dict(found) for locale, found in audio.items()}
    for item in clips:
        locale, _, context = item.key.partition("/")
        if item.value is None:
            changed.setdefault(locale, {}).pop(context, None)
        else:
            changed.setdefault(locale, {})[context] = item.value
    return json.dumps(changed, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
