"""What a referral may hold about her, and which of it each receiving sector may get."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Item(Enum):
    """One thing about her that she may let a receiver know (referral protocol 3.5).

    The value is the id of its sentence, `item.<value>`. What 3.6 forbids is no item, so that
    there is no place where it could stand.
    """

    NAME = "name"
    CONTACT = "contact"
    LANGUAGE = "language"
    AGE = "age"
    GENDER = "gender"
    BEFORE = "before"
    PREGNANCY = "pregnancy"
    CHILDREN = "children"
    ACCESS = "access"
    ALERTS = "alerts"
    PAPERS = "papers"
    TRAFFICKING = "trafficking"
    AREA = "area"
    PROVINCE = "province"
    COSTS = "costs"


class Sector(Enum):
    """Whom the table of 3.7 tells apart among receivers."""

    HEALTH = "health"
    MHPSS = "mhpss"
    SHELTER = "shelter"
    LEGAL = "legal"
    LABOUR = "labour"
    POLICE = "police"
    CHILD = "child"
    TRAFFICKING = "trafficking"
    STATE_TEAM = "state_team"
    ABROAD = "abroad"
    EMBASSY = "embassy"
    TRANSPORT = "transport"


class Reach(Enum):
    """Sent (proposed to her), only if she adds it, or never through the system."""

    SENT = "●"
    ASKED = "○"
    NEVER = "–"


STATE_BODIES = frozenset({Sector.POLICE, Sector.STATE_TEAM, Sector.EMBASSY})
"""Each needs a consent screen of its own; the default is to go or call with her (3.7)."""

# The columns of 3.7 in the order of Sector. The last two rows are not in 3.7: the province is
# "required" in 3.5 (field 14); costs (field 20) go only with her yes and never to state bodies.
_TABLE: Mapping[Item, str] = MappingProxyType(
    {
        Item.NAME: "○ ○ ● ○ ○ ○ ○ ○ ○ ○ ○ ○",
        Item.CONTACT: "○ ● ● ● ● ○ ● ● ○ ○ – ○",
        Item.LANGUAGE: "● ● ● ● ● ● ● ● ● ● ● ●",
        Item.AGE: "● ○ ● ○ – ○ ● ● ○ ● ○ –",
        Item.GENDER: "○ ○ ● – – ○ ● ○ ○ ● ○ –",
        Item.BEFORE: "● – ● ○ – ○ ● ● ○ ● – ●",
        Item.PREGNANCY: "○ – ○ – – – ○ – – ○ – –",
        Item.CHILDREN: "– – ● ○ – – ● ○ ○ ● ○ ●",
        Item.ACCESS: "● ● ● ● ○ ● ● ● ● ● ○ ●",
        Item.ALERTS: "○ ○ ● ○ ○ ○ ● ● ○ ● – ●",
        Item.PAPERS: "– – ○ ○ ○ – – ○ ○ ○ ● –",
        Item.TRAFFICKING: "– – – ○ ○ ○ ○ ● ● ○ – –",
        Item.AREA: "– – ○ – ○ ○ ● ○ ○ ● – ●",
        Item.PROVINCE: "● ● ● ● ● ● ● ● ● ● ● ●",
        Item.COSTS: "○ ○ ○ ○ ○ – ○ ○ – ○ – ○",
    }
)

TABLE: Mapping[Item, Mapping[Sector, Reach]] = MappingProxyType(
    {
        item: MappingProxyType(dict(zip(Sector, map(Reach, row.split()), strict=True)))
        for item, row in _TABLE.items()
    }
)


def allowed(sector: Sector) -> frozenset[Item]:
    """Everything she may let this sector know."""
    return frozenset(item for item in Item if TABLE[item][sector] is not Reach.NEVER)


def proposed(sector: Sector) -> frozenset[Item]:
    """What the form marks before she looks; she may take each of it out, and add `ASKED` ones.

    Nothing is marked for police, the state team or an embassy: a form to them is the exception.
    """
    if sector in STATE_BODIES:
        return frozenset()
    return frozenset(item for item in Item if TABLE[item][sector] is Reach.SENT)
