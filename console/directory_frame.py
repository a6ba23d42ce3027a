"""What the pages of the directory share: who may see them, their addresses, the way there."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from console.directory_words import words_of
from console.frame import frame_of
from console.guard import signed_in
from console.pages import page
from handlers.directory_list import CURATES
from handlers.staff import SignedIn

PATH: Final = "/console/directory"
# The pages beside one another; what leads on is a phrase `dir.way.<name>`.
WAYS: Final[Mapping[str, str]] = {
    "list": PATH,
    "queue": f"{PATH}/queue",
    "areas": f"{PATH}/areas",
    "new": f"{PATH}/new",
    "files": f"{PATH}/files",
    "gaps": f"{PATH}/gaps",
    "answers": f"{PATH}/answers",
}

Curates = Annotated[SignedIn, Depends(signed_in(*CURATES))]
Freshly = Annotated[SignedIn, Depends(signed_in(*CURATES, fresh=True))]


async def shown(
    request: Request, signed: SignedIn, template: str, status: int = 200, **more: object
) -> Response:
    """A page of the directory; `words` says everything in the reader's language."""
    desk = frame_of(request).desk
    told: dict[str, object] = {
        "words": await words_of(desk, signed),
        "dir_ways": WAYS,
        "path": PATH,
    }
    return page(request, template, signed, status, **(told | more))
