"""Which doors are shut, and where chats begin at the open ones; known in every process at once.

One coordinator shuts a door in one act: from then on nothing goes out there but what clears a
chat, and talks that were open end as if she had left. Two open it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
import structlog

from handlers import checkins, letters
from handlers.conversation import Conversation
from handlers.desk import Desk
from handlers.letters import Order
from handlers.messages import WAVE, Incoming, Outgoing
from handlers.partner_acts import Deed, No, PartnerRefused, acting, deed
from referrals.roles import Role
from storage import conversations, network_documents, traces
from storage.network_documents import Note
from storage.news import News, tell
from storage.store import Turn, VersionConflict
from translations.locales import SOURCE

log = structlog.get_logger("doors")

WEB = "web"
MAX_TRIES = 8  # acts done again because another process was quicker
# As the makers write them; every other name is written with one capital letter.
_WRITTEN = {"line": "LINE", "whatsapp": "WhatsApp"}
_SHUT, _LINKS = "doors/shut", "doors/links"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """A door that is shut: by whom, since when, and who has said already that it may open."""

    name: str
    by: str
    at: datetime
    opens: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A door as coordinators see it: its name, where chats begin ("" unknown), what shuts it."""

    name: str
    link: str
    shut: Shut | None = field(default=None)

    @property
    def title(self) -> str:
        """The name as its makers write it."""
        return written(self.name)


def written(name: str) -> str:
    """The name of a door as its makers write it."""
    return _WRITTEN.get(name, name.capitalize())


async def look(desk: Desk, by: str) -> tuple[Way, ...]:
    """Every door women may come by. Raises PartnerRefused for all but coordinators."""
    async with desk.store.turn() as turn:
        await acting(turn, desk, by, Role.COORDINATOR)
        shut = _shut(await network_documents.read(turn, _SHUT))
        links = _links(await network_documents.read(turn, _LINKS))
    return tuple(
        Way(name=name, link=links.get(name, ""), shut=shut.get(name)) for name in _names(desk)
    )


async def shut(desk: Desk, by: str, name: str) -> None:
    """Shut a door in one act, and end every talk there. Raises PartnerRefused."""

    async def act(turn: Turn) -> None:
        await acting(turn, desk, by, Role.COORDINATOR)
        if name not in _names(desk):
            raise PartnerRefused(No.UNKNOWN)
        note = await network_documents.read(turn, _SHUT)
        known = _shut(note)
        if name not in known:
            one = Shut(name=name, by=by, at=desk.clock())
            await _keep(turn, note, {**known, name: one})

    await deed(desk, Deed(by=by, what="door.shut", object="", kind=""), act)
    await refresh(desk)
    await _end_talks(desk, name)


async def open_again(desk: Desk, by: str, name: str) -> bool:
    """Agree that it opens; with the second person it does. Raises PartnerRefused."""

    async def act(turn: Turn) -> bool:
        await acting(turn, desk, by, Role.COORDINATOR)
        note = await network_documents.read(turn, _SHUT)
        known = _shut(note)
        one = known.get(name)
        if one is None:
            raise PartnerRefused(No.OVER)
        if one.opens == by:
            raise PartnerRefused(No.SAME_PERSON)
        if one.opens:
            await _keep(turn, note, {key: each for key, each in known.items() if key != name})
            return True
        agreed = Shut(name=name, by=one.by, at=one.at, opens=by)
        await _keep(turn, note, {**known, name: agreed})
        return False

    opened = await deed(desk, Deed(by=by, what="door.open", object="", kind=""), act)
    await refresh(desk)
    return opened


async def know(desk: Desk, name: str, link: str) -> None:
    """Remember where chats begin at a door, as its platform or the operator says."""
    for tries_left in reversed(range(MAX_TRIES)):
        try:
            await _know(desk, name, link)
        except VersionConflict:  # several processes start, and each says what it knows
            if not tries_left:
                raise
        else:
            return


