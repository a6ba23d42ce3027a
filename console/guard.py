"""Who may use a route: signed in, with a role, a fresh second factor, and from a page of ours."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response

from console.forms import posted
from console.frame import Frame, frame_of
from console.newcomers import Newcomer, newcomer
from console.pages import go, ours, page, refused, wants_json
from handlers.staff import SignedIn, session_of
from handlers.staff import is_fresh as shown_lately
from handlers.staff_passkeys import Need, need_of
from referrals.roles import Role

SIGN_IN: Final = "/desk/sign-in"
CONFIRM: Final = "/desk/confirm"
PASSKEY_NEEDED: Final = "/desk/passkeys/needed"
FORM_TOKEN: Final = "csrf"  # noqa: S105  # the name of a field
HEADER_TOKEN: Final = "x-saphan-csrf"  # noqa: S105
JSON: Final = "application/json"

_READS: Final = frozenset({"GET", "HEAD"})


class Turned(Exception):
    """The request goes no further; `answer` is what it gets instead. Holds nothing typed."""

    def __init__(self, answer: Response) -> None:
        """`answer` is sent as it is."""
        super().__init__()
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule of one route, a FastAPI dependency. No `roles` means: everybody signed in."""

    roles: frozenset[Role] = frozenset()
    fresh: bool = False

    async def __call__(self, request: Request) -> SignedIn:
        """Whoever is signed in. Raises Turned."""
        frame = frame_of(request)
        _is_served(frame, request)
        signed = await _signed(frame, request)
        if request.method not in _READS and not await _is_ours(frame, request, signed.csrf):
            raise Turned(refused(request, signed, "sign.old_page"))
        if self.roles and not self.roles & signed.account.roles:
            raise Turned(refused(request, signed, "sign.not_yours"))
        if self.fresh and not is_fresh(frame, signed):
            raise Turned(_to_confirm(request))
        if self.fresh and Role.COORDINATOR in self.roles:
            await _refuse_without_passkey(frame, request, signed)
        return signed


def signed_in(*roles: Role, fresh: bool = False) -> Rule:
    """The rule for `Depends`: one of these roles, none named means any; see Rule.

    A route that changes something is POST, and its request carries the session's token in the
    form field `csrf` (a script: JSON, and the header `X-Saphan-Csrf`) and comes from our origin.
    """
    return Rule(frozenset(roles), fresh)


@dataclass(frozen=True, slots=True)
class Open:
    """The rule of a route for people who are not signed in yet, a FastAPI dependency."""

    async def __call__(self, request: Request) -> Newcomer:
        """What binds the forms of this browser. Raises Turned."""
        frame = frame_of(request)
        _is_served(frame, request)
        who = newcomer(frame.site, request)
        if request.method not in _READS and not await _is_ours(frame, request, who.token):
            raise Turned(refused(request, None, "sign.old_page"))
        return who


def is_fresh(frame: Frame, signed: SignedIn) -> bool:
    """Whether the second factor was shown within the last five minutes.

    A demo session has none to show; it exists in trial mode only (decisions 30).
    """
    if signed.demo:
        return frame.desk.mode == "trial"
    return shown_lately(signed, frame.desk.now())


def _is_served(frame: Frame, request: Request) -> None:
    if not frame.site.serves(request):
        raise Turned(Response(status_code=404))


async def _signed(frame: Frame, request: Request) -> SignedIn:
    cookie = request.cookies.get(frame.site.cookie, "")
    signed = await session_of(frame.desk, cookie) if cookie else None
    if signed is not None:
        return signed
    if wants_json(request):
        raise Turned(refused(request, None, "sign.expired", 401))
    if not cookie and request.method in _READS and _from_elsewhere(request):
        raise Turned(page(request, "onward.html", None))
    answer = go(f"{SIGN_IN}?{'ended' if cookie else 'first'}={_back(request)}")
    if cookie:
        frame.site.drop_cookies(answer, frame.site.cookie)
    raise Turned(answer)


def _from_elsewhere(request: Request) -> bool:
    """A link in a messenger: the browser keeps a strict cookie back, until a page of ours asks."""
    return request.headers.get("sec-fetch-site") == "cross-site"


async def _is_ours(frame: Frame, request: Request, token: str) -> bool:
    """Whether a page of ours sent this: the browser says so, and it knows the token (R60)."""
    headers = request.headers
    from_here = headers.get("origin") == frame.site.origin_of(request)
    if not from_here or headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return hmac.compare_digest((await _token(request, headers)).encode(), token.encode())


async def _token(request: Request, headers: Mapping[str, str]) -> str:
    """A form carries it as a field; JSON as a header, which no plain form can set."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() == JSON:
        return headers.get(HEADER_TOKEN, "")
    return (await posted(request)).one(FORM_TOKEN)


def _to_confirm(request: Request) -> Response:
    if wants_json(request):
        return refused(request, None, "sign.again", 401)
    return go(f"{CONFIRM}?back={_back(request)}")


async def _refuse_without_passkey(frame: Frame, request: Request, signed: SignedIn) -> None:
    """Coordinators show a passkey for weighty acts, where a browser can have one here (R58)."""
    if frame.site.passkeys(request).host.replace(".", "").isdigit():
        return
    if await need_of(frame.desk, signed) is Need.NOTHING:
        return
    if wants_json(request):
        raise Turned(refused(request, signed, "sign.passkey_needed", 401))
    raise Turned(go(f"{PASSKEY_NEEDED}?back={_back(request)}"))


def _back(request: Request) -> str:
    """Where to go on afterwards: this page, or the page whose form was posted."""
    if request.method in _READS:
        return ours(request.url.path)
    origin = frame_of(request).site.origin_of(request)
    return ours(request.headers.get("referer", "").removeprefix(origin).partition("?")[0])
