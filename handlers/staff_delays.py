"""Growing delays for wrong sign-ins, by network and account, that never lock the owner out."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field

LONGEST = 900.0  # seconds between two tries, however many went wrong
FORGOTTEN = 3_600.0  # seconds without a try after which a lane is as new
REMEMBERED = 50_000  # lanes at most; the one tried longest ago is forgotten first
_ATTACKED = 20  # wrong tries of one account from unknown browsers within FORGOTTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Where tries are counted together: `free` go at once, then seconds double from `first`."""

    key: str = field(repr=False)
    free: int
    first: float


@dataclass(slots=True)
class Delays:
    """One for each process; in memory, bounded, and nothing in it is kept.

    The first try for an account from a network that did nothing wrong always goes at once: who
    guesses at an account from elsewhere slows the owner down nowhere. A browser where the owner
    signed in before has a lane of its own, also behind the guesser's own address.
    """

    _lanes: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)

    def take(self, lanes: tuple[Lane, ...], now: float) -> float:
        """Count one try in each lane; 0.0, or how many seconds too early it came (not counted).

        It counts before the costly work, so that many tries at the same moment are many tries.
        """
        early = max(self._wait(lane, now) for lane in lanes)
        if early > 0:
            return early
        for lane in lanes:
            self._count(lane.key, now)
        return 0.0

    def forgive(self, lanes: tuple[Lane, ...]) -> None:
        """The last try was right."""
        for lane in lanes:
            times, at = self._lanes.get(lane.key, (0, 0.0))
            if times > 1:
                self._lanes[lane.key] = (times - 1, at)
            else:
                self._lanes.pop(lane.key, None)

    def times(self, key: str, now: float) -> int:
        """How many tries went wrong in this lane of late."""
        times, at = self._lanes.get(key, (0, now))
        return times if now - at < FORGOTTEN else 0

    def _wait(self, lane: Lane, now: float) -> float:
        times, at = self._lanes.get(lane.key, (0, now))
        if now - at >= FORGOTTEN:
            return 0.0
        return max(0.0, at + growing(times - lane.free, lane.first) - now)

    def _count(self, key: str, now: float) -> None:
        self._lanes[key] = (self.times(key, now) + 1, now)
        self._lanes.move_to_end(key)
        while len(self._lanes) > REMEMBERED:
            self._lanes.popitem(last=False)


def growing(too_many: int, first: float, longest: float = LONGEST) -> float:
    """Seconds to wait: nothing for those that are free, then doubling up to `longest`."""
    return min(longest, first * 2.0 ** min(too_many, 30)) if too_many >= 0 else 0.0


def lanes_of(
    delays: Delays, name: str, network: str, browser: str, now: float
) -> tuple[Lane, ...]:
    """The lanes of one sign-in: the browser's own where it is known, else by where it comes from.

    `name` is what was typed, hashed: known and unknown names go the same way.
    """
    if browser:
        return (Lane(key=f"browser/{browser}/{name}", free=5, first=10),)
    attacked = delays.times(f"name/{name}", now) >= _ATTACKED
    own = Lane(
        key=f"both/{name}/{network}", free=1 if attacked else 5, first=60 if attacked else 10
    )
    return (
        Lane(key=f"network/{network}", free=20, first=5),
        own,
        Lane(key=f"name/{name}", free=1_000_000_000, first=1),  # counted, never in the way
    )


def network_of(host: str) -> str:
    """Whose address it is, as far as one household or office goes: /24 or /56. Never kept."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "elsewhere"
    length = 24 if address.version == 4 else 56
    return str(ipaddress.ip_network((address, length), strict=False))
