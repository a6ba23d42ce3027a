"""Reads a request's body no further than it may be long."""

from fastapi import Request


async def body_within(request: Request, limit: int) -> bytes | None:
    """The body, or None as soon as it is past `limit` bytes; what is declared is not believed."""
    body, whole = await body_up_to(request, limit)
    return body if whole else None


async def body_up_to(request: Request, limit: int) -> tuple[bytes, bool]:
    """The first `limit` bytes of the body, and whether that is all of it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return bytes(body[:limit]), False
    return bytes(body), True
