"""What an act on a referral leaves in the counters of reports: week, kind, country, never who."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from handlers.case_file import Case
from referrals.states import Act, DeclineReason

_HOUR = timedelta(hours=1)
# Ends of the bands of waiting: the times of the four levels (3.4) fall between them.
BANDS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "30m": _HOUR / 2,
        "1h": _HOUR,
        "4h": 4 * _HOUR,
        "12h": 12 * _HOUR,
        "24h": 24 * _HOUR,
        "48h": 48 * _HOUR,
        "72h": 72 * _HOUR,
        "7d": timedelta(days=7),
        "14d": timedelta(days=14),
    }
)
LONGER: Final = "longer"
STEPS: Final[Mapping[Act, str]] = MappingProxyType(
    {
        Act.ACKNOWLEDGE: "acknowledge",
        Act.ACCEPT: "decide",
        Act.DECLINE: "decide",
        Act.MEET: "meet",
    }
)
ANSWERS: Final[Mapping[Act, str]] = MappingProxyType(
    {Act.AGREE: "yes", Act.REFUSE: "no", Act.RECONSIDER: "later"}
)
# Reasons in groups (5.4): a single one could be a single organisation's.
GROUPS: Final[Mapping[DeclineReason, str]] = MappingProxyType(
    {
        DeclineReason.NO_SPACE: "declined_full",
        DeclineReason.AGE_OR_SEX: "declined_rules",
        DeclineReason.NATIONALS_ONLY: "declined_rules",
        DeclineReason.PAPERS_NEEDED: "declined_rules",
        DeclineReason.LANGUAGE: "declined_rules",
        DeclineReason.COSTS: "declined_rules",
        DeclineReason.NOT_OFFERED: "declined_other_help",
        DeclineReason.OUTSIDE_AREA: "declined_other_help",
        DeclineReason.UNSAFE_HERE: "declined_other",
        DeclineReason.CONFLICT_OF_INTEREST: "declined_other",
        DeclineReason.NO_CONTACT_POSSIBLE: "declined_other",
        DeclineReason.OTHER: "declined_other",
    }
)
OUTCOMES: Final = ("met", *dict.fromkeys(GROUPS.values()), "withdrawn", "expired")
SAME: Final = "same"  # no border is crossed

Row = tuple[str, str, str]  # what, name, country


def rows(act: Act, before: Case, after: Case) -> Iterator[Row]:
    """The rows of one act that moved a referral. Nothing in them leads from one to another."""
    form = after.form if after.form.country else before.form
    if act in ANSWERS:
        yield "consent", ANSWERS[act], form.country
    if act is Act.SEND:
        family = form.services[0].partition(".")[0] if form.services else "none"
        yield "sent", f"{family}/{after.clear.urgency.value}", ""
        yield "pair", pair(form.country, form.to_country) if form.abroad() else SAME, ""
    sent = before.clear.sent_at
    if act in STEPS and sent is not None:
        yield "time", f"{STEPS[act]}/{band(after.clear.touched_at - sent)}", ""
    if outcome := _outcome(act, after):
        yield "outcome", outcome, form.country


def band(waited: timedelta) -> str:
    """The name of the band a time falls into."""
    return next((name for name, end in BANDS.items() if waited <= end), LONGER)


def pair(one: str, other: str) -> str:
    """Two countries, whichever of them she left."""
    return "-".join(sorted((one, other)))


def _outcome(act: Act, after: Case) -> str:
    match act:
        case Act.MEET:
            return "met"
        case Act.DECLINE:
            why = after.inner.decline
            return GROUPS[why] if why else "declined_other"
        case Act.WITHDRAW:
            return "withdrawn"
        case Act.LAPSE if after.clear.sent_at is not None:
            return "expired"
        case _:
            return ""
