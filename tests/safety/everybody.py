"""One person of every role, signed in as in a demo, and a network in which there is work."""

from dataclasses import dataclass, field

import httpx

from handlers import drafts, staff
from handlers.desk import Desk
from handlers.staff import Account, DemoPerson
from referrals.roles import Role
from tests.casework.scene import Scene, set_up
from tests.console.people import NETWORKED, browser
from tests.doubles import FakeClock
from tests.editions.people import says
from tests.safety.access_routes import EVERYBODY

ROLES = tuple(role for role in Role if role in EVERYBODY)


@dataclass
class Somebody:
    """A browser of one person; None of a role is one who is not signed in."""

    role: Role | None
    client: httpx.AsyncClient
    csrf: str = ""


@dataclass
class Everybody:
    """All people of one desk; whoever is signed out by what was asked comes back."""

    desk: Desk
    clock: FakeClock
    transport: httpx.ASGITransport
    accounts: dict[Role, Account] = field(default_factory=dict)
    people: dict[Role | None, Somebody] = field(default_factory=dict)

    async def __aenter__(self) -> "Everybody":
        await set_up(self.desk)
        scene = await Scene.of(self.desk, self.clock)
        begun = await scene.draft()
        await scene.asked(begun)
        await scene.sent()
        self.accounts = {
            Role.CASEWORKER: scene.caseworker,
            Role.FOCAL_POINT: scene.focal,
            Role.SUPERVISOR: scene.who("Supervisor"),
            Role.COORDINATOR: scene.who("Coordinator 1", ""),
        }
        editor = await self.account(Role.EDITOR)
        draft = await drafts.open_draft(self.desk, editor, "Words")
        await says(self.desk, editor, draft.id, "fr.1", "Other words.")
        for role in (None, *ROLES):
            await self.comes(role)
        return self

    async def __aexit__(self, *_: object) -> None:
        for one in self.people.values():
            await one.client.aclose()

    async def account(self, role: Role) -> Account:
        """Who has this role."""
        if role not in self.accounts:
            organisation = "" if role in NETWORKED else "demo-mango"
            one = DemoPerson(
                roles=frozenset({role}), organisation=organisation, name=f"DEMO {role.value}"
            )
            self.accounts[role] = await staff.demo_account(self.desk, one)
        return self.accounts[role]

    async def comes(self, role: Role | None) -> Somebody:
        """Signs in; anew with another account, where this one was closed."""
        somebody = self.people.setdefault(role, Somebody(role, browser(self.transport)))
        if role is None:
            return somebody
        token = await staff.demo_link(self.desk, await self.account(role))
        cookie = await staff.redeem_demo(self.desk, token)
        if cookie is None:
            self.accounts.pop(role)
            return await self.comes(role)
        signed = await staff.session_of(self.desk, cookie)
        assert signed is not None
        somebody.csrf = signed.csrf
        somebody.client.cookies.clear()
        somebody.client.cookies.set("saphan", cookie)
        return somebody
