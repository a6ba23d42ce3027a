"""The same matrix through the pages: what each route gives or does to a signed-in browser."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import httpx

from app.metrics import Tally
from app.staff import staff_app
from handlers.case_words import value_words, voice_of
from handlers.staff import demo_link, redeem_demo, session_of
from referrals.items import Item
from referrals.states import Act, State
from tests.casework.scene import FORM
from tests.safety.access_routes import ROUTES, Doing
from tests.safety.access_scene import Built, Matrix
from tests.safety.access_table import BEFORE, END, Part, Shown, Stand, opens, shown

ROOT = "http://localhost:8081"
_ANSWERS = frozenset({Act.ACCEPT, Act.DECLINE, Act.ASK_MORE})
_OWN = frozenset({Stand.OWNER, Stand.CHILD_POINT})


@dataclass(frozen=True)
class Door:
    """One thing that a browser can send about one referral; `sub` says which act or word."""

    template: str
    doing: Doing
    sub: str = ""


def doors() -> Iterator[Door]:
    """Every route that names a referral, with everything that can be sent to it."""
    words = {
        Doing.ACT: tuple(act.value for act in Act),
        Doing.SAID: ("open", "yes", "no", "not_now"),
        Doing.OPEN: ("", "support"),
    }
    for template, use in ROUTES.items():
        if use.doing is not None:
            for sub in words.get(use.doing, ("",)):
                yield Door(template, use.doing, sub)


def allowed(door: Door, part: Part, built: Built) -> bool:
    """Whether 3.2 and 3.3 let this person do it; what a page shows is looked at apart."""
    stand, state = built.stand(part), built.state
    match door.doing:
        case Doing.PAGE:
            return False  # `tried` says whether it shows too much
        case Doing.DRAFT:
            return built.allows(part, Act.EDIT)
        case Doing.SCRIPT:
            return stand in _OWN and state not in END
        case Doing.WARNED | Doing.PAPER:
            return stand is Stand.OWNER and state not in END  # "export content: CW"
        case Doing.SEALED | Doing.SEAL | Doing.LINK:
            return stand is Stand.OWNER and state in BEFORE
        case Doing.OPEN:
            return opens(stand, state, reason=bool(door.sub))
        case Doing.ANSWER:
            return built.allows(part, Act.EDIT)
        case Doing.SAID:
            return _may_say(part, built, door.sub)
        case Doing.ACT:
            return _may_act(part, built, Act(door.sub))


def _may_say(part: Part, built: Built, word: str) -> bool:
    acts = {"yes": Act.AGREE, "no": Act.REFUSE, "not_now": Act.RECONSIDER}
    if word == "open":
        return built.stand(part) in _OWN and built.state is State.CONSENT_PENDING
    return built.allows(part, acts[word])


def _may_act(part: Part, built: Built, act: Act) -> bool:
    """Who answers what was not acknowledged yet acknowledges it by that."""
    first = Act.ACKNOWLEDGE if act in _ANSWERS and built.state is State.SENT else act
    return built.allows(part, first)


@dataclass
class Browsers:
    """Everybody signed in, over the store that undoes what changes a referral."""

    matrix: Matrix
    age: dict[bool, str] = field(default_factory=dict)
    cookies: dict[Part, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.app = staff_app(self.matrix.desk, Tally(), demo=True)

    async def tried(self, door: Door, part: Part, built: Built) -> bool:
        """Whether it succeeds, or more is shown than 3.2 lets this person see."""
        store = self.matrix.store
        await self.matrix.forget_readings()
        cookie, csrf = await self._signed_in(part)
        method, _, path = door.template.partition(" ")
        body, kind = _body(door, built, csrf)
        headers = {"Origin": ROOT, "Sec-Fetch-Site": "same-origin", "X-Saphan-Csrf": csrf}
        store.about, store.changed = built.id, False
        try:
            async with self._client(cookie) as client:
                answer = await client.request(
                    method,
                    path.replace("{referral}", built.id),
                    headers={**headers, "Content-Type": kind},
                    content=body if method == "POST" else "",
                )
        finally:
            store.about = ""
        if door.doing is Doing.PAGE:
            seen = await self._seen(answer, part, built)
            return seen > shown(built.stand(part), built.state, reached=built.reached)
        changes = door.doing is Doing.ACT or (door.doing is Doing.SAID and door.sub != "open")
        return store.changed or (answer.status_code == 200 and not changes)

    async def listed(self, part: Part, path: str) -> set[str]:
        """The ids that a page without a referral in its path gives away."""
        cookie, _ = await self._signed_in(part)
        async with self._client(cookie) as client:
            answer = await client.get(path)
        return {built.id for built in self.matrix.built if built.id in answer.text}

    def _client(self, cookie: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 5))
        cookies = {"saphan": cookie}
        return httpx.AsyncClient(transport=transport, base_url=ROOT, cookies=cookies)

    async def _signed_in(self, part: Part) -> tuple[str, str]:
        if part not in self.cookies:
            desk = self.matrix.scene.desk
            token = await demo_link(desk, self.matrix.people[part])
            cookie = await redeem_demo(desk, token)
            signed = await session_of(desk, cookie or "")
            assert cookie
            assert signed
            self.cookies[part] = cookie, signed.csrf
        return self.cookies[part]

    async def _seen(self, answer: httpx.Response, part: Part, built: Built) -> Shown:
        """As much as stands on the page; a draft goes on with its questions, which are content."""
        if answer.status_code == 303:
            return Shown.CONTENT
        if answer.status_code != 200:
            return Shown.NOTHING
        if await self._age(child=built.child) not in answer.text:
            return Shown.STATUS
        ours = part.organisation == OWNERS
        whole = 'data-do="open"' in answer.text and "data-reason" not in answer.text
        return Shown.CONTENT if ours or whole else Shown.CARD

    async def _age(self, *, child: bool) -> str:
        """Her age band in the words of the page: it is in every form and on every card."""
        if child not in self.age:
            account = next(iter(self.matrix.people.values()))
            voice = await voice_of(self.matrix.scene.desk, account)
            band = "15_17" if child else FORM.age
            self.age[child] = value_words(voice, Item.AGE, (band,))
        return self.age[child]


OWNERS = "demo-mango"


def _body(door: Door, built: Built, csrf: str) -> tuple[str, str]:
    """Everything that the page could send, rightly filled in."""
    if door.doing in (Doing.SEAL, Doing.OPEN, Doing.LINK):
        offer = {name: secrets.token_hex(32) for name in ("public", "proof")}
        told = {**offer, "link": secrets.token_hex(16), "drop": "name", "reason": door.sub}
        return json.dumps(told), "application/json"
    given: dict[str, str | tuple[str, ...]] = {
        **{"csrf": csrf, "seen": str(built.version), "act": door.sub, "said": door.sub},
        **{"asking": "script", "urgency": "3", "lower": "safer_now", "decline": "no_space"},
        **{"question": "language", "answer": "my", "closing": "service_received"},
        **{"locale": "en", "back": "1", "interpreter": "none"},
        "arranged": ("spoke", "knows", "not_alone", "no_story"),
        "kept": tuple(item.value for item in Item),
    }
    ticks = (
        *("no_other_try", "called_first", "right_service", "follow_up", "alone"),
        *("secret_word_checked", "limits_explained", "understood"),
    )
    whole = given | dict.fromkeys(ticks, "yes")
    return urlencode(whole, doseq=True), "application/x-www-form-urlencoded"
