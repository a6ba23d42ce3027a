"""People of the fictional network with a browser each, which follows no link by itself."""

import re
from dataclasses import dataclass, field
from html import unescape

import httpx

from handlers import partners, staff
from handlers.desk import Desk
from handlers.staff import Account
from tests.casework.scene import Scene
from tests.console.people import ROOT, by_form

HEADERS = by_form() | {"Content-Type": "application/x-www-form-urlencoded"}
_TAG = re.compile(r"<[^>]+>")


@dataclass
class Person:
    """Somebody signed in by a printed link."""

    account: Account
    client: httpx.AsyncClient
    csrf: str

    async def sees(self, path: str) -> str:
        """What stands on a page, without its tags; the status where it is none."""
        answer = await self.client.get(path)
        return text_of(answer) if answer.status_code == 200 else str(answer.status_code)

    async def sends(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """A form of that page, as a browser posts it."""
        given = {"csrf": self.csrf} | fields
        return await self.client.post(path, data=given, headers=HEADERS)


@dataclass
class Network:
    """The organisations of the demo."""

    desk: Desk
    transport: httpx.ASGITransport
    scene: Scene
    here: list[httpx.AsyncClient] = field(default_factory=list)

    async def coordinator(self, number: int = 1) -> Person:
        async with self.desk.store.turn() as turn:
            every = await staff.coordinators(turn, self.desk)
        name = f"DEMO Coordinator {number}"
        return await self.comes(next(one for one in every if one.name == name))

    async def member(self, what: str, organisation: str) -> Person:
        return await self.comes(self.scene.who(what, organisation))

    async def comes(self, account: Account) -> Person:
        token = await staff.demo_link(self.desk, account)
        cookie = await staff.redeem_demo(self.desk, token)
        assert cookie is not None
        signed = await staff.session_of(self.desk, cookie)
        assert signed is not None
        client = httpx.AsyncClient(
            transport=self.transport, base_url=ROOT, cookies={"saphan": cookie}
        )
        self.here.append(client)
        return Person(account, client, signed.csrf)

    async def leave(self) -> None:
        for client in self.here:
            await client.aclose()


def text_of(answer: httpx.Response) -> str:
    """The words of a page, one blank between them."""
    return " ".join(unescape(_TAG.sub(" ", answer.text)).split())


async def waited(desk: Desk, organisation: str) -> set[str]:
    """What an organisation still lacks, in codes."""
    async with desk.store.turn() as turn:
        partner = await partners.receiver(turn, desk, organisation)
        assert partner is not None
        return {one.value for one in await partners.ready(turn, desk, partner)}
