"""Counts tries of codes, a chat and all together, so that nobody can guess one.

In memory, by pseudonym and bounded; a restart forgets it, and the codes are long enough for that:
at the most this lets through, one of 1,000 living codes is hit once in some twenty million days.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

EACH = 5  # wrong tries of one chat within WINDOW
ALL = 3_000  # of all chats together: a web visitor is a new chat each time
WINDOW = 600.0  # seconds
CHATS = 10_000  # remembered at most; who tried longest ago is forgotten first


@dataclass(slots=True)
class Tries:
    """One for each process."""

    _chats: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _all: deque[float] = field(default_factory=deque)

    def take(self, person: str, now: float) -> bool:
        """Count one try; False, and nothing counted, where no more is allowed (Unix seconds)."""
        chat = self._chats.setdefault(person, deque())
        self._chats.move_to_end(person)
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)
        for times in (chat, self._all):
            while times and times[0] <= now - WINDOW:
                times.popleft()
        if len(chat) >= EACH or len(self._all) >= ALL:
            return False
        chat.append(now)
        self._all.append(now)
        return True

    def forgive(self, person: str) -> None:
        """The last try of this chat was none, or was right."""
        if chat := self._chats.get(person):
            chat.pop()
            self._all.pop()
