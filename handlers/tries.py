"""Counts tries of codes, a chat and all together, so that nobody can guess one.

In memory, by pseudonym and bounded; a restart forgets it, and the codes are long enough for that:
at the most this lets through, one of 1,000 living codes of 16 digits is hit once in some twenty
million days. A caseworker's code has eight digits and lives minutes or hours, so fewer tries of it
are let through: against 20 that live at every moment, one is hit in about a year of nothing else.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field

EACH = 5  # wrong tries of one chat within WINDOW
ALL = 3_000  # of all chats together: a web visitor is a new chat each time
SHORT = 100  # the same for codes of eight digits
WINDOW = 600.0  # seconds
CHATS = 10_000  # remembered at most; who tried longest ago is forgotten first


@dataclass(slots=True)
class Tries:
    """One for each process."""

    _chats: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _all: deque[float] = field(default_factory=deque)
    _short: deque[float] = field(default_factory=deque)

    def take(self, person: str, now: float, *, short: bool = False) -> bool:
        """Count one try; False, and nothing counted, where no more is allowed (Unix seconds).

        `short`: eight digits were typed.
        """
        chat = self._chats.setdefault(person, deque())
        self._chats.move_to_end(person)
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)
        counted = (chat, self._short if short else self._all)
        for times in counted:
            while times and times[0] <= now - WINDOW:
                times.popleft()
        if len(chat) >= EACH or len(counted[1]) >= (SHORT if short else ALL):
            return False
        for times in counted:
            times.append(now)
        return True

    def is_spent(self, person: str, now: float) -> bool:
        """Whether no more of this one's tries is let through for now (Unix seconds)."""
        times = self._chats.get(person, ())
        return sum(at > now - WINDOW for at in times) >= EACH

    def forgive(self, person: str, *, short: bool = False) -> None:
        """The last try of this chat was none, or was right."""
        everybody = self._short if short else self._all
        if (chat := self._chats.get(person)) and everybody:
            chat.pop()
            everybody.pop()
