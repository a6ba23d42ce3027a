"""What every answer of the staff side carries, and how long a body may be."""

import re
import secrets
from typing import Final
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.forms import UNREADABLE
from translations.locales import LOCALES

MAX_BODY: Final = 1_048_576  # bytes; the sealed parts of one referral are 16 kB each at most
# Pages that take a file, each with what its whole form may be long.
MAX_FORMS: Final = {
    "/console/directory/import": 10_500_000,
    "/console/editions/import": 10_500_000,
    **{
        f"/console/translations/{code}/{act}": 2_200_000
        for code in LOCALES
        for act in ("upload", "sound")
    },
}

_POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
    "font-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_HEADERS: Final = (
    # With no-referrer a browser names "null" as the origin of a form, and origins are checked.
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_ALLOWED: Final = (
    "camera=(), microphone={microphone}, geolocation=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
# The one page that records and plays sound; a recording that is not sent yet is a blob.
_RECORDS: Final = re.compile(r"/console/translations/[a-z]{2}/sound(?:/[0-9a-f]{16})?")
_PLAYS: Final = "; media-src 'self' blob:"
_HEARS: Final = "; media-src 'self'"


class Readable:
    """Puts the sign for an unreadable character where a NUL is in an address.

    So does Starlette where there is no UTF-8; PostgreSQL refuses to look for a NUL.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Stands around the routes."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            asked = scope["query_string"].replace(b"%00", quote(UNREADABLE).encode())
            path = scope["path"].replace("\0", UNREADABLE)
            scope = {**scope, "path": path, "query_string": asked}
        await self._app(scope, receive, send)


class TooLong(Exception):
    """The body is longer than this page takes; nothing of it is kept."""


class Headers:
    """Puts a policy with a nonce of its own on every answer, also on those of a failure."""

    def __init__(self, app: ASGIApp) -> None:
        """Stands outside everything else."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; `request.state.nonce` is what its scripts and styles carry."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                records = _RECORDS.fullmatch(scope["path"]) is not None
                policy = _POLICY.format(nonce=nonce)
                hears = _HEARS if scope["state"].get("hears") else ""  # a page says that it plays
                headers["Content-Security-Policy"] = policy + (_PLAYS if records else hears)
                microphone = "(self)" if records else "()"
                headers["Permissions-Policy"] = _ALLOWED.format(microphone=microphone)
                for name, value in _HEADERS:
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, careful)


class Bounded:
    """Answers 413 as soon as a body is too long; what it declares is not believed."""

    def __init__(self, app: ASGIApp) -> None:
        """Stands around the routes."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length, longest = 0, MAX_FORMS.get(scope["path"], MAX_BODY)

        async def counted() -> Message:
            nonlocal length
            message = await receive()
            length += len(message.get("body", b""))
            if length > longest:
                raise TooLong
            return message

        try:
            await self._app(scope, counted, send)
        except TooLong:
            await Response(status_code=413)(scope, receive, send)
