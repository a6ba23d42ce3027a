"""Travel: its window, the hours in which she is asked again, the clocks that say so once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from referrals.clocks import Step, due, next_at, noted
from referrals.contact_terms import HOURS, Band
from referrals.corridor import (
    Block,
    CrossingPoint,
    before_arranging,
    before_meeting,
    before_travel,
)
from referrals.moves import move
from referrals.outcomes import Reason, Refused
from referrals.referral import Referral, Target
from referrals.states import Act, State
from referrals.travel import Travel
from referrals.urgency import Party
from tests.referrals.consent_makers import AT
from tests.referrals.referral_makers import DAY, HOUR, OWNER, RECEIVING, T0, facts, moved, referral
from tests.referrals.test_corridor import TRAVELS, crossing

ABROAD = Target(organisation="away", service="s1", abroad=True)
STARTS = T0 + 5 * DAY
SECOND = timedelta(seconds=1)


def travel(**changes: Any) -> Travel:
    plain: dict[str, Any] = {
        "first": date(2026, 3, 7),
        "last": date(2026, 3, 8),
        "band": Band.MORNING,
        "starts": STARTS,
        "point": CrossingPoint.INTERNATIONAL,
        "ours": "s-own",
        "theirs": "s-their",
        "safe": True,
    }
    return Travel(**plain | changes)


def arranged(**changes: Any) -> Referral:
    return referral(State.HANDOVER_ARRANGED, target=ABROAD, travel=travel(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"last": date(2026, 3, 9)},
        {"last": date(2026, 3, 6)},
        {"starts": datetime(2026, 3, 7, 7, 0)},  # noqa: DTZ001  # without its zone: refused
    ],
)
def test_a_window_is_one_day_or_two(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"travel|zone"):
        travel(**changes)


def test_her_caseworker_is_told_when_the_48_hours_begin_and_once() -> None:
    one = arranged()
    before = due(one, STARTS - 48 * HOUR - SECOND)
    at = due(one, STARTS - 48 * HOUR)
    done = noted(one, at)
    late = due(done, STARTS - 24 * HOUR)

    assert Step.CONFIRM_TRAVEL not in {item.step for item in before}
    assert [item.step for item in at] == [Step.CONFIRM_TRAVEL]
    assert next_at(done) == STARTS - 24 * HOUR
    assert [item.step for item in late] == [Step.TRAVEL_UNCONFIRMED]
    assert due(noted(done, late), STARTS) == ()


def test_once_she_has_confirmed_both_sides_hear_if_she_is_not_met_24_hours_after_her_window() -> (
    None
):
    one = arranged(confirmed_at=STARTS - 40 * HOUR)
    ends = STARTS + DAY + 4 * HOUR  # the morning of the second day is over at 11
    late = due(one, ends + 24 * HOUR)
    last = due(noted(one, late), ends + 48 * HOUR)

    assert due(one, ends + 24 * HOUR - SECOND) == ()
    assert [(item.step, item.to) for item in late] == [(Step.NOT_MET, Party.SENDER)]
    assert [(item.step, item.to) for item in last] == [(Step.NOT_MET, Party.SUPERVISOR)]
    assert due(noted(noted(one, late), last), ends + 30 * DAY) == ()


@pytest.mark.parametrize("band", list(Band))
def test_her_window_ends_when_that_part_of_the_last_day_is_over(band: Band) -> None:
    begin, end = HOURS[band]
    starts = datetime.combine(date(2026, 3, 7), begin, UTC)
    ends = datetime.combine(date(2026, 3, 8), end, UTC)

    assert travel(band=band, starts=starts).ends == ends


def test_travel_that_is_moved_is_asked_about_anew_and_whether_she_was_met() -> None:
    one = arranged(confirmed_at=STARTS - 40 * HOUR)
    asked = noted(one, due(arranged(), STARTS + 20 * DAY))
    back = moved(asked, Act.RETURN_TO_ACCEPTED, OWNER).referral
    again = moved(back, Act.ARRANGE, OWNER, travel=travel(starts=STARTS + DAY)).referral
    steps = [item.key for item in due(again, STARTS + 20 * DAY)]

    assert back.travel is None
    assert steps == ["confirm_travel", "travel_unconfirmed", "not_met", "not_met.supervisor"]


def test_inside_one_country_no_travel_is_kept_or_asked_for() -> None:
    one = referral(State.ACCEPTED)
    after = moved(one, Act.ARRANGE, OWNER, travel=travel(), travel_ready=False).referral
    met = move(after, Act.MEET, RECEIVING, T0, facts(after, travel_confirmed=False))

    assert after.travel is None
    assert not isinstance(met, Refused)


@pytest.mark.parametrize(
    ("changes", "block"),
    [
        ({"travels_at": None}, Block.NO_WINDOW),
        ({"travels_at": AT + 24 * HOUR}, Block.NO_WINDOW),
        ({"follow_up": frozenset()}, Block.NO_FOLLOW_UP),
        ({"point": None}, Block.NO_COMPANY),
        ({"not_alone_or_chosen": False}, Block.NO_COMPANY),
        ({"safe_until_travel": False}, Block.NO_SAFE_PLACE),
    ],
)
def test_each_lack_alone_stops_the_arranging(changes: dict[str, Any], block: Block) -> None:
    plain: dict[str, Any] = {"travels_at": AT + 24 * HOUR + SECOND}

    assert before_arranging(crossing(**plain), AT) == ()
    assert before_arranging(crossing(**plain | changes), AT) == (block,)


def test_both_yeses_say_that_there_is_room_and_a_place_filled_since_stops_nobody() -> None:
    assert before_travel(crossing(capacity_yes=False), TRAVELS - 24 * HOUR) == ()


def test_whoever_is_met_needs_no_safe_place_behind_her_but_has_confirmed() -> None:
    assert before_meeting(crossing(safe_until_travel=False, capacity_yes=False), TRAVELS) == ()
    assert before_meeting(crossing(confirmed_at=None), TRAVELS) == (Block.NOT_CONFIRMED,)


def test_the_guards_say_which_of_the_two_is_missing() -> None:
    accepted = referral(State.ACCEPTED, target=ABROAD)
    early = move(accepted, Act.ARRANGE, OWNER, T0, facts(accepted, travel_ready=False))
    one = arranged()
    met = move(one, Act.MEET, RECEIVING, T0, facts(one, travel_confirmed=False))

    assert early == Refused(Reason.TRAVEL)
    assert met == Refused(Reason.UNCONFIRMED)
