"""The short words of the interface, by id; phrases.yaml and desk.yaml hold the English."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from translations.catalogues import Entry

_FILE = Path(__file__).parent / "phrases.yaml"
_STAFF_FILE = Path(__file__).parent / "desk.yaml"
_OPTIONAL = "optional"


class Phrases:
    """All phrases of an edition: `phrases["row.leave"] == "Leave"`.

    Without an optional one a language is offered all the same; who says it asks first whether it
    is there (Translator.sign).
    """

    def __init__(self, texts: Mapping[str, str | Mapping[str, str]]) -> None:
        """Hold id -> English, or id -> {optional: English}."""
        self._optional = {name for name, text in texts.items() if not isinstance(text, str)}
        self._texts = {
            name: text if isinstance(text, str) else text[_OPTIONAL]
            for name, text in texts.items()
        }

    @classmethod
    def read(cls, path: Path = _FILE) -> "Phrases":
        """Read phrases.yaml."""
        return cls.of(path.read_text("utf-8"))

    @classmethod
    def of_staff(cls) -> "Phrases":
        """Read desk.yaml: what caseworkers, partners and coordinators read."""
        return cls.read(_STAFF_FILE)

    @classmethod
    def of(cls, text: str) -> "Phrases":
        """The phrases of an edition, as its file holds them."""
        return cls(yaml.load(text, yaml.CSafeLoader) or {})

    def with_words_of(self, other: "Phrases") -> "Phrases":
        """These, and those of `other` that are not here."""
        known = {entry.context: _as_written(entry) for entry in other.entries()}
        return Phrases(known | {entry.context: _as_written(entry) for entry in self.entries()})

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    def __contains__(self, name: str) -> bool:
        return name in self._texts

    def entries(self) -> Iterator[Entry]:
        """What a translator gets to see."""
        for name, text in self._texts.items():
            yield Entry(name, text, optional=name in self._optional)


def _as_written(entry: Entry) -> str | Mapping[str, str]:
    return {_OPTIONAL: entry.msgid} if entry.optional else entry.msgid


def said_twice(folder: Path = _FILE.parent) -> dict[str, list[str]]:
    """File name -> ids that stand in it more than once, of phrases.yaml and desk.yaml."""
    names = (_FILE.name, _STAFF_FILE.name)
    return {name: _twice((folder / name).read_text("utf-8")) for name in names}


def _twice(text: str) -> list[str]:
    root = yaml.compose(text, yaml.CSafeLoader)
    keys = Counter(str(key.value) for key, _ in root.value) if root else Counter[str]()
    return [key for key, times in keys.items() if times > 1]
