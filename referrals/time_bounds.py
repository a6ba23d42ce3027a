"""Which times a network may set for its referrals: never less safe than the protocol's (3.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from referrals.urgency import STANDARD, Limits, Urgency

LEAST = timedelta(minutes=5)  # nobody can answer faster; ours
ALLOWED_LONGER = 2  # times the protocol's, at levels 2 and 3 alone; ours
_STRICT = frozenset({Urgency.NOW, Urgency.HIGH})

Times = Mapping[str, timedelta]


def times_of(limits: Limits) -> dict[str, timedelta]:
    """What may be set of one level, by name, in the order of a page."""
    told = {f"tell.{party.value}": at for at, party in limits.escalation}
    return {
        "acknowledge": limits.acknowledge,
        **told,
        "decide": limits.decide,
        "next_service": limits.next_service,
        "contact": limits.contact,
        "pause": limits.pause,
    }


def with_times(level: Urgency, times: Times) -> Limits:
    """The protocol's level with these times, all named. Raises ValueError where `faults` has any.

    Whether closed hours stop a clock, who is told and when checks are due stays the protocol's.
    """
    standard = STANDARD[level]
    if set(times) != set(times_of(standard)) or any(faults(level, times)):
        raise ValueError("times outside what is allowed")
    told = tuple((times[f"tell.{party.value}"], party) for _, party in standard.escalation)
    return replace(
        standard,
        acknowledge=times["acknowledge"],
        decide=times["decide"],
        contact=times["contact"],
        next_service=times["next_service"],
        pause=times["pause"],
        escalation=told,
    )


def most(level: Urgency) -> dict[str, timedelta]:
    """The longest of each: the protocol's own at levels 0 and 1, and of contact and pause at all.

    72 h and two weeks to the first contact are those of the inter-agency form.
    """
    standard = times_of(STANDARD[level])
    longer = 1 if level in _STRICT else ALLOWED_LONGER
    fixed = {"contact", "pause"}
    return {name: at if name in fixed else at * longer for name, at in standard.items()}


def faults(level: Urgency, times: Times) -> Iterator[str]:
    """Names of the times that are too long, too short, or not in order."""
    longest = most(level)
    for name, at in times.items():
        least = timedelta(0) if name == "pause" else LEAST
        if not least <= at <= longest.get(name, timedelta(0)):
            yield name
    if times["acknowledge"] > times["decide"] or times["decide"] > times["contact"]:
        yield "decide"
    told = [at for name, at in times.items() if name.startswith("tell.")]
    if told != sorted(told) or times["next_service"] > times["contact"]:
        yield "next_service"
