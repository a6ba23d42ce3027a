"""Where women leave: shares of large numbers, of months long over; nothing of one woman."""

from datetime import date, timedelta

import pytest

from handlers.desk import Desk
from handlers.leaving import leaving, share
from storage import counts
from tests.trees_console.people import Editor, words


def week(day: date) -> str:
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02}"


async def counted(desk: Desk, node: str, *, left: int, reached: int, days: int) -> None:
    when = week(desk.clock().date() - timedelta(days=days))
    async with desk.store.turn() as turn:
        await counts.add(
            turn,
            {(when, "left_at", node, "", ""): left, (when, "node", node, "", ""): reached},
        )


async def test_a_share_is_shown_at_its_screen(ann: Editor, desk: Desk) -> None:
    await counted(desk, "tk.feel", left=13, reached=40, days=70)

    assert (await leaving(desk))["tk.feel"] == 30  # 32.5, in steps of five
    assert "30% leave here" in words(await ann.sees("/tk"))


@pytest.mark.parametrize(
    ("left", "reached", "days"), [(9, 40, 70), (40, 90, 3), (40, 90, 29), (40, 90, 400)]
)
async def test_small_numbers_and_other_months_are_not(
    desk: Desk, left: int, reached: int, days: int
) -> None:
    node = f"tk.x{left}{days}"
    await counted(desk, node, left=left, reached=reached, days=days)

    assert node not in await leaving(desk)


def test_a_share_is_rounded_and_never_over_everybody() -> None:
    assert [share(10, 100), share(12, 100), share(13, 100)] == [10, 10, 15]
    assert share(30, 20) == 100
    assert share(10, 0) == 0
