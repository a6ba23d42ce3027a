"""Finds the services she can be sent to: rules hide first, then what remains is put in order."""

from collections.abc import Iterable

from directory.query import Answer as Answer
from directory.query import Hidden as Hidden
from directory.query import Hit as Hit
from directory.query import Mode as Mode
from directory.query import Near as Near
from directory.query import Query as Query
from directory.query import Scope as Scope
from directory.query import Urgency as Urgency
from directory.query import Way as Way
from directory.query import urgency_of as urgency_of
from directory.ranking import Look, look_at, order
from directory.reasons import REASONS as REASONS
from directory.reasons import reasons
from directory.rules import HIDING as HIDING
from directory.rules import hidden_by
from directory.service import Service


def search(services: Iterable[Service], query: Query) -> Answer:
    """Every service once: among the hits, best first, or hidden with its reason.

    Pure, and the order of `services` does not matter: what ties is ordered by id.
    """
    shown: list[Look] = []
    hidden: list[Hidden] = []
    for service in services:
        reason = hidden_by(service, query)
        if reason is None:
            shown.append(look_at(service, query))
        else:
            hidden.append(Hidden(service_id=service.id, reason=reason))
    return Answer(
        hits=tuple(_hit(look) for look in sorted(shown, key=order)),
        hidden=tuple(sorted(hidden, key=lambda one: (one.service_id, one.reason))),
    )


def _hit(look: Look) -> Hit:
    return Hit(
        service=look.service,
        reasons=reasons(look),
        distance_km=look.distance,
        open=look.open,
    )
