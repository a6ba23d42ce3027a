"""Counts what was said aloud in the log, so that it is seen although nobody read the log."""

from handlers.desk import Desk
from storage import counts
from storage.store import Turn


async def count_alarm(turn: Turn, desk: Desk, name: str, number: int) -> None:
    """Add to this week's number of an alarm; `name` is that of its log event."""
    year, week, _ = desk.clock().isocalendar()
    await counts.add(turn, {(f"{year}-W{week:02}", "alarm", name, "", ""): number})
