"""The page: what the phone shows, what stands below it, and that nothing of it is left."""

import pytest
from sqlalchemy import func, select

from handlers.desk import Desk
from referrals.roles import Role
from storage.rows import metadata
from tests.editions.people import change, person
from tests.simulator.trying import PATH, tries
from tests.trees_console.people import Editor, editor


async def rows(desk: Desk) -> dict[str, int]:
    """How many rows every table has."""
    async with desk.store.turn() as turn:
        return {
            table.name: (await turn.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


@pytest.mark.asyncio(loop_scope="package")
async def test_a_draft_is_walked_with_back_and_leave(ann: Editor) -> None:
    await ann.saves("fr.1", {"say": "Is your friend in danger now?"})
    first = await tries(ann, node="fr.1", locale="en")
    second = await first.taps("fr.2")
    back = await second.taps("row:back")
    left = await back.taps("row:leave")

    assert "Is your friend in danger now?" in first.text
    assert (first.node, second.node, back.node) == ("fr.1", "fr.2", "fr.1")
    assert f"/console/trees/fr?draft={ann.draft}&node=fr.2#node" in second.text
    assert "The talk is over and forgotten." in left.text
    assert left.keys == {}


@pytest.mark.asyncio(loop_scope="package")
async def test_nothing_of_a_walk_is_kept_or_counted(ann: Editor) -> None:
    desk, phone = ann.desk, await tries(ann, live=True, node="sh.move.show", locale="km")
    before = await rows(desk)
    for target in ("sh.move.again", "row:menu", "row:leave"):
        phone = await phone.taps(target)
    searched = await tries(ann, live=True, node="fr.now", locale="en")
    await searched.sends(("do", "type"), ("words", "he has a knife"))

    assert await rows(desk) == before


@pytest.mark.asyncio(loop_scope="package")
async def test_typed_words_are_not_given_back(ann: Editor) -> None:
    phone = await tries(ann, node="fr.1", locale="en")
    said = await phone.sends(("do", "type"), ("words", "my sister Malee is gone"))

    assert said.answer.status_code == 200
    assert "Malee" not in said.text


@pytest.mark.asyncio(loop_scope="package")
async def test_flags_can_be_set_and_are_shown(ann: Editor) -> None:
    phone = await tries(ann, node="sv.q", locale="th")
    child = await phone.sends(("flag", "age_u15"), ("flag", "no_papers"), ("flag", "made_up"))

    assert phone.node == "sv.q"
    assert child.node == "ch.hurt"
    assert "You asked for sv.q." in child.text
    assert '<span class="role" lang="en">no_papers</span>' in child.text
    assert "made_up" not in child.text


@pytest.mark.asyncio(loop_scope="package")
async def test_a_place_brings_its_country(ann: Editor) -> None:
    phone = await tries(ann, node="fr.1", locale="en")
    place = ann.desk.places.provinces("KH")[0].id
    there = await phone.sends(place=place)

    assert '<span class="role" lang="en">in_KH</span>' in there.text


@pytest.mark.asyncio(loop_scope="package")
async def test_one_step_back_is_one_tap_less(ann: Editor) -> None:
    phone = await (await tries(ann, node="fr.1", locale="en")).taps("fr.2")
    back = await phone.sends(("do", "undo"))

    assert back.node == "fr.1"
    assert dict(back.state)["taps"] == ""


@pytest.mark.asyncio(loop_scope="package")
async def test_what_is_not_there_is_not_found(ann: Editor) -> None:
    assert (await tries(ann, node="fr.999")).answer.status_code == 404
    assert (await ann.client.get(f"{PATH}?draft=d-none")).status_code == 404


@pytest.mark.asyncio(loop_scope="package")
async def test_odd_fields_do_no_harm(ann: Editor) -> None:
    phone = await tries(ann, node="fr.1", locale="en")
    for tap in ("to:", "offer:x", "row:start", "place:", "sign:no", "::", "to:" + "x" * 5000):
        odd = await phone.sends(("tap", tap))

        assert odd.answer.status_code == 200
        assert odd.node == "fr.1"
        assert dict(odd.state)["taps"] == ""


@pytest.mark.asyncio(loop_scope="package")
async def test_what_she_hears_is_played_where_there_is_a_recording(ann: Editor) -> None:
    speaker = await person(ann.desk, Role.COORDINATOR)
    clip = {"clip": "a" * 64, "text": "b" * 16, "by": speaker.id, "listened_by": "", "seconds": 3}
    await change(ann.desk, speaker, ann.draft, "clip", "km/fr.1", clip)
    heard = await tries(ann, node="fr.1", locale="km")
    silent = await tries(ann, node="fr.1", locale="th")

    assert f'src="/console/translations/km/heard/{"a" * 64}"' in heard.text
    assert "media-src 'self'" in heard.answer.headers["content-security-policy"]
    assert "<audio" not in silent.text
    assert "media-src" not in silent.answer.headers["content-security-policy"]


@pytest.mark.asyncio(loop_scope="package")
async def test_a_translator_tries_but_keeps_no_test(ann: Editor, desk: Desk) -> None:
    transport = ann.client._transport
    async with editor(desk, transport, Role.TRANSLATOR, "Tan") as tan:  # type: ignore[arg-type]
        phone = await tries(tan, live=True, node="fr.1", locale="en")
        kept = await phone.sends(("name", "Mine"), then="/keep")

    assert phone.node == "fr.1"
    assert "Keep as a test" not in phone.text
    assert kept.answer.status_code == 403
