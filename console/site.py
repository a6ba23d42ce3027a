"""Where the desk is reached, and what follows from that: origin, cookie name, passkeys' host."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request, Response

from handlers.staff import Site as PasskeySite

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`origin` is the setting STAFF_URL as scheme://host[:port]; "" is this machine alone."""

    origin: str = ""

    @property
    def secure(self) -> bool:
        """Whether browsers come by https; else they come over the loopback address only."""
        return self.origin.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; a browser refuses `__Host-` over plain http."""
        return self._named("saphan")

    @property
    def entry_cookie(self) -> str:
        """The name of the cookie that binds the forms of one who is not signed in yet."""
        return self._named("saphan-entry")

    @property
    def half_cookie(self) -> str:
        """The name of the cookie between the password and the second factor."""
        return self._named("saphan-half")

    @property
    def known_cookie(self) -> str:
        """The name of the cookie that a browser is known by; it opens nothing."""
        return self._named("saphan-known")

    def serves(self, request: Request) -> bool:
        """Whether this request may see the desk at all.

        Without an address of our own only this machine may, called by one of its own names: a
        page elsewhere may give a name of its own to 127.0.0.1.
        """
        return bool(self.origin) or request.url.hostname in LOOPBACK

    def origin_of(self, request: Request) -> str:
        """The origin that a request from one of our own pages names."""
        return self.origin or f"http://{request.url.netloc}"

    def passkeys(self, request: Request) -> PasskeySite:
        """What passkeys are bound to. A host that is a bare number has none in any browser."""
        origin = self.origin_of(request)
        return PasskeySite(host=urlsplit(origin).hostname or "", origin=origin)

    def set_cookie(self, answer: Response, name: str, value: str, days: int = 0) -> None:
        """Until the browser is closed, or for days; no script reads it, no other site sends it."""
        answer.set_cookie(
            name,
            value,
            max_age=days * 86_400 or None,
            secure=self.secure,
            httponly=True,
            samesite="strict",
        )

    def keep_session(self, answer: Response, cookie: str) -> None:
        """The browser is signed in now; what bound its forms before is of no use any more."""
        self.set_cookie(answer, self.cookie, cookie)
        self.drop_cookies(answer, self.entry_cookie, self.half_cookie)

    def drop_cookies(self, answer: Response, *names: str) -> None:
        """Take these cookies back."""
        for name in names:
            answer.delete_cookie(name, secure=self.secure, httponly=True, samesite="strict")

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.secure else name
