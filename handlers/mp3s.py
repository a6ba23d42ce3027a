"""Mp3s: recordings as MP3, made one at a time when first wanted, the last ones kept in memory."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from handlers.workshop import in_thread, remember
from privacy.mp3 import mp3_of
from privacy.opus import SoundRefused

MOST: Final = 32  # sounds: about 10 kB a second of speech, at most 25 seconds for a screen
WAITING: Final = 8  # who may wait for the only maker; anybody can ask for a sound (R76)


@dataclass(slots=True)
class Mp3s:
    """What was made, by the digest of what it was made from."""

    _made: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _maker: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: int = 0

    async def of(self, content: bytes) -> bytes:
        """The MP3 of an Ogg file of ours. Raises SoundRefused: "form", or "busy" for now."""
        name = sha256(content).hexdigest()
        if name in self._made:
            return self._made[name]
        if self._waiting >= WAITING:
            raise SoundRefused("busy")
        self._waiting += 1
        try:
            async with self._maker:
                if name in self._made:
                    return self._made[name]
                made = await in_thread(lambda: mp3_of(content))
                return remember(self._made, name, made, MOST)
        finally:
            self._waiting -= 1
