"""What is due when: every time of the protocol, written down from its tables."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from referrals.clocks import Clocks, Due, Step, due, end_of, next_at, noted
from referrals.referral import Referral, Target
from referrals.states import WITH_RECEIVER, Act, State
from referrals.urgency import Party, Urgency
from tests.referrals.referral_makers import (
    DAY,
    FOCAL,
    HOUR,
    MINUTE,
    OWNER,
    T0,
    asked_to_delete,
    moved,
    referral,
)
from tests.referrals.rota_model import OFFICE, told_minute_by_minute

FOREVER = T0 + 400 * DAY
PLAIN, AT_HOURS = Clocks(), Clocks(rota=OFFICE)


def after_sending(urgency: Urgency) -> list[tuple[timedelta, Step, Party | None]]:
    one = referral(State.SENT, urgency=urgency)
    return [(item.at - T0, item.step, item.to) for item in due(one, FOREVER)]


S, P = Step, Party
# 3.4; the expiry is one acknowledgement time after the last escalation.
UNANSWERED = {
    Urgency.NOW: [
        (15 * MINUTE, S.ESCALATE, P.ALTERNATE),
        (30 * MINUTE, S.REMIND, P.FOCAL_POINT),
        (45 * MINUTE, S.ESCALATE, P.SUPERVISOR),
        (45 * MINUTE, S.NEXT_SERVICE, P.SENDER),
        (75 * MINUTE, S.END, None),
        (4 * HOUR, S.CONTACT_LATE, P.SENDER),
    ],
    Urgency.HIGH: [
        (2 * HOUR, S.ESCALATE, P.ALTERNATE),
        (4 * HOUR, S.REMIND, P.FOCAL_POINT),
        (6 * HOUR, S.ESCALATE, P.SUPERVISOR),
        (12 * HOUR, S.ESCALATE, P.COORDINATOR),
        (12 * HOUR, S.NEXT_SERVICE, P.SENDER),
        (16 * HOUR, S.END, None),
        (24 * HOUR, S.CONTACT_LATE, P.SENDER),
    ],
    Urgency.MEDIUM: [
        (24 * HOUR, S.REMIND, P.FOCAL_POINT),
        (24 * HOUR, S.ESCALATE, P.ALTERNATE),
        (48 * HOUR, S.ESCALATE, P.SUPERVISOR),
        (48 * HOUR, S.NEXT_SERVICE, P.SENDER),
        (72 * HOUR, S.CONTACT_LATE, P.SENDER),
        (72 * HOUR, S.END, None),
    ],
    Urgency.NORMAL: [
        (3 * DAY, S.REMIND, P.FOCAL_POINT),
        (3 * DAY, S.ESCALATE, P.ALTERNATE),
        (5 * DAY, S.ESCALATE, P.SUPERVISOR),
        (5 * DAY, S.NEXT_SERVICE, P.SENDER),
        (8 * DAY, S.END, None),
        (14 * DAY, S.CONTACT_LATE, P.SENDER),
    ],
}
DECIDE = {
    Urgency.NOW: 1 * HOUR,
    Urgency.HIGH: 12 * HOUR,
    Urgency.MEDIUM: 48 * HOUR,
    Urgency.NORMAL: 5 * DAY,
}


@pytest.mark.parametrize("urgency", Urgency)
def test_an_unanswered_referral_climbs_and_ends(urgency: Urgency) -> None:
    assert after_sending(urgency) == UNANSWERED[urgency]


@pytest.mark.parametrize("urgency", Urgency)
def test_each_is_due_at_its_minute_and_not_one_before(urgency: Urgency) -> None:
    one = referral(State.SENT, urgency=urgency)
    for item in due(one, FOREVER):
        assert item not in due(one, item.at - MINUTE)
        assert item in due(one, item.at)


def test_what_is_noted_does_not_come_again_and_an_end_stays_until_it_is_done() -> None:
    one, seen = referral(State.SENT), list[Due]()
    while (at := next_at(one)) and at < T0 + 2 * DAY and len(seen) < 99:
        items = due(one, at)
        seen += items
        one = noted(one, items)
        if any(item.step is Step.END for item in items):
            break

    assert [(item.at - T0, item.step) for item in seen] == [
        (after, step) for after, step, _ in UNANSWERED[Urgency.HIGH] if after <= 16 * HOUR
    ]
    assert due(one, FOREVER)[0].step is Step.END
    assert one.version == 3


@pytest.mark.parametrize("urgency", Urgency)
def test_acknowledged_but_undecided_is_told_at_the_limit(urgency: Urgency) -> None:
    one = moved(referral(State.SENT, urgency=urgency), Act.ACKNOWLEDGE, FOCAL).referral
    late = {item.step: item for item in due(one, FOREVER)}

    assert late[Step.DECISION_LATE].at - T0 == DECIDE[urgency]
    assert late[Step.DECISION_LATE].to is Party.SUPERVISOR
    assert Step.ESCALATE not in late
    assert late[Step.END].at == one.consent_until


def decided_by(one: Referral, clocks: Clocks = PLAIN) -> timedelta:
    steps = {item.step: item.at for item in due(one, FOREVER, clocks)}
    return steps[Step.DECISION_LATE] - T0


@pytest.mark.parametrize(
    ("urgency", "pause"),
    [
        (Urgency.NOW, 0 * HOUR),
        (Urgency.HIGH, 12 * HOUR),
        (Urgency.MEDIUM, 48 * HOUR),
        (Urgency.NORMAL, 48 * HOUR),
    ],
)
def test_a_question_stops_the_clock_and_it_runs_again_by_itself(
    urgency: Urgency, pause: timedelta
) -> None:
    received = referral(State.RECEIVED, urgency=urgency)
    asked = moved(received, Act.ASK_MORE, FOCAL, T0 + 10 * MINUTE).referral
    over = {item.step: item.at for item in due(asked, FOREVER)}[Step.PAUSE_OVER]

    assert over == T0 + 10 * MINUTE + pause
    assert decided_by(asked) == DECIDE[urgency] + pause


def test_an_early_answer_starts_it_at_once_and_questions_share_one_pause() -> None:
    one = referral(State.RECEIVED, urgency=Urgency.HIGH)
    for start, end in ((1, 6), (7, 11), (11, 20)):
        one = moved(one, Act.ASK_MORE, FOCAL, T0 + start * HOUR).referral
        one = moved(one, Act.ANSWER, OWNER, T0 + end * HOUR).referral

    assert decided_by(one) == (12 + 5 + 4 + 3) * HOUR


def test_a_question_after_the_limit_moves_nothing() -> None:
    one = moved(referral(State.RECEIVED), Act.ASK_MORE, FOCAL, T0 + 13 * HOUR).referral

    assert decided_by(one) == 12 * HOUR


@pytest.mark.parametrize("urgency", [Urgency.NOW, Urgency.HIGH])
def test_hours_never_stop_the_two_urgent_levels(urgency: Urgency) -> None:
    saturday = datetime.fromisoformat("2026-03-07T23:00:00+07:00")
    one = referral(State.SENT, urgency=urgency, sent_at=saturday)

    assert due(one, FOREVER, AT_HOURS) == due(one, FOREVER, PLAIN)


@pytest.mark.parametrize("urgency", [Urgency.MEDIUM, Urgency.NORMAL])
def test_hours_stop_the_two_others(urgency: Urgency) -> None:
    friday = datetime.fromisoformat("2026-04-10T23:00:00+07:00")
    one = referral(State.SENT, urgency=urgency, sent_at=friday)
    wanted = [told_minute_by_minute(OFFICE, friday, length) for length, *_ in UNANSWERED[urgency]]

    assert [item.at for item in due(one, FOREVER, AT_HOURS)] == wanted
    assert wanted[0] > friday + 4 * DAY


def test_a_question_over_a_weekend_gives_no_time_that_would_not_have_counted() -> None:
    monday = datetime.fromisoformat("2026-03-02T09:00:00+07:00")
    one = referral(State.RECEIVED, urgency=Urgency.NORMAL, sent_at=monday)
    asked = moved(one, Act.ASK_MORE, FOCAL, monday + 4 * DAY).referral  # Friday, until Sunday
    late = {item.step: item.at for item in due(asked, FOREVER, AT_HOURS)}[Step.DECISION_LATE]

    # five days and the 15 hours that were left of Friday
    assert late == told_minute_by_minute(OFFICE, monday, 5 * DAY + 15 * HOUR)


def test_first_contact_is_late_until_it_was_arranged() -> None:
    accepted = referral(State.ACCEPTED)
    arranged = moved(accepted, Act.ARRANGE, OWNER).referral

    assert Step.CONTACT_LATE in {item.step for item in due(accepted, T0 + DAY)}
    assert Step.CONTACT_LATE not in {item.step for item in due(arranged, FOREVER)}


def test_after_a_meeting_that_failed_she_is_reached_in_the_same_time_anew() -> None:
    late = noted(accepted := referral(State.ACCEPTED), due(accepted, T0 + DAY))
    arranged = moved(late, Act.ARRANGE, OWNER, T0 + 2 * DAY).referral
    back = moved(arranged, Act.RETURN_TO_ACCEPTED, OWNER, T0 + 5 * DAY).referral
    soon = due(back, T0 + 6 * DAY - MINUTE)

    assert back.contact_at is None
    assert Step.CONTACT_LATE not in {item.step for item in soon}
    assert Step.CONTACT_LATE in {item.step for item in due(back, T0 + 6 * DAY)}


@pytest.mark.parametrize(
    ("urgency", "hours"),
    [(Urgency.NOW, 4), (Urgency.HIGH, 24), (Urgency.MEDIUM, 72), (Urgency.NORMAL, 14 * 24)],
)
def test_arranged_is_not_met_both_sides_and_then_supervisors_hear_of_it(
    urgency: Urgency, hours: int
) -> None:
    accepted = referral(State.ACCEPTED, urgency=urgency)
    arranged = moved(accepted, Act.ARRANGE, OWNER, T0 + DAY).referral
    told = [(item.at - T0 - DAY, item.step, item.to) for item in due(arranged, T0 + 20 * DAY)]
    late = hours * HOUR

    assert told == [
        (late, Step.NOT_MET, Party.SENDER),
        (late + DAY, Step.NOT_MET, Party.SUPERVISOR),
    ]


def test_a_meeting_that_is_arranged_anew_falls_due_anew() -> None:
    arranged = moved(referral(State.ACCEPTED), Act.ARRANGE, OWNER).referral
    told = noted(arranged, due(arranged, T0 + 9 * DAY))
    back = moved(told, Act.RETURN_TO_ACCEPTED, OWNER, T0 + 9 * DAY).referral
    again = moved(back, Act.ARRANGE, OWNER, T0 + 10 * DAY).referral

    assert [item.at for item in due(again, T0 + 30 * DAY)] == [T0 + 11 * DAY, T0 + 12 * DAY]


# 3.11
@pytest.mark.parametrize(
    ("urgency", "abroad", "days"),
    [
        (Urgency.NOW, False, [1, 7, 14, 30]),
        (Urgency.HIGH, False, [1, 7, 14, 30]),
        (Urgency.MEDIUM, False, [3, 14, 30]),
        (Urgency.NORMAL, False, [7, 30]),
        (Urgency.NORMAL, True, [1, 7, 30]),
        (Urgency.MEDIUM, True, [1, 3, 7, 14, 30]),
    ],
)
def test_follow_up_comes_in_its_days_where_she_agreed(
    urgency: Urgency, abroad: bool, days: list[int]
) -> None:
    target = Target(organisation="away", service="s1", abroad=abroad)
    met = referral(State.MET, urgency=urgency, target=target)
    asked = due(replace(met, check_ins=True), FOREVER)

    checks = [(item.at - T0) // DAY for item in asked if item.step is Step.CHECK_ON_HER]
    assert checks == days
    assert [item.at - T0 for item in asked if item.step is Step.CLOSE_OR_PLAN] == [days[-1] * DAY]
    unasked = [(item.at - T0, item.step) for item in due(met, T0 + 89 * DAY)]
    assert unasked == [(days[0] * DAY, Step.CLOSE_OR_PLAN)]


def ends(one: Referral) -> tuple[timedelta, Act | None] | None:
    end = end_of(one, PLAIN)
    return (end.at - T0, end.act) if end else None


def test_what_nobody_touches_ends_by_itself() -> None:
    assert ends(referral(State.DRAFT)) == (14 * DAY, Act.LAPSE)
    assert ends(referral(State.CONSENT_PENDING)) == (1 * HOUR, Act.LAPSE)
    assert ends(referral(State.CONSENTED)) == (90 * DAY, Act.LAPSE)
    assert ends(referral(State.DECLINED)) == (14 * DAY, Act.CLOSE)
    for state in WITH_RECEIVER - {State.SENT}:
        assert ends(referral(state)) == (90 * DAY, Act.LAPSE)
    for state in (State.CLOSED, State.WITHDRAWN, State.EXPIRED, State.CANCELLED):
        assert ends(referral(state)) is None


def test_consent_that_ends_first_ends_an_unanswered_referral() -> None:
    one = referral(State.SENT, urgency=Urgency.NORMAL, consent_until=T0 + DAY)

    assert ends(one) == (DAY, Act.LAPSE)


def test_without_the_moment_that_should_be_there_it_is_over_now() -> None:
    broken = (
        referral(State.CONSENT_PENDING, answer_until=None),
        referral(State.CONSENTED, consent_until=None),
        referral(State.SENT, consent_until=None),
        referral(State.MET, consent_until=None),
    )
    for one in broken:
        assert ends(one) == (timedelta(0), Act.LAPSE)


def test_a_yes_not_used_for_72_hours_is_asked_again() -> None:
    one = referral(State.CONSENTED)

    assert next_at(one) == T0 + 72 * HOUR
    assert [item.step for item in due(one, T0 + 72 * HOUR)] == [Step.ASK_AGAIN]


def test_a_receiver_that_does_not_confirm_is_reported_after_72_hours() -> None:
    late = due(asked_to_delete(referral(State.WITHDRAWN)), FOREVER)

    assert [(item.at - T0, item.to) for item in late] == [(72 * HOUR, Party.DATA_PROTECTION)]


def test_a_lower_urgency_gives_longer_limits() -> None:
    one = moved(referral(State.RECEIVED), Act.LOWER_URGENCY, OWNER).referral

    assert decided_by(one) == DECIDE[Urgency.NORMAL]
