"""What may wait for her where she goes: asked one by one, and any "high" stops the journey."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Danger(Enum):
    """The ten of the return risk check (3.13)."""

    WHO_HURT_HER = "who_hurt_her"
    TRAFFICKER = "trafficker"
    DEBT = "debt"
    FAMILY = "family"
    CONFLICT = "conflict"
    RECRUITMENT = "recruitment"
    OFFICIALS = "officials"
    STIGMA = "stigma"
    CUSTODY = "custody"
    HEALTH = "health"


class Level(Enum):
    """How much, as she says."""

    NONE = "none"
    SOME = "some"
    HIGH = "high"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaferThanStaying:
    """Supervisor and legal adviser, two persons, agree with her that going is the safer way."""

    supervisor: str
    legal_adviser: str
    with_her: bool

    def __post_init__(self) -> None:
        if not self.supervisor or not self.legal_adviser or self.supervisor == self.legal_adviser:
            raise ValueError("two persons agree, and she with them")


@dataclass(frozen=True, slots=True)
class ReturnRisk:
    """Her answer to each of the ten. Raises ValueError where one was not asked."""

    levels: Mapping[Danger, Level]
    safer: SaferThanStaying | None = None

    def __post_init__(self) -> None:
        if self.levels.keys() != frozenset(Danger):
            raise ValueError("each danger is asked")
        object.__setattr__(self, "levels", MappingProxyType(dict(self.levels)))


def unsafe(risk: ReturnRisk) -> bool:
    """Whether it stops the journey: any "high", unless all three agree that staying is worse."""
    high = Level.HIGH in risk.levels.values()
    return high and not (risk.safer is not None and risk.safer.with_her)
