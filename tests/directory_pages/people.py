"""People at the pages of the directory: what they open, post and read there."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx

from console.directory_frame import PATH
from directory.exchange_document import as_document
from directory.moves import Found
from directory.organisation import Organisation
from directory.service import Service
from directory.sheets import as_row, columns_of
from directory.sheets_csv import csv_bytes
from directory.truth import Method, Result, Told
from handlers import curate
from handlers.curate import Act
from handlers.desk import Desk
from referrals.roles import Role
from tests.console.people import (
    NETWORKED,
    Person,
    browser,
    by_form,
    hired,
    signed_in_again,
)
from tests.directory.service_examples import service

CALLED = Found(method=Method.CALL, result=Result.OK, of="proposed")
_NUMBERS = count(1)


@dataclass(frozen=True)
class Colleague:
    """Somebody signed in, and the browser."""

    person: Person
    client: httpx.AsyncClient

    async def again(self, desk: Desk) -> "Colleague":
        """The same person on a later day."""
        person = await signed_in_again(desk, self.person)
        self.client.cookies.clear()
        self.client.cookies.set("saphan", person.cookie)
        return Colleague(person, self.client)

    async def sees(self, path: str = "", **params: str) -> str:
        """The text of a page of the directory."""
        answer = await self.client.get(PATH + path, params=params)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    async def posts(self, path: str, given: Mapping[str, Any]) -> httpx.Response:
        """A form of such a page, with its token."""
        fields = {"csrf": self.person.csrf, **given}
        return await self.client.post(PATH + path, data=fields, headers=by_form())

    async def acts(self, service_id: str, act: str, **given: str) -> httpx.Response:
        """A button on the page of an entry."""
        return await self.posts(f"/entry/{service_id}/act", {"act": act, **given})

    async def verifies(self, service_id: str, **given: str) -> httpx.Response:
        """One tap: called, and found right."""
        return await self.acts(
            service_id, "verify", **({"of": "proposed", "result": "ok"} | given)
        )

    async def edits(self, service_id: str, group: str, **typed: str | list[str]) -> httpx.Response:
        """The form of a group, with what stands there and what is typed over it."""
        page = await self.sees(f"/entry/{service_id}/edit/{group}")
        return await self.posts(f"/entry/{service_id}/edit/{group}", fields_of(page) | typed)

    async def uploads(self, content: bytes, name: str = "services.csv") -> httpx.Response:
        """A chosen file."""
        return await self.client.post(
            f"{PATH}/import",
            data={"csrf": self.person.csrf},
            files={"file": (name, content)},
            headers=by_form(),
        )


@asynccontextmanager
async def colleague(
    desk: Desk, transport: httpx.AsyncBaseTransport, role: Role, name: str = "Colleague"
) -> AsyncIterator[Colleague]:
    """Somebody new with this role; of an organisation that exists, where the role needs one."""
    if role not in NETWORKED:
        await curate.register(desk, Organisation(id="org-one", legal_name="An example"))
    person = await hired(desk, role, name=name)
    async with browser(transport, person) as client:
        yield Colleague(person, client)


async def known_service(desk: Desk, **changes: Any) -> Service:
    """A new entry that two others have written down and checked."""
    one = service(id=f"TH-9{next(_NUMBERS):04}", **changes)
    through = Found(method=Method.FORM, result=Result.OK, of="proposed", through_focal_point=True)
    await curate.propose(desk, "ma.1", one, told=Told.CALLED_BACK)
    await curate.verify(desk, Act(by="so.2", service=one.id), through)
    return desk.services[one.id]


def table_of(*services: Service) -> bytes:
    """A file of the exchange with these services."""
    documents = [as_document(one) for one in services]
    columns = columns_of(documents)
    return csv_bytes([columns, *(as_row(one, columns) for one in documents)])


def fields_of(page: str) -> dict[str, Any]:
    """What the browser would post from the form of an edit page, its token aside."""
    form = page[page.index('name="seen"') - 40 :]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'name="(\w+)"(?: type="\w+")? value="([^"]*)"', form):
        found[name] = value
    for name, inside in re.findall(r'<select id="\w+" name="(\w+)".*?>(.*?)</select>', form):
        chosen = re.search(r'value="([^"]*)" selected', inside)
        found[name] = chosen[1] if chosen else ""
    for name in set(re.findall(r'type="checkbox" id="[\w-]+" name="(\w+)"', form)):
        ticked = rf'type="checkbox" id="[\w-]+" name="{name}" value="([^"]*)" checked'
        found[name] = re.findall(ticked, form)
    found.pop("told", None)
    return found


def token_of(page: str) -> str:
    """What names the file that waits."""
    [token] = re.findall(r'name="token" value="(\w+)"', page)
    return str(token)


def said(page: str) -> str:
    """What a page says was wrong."""
    return " ".join(re.findall(r'role="alert">(.*?)</', page, re.DOTALL))
