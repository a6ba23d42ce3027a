"""The reports there are (coordination.md 5.4): a closed menu, each with its table."""

from collections.abc import Mapping
from typing import Final

from directory.taxonomy import COUNTRIES, TAXONOMY
from handlers.case_counts import BANDS, LONGER, OUTCOMES, SAME, STEPS, pair
from handlers.report_directory import MEASURE
from privacy.disclosure import Item, checked
from privacy.statistics import Cut
from translations.locales import LOCALES

NOWHERE: Final = "none"  # she named no country
PLACES: Final = (*COUNTRIES, NOWHERE)
FAMILIES: Final = tuple(dict.fromkeys(code.partition(".")[0] for code in TAXONOMY))
TOPICS: Final = (
    *("sv", "ho", "wk", "tf", "py", "pa", "nt", "mb", "gh", "rt", "pr", "ph", "lg", "ps"),
    *("sp", "tk", "ch", "ci", "fr", "dn"),
)
PAIRS: Final = tuple(dict.fromkeys(pair(a, b) for a in COUNTRIES for b in COUNTRIES if a != b))
ANSWERED: Final = ("useful", "not_useful", "problem")


def _waits(step: str) -> Item:
    """How long it took to come so far: one report for each step, as each is counted apart."""
    cut = Cut(by=("band", "number"), rows=(*BANDS, LONGER), columns=("all",))
    return Item(id=step, measure=f"time.{step}", cut=cut)


MENU: Final[Mapping[str, Item]] = checked(
    (
        Item(
            id="languages",
            measure="session",
            cut=Cut(by=("language", "listening"), rows=tuple(LOCALES), columns=("read", "heard")),
        ),
        Item(
            id="sessions",
            measure="session",
            cut=Cut(by=("country", "ending"), rows=PLACES, columns=("other", "left")),
        ),
        Item(
            id="topics",
            measure="topic",
            cut=Cut(by=("topic", "country"), rows=TOPICS, columns=PLACES),
        ),
        Item(
            id="searches",
            measure="search",
            cut=Cut(by=("service", "found"), rows=FAMILIES, columns=("found", "nothing")),
            by_country=True,
        ),
        Item(
            id="referrals",
            measure="sent",
            cut=Cut(by=("service", "urgency"), rows=FAMILIES, columns=("0", "1", "2", "3")),
        ),
        Item(
            id="borders",
            measure="sent",
            cut=Cut(by=("pair", "number"), rows=(*PAIRS, SAME), columns=("all",)),
        ),
        *(_waits(step) for step in dict.fromkeys(STEPS.values())),
        Item(
            id="outcomes",
            measure="outcome",
            cut=Cut(by=("country", "outcome"), rows=COUNTRIES, columns=OUTCOMES),
        ),
        Item(
            id="consent",
            measure="consent",
            cut=Cut(by=("country", "answer"), rows=COUNTRIES, columns=("yes", "no", "later")),
        ),
        Item(
            id="feedback",
            measure="feedback",
            cut=Cut(by=("country", "answer"), rows=PLACES, columns=ANSWERED),
        ),
        Item(
            id="directory",
            measure=MEASURE,
            cut=Cut(by=("country", "number"), rows=COUNTRIES, columns=("all",)),
        ),
        Item(
            id="safeguarding",
            measure="safeguarding",
            cut=Cut(by=("whole", "number"), rows=("all",), columns=("all",)),
        ),
    )
)
"""Every report by its id. What is not here cannot be made: no role has another way to a number."""
