"""What binds the forms of one who is not signed in to the browser that was given them."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Final

from fastapi import Request, Response

from console.site import Site

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A browser before it is signed in; `token` stands in its forms, `secret` in its cookie."""

    secret: str = field(repr=False)
    known: bool

    @property
    def token(self) -> str:
        """What only a page of ours can know: another site reads neither page nor cookie."""
        return hashlib.sha256(f"entry token {self.secret}".encode()).hexdigest()


def newcomer(site: Site, request: Request) -> Newcomer:
    """The browser as its cookie names it, else a new one."""
    cookie = request.cookies.get(site.entry_cookie, "")
    if _SECRET.fullmatch(cookie):
        return Newcomer(cookie, known=True)
    return Newcomer(secrets.token_urlsafe(32), known=False)


def remember(site: Site, answer: Response, who: Newcomer) -> Response:
    """Give a new browser its cookie."""
    if not who.known:
        site.set_cookie(answer, site.entry_cookie, who.secret)
    return answer
