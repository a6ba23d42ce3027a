"""The search for who can take her, pure: her answers as a query, services joined with partners."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from directory.contact import Contact
from directory.kinds import ContactKind, Nationality, Papers
from directory.places import Gazetteer
from directory.query import Mode, Near, Query, Urgency
from directory.reach import reachable
from directory.search import Hit, search
from directory.service import Known, Service
from handlers.casework_form import Form
from handlers.receiver_values import Candidate, Takers
from referrals.corridor import Agreement, AgreementKind
from storage.partner_documents import Partner

REASONS = frozenset({"speaks_hers", "planning_only"})
"""Why a candidate stands there, beside `directory.reasons.REASONS`."""
NOT_SHOWN = frozenset({"no_partner", "not_ready", "own", "no_agreement", "already_tried"})
"""Why a service is not shown, beside `directory.rules.HIDING`."""

_URGENCY: Mapping[int | None, Urgency] = {0: "now", 1: "24h", 2: "72h", 3: "soon", None: "any"}
_NON_NATIONAL = frozenset({"non_national", "refugee", "stateless"})
_OPEN_TO_ALL = frozenset({Nationality.ANYONE, Nationality.UNKNOWN})
_NO_PAPERS = frozenset({Papers.NONE, Papers.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """What is looked among: services, partners that are ready, ids of those that are not.

    Partners that the asking person may not know of are in neither (R44). `tried` are
    organisations that said no already, `basis` the agreement where a border is crossed.
    """

    services: Iterable[Service]
    ready: tuple[Partner, ...]
    unready: tuple[Partner, ...] = ()
    own: str = ""
    tried: frozenset[str] = frozenset()
    basis: Agreement | None = None


def takers(form: Form, among: Among, query: Query) -> Takers:
    """Candidates best first, and why other services with this help are not shown."""
    able = {one: partner for partner in among.ready for one in partner.services}
    unable = {one for partner in among.unready for one in partner.services}
    hidden: Counter[str] = Counter()
    open_ones: list[Service] = []
    for service in among.services:
        if service.country != query.country or not query.matched(service):
            continue
        partner = able.get(service.id)
        if partner is None:
            hidden["not_ready" if service.id in unable else "no_partner"] += 1
        elif reason := _kept_back(form, among, partner):
            hidden[reason] += 1
        else:
            open_ones.append(_as_referred(service, partner))
    answer = search(open_ones, query)
    hidden.update(one.reason for one in answer.hidden)
    found = (_candidate(form, among, hit, able[hit.service.id]) for hit in answer.hits)
    return Takers(candidates=tuple(found), hidden=dict(hidden))


def query_of(form: Form, places: Gazetteer, at: datetime, mode: Mode) -> Query | None:
    """The search that her answers make; None before need and country are known."""
    country = form.to_country or form.country
    if not form.services or not country:
        return None
    return Query(
        sectors=form.services,
        urgency=_URGENCY[form.urgency],
        flags=frozenset(_flags(form)),
        country=country,
        near=None if form.abroad() else _near(places, form.district or form.province),
        locale=form.languages[0] if form.languages else "en",
        scope="country",
        mode=mode,
        at=at,
    )


def papers_matter(service: Service) -> bool:
    """Whether the service takes people by their papers, so that she may be asked (3.5, 19)."""
    rules = service.eligibility
    return rules.nationality not in _OPEN_TO_ALL or rules.papers not in _NO_PAPERS


def _kept_back(form: Form, among: Among, partner: Partner) -> str | None:
    if partner.id == among.own:
        return "own"
    if partner.id in among.tried:
        return "already_tried"
    return "no_agreement" if form.abroad() and among.basis is None else None


def _as_referred(service: Service, partner: Partner) -> Service:
    """As a caseworker finds it: what begins only through one does, and the partner has a phone.

    A hidden partner's service is shown, since who asks may know of it.
    """
    access, contacts = service.access, service.contacts
    if access.only_through_a_caseworker():
        access = replace(access, starts=frozenset())
    if all(one.from_abroad is Known.NO for one in reachable(contacts)):
        called = (Contact(kind=ContactKind.VOICE, value=one) for one in partner.phones())
        contacts = (*contacts, *called)
    shown = Known.YES if partner.hidden else service.may_be_shown
    return replace(service, access=access, contacts=contacts, may_be_shown=shown)


def _candidate(form: Form, among: Among, hit: Hit, partner: Partner) -> Candidate:
    ours = {
        "planning_only": form.abroad()
        and among.basis is not None
        and among.basis.kind is AgreementKind.INFORMAL,
        "speaks_hers": bool(set(form.languages) & set(partner.languages)),
    }
    return Candidate(
        service=hit.service.id,
        organisation=partner.id,
        name=partner.name,
        service_name=hit.service.name,
        type=partner.type,
        sector=partner.sector,
        country=hit.service.country,
        reasons=(*(code for code, holds in ours.items() if holds), *hit.reasons),
        distance_km=hit.distance_km,
    )


def _flags(form: Form) -> Iterator[str]:
    """Her answers as the flags of a search (trees.md)."""
    ages = {"u12": "age_u15", "12_14": "age_u15", "15_17": "age_15_17"}
    corridor = form.corridor
    checks = {
        f"in_{form.country}": bool(form.country),
        ages.get(form.age, "age_adult"): bool(form.age),
        "no_papers": form.papers == "none",
        "national": form.papers == "national",
        "non_national": form.papers in _NON_NATIONAL,
        "pregnant": form.pregnancy == "yes",
        "kids": bool(set(form.children) - {"other"}),
        "men_lgbti": form.gender in ("man", "other"),
        "access": bool(set(form.access) - {"medicine"}),
        "feared": corridor is not None and corridor.fears_state is True,
    }
    yield from (flag for flag, holds in checks.items() if holds)


def _near(places: Gazetteer, place_id: str) -> Near | None:
    place = places.get(place_id) if place_id else None
    if place is None:
        return None
    latitude, longitude = places.position(place) or (None, None)
    around = [places.get(one or "") for one in (place.admin1, place.admin2)]
    units = [place, *(unit for unit in around if unit)]
    names = {name for unit in units for name in unit.all_names}
    province = next((unit for unit in units if unit.kind == "province"), place)
    return Near(lat=latitude, lon=longitude, admin1=province.names["en"], also=frozenset(names))
