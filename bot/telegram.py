"""The survivors' Telegram door: shows, edits and erases screens over the Bot API."""

import asyncio
import importlib
import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from bot.quiet import Quiet, quietly
from bot.render import fit
from bot.taps import keys
from bot.telegram_calls import CardRefused, ask, retry_after
from bot.telegram_updates import NAME, read
from handlers.messages import (
    WAVE,
    Abilities,
    Address,
    ChannelError,
    Outgoing,
    Refused,
    Sent,
    Sound,
)

if TYPE_CHECKING:
    from aiogram import Bot
    from aiogram.types import InlineKeyboardMarkup

__all__ = ["ABILITIES", "TelegramChannel", "ask", "read"]

T = TypeVar("T")
Rows = tuple[tuple[tuple[str, str], ...], ...]  # keyboard rows of (face, callback data)

ABILITIES = Abilities(
    text=4096, unit="utf16", edits=True, deletes=True, hours=48, strays=100, poster="?start="
)
LISTENED = ("message", "callback_query")  # the kinds of update we ask Telegram for
BATCH = 100  # message ids in one deleteMessages, updates in one getUpdates (Bot API)
CALL_SECONDS = 15

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class _Face:
    """What one message says and the buttons under it; `neutral`: a notification may show it."""

    text: str
    rows: Rows = ()
    neutral: bool = False


class TelegramChannel:
    """Channel over aiogram's Bot as a client of the Bot API; it is loaded at the first call."""

    name = NAME
    abilities = ABILITIES
    sounds: Literal["ogg", "mp3"] = "ogg"

    def __init__(self, token: str, base: str | None = None) -> None:
        """`base` is the root of another Bot API server; without it, Telegram's own."""
        if not _TOKEN.fullmatch(token):
            raise ValueError("the Telegram token has not the form digits:letters")
        self._token = token
        self._base = base
        self._bot: Bot | None = None
        self._shapes: tuple[object, ...] = ()
        self._quiet = Quiet()

    async def show(
        self, address: Address, screen: Outgoing, card: str | None, reply: str | None = None
    ) -> Sent:
        """Edit the live card, or send anew; a long screen is several messages, the card last.

        What is sent anew is sent as a neutral sign and then edited, unless the screen is neutral
        itself: a notification shows what was sent, never what it became (R34).

        What was sent of a screen that fails half-way is taken back as far as possible.
        """
        fitted = fit(screen, self.abilities)
        *early, last = fitted.texts
        faces = [_Face(text) for text in early]
        faces.append(_Face(last, keys(screen, fitted.rows), screen.neutral))
        shown: list[str] = []
        for face in faces:
            try:
                shown.append(await self._put(address, face, None if shown else card))
            except ChannelError as trouble:
                await self._take_back(address, [each for each in shown if each != card], trouble)
                raise
        return Sent(tuple(shown))

    async def neutral(
        self, address: Address, card: str, line: str, reply: str | None = None
    ) -> None:
        """Edit the card to one line without buttons; quiet when it is gone, deleted if fixed."""
        await self._edit(address, card, _Face(line))

    async def speak(self, address: Address, sound: Sound, reply: str | None = None) -> Sent:
        """Send the recording as a voice message; it plays when she taps it (Bot API, sendVoice).

        Its file has no name of ours.
        """
        bot = await self.client()
        from aiogram.types import BufferedInputFile

        file = BufferedInputFile(sound.content, "a.ogg")
        sending = bot.send_voice(
            int(address.id), file, duration=sound.seconds, disable_notification=True
        )
        return Sent((str((await ask(sending)).message_id),))

    async def forget(self, address: Address, message_ids: Sequence[str]) -> tuple[str, ...]:
        """Delete by hundreds; where Telegram refuses a batch, one by one.

        Messages that are gone or past the 48 hours are not returned: no other try helps them. Our
        own that are past are made neutral.
        """
        wanted = list(dict.fromkeys(message_ids))
        standing: list[str] = []
        for start in range(0, len(wanted), BATCH):
            kept, trouble = await self._delete(address, wanted[start : start + BATCH])
            standing += kept
            if trouble:
                standing += wanted[start + BATCH :]
                if len(standing) == len(wanted):
                    raise trouble
                break
        return tuple(standing)

    async def receipt(self, callback_id: str) -> None:
        """Answer the tap without words; a tap too old to be answered is no trouble."""
        with suppress(ChannelError):
            bot = await self.client()
            await ask(bot.answer_callback_query(callback_id))

    async def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        if self._bot is not None:
            bot, self._bot = self._bot, None
            await bot.session.close()

    async def client(self) -> "Bot":
        """The Bot, made at the first call: importing aiogram takes seconds of one core."""
        if self._bot is None:
            await asyncio.to_thread(importlib.import_module, "aiogram")
        if self._bot is None:  # two first calls may have waited side by side
            self._bot = _careful_bot(self._token, self._base, self._quiet)
            self._shapes = _shapes()
        return self._bot

    async def updates(self, offset: int | None, seconds: int) -> list[Any]:
        """One long poll: raw updates from `offset` on, which confirms those before it.

        Raw, because one update that a library cannot read must not hold up all the others.
        """
        bot = await self.client()
        from aiogram.methods import TelegramMethod

        class RawUpdates(TelegramMethod[list[Any]]):
            __returning__ = list[Any]
            __api_method__ = "getUpdates"

            offset: int | None
            timeout: int
            allowed_updates: list[str]

        method = RawUpdates(offset=offset, timeout=seconds, allowed_updates=list(LISTENED))
        return await ask(bot(method, request_timeout=seconds + CALL_SECONDS))

    async def _put(self, address: Address, face: _Face, card: str | None) -> str:
        """Edit the card where that works, else send; the id of the message that shows it now."""
        if card is not None and await self._edit(address, card, face):
            return card
        first = face if face.neutral else _Face(WAVE)
        bot, markup = await self.client(), _keyboard(first.rows)
        sending = bot.send_message(
            int(address.id), first.text, disable_notification=True, reply_markup=markup
        )
        sent = str((await ask(sending)).message_id)
        if first is not face:
            try:
                await self._edit(address, sent, face)
            except ChannelError as trouble:
                await self._take_back(address, [sent], trouble)
                raise
        return sent

    async def _edit(self, address: Address, card: str, face: _Face) -> bool:
        """True when the card shows this now; False when it is gone, or was fixed and deleted."""
        try:
            await self._write_over(address, card, face)
        except CardRefused as refused:
            if refused.reason == "other":
                raise
            if refused.reason == "fixed":
                await self._take_back(address, [card], refused)
            return refused.reason == "same"
        return True

    async def _write_over(self, address: Address, card: str, face: _Face) -> None:
        bot, chat, markup = await self.client(), int(address.id), _keyboard(face.rows)
        await ask(
            bot.edit_message_text(
                face.text, chat_id=chat, message_id=int(card), reply_markup=markup
            )
        )

    async def _take_back(
        self, address: Address, message_ids: list[str], trouble: ChannelError
    ) -> None:
        """Delete what should not stand there; what could not be is said with the trouble."""
        if message_ids:
            standing, _ = await self._delete(address, message_ids)
            trouble.left = (*trouble.left, *standing)

    async def _delete(
        self, address: Address, batch: list[str]
    ) -> tuple[list[str], ChannelError | None]:
        """Delete at most a hundred: those still standing, and what stopped us before the end."""
        bot = await self.client()
        try:
            await ask(bot.delete_messages(int(address.id), [int(each) for each in batch]))
        except CardRefused:
            return await self._delete_singly(address, batch)
        except ChannelError as trouble:
            return batch, trouble
        return [], None

    async def _delete_singly(
        self, address: Address, batch: list[str]
    ) -> tuple[list[str], ChannelError | None]:
        """Like `_delete`, where one message that cannot be deleted kept back the whole batch."""
        bot, standing = await self.client(), []
        for index, each in enumerate(batch):
            try:
                await ask(bot.delete_message(int(address.id), int(each)))
            except CardRefused as refused:
                standing += [each] if refused.reason == "other" else []
                if refused.reason == "fixed":
                    await self._make_plain(address, each)
            except ChannelError as trouble:
                return [*standing, *batch[index:]], trouble
        return standing, None

    async def _make_plain(self, address: Address, message_id: str) -> None:
        """Too old to be deleted: our own is edited to a neutral sign, hers we cannot change."""
        with suppress(Refused):
            await self._write_over(address, message_id, _Face(WAVE))


