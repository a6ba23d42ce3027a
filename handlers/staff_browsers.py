"""Browsers where somebody signed in before: a cookie that opens nothing and spares delays."""

import hmac
import secrets

from privacy.staff_codes import keyed

KNOWN = 180 * 86_400.0  # seconds a browser stays known
_MOST = 160  # characters


def new_browser(secret: bytes, name: str, now: float) -> str:
    """A cookie for this browser and this sign-in name (its keyed hash), signed by us."""
    said = f"{secrets.token_hex(16)}.{int(now + KNOWN)}"
    return f"{said}.{_sign(secret, name, said)}"


def known_browser(secret: bytes, name: str, cookie: str, now: float) -> str:
    """Which browser it is; empty where it is not known for this name, or no more."""
    browser, _, rest = cookie[:_MOST].partition(".")
    until, _, signed = rest.partition(".")
    if not (browser and until.isascii() and until.isdigit() and len(until) < 15):
        return ""
    right = _sign(secret, name, f"{browser}.{until}")
    fits = hmac.compare_digest(right.encode(), signed.encode("utf-8", "replace"))
    return browser if fits and float(until) > now else ""


def _sign(secret: bytes, name: str, said: str) -> str:
    return keyed(secret, "browser", f"{name}\x00{said}")
