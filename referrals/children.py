"""Who says yes for a person under 18, and the eight steps before and after a child's return."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, IntEnum
from types import MappingProxyType


class ChildAge(Enum):
    """The bands by which consent differs (3.15); never an age in years."""

    UNDER_6 = "0_5"
    FROM_6 = "6_11"
    FROM_12 = "12_14"
    FROM_15 = "15_17"


class Company(Enum):
    """With whom the child is."""

    ALONE = "alone"
    CAREGIVER = "caregiver"
    SEPARATED = "separated"


class Safe(Enum):
    """Whether the caregiver is safe; unknown is treated as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class ChildYes(Enum):
    """Who said yes, and in which role."""

    CAREGIVER = "caregiver_consent"
    TRUSTED_ADULT = "trusted_adult_consent"
    CHILD_ASSENT = "child_assent"
    CHILD_CONSENT = "child_consent"
    FOCAL_POINT = "focal_point_best_interests"
    SUPERVISOR = "supervisor_best_interests"


class ChildLack(Enum):
    """What a referral of a child still misses."""

    FOCAL_POINT = "child_focal_point"
    BLOCK = "child_block"
    BEST_INTERESTS = "best_interests"
    CAREGIVER = "caregiver"
    TRUSTED_ADULT = "trusted_adult"
    CHILD = "child"
    BEST_INTERESTS_DECISION = "best_interests_decision"


_BEST_INTERESTS = frozenset({ChildYes.FOCAL_POINT, ChildYes.SUPERVISOR})
_OWN_YES: Mapping[ChildAge, frozenset[ChildYes]] = MappingProxyType(
    {
        ChildAge.UNDER_6: frozenset(),
        ChildAge.FROM_6: frozenset({ChildYes.CHILD_ASSENT}),
        ChildAge.FROM_12: frozenset({ChildYes.CHILD_ASSENT}),
        ChildAge.FROM_15: frozenset({ChildYes.CHILD_CONSENT}),
    }
)
_LACK: Mapping[ChildYes, ChildLack] = MappingProxyType(
    {
        ChildYes.CAREGIVER: ChildLack.CAREGIVER,
        ChildYes.TRUSTED_ADULT: ChildLack.TRUSTED_ADULT,
        ChildYes.CHILD_ASSENT: ChildLack.CHILD,
        ChildYes.CHILD_CONSENT: ChildLack.CHILD,
        ChildYes.FOCAL_POINT: ChildLack.BEST_INTERESTS_DECISION,
        ChildYes.SUPERVISOR: ChildLack.BEST_INTERESTS_DECISION,
    }
)
_PHRASE = re.compile(r"[a-z_.]{1,40}")  # the id of a phrase, never a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildBlock:
    """The child block of 3.15. `wishes` are ids of phrases; what is None was not asked.

    Raises ValueError, which repeats nothing, for a wish or language that is no id.
    """

    age: ChildAge
    company: Company
    caregiver_safe: Safe
    caregiver_may_have_hurt: bool
    wishes: frozenset[str] = frozenset()
    yeses: frozenset[ChildYes] = frozenset()
    best_interests_done: bool = False
    duty_note: bool = False
    siblings: int | None = None
    school_language: str = ""
    family_tracing: bool | None = None

    def __post_init__(self) -> None:
        words = {*self.wishes, self.school_language} - {""}
        if not all(_PHRASE.fullmatch(word) for word in words):
            raise ValueError("a wish or a language that is no id")
        if self.siblings is not None and not 0 <= self.siblings <= 20:
            raise ValueError("a number of siblings that is none")


def needed(block: ChildBlock) -> frozenset[ChildYes]:
    """Who must say yes. A caregiver who may have hurt the child is not asked, nor an unsafe one.

    Where the caregiver is unsafe a trusted adult stands in from 12; below that, and wherever the
    caregiver may be the one who hurt, focal point and supervisor decide together. The child's
    own yes is never replaced.
    """
    own = _OWN_YES[block.age]
    if block.caregiver_may_have_hurt:
        return own | _BEST_INTERESTS
    if block.age is ChildAge.FROM_15:
        return own
    if block.caregiver_safe is Safe.YES:
        return own | {ChildYes.CAREGIVER}
    if block.age is ChildAge.FROM_12:
        return own | {ChildYes.TRUSTED_ADULT}
    return own | _BEST_INTERESTS


def lacks_before_asking(focal_point: str) -> frozenset[ChildLack]:
    """What must be there before `consent_pending`: a named child-protection focal point."""
    return frozenset() if focal_point else frozenset({ChildLack.FOCAL_POINT})


def lacks(block: ChildBlock | None, focal_point: str) -> frozenset[ChildLack]:
    """What is missing before anything of a child may be sent."""
    missing = lacks_before_asking(focal_point)
    if block is None:
        return missing | {ChildLack.BLOCK}
    if not block.best_interests_done:
        missing |= {ChildLack.BEST_INTERESTS}
    return missing | {_LACK[yes] for yes in needed(block) - block.yeses}


class ReturnStep(IntEnum):
    """The eight ISS steps of 3.15, in their order."""

    URGENT_NEEDS = 1
    IMMEDIATE_CARE = 2
    SITUATION = 3
    CARE_HERE = 4
    FAMILY = 5
    SOLUTION = 6
    CARRIED_OUT = 7
    FOLLOW_UP = 8


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step that a child-protection focal point marked as done."""

    step: ReturnStep
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnSteps:
    """What is done of the eight, in order and without a gap. Raises ValueError otherwise."""

    done: tuple[StepDone, ...] = ()

    def __post_init__(self) -> None:
        if [one.step for one in self.done] != list(ReturnStep)[: len(self.done)]:
            raise ValueError("steps are done one after the other")
        if not all(one.by for one in self.done):
            raise ValueError("a step that nobody marked")

    @property
    def open(self) -> ReturnStep | None:
        """The step that comes now; None after the last."""
        return next(iter(list(ReturnStep)[len(self.done) :]), None)

    def mark(self, step: ReturnStep, by: str, at: datetime) -> "ReturnSteps":
        """The same steps with the open one done. Raises ValueError for any other step."""
        return replace(self, done=(*self.done, StepDone(step, by, at)))

    def may_return(self, focal_points: frozenset[str]) -> bool:
        """Whether step 6 is done, marked by one of these child-protection focal points."""
        return any(one.step is ReturnStep.SOLUTION and one.by in focal_points for one in self.done)
