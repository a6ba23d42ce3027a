"""The rules that hide a service from a search, in their order, each with a countable reason."""

from collections.abc import Callable, Mapping

from directory import her_rules, holding_rules
from directory.query import Query
from directory.service import Service
from directory.taxonomy import TAGS

Rule = Callable[[Service, Query], str | None]

RULES: tuple[Rule, ...] = (
    holding_rules.border,
    holding_rules.asked_for,
    holding_rules.held_back,
    holding_rules.checked,
    holding_rules.authorities,
    her_rules.age,
    her_rules.nationality,
    her_rules.papers,
    her_rules.family,
    her_rules.needed,
    holding_rules.takes_nobody,
    holding_rules.only_by_others,
    holding_rules.contact,
    holding_rules.by_name_only,
    holding_rules.too_far,
)

# Every reason a rule can give, in plain words for coordinators.
EXPLAINED: Mapping[str, str] = {
    "other_country": "it is in another country; nothing is shown across a border",
    "not_from_abroad": "none of its contacts is known to work from abroad",
    "other_help": "it offers none of the kinds of help asked for",
    "never_shown": "its name must not be shown",
    "pulled": "somebody pulled it; two people must put it back",
    "suspended": "it is suspended until somebody has checked it",
    "known_wrong": "its last check found it wrong",
    "calls_failed": "two test calls in a row failed",
    "silent": "its focal point twice did not say whether it is still right",
    "myanmar_state": "it is a state body of Myanmar, or sits there for another state",
    "doubtful": "its sources are doubtful",
    "conflict": "its sources contradict each other",
    "unchecked": "nobody has checked it, and live mode shows only what was checked",
    "overdue": "its check was due more than 30 days ago",
    "embassy_not_asked": "it is an embassy and she did not ask for what only an embassy gives",
    "feared_state": "it belongs to a state she fears",
    "not_child_safe": "a child asks, and it is not known to be safe for children",
    "adults_only": "she is younger than it takes",
    "younger_only": "she is older than the children it takes",
    "child_only": "an adult asks, and it takes only children",
    "only_abroad": "it is for citizens abroad, and she is not abroad",
    "non_nationals_only": "it takes only people from other countries",
    "nationals_only": "it takes only citizens of the country",
    "other_nationality": "her nationality is not among those it takes",
    "papers": "it asks for papers and she has none",
    "shares_with_immigration": "she has no papers, and it tells immigration",
    "no_pregnant": "it takes no pregnant women",
    "no_children": "it takes no children",
    "no_older_boys_now": "it takes no older boys just now",
    "women_only": "it is a house for women only",
    "lacks_medicine": "it has none of the medicines she needs",
    **{f"lacks_{tag}": f"it is known to lack: {tag}" for tag in sorted(TAGS)},
    "paused": "it takes nobody in until a date it named",
    "full": "it is a place to stay and it is full",
    "caseworker_only": "one can only begin there through a caseworker",
    "not_by_phone": "it cannot be reached from anywhere in the country by phone or chat",
    "not_this_way": "it cannot be reached in a way she can use now",
    "no_number_now": "it has no number, and she must call now",
    "no_number_far": "it has no number and is not near her",
    "name_not_agreed": "a local group there that has not agreed to be named",
    "across_the_line": "all its places are on the other side of a front line",
    "too_far": "it is further away than she asked for",
}
HIDING = frozenset(EXPLAINED)


def hidden_by(service: Service, query: Query) -> str | None:
    """The reason code of the first rule that hides the service, or None when it may be shown."""
    return next((reason for rule in RULES if (reason := rule(service, query))), None)
