"""A desk whose password hashes cost little, on SQLite and on PostgreSQL."""

import pytest

from handlers.desk import Desk
from tests.accounts.people import cheap


@pytest.fixture
def quick(desk: Desk) -> Desk:
    """The same desk with a cheap hash."""
    return cheap(desk)
