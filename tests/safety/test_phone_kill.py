"""R33: a real process, killed between sending and noting it; what it sent is gone in a minute."""

import time
from pathlib import Path

import pytest

from tests.channels.fake_telegram import FakeTelegram
from tests.channels.telegram_chats import Refusal
from tests.channels.telegram_methods import Values
from tests.e2e.system import System, free_port, serving
from tests.proving import Proof

MINUTE = 60.0


class Killer:
    """Kills the process right after its next message stands in the chat; nothing is answered."""

    def __init__(self, fake: FakeTelegram) -> None:
        self._send = fake._table["sendMessage"]
        self.victim: System | None = None
        self.chats: list[int] = []
        fake._table["sendMessage"] = self._sent

    async def _sent(self, values: Values) -> object:
        result = await self._send(values)
        if self.victim is not None:
            self.victim.process.kill()
            self.victim = None
            self.chats.append(values.whole("chat_id"))
            raise Refusal(502, "Bad Gateway")
        return result


@pytest.mark.timeout(1_800)
async def test_R33_a_message_sent_right_before_a_kill_is_swept(
    tmp_path: Path, proof: Proof
) -> None:
    kills = proof.count(25, quick=1)
    port, longest, most = free_port(), 0.0, 0
    async with FakeTelegram() as fake:
        killer = Killer(fake)
        given = {"telegram_token": fake.token, "telegram_api": fake.base}
        for chat in range(1, kills + 1):
            async with serving(tmp_path, port, **given) as system:
                killer.victim = system
                await fake.user_says(chat, "/start")
                await system.process.wait()
            lost = {message.id for message in fake.visible(chat) if message.sender == "bot"}
            assert len(lost) == 1
            async with serving(tmp_path, port, **given) as system:
                longest = max(longest, await _swept(fake, chat, lost))
                most = max(most, len(fake.visible(chat)))

    proof.figure(f"{kills} kills: swept {longest:.0f} s after the restart at most, {most} stands")
    assert killer.chats == list(range(1, kills + 1))
    assert most == 1


async def _swept(fake: FakeTelegram, chat: int, lost: set[int]) -> float:
    """Seconds until the lost message is gone and a whole one stands."""
    begun = time.monotonic()
    await fake.until(lambda: _whole(fake, chat, lost), seconds=MINUTE)
    return time.monotonic() - begun


def _whole(fake: FakeTelegram, chat: int, lost: set[int]) -> bool:
    """One message of ours, with its buttons, and not the lost one; none of hers."""
    visible = fake.visible(chat)
    return len(visible) == 1 and bool(visible[0].keys) and visible[0].id not in lost
