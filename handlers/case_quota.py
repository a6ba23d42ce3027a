"""How much content one person may open: counted, slowed, and told to the coordinators (R54)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter

from handlers import notices
from handlers.desk import Desk
from handlers.notices import Kind
from handlers.staff_accounts import coordinators
from handlers.staff_values import Account
from storage import readings
from storage.store import Turn

WINDOW = 600.0  # seconds
MOST_IN_WINDOW = 20  # openings (R54)
TIMES_USUAL = 3  # of what the person opens on a usual day (R54)
KNOWN_DAYS = 5  # days with openings before anything is called usual
NEVER_UNUSUAL = 6  # openings a day: who opens one on most days may open these
REMEMBERED = timedelta(days=28)
TELL_AGAIN = 3600.0  # seconds until the coordinators are told of the same person again


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """How often a person opened content: moments of the window, and numbers of each day (UTC)."""

    recent: tuple[float, ...] = ()
    days: Mapping[str, int] = field(default_factory=dict)
    told_at: float | None = None

    def until(self, now: float) -> "Readings":
        """Without what is too old to matter at `now` (Unix seconds)."""
        oldest = (datetime.fromtimestamp(now, UTC) - REMEMBERED).date().isoformat()
        return replace(
            self,
            recent=tuple(at for at in self.recent if at > now - WINDOW),
            days={day: number for day, number in self.days.items() if day > oldest},
        )

    def too_many(self, now: float) -> bool:
        """Whether one more would be more than 20 in 10 minutes, or three times the usual day."""
        today = _day(now)
        before = [number for day, number in self.days.items() if day != today]
        many = len(self.recent) >= MOST_IN_WINDOW
        if len(before) < KNOWN_DAYS:
            return many
        usual = sum(before) / len(before)
        most = max(TIMES_USUAL * usual, NEVER_UNUSUAL)
        return many or self.days.get(today, 0) >= most

    def with_one(self, now: float) -> "Readings":
        """With one more opening."""
        today = _day(now)
        days = {**self.days, today: self.days.get(today, 0) + 1}
        return replace(self, recent=(*self.recent, now), days=days)


_READINGS: TypeAdapter[Readings] = TypeAdapter(Readings)


async def may_open(turn: Turn, desk: Desk, account: Account) -> bool:
    """Count one opening; False, and the coordinators told at once, where it is one too many."""
    now = desk.now()
    before = _read(await readings.read(turn, account.id)).until(now)
    if not before.too_many(now):
        await _keep(turn, account, before.with_one(now))
        return True
    if before.told_at is None or now - before.told_at >= TELL_AGAIN:
        for one in await coordinators(turn, desk):
            await notices.tell(turn, desk, one.id, Kind.UNUSUAL, account.id)
        before = replace(before, told_at=now)
    await _keep(turn, account, before)
    return False


async def forget_old(turn: Turn, desk: Desk) -> None:
    """Nothing is kept of people who opened nothing for four weeks."""
    for account, document in await readings.of_all(turn):
        left = _read(document).until(desk.now())
        if not left.days and not left.recent:
            await readings.drop(turn, account)


async def _keep(turn: Turn, account: Account, after: Readings) -> None:
    await readings.keep(turn, account.id, _READINGS.dump_json(after).decode())


def _read(document: str) -> Readings:
    return _READINGS.validate_json(document) if document else Readings()


def _day(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).date().isoformat()
