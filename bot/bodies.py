"""Reads a request's body no further than it may be long."""

from fastapi import Request


async def body_within(request: Request, limit: int) -> bytes | None:
    """The body, or None as soon as it is past `limit` bytes; what is declared is not believed."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)
