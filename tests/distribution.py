"""Which worker runs which test: whoever is free the next one, but some files and folders whole.

pytest-xdist 3.8 has marks for this (`xdist_group`), which pytest 9.2 does not let it set.
"""

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# What these share takes seconds to make; each is made by one worker, and they come first.
WHOLE = frozenset(
    {
        "tests/directory/test_exchange_faults.py",
        "tests/directory/test_places_labelled.py",
        "tests/flows/test_check_walks.py",
        "tests/flows/test_crawl.py",
        # Folders with a desk, and most of them a browser, for all of their tests.
        "tests/browser",
        "tests/console_pages",
        "tests/console_stories",
        "tests/desk_pages",
        "tests/directory_pages",
        "tests/organisation_pages",
        "tests/reports_pages",
        "tests/sealing",
        "tests/simulator",
        "tests/translations_pages",
        "tests/trees_console",
    }
)


class Distribution(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out single tests, and whole what is listed."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((one for one in (file, file.rpartition("/")[0]) if one in WHOLE), nodeid)
