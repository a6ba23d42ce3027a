"""Recordings as tests need them: small real Ogg files of the words that stand there now."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal

from app.wiring import Data
from handlers.aloud import PHRASES, all_words, digest_of, said_by
from handlers.desk import Desk
from handlers.messages import Address, Sent, Sound
from storage.clips import keep_clip
from tests.doubles import FakeChannel
from tests.translations_pages.sounds import ogg
from translations.recordings import recordings_of


@dataclass(frozen=True)
class Recorded:
    """What was recorded: the index as it is shipped, and each sound by its digest."""

    index: dict[str, dict[str, dict[str, Any]]]
    sounds: dict[str, bytes]

    def digest(self, place: str, locale: str = "km") -> str:
        return str(self.index[locale][place]["clip"])

    def names(self, audio: Iterable[str]) -> tuple[str, ...]:
        """The places whose recordings these are."""
        known = {
            one["clip"]: place for places in self.index.values() for place, one in places.items()
        }
        return tuple(known[digest] for digest in audio)

    def served_by(self, data: Data) -> Data:
        return replace(data, recordings=recordings_of(self.index))

    async def kept(self, desk: Desk) -> None:
        """Put the sounds into the database, too young to be swept."""
        document = json.dumps({"at": desk.now()})
        async with desk.store.turn() as turn:
            for digest, sound in self.sounds.items():
                await keep_clip(turn, digest, document, sound)


def recorded(
    data: Data, places: Iterable[str], locales: Iterable[str] = ("km",), **also: str
) -> Recorded:
    """Recordings of these places, listened to; each sounds different. `also` changes each."""
    index: dict[str, dict[str, dict[str, Any]]] = {}
    sounds: dict[str, bytes] = {}
    for locale in locales:
        words = words_in(data, locale)
        for place in (*PHRASES, *places):
            length = 0.3 + len(sounds) / 50
            sound = ogg(length)
            digest = sha256(sound).hexdigest()
            sounds[digest] = sound
            about = {"text": digest_of(words[place]), "seconds": length, "by": "a"}
            index.setdefault(locale, {})[place] = {
                "clip": digest,
                "listened_by": "b",
                **about,
                **also,
            }
    return Recorded(index, sounds)


def words_in(data: Data, locale: str) -> Mapping[str, tuple[str, ...]]:
    """Everything that can be recorded in a language."""
    said = said_by(data.translator, locale)
    return dict(all_words(data.book, data.translator.phrases, locale, said))


@dataclass
class SpeakingChannel(FakeChannel):
    """A messenger with voice messages, which stand in the chat under their digest."""

    sounds: Literal["ogg", "mp3"] = "ogg"
    spoken: list[Sound] = field(default_factory=list)
    mute: list[Exception] = field(default_factory=list)  # for speaking

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        if self.mute:
            raise self.mute.pop(0)
        self.number += 1
        self.chats.setdefault(address.id, {})[str(self.number)] = f"♪ {sound.digest}"
        self.spoken.append(sound)
        return Sent((str(self.number),))

    def heard(self, chat: str) -> list[str]:
        """What stands in a chat and can be played."""
        return [one for one in self.chats.get(chat, {}).values() if one.startswith("♪")]