def _shapes() -> tuple[object, ...]:
    """What answers are read with. Held, because pydantic forgets what nobody holds, and would make
    it anew for every call: a tenth of a sender's time."""
    from aiogram import methods

    calls = (methods.SendMessage, methods.EditMessageText, methods.DeleteMessages)
    return tuple(methods.Response[one.__returning__] for one in calls)  # type: ignore[name-defined]


def _careful_bot(token: str, base: str | None, quiet: Quiet) -> "Bot":
    """A Bot whose messages cannot be forwarded and preview no links, and that keeps pauses.

    Its libraries log nothing: their lines would carry texts, and the token in its URL.
    """
    from aiogram import Bot
    from aiogram.client.default import DefaultBotProperties
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import PRODUCTION, TelegramAPIServer

    for name in ("aiogram", "aiohttp"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL + 1)
        logger.propagate = False
    server = TelegramAPIServer.from_base(base) if base else PRODUCTION
    default = DefaultBotProperties(protect_content=True, link_preview_is_disabled=True)
    session = AiohttpSession(api=server, timeout=CALL_SECONDS)

    async def paced(call: Any, bot: Any, method: Any) -> Any:
        chat = getattr(method, "chat_id", None)
        return await quietly(quiet, chat, partial(call, bot, method), retry_after)

    session.middleware(cast(Any, paced))
    return Bot(token, session, default)


def _keyboard(rows: Rows) -> "InlineKeyboardMarkup | None":
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

    if not rows:
        return None
    keys = [
        [InlineKeyboardButton(text=face, callback_data=data) for face, data in row] for row in rows
    ]
    return InlineKeyboardMarkup(inline_keyboard=keys)
