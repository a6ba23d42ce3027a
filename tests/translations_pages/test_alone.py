"""Whatever one person posts to these pages, no text gets past the gate by her alone (R74)."""

import random

import httpx
import pytest

from handlers.desk import Desk
from handlers.drafts import open_draft
from handlers.editions import ungiven
from referrals.roles import Role
from tests.proving import Proof
from tests.translations_pages.people import Worker, text_in, worker
from tests.translations_pages.sounds import ogg

PLACES = ("fr.1", "fr.72", "dn.1", "sv.1", "tk.1")
ROLES = (Role.TRANSLATOR, Role.REVIEWER, Role.COORDINATOR)


@pytest.mark.timeout(3600)
@pytest.mark.asyncio(loop_scope="package")
async def test_R74_one_person_alone_gets_nothing_past_the_gate(
    desk: Desk, transport: httpx.ASGITransport, proof: Proof
) -> None:
    draw, past = random.Random(74), 0
    tries = proof.count(300, quick=2)
    for number in range(tries):
        role = ROLES[number % len(ROLES)]
        async with worker(desk, transport, role, f"One {number}", "km") as alone:
            alone.draft = (await open_draft(desk, alone.account, "Alone")).id
            text = await text_in(desk, "", "km", draw.choice(PLACES))
            if draw.random() < 0.5:
                await alone.writes(text, f"{text.text} បាទ")
            else:
                await _records(alone, text.id)
            for _ in range(draw.randint(1, 4)):
                await _acts(alone, draw, text.context)
            draft = await alone.open_draft()
            past += bool(draft.items) and not await ungiven(desk, alone.draft)

    assert past == 0
    proof.figure(f"{past} of {tries} people alone got past")


async def _acts(alone: Worker, draw: random.Random, place: str) -> None:
    """One more thing that the pages offer, with a form made by hand."""
    text = await text_in(alone.desk, alone.draft, "km", place)
    item = next(iter((await alone.open_draft()).items), None)
    seen = str(item.version if item else 0)
    match draw.randrange(4):
        case 0:
            await alone.signs(text)
        case 1:
            await alone.translates_back(text, "What it says.")
        case 2:
            value = item.value if item and isinstance(item.value, dict) else {}
            digest = str(value.get("clip", ""))
            await alone.sends("/km/accept", text=text.id, digest=digest, seen=seen)
        case _:
            mark = {"mark": text.mark, "seen": seen, "signed_by": "x", "written_by": "x"}
            await alone.sends(f"/km/{text.id}/sign", **mark)


async def _records(alone: Worker, text_id: str) -> None:
    page = await alone.sees(f"/km/sound/{text_id}")
    mark = page.partition('name="mark" value="')[2].partition('"')[0]
    fields = {"text": text_id, "mark": mark, "seen": "0"}
    await alone.sends_file("/km/sound", ("a.ogg", ogg()), **fields)
