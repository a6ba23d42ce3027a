"""What is different where she may have been trafficked (3.14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from referrals.items import STATE_BODIES, Sector

ALONG = frozenset({"KH"})
"""Where a lawyer or caseworker goes along by default when she asks for formal status [S35]."""


class Path(Enum):
    """What she may choose; both stand side by side, neither is marked."""

    NGO_ONLY = "ngo_only"
    STATE = "state"


class TraffickingBlock(Enum):
    """What stands against sending."""

    PATHS_UNTOLD = "paths_untold"
    LOSS_UNTOLD = "loss_untold"
    FREEDOM_UNTOLD = "freedom_untold"
    NOT_HER_CHOICE = "not_her_choice"
    TO_POLICE = "to_police"
    GOES_ALONE = "goes_alone"
    RETURN_UNPLANNED = "return_unplanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialReturn:
    """A return from state to state: what must be settled before it."""

    who_informs_family: bool = False
    waiting_place: bool = False
    ngo_on_both_sides: bool = False
    right_to_refuse_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TraffickingCase:
    """What she was told and chose. `country` is where she is, `sector` to whom it would go."""

    country: str
    sector: Sector
    told: frozenset[Path] = frozenset()
    loss_told: bool = False
    freedom_told: bool = False
    chosen: Path | None = None
    somebody_goes_along: bool = False
    official_return: OfficialReturn | None = None


def paths() -> tuple[Path, ...]:
    """Both paths, always: NGO only is offered as equal wherever the state's is."""
    return tuple(Path)


def before_sending(case: TraffickingCase) -> tuple[TraffickingBlock, ...]:
    """What stands against it. Law enforcement gets nothing through the system, whatever she says.

    To an NGO nothing is asked but that she knows both paths and what the choice may cost her.
    """
    to_state = case.sector in STATE_BODIES
    checks: Mapping[TraffickingBlock, bool] = {
        TraffickingBlock.PATHS_UNTOLD: case.told != frozenset(Path),
        TraffickingBlock.LOSS_UNTOLD: not case.loss_told,
        TraffickingBlock.FREEDOM_UNTOLD: to_state and not case.freedom_told,
        TraffickingBlock.NOT_HER_CHOICE: case.chosen is None
        or (to_state and case.chosen is not Path.STATE),
        TraffickingBlock.TO_POLICE: case.sector is Sector.POLICE,
        TraffickingBlock.GOES_ALONE: to_state
        and case.country in ALONG
        and not case.somebody_goes_along,
        TraffickingBlock.RETURN_UNPLANNED: case.official_return is not None
        and not _settled(case.official_return),
    }
    return tuple(block for block, seen in checks.items() if seen)


def _settled(journey: OfficialReturn) -> bool:
    told = journey.right_to_refuse_told and journey.who_informs_family
    return told and journey.waiting_place and journey.ngo_on_both_sides