async def _know(desk: Desk, name: str, link: str) -> None:
    async with desk.store.turn() as turn:
        note = await network_documents.read(turn, _LINKS)
        links = _links(note)
        if links.get(name, "") == link:
            return
        document = orjson.dumps({**links, name: link}).decode()
        await network_documents.keep(turn, Note(note.name, document, note.version))
        await tell(turn, News.DOORS)


async def refresh(desk: Desk) -> None:
    """Look which doors are shut and where the others are."""
    async with desk.store.turn() as turn:
        known = _shut(await network_documents.read(turn, _SHUT))
        links = _links(await network_documents.read(turn, _LINKS))
    desk.doors.shut = frozenset(known)
    desk.doors.links = links


def elsewhere(desk: Desk, here: str = "") -> str:
    """The other open doors and where they are, a line each; names and links need no language."""
    return "\n".join(
        f"{written(name)}: {link}"
        for name, link in sorted(desk.doors.links.items())
        if link and name != here and name in desk.channels and name not in desk.doors.shut
    )


async def turned_away(
    turn: Turn, desk: Desk, incoming: Incoming, open_talk: Conversation | None
) -> tuple[Outgoing, tuple[str, ...]]:
    """Somebody comes by a door that is shut: her talk ends as if she had left; the keys of no use.

    Nothing is sent but what clears the chat; the web page shows a neutral sign.
    """
    await checkins.forget(turn, desk, incoming.address)
    useless: tuple[str, ...] = ()
    if open_talk is not None:
        await conversations.drop(turn, open_talk.person)
        useless = (open_talk.key_name,)
        if not desk.channels[incoming.address.channel].abilities.answers:
            order = Order(kind="leave", address=incoming.address, line=WAVE, card=incoming.card_id)
            useless += await letters.goodbye(turn, desk, open_talk.person, order)
    sign = Outgoing(step=0, locale=SOURCE, node="", texts=(WAVE,), ended=True, neutral=True)
    return sign, useless


async def _end_talks(desk: Desk, name: str) -> None:
    """Take away what stands in every chat there; one that fails ends with its time.

    A page of the web chat has nothing that we could take away: it ends with her next tap.
    """
    async with desk.store.turn() as turn:
        people = await traces.people(turn)
    for person in people:
        try:
            async with desk.store.turn() as turn:
                useless = await _ended(turn, desk, person, name)
            await desk.keystore.destroy(*useless)
        except Exception as error:
            log.error("talk_not_ended", kind=type(error).__name__, channel=name)
    desk.posted.set()


async def _ended(turn: Turn, desk: Desk, person: str, name: str) -> tuple[str, ...]:
    """The keys of no use; none where her chat is at another door."""
    found = await letters.read_trace(turn, desk, person)
    if found is None or found[1].address.channel != name:
        return ()
    address = found[1].address
    await checkins.forget(turn, desk, address)
    useless = await conversations.drop(turn, person)
    order = Order(kind="leave", address=address, line=WAVE)
    return (*useless, *await letters.goodbye(turn, desk, person, order))


def _names(desk: Desk) -> tuple[str, ...]:
    """Doors of women: not the caseworkers' bot, not a terminal."""
    return tuple(sorted(name for name in desk.channels if name not in ("terminal", "caseworkers")))


def _shut(note: Note) -> dict[str, Shut]:
    found: Mapping[str, Mapping[str, str]] = orjson.loads(note.document) if note.version else {}
    return {
        name: Shut(
            name=name,
            by=one["by"],
            at=datetime.fromisoformat(one["at"]).astimezone(UTC),
            opens=one["opens"],
        )
        for name, one in found.items()
    }


def _links(note: Note) -> dict[str, str]:
    return dict(orjson.loads(note.document)) if note.version else {}


async def _keep(turn: Turn, note: Note, known: Mapping[str, Shut]) -> None:
    told = {
        name: {"by": one.by, "at": one.at.isoformat(), "opens": one.opens}
        for name, one in known.items()
    }
    document = orjson.dumps(told).decode()
    await network_documents.keep(turn, Note(note.name, document, note.version))
    await tell(turn, News.DOORS)
