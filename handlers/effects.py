"""Carries out what the engine ordered: searches the directory, finds places, counts."""

from textwrap import shorten
from typing import assert_never

from directory.gaps import gaps
from directory.reports import week_of
from directory.search import Hit, Near, Query, Scope, search, urgency_of
from flows.actions import Action
from flows.talk import Act, Count, Event, Found, Look, Returned
from flows.walk import Offer, Walk
from handlers import code_forms
from handlers.consent_question import Proposal
from handlers.consent_screens import offered
from handlers.desk import Desk
from storage.counts import Key
from translations.sorting import in_order

CONSENTING = frozenset(
    {
        *(Action.ITEM_CHECKLIST, Action.SEPARATE_YESES),
        *(Action.SAFE_HOURS, Action.SHOW_RECEIPT),
    }
)
_SCOPES: tuple[Scope, ...] = ("near", "province", "country", "phone_only")
SHOWN = 12  # services kept of one search: four pages
LONGEST_NAME = 48  # characters of a name on a button
CANDIDATES = 3  # "did you mean" at most


class NotOffered(Exception):
    """No screen leads to this act in any channel there is."""


def answer(desk: Desk, walk: Walk, order: Look | Act, asked: Proposal | None = None) -> Event:
    """What comes back to the engine; `asked` is what her code or receipt has opened."""
    match order:
        case Look():
            return Found(found(desk, walk, order))
        case Act(action=action) if action in CONSENTING:
            return offered(desk, walk, order, asked)
        case Act():
            return _act(desk, walk, order)
        case _:
            assert_never(order)


def typed(desk: Desk, walk: Walk, words: str) -> Event:
    """What typed words answer on a screen that waits for them; the words go no further."""
    if desk.book.nodes[walk.node].action is Action.FREE_TEXT_PLACE:
        return _place_typed(desk, walk, words)
    return Returned("fails")  # what is a code is taken before this, see handlers/typed_codes.py


def _place_typed(desk: Desk, walk: Walk, words: str) -> Event:
    """Places the words may mean, best first."""
    country = walk.value_of("in")
    places = desk.places.find(
        words, country=country if country not in ("", "none") else None, limit=CANDIDATES
    )
    if not places:
        return Returned("none")
    return Returned("found", tuple(_offer(desk, walk, match.place.id) for match in places))


def counted(walk: Walk, count: Count, week: str) -> Key:
    """The row a count goes to: week, what, name, country, language.

    Only gaps and feedback carry a country, and nothing a language: a row of one rare language
    in one country would be a path that somebody has walked.
    """
    country = walk.value_of("in") if count.what in ("gap", "feedback") else ""
    return (week, count.what, count.name, country, "")


def lacking(desk: Desk, walk: Walk, look: Look) -> tuple[Key, ...]:
    """The rows that count why this search found nothing: week, sector with reason, country.

    No language and nothing of her: coarse reasons of directory.gaps, one row a sector.
    """
    query = _query(desk, walk, look)
    missing = gaps(desk.services, query, search(desk.services.offering(query), query))
    country = query.country or "none"
    week = week_of(query.at.date())
    return tuple((week, "gap", f"{sector}/{reason}", country, "") for sector, reason in missing)


def searched(desk: Desk, walk: Walk, look: Look) -> tuple[Key, ...]:
    """The rows that count this search, one a sector; the same search made wider is no other."""
    if look.wider:
        return ()
    query = _query(desk, walk, look)
    week, country = week_of(query.at.date()), query.country or "none"
    return tuple((week, "search", sector, country, "") for sector in query.sectors)


def found(desk: Desk, walk: Walk, look: Look) -> tuple[str, ...]:
    """The ids of services that a search finds for her, best first."""
    query = _query(desk, walk, look)
    hits = search(desk.services.near(query), query).hits
    if look.search.mix:
        hits = _mixed(query, hits)
    return tuple(hit.service.id for hit in hits[:SHOWN])


