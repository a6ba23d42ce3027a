"""What every page of the staff side needs, kept at the app and found by the request."""

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from console.entries import Entry
from console.rendering import Rendering
from console.site import Site
from handlers.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The handlers' tools, where we are reached, and how pages are made.

    `demo`: started with `--demo`, so that printed links sign people in (decisions 30).
    """

    desk: Desk
    site: Site
    rendering: Rendering
    entries: tuple[Entry, ...] = ()
    demo: bool = False


def frame_of(request: Request) -> Frame:
    """The frame that app/staff.py put there."""
    return cast(Frame, request.app.state.frame)
