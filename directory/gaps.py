"""Why nothing was found, coarse enough to be counted: sector and reason, nothing of her."""

from collections import Counter
from collections.abc import Mapping

from directory.query import Answer, Query
from directory.rules import HIDING
from directory.service import Service

NONE_LISTED = "none_listed"
# Another country, another kind of help; and what must not be named is not counted either (R44).
_NOT_COUNTED = frozenset({"other_country", "other_help", "never_shown"})

# Fine reasons would tell who asked; these tell what the directory lacks.
GAP_REASONS: Mapping[str, frozenset[str]] = {
    "full": frozenset({"full", "paused", "no_older_boys_now"}),
    "nationality": frozenset(
        {"nationals_only", "non_nationals_only", "other_nationality", "only_abroad"}
    ),
    "papers": frozenset({"papers", "shares_with_immigration"}),
    "not_for_her": frozenset(
        {"no_pregnant", "no_children", "women_only", "not_child_safe", "child_only", "adults_only"}
        | {"younger_only", "feared_state", "embassy_not_asked", "lacks_medicine"}
        | {reason for reason in HIDING if reason.startswith("lacks_")}
    ),
    "unchecked": frozenset(
        {"unchecked", "overdue", "suspended", "doubtful", "conflict", "silent", "pulled"}
        | {"known_wrong", "calls_failed"}
    ),
    "no_way": frozenset(
        {"not_by_phone", "not_this_way", "no_number_now", "no_number_far", "not_from_abroad"}
        | {"caseworker_only", "name_not_agreed", "myanmar_state"}
    ),
    "too_far": frozenset({"too_far", "across_the_line"}),
}


def gaps(
    services: Mapping[str, Service], query: Query, answer: Answer
) -> tuple[tuple[str, str], ...]:
    """(sector, reason) for every sector she asked, when nothing at all was found; else none.

    The reason is the one that hid most services of that sector, ties in the order of
    GAP_REASONS; `none_listed` when the country has none.
    """
    if answer.hits:
        return ()
    return tuple((sector, _reason(sector, services, answer)) for sector in query.sectors)


def _reason(sector: str, services: Mapping[str, Service], answer: Answer) -> str:
    found = Counter(
        _coarse(hidden.reason)
        for hidden in answer.hidden
        if hidden.reason not in _NOT_COUNTED and sector in services[hidden.service_id].codes
    )
    order = list(GAP_REASONS)
    return max(found, key=lambda one: (found[one], -order.index(one)), default=NONE_LISTED)


def _coarse(reason: str) -> str:
    return next(name for name, fine in GAP_REASONS.items() if reason in fine)
