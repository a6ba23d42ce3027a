"""People who work on translations: what they see on a page, and what they send."""

import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx

from handlers import drafts
from handlers.desk import Desk
from handlers.draft_contents import read_draft
from handlers.draft_values import Draft
from handlers.staff import session_of, set_locale
from handlers.texts import Text, id_of, texts_of
from referrals.roles import Role
from tests.console.people import Person, browser, by_form, hired

PATH = "/console/translations"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PLAIN = "fr.1"


@dataclass
class Worker:
    """Somebody with an account and a browser; `draft` is where this person works."""

    desk: Desk
    person: Person
    client: httpx.AsyncClient
    account: Any
    draft: str = ""

    async def gets(self, path: str = "", **asked: str) -> httpx.Response:
        """A page, whatever comes."""
        told = urlencode({"draft": self.draft, **asked} if self.draft else asked)
        return await self.client.get(f"{PATH}{path}{'?' if told else ''}{told}")

    async def sees(self, path: str = "", **asked: str) -> str:
        """A page that is there, as text without entities."""
        answer = await self.gets(path, **asked)
        assert answer.status_code == 200, (path, answer.status_code)
        return html.unescape(answer.text)

    async def sends(self, path: str, **fields: str) -> httpx.Response:
        """Post a form."""
        body = urlencode({"csrf": self.person.csrf, "draft": self.draft, **fields})
        return await self.client.post(f"{PATH}{path}", content=body, headers={**by_form(), **FORM})

    async def sends_file(
        self, path: str, file: tuple[str, bytes], **fields: str
    ) -> httpx.Response:
        """Post a form with a file."""
        told = {"csrf": self.person.csrf, "draft": self.draft, **fields}
        files = {"file": (*file, "application/octet-stream")}
        return await self.client.post(
            f"{PATH}{path}", data=told, files=files, headers=by_form(None)
        )

    async def asks(self, path: str, told: Any) -> httpx.Response:
        """Post JSON as a script does."""
        headers = {**by_form(), "X-Saphan-Csrf": self.person.csrf}
        return await self.client.post(f"{PATH}{path}", json=told, headers=headers)

    async def writes(self, text: Text, words: str, **more: str) -> httpx.Response:
        """Save a translation of a text that stands as `text` says."""
        seen = str((await self.now(text)).seen)
        fields = {"words": words, "seen": seen} | more
        return await self.sends(f"/{text.locale}/{text.id}/save", **fields)

    async def signs(self, text: Text) -> httpx.Response:
        """Sign what the page shows now."""
        now = await self.now(text)
        fields = {"mark": now.mark, "seen": str(now.seen)}
        return await self.sends(f"/{text.locale}/{text.id}/sign", **fields)

    async def translates_back(self, text: Text, words: str) -> httpx.Response:
        """Keep a back-translation."""
        seen = str((await self.now(text)).seen)
        return await self.sends(f"/{text.locale}/{text.id}/back", back=words, seen=seen)

    async def now(self, text: Text) -> Text:
        """The text as the draft has it."""
        return await text_in(self.desk, self.draft, text.locale, text.context, text.msgid)

    async def open_draft(self) -> Draft:
        """The draft that this person works in."""
        found = await drafts.draft(self.desk, self.account, self.draft)
        assert found is not None
        return found

    def follows(self, answer: httpx.Response) -> str:
        """Where a save leads; the draft in it is this person's from now on."""
        assert answer.status_code == 303, answer.status_code
        self.draft = answer.headers["location"].partition("draft=")[2].partition("&")[0]
        return str(answer.headers["location"])


async def text_in(desk: Desk, draft: str, locale: str, context: str, msgid: str = "") -> Text:
    """A text of a draft, or of the live edition; the English of a screen where none is given."""
    content = await drafts.contents(desk, draft or None)
    read = await read_draft(desk, draft) if draft else None
    msgid = msgid or desk.book.nodes[context].say
    wanted = id_of(context, msgid)
    return next(one for one in texts_of(content, read, locale) if one.id == wanted)


@asynccontextmanager
async def worker(
    desk: Desk, transport: httpx.ASGITransport, role: Role, name: str, locale: str = "en"
) -> AsyncIterator[Worker]:
    """Hired, signed in; `locale` is the language of this person, who reads pages in English."""
    person = await hired(desk, role, name=name, locale=locale)
    signed = await session_of(desk, person.cookie)
    assert signed is not None
    await set_locale(desk, signed.account, "en")
    async with browser(transport, person) as client:
        yield Worker(desk, person, client, signed.account)
