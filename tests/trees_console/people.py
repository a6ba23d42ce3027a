"""People who work on trees: what they see on a page, and what they send with its forms."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import httpx

from handlers import drafts
from handlers.desk import Desk
from handlers.staff import session_of
from referrals.roles import Role
from tests.console.people import Person, browser, by_form, hired

PATH = "/console/trees"
Pairs = list[tuple[str, str]]


class _Form(HTMLParser):
    """The fields of one form of a page, as a browser would send them."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action, self.inside = action, False
        self.pairs: Pairs = []
        self._text: str | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = got.get("action", "").partition("?")[0].endswith(self.action)
        elif not self.inside or (tag not in ("option",) and not got.get("name")):
            return
        elif tag == "input" and (got.get("type") not in ("checkbox", "radio") or "checked" in got):
            self.pairs.append((got["name"], got.get("value", "")))
        elif tag == "textarea":
            self.pairs.append((got["name"], ""))
            self._text = ""
        elif tag == "select":
            self._select = got["name"]
        elif tag == "option" and self._select and "selected" in got:
            self.pairs.append((self._select, got.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._text is not None:
            self.pairs[-1] = (self.pairs[-1][0], self._text.removeprefix("\n"))
            self._text = None


@dataclass
class Editor:
    """Somebody with an account and a browser; `draft` is where this person works."""

    desk: Desk
    person: Person
    client: httpx.AsyncClient
    draft: str = ""

    async def begins(self, title: str) -> None:
        """Start a change."""
        answer = await self.sends("/begin", [("draft_title", title)])
        self.draft = answer.headers["location"].partition("draft=")[2]

    async def sees(self, path: str = "", **asked: str) -> str:
        """A page of the trees, as text without entities."""
        answer = await self.gets(path, **asked)
        assert answer.status_code == 200, (path, answer.status_code)
        return html.unescape(answer.text)

    async def gets(self, path: str = "", **asked: str) -> httpx.Response:
        """The same, whatever comes."""
        query = {"draft": self.draft, **asked}
        told = urlencode({name: value for name, value in query.items() if value})
        return await self.client.get(f"{PATH}{path}?{told}")

    async def form(self, node: str, action: str = "/save", **asked: str) -> Pairs:
        """The fields of a form on the page of a node."""
        tree = node.partition(".")[0]
        found = _Form(action)
        found.feed((await self.gets(f"/{tree}", node=node, **asked)).text)
        return found.pairs

    async def sends(self, path: str, pairs: Pairs) -> httpx.Response:
        """Post a form; fields that name the session and the draft are added where absent."""
        names = {name for name, _ in pairs}
        more = [("csrf", self.person.csrf), ("draft", self.draft)]
        body = urlencode([*pairs, *(pair for pair in more if pair[0] not in names)])
        headers = {**by_form(), "Content-Type": "application/x-www-form-urlencoded"}
        return await self.client.post(f"{PATH}{path}", content=body, headers=headers)

    async def saves(self, node: str, changed: Mapping[str, str]) -> httpx.Response:
        """Open the form of a node, change fields by name, save."""
        pairs = with_fields(await self.form(node), changed)
        return await self.sends(f"/{node.partition('.')[0]}/save", pairs)

    async def body(self, node: str) -> Any:
        """The node as it is in the draft; None where it is gone."""
        content = await drafts.contents(self.desk, self.draft)
        return content.names.node(node)


def with_fields(pairs: Pairs, changed: Mapping[str, str]) -> Pairs:
    """The fields with others in their place: "pick.label#1" is the second of that name."""
    seen: dict[str, int] = {}
    found: Pairs = []
    left = dict(changed)
    for name, value in pairs:
        at = seen[name] = seen.get(name, -1) + 1
        key = name if at == 0 and name in left else f"{name}#{at}"
        found.append((name, left.pop(key, value)))
    return [*found, *((name.partition("#")[0], value) for name, value in left.items())]


def words(page: str) -> str:
    """What stands on a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


@asynccontextmanager
async def editor(
    desk: Desk, transport: httpx.ASGITransport, role: Role, name: str
) -> AsyncIterator[Editor]:
    """Hired, signed in, with a browser of this person's own."""
    person = await hired(desk, role, name=name)
    assert await session_of(desk, person.cookie)
    async with browser(transport, person) as client:
        yield Editor(desk, person, client)
