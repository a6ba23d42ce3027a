"""From which network a request comes, for counting tries; it is never kept."""

from ipaddress import ip_address

from fastapi import Request

from console.frame import frame_of
from handlers.staff import network_of as network


def network_of(request: Request) -> str:
    """The network of the caller; behind our own proxy, of whom the proxy says it calls for.

    The last name in the header is the one that the proxy itself wrote. Without an address of our
    own there is no proxy, and whoever sends the header made it up.
    """
    host = request.client.host if request.client else ""
    passed_on = request.headers.get("x-forwarded-for", "")
    if frame_of(request).site.origin and passed_on and _is_here(host):
        host = passed_on.rpartition(",")[2].strip()
    return network(host)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
