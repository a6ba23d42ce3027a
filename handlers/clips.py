"""Recordings of the texts in a draft: kept by whoever recorded, accepted by another person."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from handlers.aloud import digest_of
from handlers.desk import Desk
from handlers.draft_values import Change, Item, NotAllowed, clip_key
from handlers.drafts import save
from handlers.staff_values import Account
from handlers.texts import Text, clip_state
from handlers.workshop import in_thread
from privacy.opus import SoundRefused
from privacy.sounds import clip_of
from storage import clips as rows

UNUSED: Final = 7 * 86_400.0  # seconds that a recording stays which nothing names; ours


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is recorded for a place: the words to read, and the recording that is there.

    `seen` is the version of its item in the draft, 0 where the draft has none.
    """

    locale: str
    place: str
    words: tuple[str, ...] = field(repr=False)
    clip: Mapping[str, Any] | None
    seen: int

    @property
    def state(self) -> str:
        """`none`, `outdated`, `unheard` or `ready`."""
        return clip_state(self.clip, self.words)

    @property
    def words_mark(self) -> str:
        """What tells the words to read from later ones."""
        return digest_of(self.words)

    @property
    def digest(self) -> str:
        """The SHA-256 of its sound; empty where there is none."""
        return str(self.clip["clip"]) if self.clip else ""


def recording_of(
    words: tuple[str, ...], text: Text, clip: Mapping[str, Any] | None, item: Item | None
) -> Recording:
    """The recording of the place where a text stands; `words` are what it reads aloud."""
    return Recording(
        locale=text.locale,
        place=text.place,
        words=words,
        clip=clip,
        seen=item.version if item else 0,
    )


async def keep(
    desk: Desk, account: Account, draft_id: str, recorded: tuple[Recording, bytes, int]
) -> Item:
    """Keep a recording of the words as they stand now; `recorded` ends with the version seen.

    Raises NotAllowed (for a file that is none, `sound.bad.<reason>`) and Conflict.
    """
    about, content, seen = recorded
    if not about.words:
        raise NotAllowed("text.nothing_to_sign")
    try:
        clip = await in_thread(lambda: clip_of(content))
    except SoundRefused as refused:
        raise NotAllowed(f"sound.bad.{refused.reason}") from None
    digest = sha256(clip.content).hexdigest()
    value = {
        "clip": digest,
        "text": about.words_mark,
        "by": account.id,
        "listened_by": "",
        "seconds": clip.seconds,
    }
    key = clip_key(about.locale, about.place)
    async with desk.store.turn() as turn:
        document = json.dumps({"seconds": clip.seconds, "at": desk.now()})
        await rows.keep_clip(turn, digest, document, clip.content)
    return await save(
        desk, account, draft_id, Change(kind="clip", key=key, value=value, seen=seen)
    )


async def accept(
    desk: Desk, account: Account, draft_id: str, heard: tuple[Recording, str, int]
) -> Item:
    """Accept what somebody else recorded: `heard` names it by its digest and the version seen.

    Raises NotAllowed and Conflict.
    """
    about, digest, seen = heard
    if about.clip is None or digest != about.digest or about.state == "outdated":
        raise NotAllowed("sound.changed_since")
    if about.clip.get("by") == account.id:
        raise NotAllowed("sound.own")
    if about.state == "ready":
        raise NotAllowed("sound.changed_since")
    value = {**about.clip, "listened_by": account.id}
    key = clip_key(about.locale, about.place)
    return await save(
        desk, account, draft_id, Change(kind="clip", key=key, value=value, seen=seen)
    )


async def take_out(
    desk: Desk, account: Account, draft_id: str, about: Recording, seen: int
) -> Item:
    """Women hear nothing here until it is recorded again. Raises NotAllowed and Conflict."""
    if about.clip is None:
        raise NotAllowed("sound.changed_since")
    key = clip_key(about.locale, about.place)
    return await save(desk, account, draft_id, Change(kind="clip", key=key, value=None, seen=seen))


async def drop_unused(desk: Desk) -> int:
    """Recordings that no draft and no edition has are gone after seven days; how many."""
    async with desk.store.turn() as turn:
        return await rows.drop_unused(turn, desk.now() - UNUSED)
