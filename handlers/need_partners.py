"""What the partners need somebody for: vetting, agreements, a rota with gaps, tests."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from handlers.need_values import Level, Need
from handlers.organisations import Standing
from storage.partner_documents import Lack

_VETTING: Final = frozenset({Lack.NOT_APPROVED, Lack.NO_AGREEMENT})
_NAMED: Final = 3  # partners by name in one line


def of_partner(one: Standing) -> Iterable[Need]:
    """What keeps a partner from receiving, or soon will; an untested or empty rota."""
    if one.partner.suspended:
        return
    path, name = f"/console/organisations/{one.partner.id}", one.partner.name
    if set(one.lacks) & _VETTING or one.soon:
        yield Need(kind="vetting", level=Level.AMBER, path=path, detail=name, since=one.vet_until)
    elif one.lacks:
        yield Need(kind="unready", level=Level.AMBER, path=path, detail=name)
    if one.gaps:
        number = len(one.gaps)
        yield Need(kind="rota", level=Level.AMBER, path=f"{path}/rota", detail=name, number=number)
    untested = sum(tested.late for tested in one.tested)
    if untested:
        yield Need(kind="untested", level=Level.AMBER, path=path, detail=name, number=untested)


def together(found: list[Need]) -> Iterable[Need]:
    """One line for a kind, however many partners it is about."""
    kinds: dict[str, list[Need]] = {}
    for need in found:
        kinds.setdefault(need.kind, []).append(need)
    for same in kinds.values():
        moments = [one.since for one in same if one.since]
        yield replace(
            same[0],
            path=same[0].path if len(same) == 1 else "/console/organisations",
            number=sum(one.number for one in same),
            detail=_names([one.detail for one in same]),
            since=min(moments, default=None),
        )


def _names(names: list[str]) -> str:
    more = f" (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
    return ", ".join(sorted(names)[:_NAMED]) + more
