"""Recordings of what women read: those that came with the program, as files with an index."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from translations.catalogues import FOLDER
from translations.locales import LOCALES

INDEX: Final = "index.json"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A recording that a second person accepted: the SHA-256 of its Ogg file, the digest of the
    words it reads aloud (handlers/aloud.py), how long it plays in seconds."""

    digest: str
    words: str
    seconds: float

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Recorded | None":
        """From an index or an edition; None for one that nobody accepted, or that is none."""
        digest, seconds = str(raw.get("clip", "")), raw.get("seconds", 0)
        if not (_DIGEST.fullmatch(digest) and raw.get("listened_by")):
            return None
        length = float(seconds) if isinstance(seconds, int | float) else 0.0
        return cls(digest=digest, words=str(raw.get("text", "")), seconds=length)


Index = Mapping[str, Mapping[str, Any]]
"""Place -> {clip, text, by, listened_by, seconds}, as in audio.json of an edition."""
Recordings = Mapping[str, Mapping[str, tuple[Recorded, ...]]]
"""Language -> place -> what can be played there, the preferred one first."""


def shipped_index(locale: str, folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """What translations/<locale>/audio/index.json says; empty where there are none."""
    path = folder / locale / "audio" / INDEX
    if not path.exists():
        return {}
    found: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


def shipped_indexes(folder: Path = FOLDER) -> dict[str, dict[str, dict[str, Any]]]:
    """The same of every language."""
    return {locale: shipped_index(locale, folder) for locale in LOCALES}


def shipped_sound(digest: str, folder: Path = FOLDER) -> bytes | None:
    """The sound of a shipped recording; None where its file is another one than the index says."""
    for locale in LOCALES:
        for place, raw in shipped_index(locale, folder).items():
            if raw.get("clip") == digest:
                path = sound_path(locale, place, folder)
                content = path.read_bytes() if path.exists() else b""
                return content if sha256(content).hexdigest() == digest else None
    return None


def sound_path(locale: str, place: str, folder: Path = FOLDER) -> Path:
    """Where the file of a place stands."""
    return folder / locale / "audio" / f"{place}.ogg"


def recordings_of(indexes: Mapping[str, Index]) -> Recordings:
    """What of an index, or of an edition's audio.json, can be played."""
    return {
        locale: {place: (one,) for place, raw in index.items() if (one := Recorded.of(raw))}
        for locale, index in indexes.items()
    }


def together(first: Recordings, then: Recordings) -> Recordings:
    """Both; at each place those of `first` are preferred."""
    found: dict[str, dict[str, tuple[Recorded, ...]]] = {}
    for recordings in (first, then):
        for locale, places in recordings.items():
            there = found.setdefault(locale, {})
            for place, some in places.items():
                there[place] = (*there.get(place, ()), *some)
    return found
