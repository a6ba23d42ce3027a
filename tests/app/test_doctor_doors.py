"""`saphan doctor` tells whether a messenger calls us, another address, or nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.doctor_doors import of_doors
from bot.door import Look
from tests.channels.example_door import DOOR, ExampleDoor, WithExample

OURS = "https://info.example/hooks/example"


@pytest.mark.parametrize(
    ("calls", "ok", "words"),
    [
        (OURS, True, f"calls {OURS}, signed"),
        (None, True, f"calls {OURS}, signed"),  # a platform that does not tell
        ("https://other.example/hooks/example", False, "but calls another address than ours"),
        ("", False, "but calls nobody"),  # as whoever has the token leaves it to read by himself
    ],
)
async def test_a_messenger_that_does_not_call_us_is_named(
    tmp_path: Path, calls: str | None, ok: bool, words: str
) -> None:
    class Told(ExampleDoor):
        async def look(self) -> Look:
            return Look(hook=calls, name="Info")

    given = {"home": tmp_path, "example_token": "t" * 20, "public_url": "https://info.example"}
    settings = WithExample.model_validate(given)
    known = {"example": replace(DOOR, open=Told)}
    (found,) = [one async for one in of_doors(settings, known=known)]

    assert found.ok is ok
    assert words in found.found
    assert ("runbook" in found.do) is not ok
