"""`saphan directory search` and `due`: what is shown, what to verify."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from app.settings import Settings
from app.wiring import seed_services, utc_now
from directory.entry import Entry
from directory.places import Gazetteer
from directory.rules import EXPLAINED
from directory.search import Mode, Near, Query, search
from directory.service import COUNTRIES, TAXONOMY, ContactKind, Service
from directory.verification_queue import to_verify
from flows.book import Rules, read_book
from handlers.curate import due_among
from storage.migrate import migrate
from storage.services import read_all
from storage.store import Store

# Plain words for what she may need, beside the codes of the taxonomy themselves.
NEEDS: dict[str, tuple[str, ...]] = {
    "shelter": ("SHE.EMERG", "SHE.LONG"),
    "clinic": ("HEA.CMR", "HEA.INJ", "HEA.GEN"),
    "helpline": ("HOT.GBV", "HOT.TIP", "HOT.MIGRANT"),
    "police": ("EMG.POLICE", "POL.WOMEN"),
    "ambulance": ("EMG.AMBULANCE",),
    "lawyer": ("LEG.AID", "LEG.IMM"),
    "caseworker": ("CMG.GBV", "CMG.TIP"),
    "counselling": ("PSS.COUNSEL", "PSS.CRISIS"),
    "work": ("LAB.NGO", "HOT.LABOUR", "LAB.OFFICE"),
    "trafficking": ("HOT.TIP", "CMG.TIP", "SHE.TIP"),
    "child": ("HOT.CHILD", "CHP.NGO", "CMG.CP"),
    "pregnancy": ("HEA.SRH", "HEA.ANC"),
    "embassy": ("DOC.EMBASSY",),
    "return": ("RET.NGO", "RET.GOV"),
}


class NotUnderstood(ValueError):
    """An option is not one of the known words; the message lists them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options of the command as they were given."""

    country: str
    needs: tuple[str, ...]
    place: str | None
    locale: str
    flags: frozenset[str]


def look(
    asked: Asked, services: Iterable[Service], mode: Mode = "trial"
) -> dict[str, list[dict[str, Any]]]:
    """`shown` and `hidden`, every service in one of them. Raises NotUnderstood."""
    if asked.country not in COUNTRIES:
        raise NotUnderstood(f"--country takes one of: {', '.join(COUNTRIES)}")
    rules = read_book().rules
    if unknown := asked.flags - rules.flags:
        raise NotUnderstood(f"{sorted(unknown)[0]} is no flag; flags: {_listed(rules)}")
    query = Query(
        sectors=tuple(code for need in asked.needs for code in _codes(need)),
        flags=asked.flags | {f"in_{asked.country}", f"lang_{asked.locale}"},
        country=asked.country,
        near=_near(asked),
        locale=asked.locale,
        mode=mode,
        at=utc_now(),
    )
    answer = search(services, query)
    shown = [_row(h.service, h.distance_km, h.open, h.reasons) for h in answer.hits]
    return {
        "shown": shown,
        "hidden": [
            {"id": h.service_id, "reason": h.reason, "why": EXPLAINED[h.reason]}
            for h in answer.hidden
        ],
    }


async def known_services(settings: Settings) -> tuple[Service, ...]:
    """Those of the project, and over them those kept in the database, as they stand."""
    known = seed_services()
    async with opened(settings) as store:
        if store is not None:
            async with store.turn() as turn:
                known |= {service.id: service for service in await read_all(turn, known)}
    return tuple(known.values())


async def due(settings: Settings) -> list[dict[str, Any]]:
    """What must be verified, the most urgent first."""
    now = utc_now()
    seed = seed_services()
    async with opened(settings) as store:
        if store is None:
            tasks = to_verify([Entry(service=row) for row in seed.values()], (), now.date())
        else:
            async with store.turn() as turn:
                tasks = await due_among(turn, seed, now)
    return [
        {
            "id": task.service_id,
            "priority": task.priority,
            "why": task.why,
            "due": task.due and task.due.isoformat(),
            "by": task.by,
            "not_by": task.not_by or None,
            "reports": task.reports,
            "fixes": list(task.fixes),
        }
        for task in tasks
    ]


@asynccontextmanager
async def opened(settings: Settings, *, make: bool = False) -> AsyncIterator[Store | None]:
    """The main database; None where a look would be the first to make its file."""
    if not make and settings.database_url is None and not (settings.var / "saphan.db").exists():
        yield None
        return
    store = Store(settings.database())
    try:
        await migrate(store.engine)
        yield store
    finally:
        await store.close()


def _codes(need: str) -> Iterable[str]:
    if need in TAXONOMY:
        return (need,)
    if need not in NEEDS:
        raise NotUnderstood(f"--need takes a code of the taxonomy or one of: {', '.join(NEEDS)}")
    return NEEDS[need]


def _near(asked: Asked) -> Near | None:
    if not asked.place:
        return None
    gazetteer = Gazetteer.load()
    found = gazetteer.find(asked.place, country=asked.country, limit=1)
    if not found:
        raise NotUnderstood("--place names no place known to us; try saphan places")
    place = found[0].place
    province = gazetteer.get(place.admin1 or place.id) or place
    latitude, longitude = gazetteer.position(place) or (None, None)
    names = frozenset((*place.all_names, *province.all_names))
    return Near(lat=latitude, lon=longitude, admin1=province.names["en"], also=names)


def _row(
    service: Service, distance: float | None, opened: bool | None, reasons: tuple[str, ...]
) -> dict[str, Any]:
    return {
        "id": service.id,
        "service": service.name,
        "organisation": service.organisation,
        "phones": [c.value for c in service.contacts if c.kind is ContactKind.VOICE],
        "distance_km": None if distance is None else round(distance, 1),
        "open": opened,
        "checked_on": service.checked_on and service.checked_on.isoformat(),
        "reasons": list(reasons),
    }


def _listed(rules: Rules) -> str:
    return ", ".join(sorted(rules.flags))
