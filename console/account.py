"""What a person changes at the own account: languages, passkey, password, codes, chat."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from console.forms import posted
from console.frame import frame_of
from console.guard import PASSKEY_NEEDED, signed_in
from console.pages import go, page
from handlers.desk import Desk
from handlers.staff import (
    SignedIn,
    StaffRefused,
    add_passkey,
    change_password,
    new_link_code,
    new_recovery_codes,
    passkey_options,
    set_languages,
    set_locale,
    unlink_chats,
)
from handlers.staff_passkeys import needed_from, shows_own_first
from translations.locales import LOCALES

ACCOUNT = "/desk/account"
PASSKEYS = "/desk/passkeys"
_SHOWS_OWN = f"{PASSKEY_NEEDED}?back={PASSKEYS}"

Anyone = Annotated[SignedIn, Depends(signed_in())]
Fresh = Annotated[SignedIn, Depends(signed_in(fresh=True))]


def router(_desk: Desk) -> APIRouter:
    """The routes under /desk/account and /desk/passkeys."""
    routes = APIRouter()
    routes.add_api_route(ACCOUNT, _account, methods=["GET"])
    routes.add_api_route(f"{ACCOUNT}/language", _language, methods=["POST"])
    routes.add_api_route(f"{ACCOUNT}/speaks", _speaks, methods=["POST"])
    routes.add_api_route(f"{ACCOUNT}/chat", _chat, methods=["POST"])
    routes.add_api_route(f"{ACCOUNT}/unlink", _unlink, methods=["POST"])
    routes.add_api_route(f"{ACCOUNT}/recovery", _recovery, methods=["POST"])
    routes.add_api_route(f"{ACCOUNT}/password", _ask_password, methods=["GET"])
    routes.add_api_route(f"{ACCOUNT}/password", _password, methods=["POST"])
    routes.add_api_route(PASSKEYS, _ask_passkey, methods=["GET"])
    routes.add_api_route(PASSKEYS, _passkey, methods=["POST"])
    return routes


async def _account(request: Request, signed: Anyone) -> Response:
    return await _shown(request, signed)


async def _shown(request: Request, signed: SignedIn, code: str = "") -> Response:
    """With the day from which a coordinator needs a passkey, while there is none (R58)."""
    since = await needed_from(frame_of(request).desk, signed)
    needed = since.strftime("%d/%m/%Y") if since else ""
    return page(request, "account.html", signed, code=code, needed=needed)


async def _language(request: Request, signed: Anyone) -> Response:
    chosen = (await posted(request)).one("language")
    if chosen in LOCALES:
        await set_locale(frame_of(request).desk, signed.account, chosen)
    return go(ACCOUNT)


async def _speaks(request: Request, signed: Anyone) -> Response:
    chosen = frozenset((await posted(request)).many("speaks"))
    await set_languages(frame_of(request).desk, signed.account, chosen)
    return go(ACCOUNT)


async def _chat(request: Request, signed: Fresh) -> Response:
    """A code for the caseworkers' bot, shown once."""
    try:
        code = await new_link_code(frame_of(request).desk, signed.account)
    except StaffRefused:
        return go(ACCOUNT)
    return await _shown(request, signed, code)


async def _unlink(request: Request, signed: Anyone) -> Response:
    """A lost phone: no messenger chat belongs to this account any more."""
    await unlink_chats(frame_of(request).desk, signed.account)
    return go(ACCOUNT)


async def _recovery(request: Request, signed: Fresh) -> Response:
    try:
        codes = await new_recovery_codes(frame_of(request).desk, signed)
    except StaffRefused:
        return go(ACCOUNT)
    return page(
        request,
        "recovery.html",
        signed,
        account=signed.account.id,
        recovery=codes,
        onward=ACCOUNT,
    )


async def _ask_password(request: Request, signed: Fresh) -> Response:
    return page(request, "password.html", signed, words="")


async def _password(request: Request, signed: Fresh) -> Response:
    """Every other browser of this person is signed out with it."""
    form = await posted(request)
    fault = ""
    if form.exact("password") != form.exact("again"):
        fault = "sign.not_same"
    else:
        desk, second = frame_of(request).desk, form.exact("duress")
        try:
            await change_password(desk, signed, form.exact("password"), second)
        except StaffRefused:
            fault = "sign.password_refused"
    if not fault:
        return go(ACCOUNT)
    return page(request, "password.html", signed, 400, words=_say(request, signed, fault))


async def _ask_passkey(request: Request, signed: Fresh) -> Response:
    if await shows_own_first(frame_of(request).desk, signed):
        return go(_SHOWS_OWN)
    return await _making(request, signed)


async def _passkey(request: Request, signed: Fresh) -> Response:
    frame, form = frame_of(request), await posted(request)
    site = frame.site.passkeys(request)
    if await shows_own_first(frame.desk, signed):
        return go(_SHOWS_OWN)
    try:
        await add_passkey(frame.desk, signed, site, form.one("answer"))
    except StaffRefused:
        return await _making(request, signed, 400, "sign.passkey_failed")
    return await _making(request, signed, 200, "sign.passkey_made")


async def _making(
    request: Request, signed: SignedIn, status: int = 200, phrase: str = ""
) -> Response:
    frame = frame_of(request)
    try:
        options = await passkey_options(frame.desk, signed, frame.site.passkeys(request))
    except StaffRefused:
        return go(ACCOUNT)
    words = _say(request, signed, phrase) if phrase else ""
    return page(request, "passkeys.html", signed, status, options=options, words=words)


def _say(request: Request, signed: SignedIn, phrase: str) -> str:
    return frame_of(request).desk.translator.staff(signed.account.locale, phrase)
