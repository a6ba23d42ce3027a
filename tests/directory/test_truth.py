"""What people may do to an entry, and how it then stands: two people, ages, failed calls."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from directory import intake_moves, moves
from directory.entry import Entry, NotAllowed, Who
from directory.intake import Alert, AlertKind, Capacity, Says
from directory.moves import Found
from directory.organisation import Agreement
from directory.service import Known, Service, Withheld
from directory.standing import Freshness, freshness, standing
from directory.truth import Method, PullReason, Result
from tests.directory.service_examples import PHONE, TUESDAY, fate, query, service

LIVE = query(mode="live")
CALLED = Found(method=Method.CALL, result=Result.OK)
UNHEARD = Found(method=Method.CALL, result=Result.NO_ANSWER)
SHELTER = service(codes=frozenset({"SHE.EMERG"}), confidential=True)


def who(by: str = "ma.1", days: float = 0) -> Who:
    return Who(by=by, at=TUESDAY + timedelta(days=days))


def shown(entry: Entry, days: float = 0, agreement: Agreement | None = None) -> str:
    """What live search does with it so many days later."""
    at = TUESDAY + timedelta(days=days)
    return fate(standing(entry.shown(), entry.truth, agreement), replace(LIVE, at=at))


def checked(one: Service | None = None, by: str = "ma.1", **found: Any) -> Entry:
    what = Found(**({"method": Method.CALL, "result": Result.OK} | found))
    return moves.verify(Entry(service=one or service()), who(by), what)


def proposed(by: str = "ma.1", entry: Entry | None = None, **changes: Any) -> Entry:
    return moves.propose(entry or Entry(), who(by), service(**changes))


def test_what_one_person_wrote_down_is_shown_when_another_has_checked_it() -> None:
    entry = proposed(level=3, checked_on=TUESDAY.date())
    adopted = moves.verify(entry, who("so.2"), replace(CALLED, of="proposed"))

    assert entry.service is None
    assert shown(adopted) == "shown"
    assert standing(adopted.shown(), adopted.truth).level == 1


def test_nobody_checks_what_they_wrote_down_themselves() -> None:
    with pytest.raises(NotAllowed, match="proposed it"):
        moves.verify(proposed("ma.1"), who("ma.1"), replace(CALLED, of="proposed"))


def test_a_proposed_change_leaves_the_present_entry_shown_until_it_is_checked() -> None:
    other = replace(PHONE, value="02 000 0000")
    entry = proposed("so.2", checked(), contacts=(other,))
    assert shown(entry) == "shown"
    assert entry.shown().contacts == (PHONE,)
    adopted = moves.verify(entry, who("ma.1"), replace(CALLED, of="proposed"))

    assert adopted.shown().contacts == (other,)
    assert len(adopted.truth.earlier) == 1


@pytest.mark.parametrize(
    ("result", "waits"), [(Result.NO_ANSWER, True), (Result.WRONG, False), (Result.CHANGED, False)]
)
def test_a_proposal_that_was_not_confirmed_never_becomes_the_entry(
    result: Result, waits: bool
) -> None:
    found = Found(method=Method.CALL, result=result, of="proposed")
    entry = moves.verify(proposed(entry=checked()), who("so.2"), found)

    assert (entry.truth.proposal is not None) is waits
    assert shown(entry) == "shown"


def test_a_second_person_does_not_overwrite_a_proposal_that_waits() -> None:
    with pytest.raises(NotAllowed, match="waits"):
        proposed("so.2", proposed("ma.1"))


def test_nobody_writes_down_that_an_entry_is_checked_or_pulled() -> None:
    entry = proposed(level=3, checked_on=TUESDAY.date(), withheld=Withheld.PULLED)
    assert entry.truth.proposal is not None
    bare = entry.truth.proposal.service

    assert (bare.level, bare.checked_on, bare.withheld) == (0, None, None)


def test_a_level_nobody_earned_counts_nothing() -> None:
    boast = service(level=3, checked_on=TUESDAY.date())

    assert shown(Entry(service=boast)) == "unchecked"


def test_levels_come_from_calls_visits_and_agreements() -> None:
    agreement = Agreement(id="A", since=date(2026, 1, 1), until=date(2026, 12, 31))
    lapsed = Agreement(id="A", since=date(2025, 1, 1), until=date(2025, 12, 31))
    called, visited = checked(), checked(method=Method.VISIT)
    later = moves.verify(visited, who("so.2", 364), CALLED)
    much_later = moves.verify(visited, who("so.2", 366), CALLED)

    def level(entry: Entry, held: Agreement | None = None) -> int:
        return standing(entry.shown(), entry.truth, held).level

    assert (level(called), level(visited)) == (1, 2)
    assert (level(later), level(much_later)) == (2, 1)
    assert (level(called, agreement), level(called, lapsed)) == (3, 1)
    assert level(Entry(service=service()), agreement) == 0


@pytest.mark.parametrize(
    ("code", "days"), [("HOT.GBV", 30), ("HEA.CMR", 60), ("CMG.GBV", 60), ("LEG.AID", 90)]
)
def test_fresh_until_due_then_yellow_then_hidden_30_days_later(code: str, days: int) -> None:
    entry = checked(service(codes=frozenset({code})))
    stands = standing(entry.shown(), entry.truth)
    after = [
        freshness(stands, TUESDAY.date() + timedelta(days=days + more)) for more in (0, 1, 30, 31)
    ]

    assert after == [Freshness.FRESH, Freshness.YELLOW, Freshness.YELLOW, Freshness.HIDDEN]
    assert freshness(service(), TUESDAY.date()) is Freshness.NEVER


def test_two_failed_test_calls_in_a_row_hide_a_helpline_at_once() -> None:
    once = moves.verify(checked(), who("so.2", 1), UNHEARD)
    twice = moves.verify(once, who("so.2", 2), UNHEARD)
    heard = moves.verify(once, who("so.2", 2), CALLED)

    assert shown(once, 2) == "shown"
    assert standing(once.shown(), once.truth).ask_first
    assert shown(twice, 2) == "calls_failed"
    assert shown(moves.verify(heard, who("so.2", 3), UNHEARD), 3) == "shown"
    assert shown(moves.verify(twice, who("so.2", 3), CALLED), 3) == "shown"


def test_failed_calls_only_make_another_service_yellow() -> None:
    entry = checked(service(codes=frozenset({"LEG.AID", "EMG.POLICE"})))
    for day in (1, 2, 3):
        entry = moves.verify(entry, who("so.2", day), UNHEARD)
    stands = standing(entry.shown(), entry.truth)

    assert stands.withheld is None
    assert freshness(stands, TUESDAY.date()) is Freshness.YELLOW


def test_a_number_found_wrong_hides_any_service_until_a_good_check() -> None:
    wrong = Found(method=Method.CALL, result=Result.WRONG)
    entry = moves.verify(checked(), who("so.2", 1), wrong)

    assert shown(entry, 1) == "known_wrong"
    assert shown(moves.verify(entry, who("so.2", 2), CALLED), 2) == "shown"


def test_one_person_pulls_and_two_put_it_back() -> None:
    entry = moves.pull(checked(), who("so.2"), PullReason.DANGEROUS)
    assert shown(entry) == "pulled"
    once = moves.restore(entry, who("so.2"))
    with pytest.raises(NotAllowed, match="second person"):
        moves.restore(once, who("so.2"))
    twice = moves.restore(once, who("ma.1"))

    assert shown(once) == "pulled"
    assert shown(twice) == "shown"
    with pytest.raises(NotAllowed, match="not pulled"):
        moves.restore(twice, who("ma.1"))


def test_pulled_again_it_waits_for_two_people_anew() -> None:
    entry = moves.pull(checked(), who("so.2"), PullReason.CLOSED)
    entry = moves.pull(moves.restore(entry, who("ma.1")), who("so.2"), PullReason.DANGEROUS)

    assert shown(moves.restore(entry, who("so.2"))) == "pulled"


@pytest.mark.parametrize("result", list(Result))
def test_no_check_puts_back_what_was_pulled(result: Result) -> None:
    entry = moves.pull(checked(), who("so.2"), PullReason.DANGEROUS)
    found = Found(method=Method.VISIT, result=result)

    assert shown(moves.verify(entry, who("ma.1"), found)) == "pulled"
    replaced = proposed("so.2", entry)
    adopted = moves.verify(replaced, who("ma.1"), replace(CALLED, of="proposed"))
    assert shown(adopted) == "pulled"


def test_for_safeguarding_it_counts_as_suspended() -> None:
    entry = moves.pull(checked(), who(), PullReason.SAFEGUARDING)

    assert shown(entry) == "suspended"


def test_a_shelter_is_checked_only_through_its_focal_point() -> None:
    with pytest.raises(NotAllowed, match="focal point"):
        checked(SHELTER)
    entry = checked(SHELTER, through_focal_point=True)

    assert standing(entry.shown(), entry.truth).level == 1


def test_a_helpline_with_beds_is_called_on_its_public_number_and_never_visited() -> None:
    line = replace(SHELTER, codes=frozenset({"HOT.GBV", "SHE.EMERG"}))
    with pytest.raises(NotAllowed, match="focal point"):
        checked(line, method=Method.VISIT)

    assert shown(checked(line)) == "shown"


def test_a_pause_ends_by_itself_or_early_and_is_bounded() -> None:
    until = TUESDAY + timedelta(days=10)
    entry = intake_moves.pause(checked(), who(), until)

    assert (shown(entry, 9), shown(entry, 10)) == ("paused", "shown")
    assert shown(intake_moves.resume(entry, who(days=1)), 1) == "shown"
    with pytest.raises(NotAllowed, match="not paused"):
        intake_moves.resume(entry, who(days=10))
    for wrong in (TUESDAY, TUESDAY + timedelta(days=91)):
        with pytest.raises(NotAllowed, match="pause"):
            intake_moves.pause(checked(), who(), wrong)


def test_nobody_speaks_for_somebody_else() -> None:
    until = TUESDAY + timedelta(days=1)
    said = Capacity(says=Says.FULL, since=TUESDAY, until=until, by="so.2")
    raised = Alert(kind=AlertKind.MOVED, since=TUESDAY, until=until, by="so.2")
    with pytest.raises(NotAllowed):
        intake_moves.state_capacity(checked(), who("ma.1"), said)
    with pytest.raises(NotAllowed):
        intake_moves.raise_alert(checked(), who("ma.1"), raised)

    assert intake_moves.raise_alert(checked(), who("so.2"), raised).truth.intake.alerts


@pytest.mark.parametrize("by", ["", "A Name", "x", "mail@example.org", "a" * 41, "ma.1\n"])
def test_a_staff_id_is_plain_and_never_repeated(by: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        who(by)

    assert by not in str(refused.value) or len(by) < 2


def test_every_act_leaves_who_and_when() -> None:
    entry = moves.pull(checked(by="ma.1"), who("so.2", 3), PullReason.CLOSED)

    assert [(done.by, done.what) for done in entry.truth.acts] == [
        ("ma.1", "verify_ok"),
        ("so.2", "pull"),
    ]
    assert entry.truth.acts[1].at == TUESDAY + timedelta(days=3)


@pytest.mark.parametrize(
    "move",
    [
        lambda e: moves.pull(e, who(), PullReason.CLOSED),
        lambda e: moves.verify(e, who(), CALLED),
        lambda e: moves.ask(e, who()),
        lambda e: intake_moves.resume(e, who()),
    ],
)
def test_nothing_is_done_to_a_service_that_is_not_there(move: Any) -> None:
    with pytest.raises(NotAllowed, match="no such service"):
        move(Entry())


def test_a_name_that_must_not_be_shown_stays_hidden_after_a_check() -> None:
    assert shown(checked(service(may_be_shown=Known.NO))) == "never_shown"
