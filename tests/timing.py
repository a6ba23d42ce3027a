"""How long work takes where a pause of the machine is no fault of the work."""

import time
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

_Content = TypeVar("_Content")
TRIES = 3  # what is slow itself is slow each time


def seconds_of(work: Callable[[], object], limit: float) -> float:
    """Processor seconds of one go; where it took `limit` or longer, of the quickest of three.

    Seconds of the processor too hold what the work did not cause: a look for the garbage of other
    tests, a machine that is shared.
    """
    took: list[float] = []
    while not took or (min(took) >= limit and len(took) < TRIES):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took)


@dataclass(slots=True)
class Refusals:
    """What came of hostile contents: those that were taken, and what the others cost at most."""

    tried: int = 0
    taken: list[str] = field(default_factory=list)
    seconds: float = 0.0
    bytes: int = 0

    def __str__(self) -> str:
        """For the figure of a proof."""
        room = f"{self.bytes / 1e6:.1f} MB at most"
        return f"{len(self.taken)} of {self.tried} taken, {self.seconds * 1_000:.0f} ms and {room}"


def refusals(
    read: Callable[[_Content], object],
    contents: Iterable[tuple[str, _Content]],
    *errors: type[Exception],
    limit: float,
) -> Refusals:
    """Read each of the (name, content), which is to raise one of `errors`; `limit` in seconds.

    Time is of the processor, room as Python counts it beside the content itself.
    """
    done = Refusals()

    def is_refused(content: _Content) -> bool:
        try:
            read(content)
        except errors:
            return True
        return False

    for name, content in contents:
        done.tried += 1
        tracemalloc.start()
        done.taken += [] if is_refused(content) else [name]
        done.bytes = max(done.bytes, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        done.seconds = max(done.seconds, seconds_of(partial(is_refused, content), limit))
    return done
