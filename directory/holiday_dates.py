"""Public holidays of the five countries, from the package `holidays` (MIT)."""

from datetime import date
from functools import lru_cache

from holidays import country_holidays


@lru_cache(maxsize=64)
def holiday_dates(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country (KH, LA, MM, TH, VN) in one year.

    Days that the moon or a government decides late are the package's estimate, so that a holiday
    makes hours unknown rather than closed (hours.py).
    """
    return frozenset(country_holidays(country, years=year))
