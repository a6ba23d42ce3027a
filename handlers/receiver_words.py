"""Which phrase says why a candidate stands there, and why another service is not shown."""

from collections import Counter
from collections.abc import Mapping

_TOLD = frozenset(
    {
        *("speaks_hers", "planning_only", "speaks_language", "interpreter", "ask_language"),
        *("has_space", "call_about_space", "full", "in_province", "further_away"),
        *("country_wide", "open_now", "closed_now", "speaks_today", "asks_id"),
        *("nationals_only", "non_nationals_only", "shares_with_police", "must_report_adult"),
        *("shares_with_immigration", "must_report_child", "unchecked", "check_due"),
    }
)
_WHY_NOT: Mapping[str, tuple[str, ...]] = {
    "full": ("full", "paused"),
    "withheld": (
        *("never_shown", "pulled", "suspended", "known_wrong", "calls_failed", "silent"),
        *("doubtful", "conflict", "unchecked", "overdue"),
    ),
    "age": ("not_child_safe", "adults_only", "younger_only", "child_only"),
    "papers": (
        *("only_abroad", "non_nationals_only", "nationals_only", "other_nationality", "papers"),
        "shares_with_immigration",
    ),
    "with_her": ("no_pregnant", "no_children", "no_older_boys_now", "women_only"),
    "state": ("embassy_not_asked", "feared_state", "myanmar_state"),
}
_OWN = frozenset({"no_partner", "not_ready", "own", "no_agreement", "already_tried"})


def notes(reasons: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of phrases for those reasons that a caseworker decides by, in their order."""
    return tuple(f"taker.{code}" for code in reasons if code in _TOLD)


def why_not(hidden: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Ids of phrases with how many services each keeps away, the most frequent first."""
    counted: Counter[str] = Counter()
    for code, number in hidden.items():
        counted[_phrase(code)] += number
    return tuple(counted.most_common())


def _phrase(code: str) -> str:
    if code in _OWN:
        return f"why_not.{code}"
    if code.startswith("lacks_"):
        return "why_not.needs"
    found = (group for group, codes in _WHY_NOT.items() if code in codes)
    return f"why_not.{next(found, 'other')}"
