"""People of the desk for the tests: hired through a real invitation, signed in as a browser is."""

from dataclasses import dataclass

import httpx
import pyotp

from handlers.desk import Desk
from handlers.staff import (
    Acceptance,
    Attempt,
    Halfway,
    Number,
    accept,
    invite,
    look_at_invite,
    second_factor,
    session_of,
    sign_in,
)
from handlers.staff_signin import Entered
from privacy.audit import OPERATOR
from referrals.roles import Role
from tests.accounts.people import cheap as cheap
from tests.accounts.people import written_down

ROOT = "http://localhost:8081"
PASSWORD = "river sandal copper moth nineteen"
NETWORKED = frozenset(
    {
        *(Role.COORDINATOR, Role.STEWARD, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER),
        *(Role.SPECIALIST, Role.REPORT_READER, Role.AUDITOR),
    }
)


@dataclass(frozen=True)
class Person:
    """Somebody with an account: what opens it, and a signed-in browser's cookie and token."""

    account: str
    secret: str
    cookie: str
    csrf: str

    def number(self, desk: Desk) -> str:
        """What the authenticator app shows now."""
        return str(pyotp.TOTP(self.secret).at(int(desk.now())))


async def hired(
    desk: Desk, role: Role, *, name: str = "Chan Dara", locale: str = "en", duress: str = ""
) -> Person:
    """A new member of staff with a session begun just now."""
    organisation = "" if role in NETWORKED else "org-one"
    await written_down(desk, organisation)
    code = (await invite(desk, OPERATOR, role, organisation)).code
    invited = await look_at_invite(desk, code, "here")
    number = str(pyotp.TOTP(invited.secret).at(int(desk.now())))
    chosen = Acceptance(
        password=PASSWORD, number=number, conduct=True, name=name, locale=locale, duress=duress
    )
    done = await accept(desk, code, chosen, "here")
    return await _person(desk, done.account, invited.secret, done.cookie)


async def signed_in_again(desk: Desk, person: Person) -> Person:
    """The same person in another session; time must have gone on, as a number works once."""
    half = await sign_in(desk, Attempt(name=person.account, password=PASSWORD, network="here"))
    assert isinstance(half, Halfway)
    done = await second_factor(desk, half.cookie, Number(person.number(desk)))
    assert isinstance(done, Entered)
    return await _person(desk, person.account, person.secret, done.cookie)


def browser(
    transport: httpx.AsyncBaseTransport, person: Person | None = None
) -> httpx.AsyncClient:
    """A browser at the desk that follows no redirect by itself."""
    cookies = {"saphan": person.cookie} if person else {}
    return httpx.AsyncClient(transport=transport, base_url=ROOT, cookies=cookies)


def by_form(person: Person | None = None) -> dict[str, str]:
    """The headers of a form that stands on a page of ours."""
    return {"Origin": ROOT, "Sec-Fetch-Site": "same-origin"}


async def _person(desk: Desk, account: str, secret: str, cookie: str) -> Person:
    signed = await session_of(desk, cookie)
    assert signed is not None
    return Person(account, secret, cookie, signed.csrf)
