"""Sounds as they are sent and served: recordings that serve now, joined to one where several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal

from handlers.desk import Desk
from handlers.messages import Sound
from handlers.workshop import in_thread
from privacy import mp3
from privacy.opus import SoundRefused
from privacy.sounds import KIND, joined
from storage import clips as rows
from translations.recordings import shipped_sound

Form = Literal["ogg", "mp3"]
KINDS: Final[dict[Form, str]] = {"ogg": KIND, "mp3": mp3.KIND}
"""The forms we make, and what a player is told each is."""
MOST: Final = 80  # recordings in one sound: three numbers read twice, and the words around them
_SHORT: Final = 16  # hex digits that name a recording within a name of several
_ONE: Final = rf"[0-9a-f]{{{_SHORT}}}"
_NAME: Final = re.compile(rf"[0-9a-f]{{64}}|{_ONE}(?:-{_ONE}){{1,{MOST - 1}}}")
_RANGE: Final = re.compile(r"bytes=(\d{1,8})-(\d{0,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is answered to a player: a status, headers, and the bytes it asked for."""

    status: int
    headers: dict[str, str]
    content: bytes = field(default=b"", repr=False)


def path_of(audio: Sequence[str], form: Form = "ogg") -> str:
    """Where our own server gives this sound; "" where there is none."""
    if not audio:
        return ""
    name = audio[0] if len(audio) == 1 else "-".join(one[:_SHORT] for one in audio)
    return f"/sounds/{name}.{form}"


def serving(desk: Desk, name: str) -> tuple[str, ...]:
    """The recordings in a name that `path_of` made, when each of them serves now; else nothing."""
    if not _NAME.fullmatch(name):
        return ()
    wanted = name.split("-")
    known = {one[: len(wanted[0])]: one for one in _digests(desk)}
    found = tuple(known[one] for one in wanted if one in known)
    return found if len(found) == len(wanted) else ()


async def sound_of(desk: Desk, audio: Sequence[str], form: Form = "ogg") -> Sound | None:
    """One sound of these recordings, in this order; None where one is lost, or cannot be made."""
    if not 0 < len(audio) <= MOST:
        return None
    pieces = {digest: await content(desk, digest) for digest in dict.fromkeys(audio)}
    whole = [piece for digest in audio if (piece := pieces[digest]) is not None]
    if len(whole) < len(audio):
        return None
    try:
        clip = await in_thread(lambda: joined(whole))
        made = clip.content if form == "ogg" else await desk.mp3s.of(clip.content)
    except SoundRefused:
        return None
    return Sound(
        digest=sha256(made).hexdigest(),
        content=made,
        seconds=max(1, round(clip.seconds)),
        url=f"{desk.public_url}{path_of(audio, form)}" if desk.public_url else "",
    )


async def content(desk: Desk, digest: str) -> bytes | None:
    """The Ogg file of a recording, from the database or from those that came with the program.

    Never another one than its digest says.
    """
    async with desk.store.turn() as turn:
        found = await rows.clip(turn, digest)
    if found is None:
        return await in_thread(lambda: shipped_sound(digest))
    return found if sha256(found).hexdigest() == digest else None


def part_of(content: bytes, asked: str, form: Form = "ogg") -> Part:
    """The part that a player asks for (RFC 9110 section 14): it learns the length at the end.

    One part of known beginning; all of it for anything else in the header Range.
    """
    whole = {"Accept-Ranges": "bytes", "Content-Type": KINDS[form]}
    found = _RANGE.fullmatch(asked)
    if found is None:
        return Part(status=200, headers=whole, content=content)
    begin, end = int(found[1]), min(int(found[2] or len(content)), len(content) - 1)
    if begin > end:
        unmet = {"Content-Range": f"bytes */{len(content)}"}
        return Part(status=416, headers=unmet)
    headers = whole | {"Content-Range": f"bytes {begin}-{end}/{len(content)}"}
    return Part(status=206, headers=headers, content=content[begin : end + 1])


def _digests(desk: Desk) -> frozenset[str]:
    """Every recording of the editions that serve, those of older conversations among them."""
    editions = (desk.shelf.live, *desk.shelf.whole.values())
    return frozenset(
        one.digest
        for edition in editions
        for places in edition.recordings.values()
        for some in places.values()
        for one in some
    )