def _mixed(query: Query, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The best of each sector first, sectors in their order; whoever has a number before all."""
    seen: set[str] = set()
    first: list[Hit] = []
    for hit in hits:
        new = set(query.matched(hit.service)) - seen
        if new and "no_number" not in hit.reasons:
            seen |= set(query.matched(hit.service))
            first.append(hit)
    return (*first, *(hit for hit in hits if hit not in first))


def _query(desk: Desk, walk: Walk, look: Look) -> Query:
    wanted = look.search
    home = wanted.country == "home"
    country = walk.value_of("home" if home else "in")
    urgency = "any" if wanted.urg == "same" else wanted.urg
    return Query(
        sectors=wanted.sector,
        need=frozenset(wanted.need),
        prefer=frozenset(wanted.prefer),
        how=frozenset(wanted.how),
        urgency=urgency_of(urgency, walk.flags),
        flags=walk.flags,
        country=country if country not in ("", "none") else None,
        near=None if home else _near(desk, walk.place),
        locale=walk.locale,
        scope=_SCOPES[min(look.wider, len(_SCOPES) - 1)],
        mode=desk.mode,
        at=desk.clock(),
    )


def _near(desk: Desk, place_id: str) -> Near | None:
    """Her place as the directory needs it: a point, the province, and its other names."""
    place = desk.places.get(place_id) if place_id else None
    if place is None:
        return None
    latitude, longitude = desk.places.position(place) or (None, None)
    around = [desk.places.get(one or "") for one in (place.admin1, place.admin2)]
    units = [place, *(unit for unit in around if unit)]
    names = {name for unit in units for name in unit.all_names}
    province = next((unit for unit in units if unit.kind == "province"), place)
    return Near(lat=latitude, lon=longitude, admin1=province.names["en"], also=frozenset(names))


def _act(desk: Desk, walk: Walk, act: Act) -> Event:
    match act.action:
        case Action.GAZETTEER_PICKER:
            return _pick_place(desk, walk, act.chosen)
        case Action.PLACE_FOUND:
            return _chosen(desk, act.chosen) if act.chosen else Returned("none")
        case Action.REPEAT_CODE:
            return code_forms.repeated(desk, walk, act.chosen)
        case Action.LAST_SERVICES:
            return _last_services(desk, walk, act.chosen)
        case _:
            raise NotOffered(act.action)


def _pick_place(desk: Desk, walk: Walk, chosen: str) -> Event:
    """First the provinces of her country, then the districts of one; a province alone will do."""
    country = walk.value_of("in")
    if not chosen:
        if country in ("", "none"):
            return Returned("chosen")
        provinces = [
            (desk.places.name(p, walk.locale), p.id) for p in desk.places.provinces(country)
        ]
        return Returned(offers=_sorted_offers(walk.locale, provinces))
    place = desk.places.get(chosen)
    districts = desk.places.districts(chosen) if place and place.kind == "province" else ()
    present = [d for d in districts if not d.former]
    if not present:
        return _chosen(desk, chosen)
    named = [(desk.places.name(d, walk.locale), d.id) for d in present]
    return Returned(place=chosen, offers=_sorted_offers(walk.locale, named))


def _sorted_offers(locale: str, named: list[tuple[str, str]]) -> tuple[Offer, ...]:
    """Alphabetical as her language sorts."""
    return tuple(Offer(place_id, name) for name, place_id in in_order(locale, named))


def _chosen(desk: Desk, place_id: str) -> Event:
    """She named the place herself, so its country is the one she is in."""
    place = desk.places.get(place_id)
    flags = (f"in_{place.country}",) if place else ()
    return Returned("chosen", place=place_id, flags=flags)


def _offer(desk: Desk, walk: Walk, place_id: str) -> Offer:
    """A place with its province, and its country where that is not the one she named."""
    place = desk.places.get(place_id)
    if place is None:
        raise NotOffered(Action.PLACE_FOUND)
    names = [desk.places.name(place, walk.locale)]
    province = desk.places.get(place.admin1 or "")
    if province and desk.places.name(province, walk.locale) not in names:
        names.append(desk.places.name(province, walk.locale))
    if place.country != walk.value_of("in"):
        names.append(desk.translator.phrase(walk.locale, f"country.{place.country}"))
    return Offer(place_id, _fitting(", ".join(names)))


def _last_services(desk: Desk, walk: Walk, chosen: str) -> Event:
    if chosen:
        return Returned("chosen", service=chosen)
    shown = [desk.services[s] for s in walk.shown if s in desk.services]
    if not shown:
        return Returned("none")
    return Returned(offers=tuple(Offer(s.id, _fitting(s.organisation)) for s in shown))


def _fitting(name: str) -> str:
    """A proper name that a button takes; it is no sentence, so its end may be left out."""
    return shorten(name, LONGEST_NAME, placeholder="…")
