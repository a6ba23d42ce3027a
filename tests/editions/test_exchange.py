"""An edition out as a file and in again as a draft; what an update of the program brings."""

import json
from dataclasses import replace
from datetime import date

import pytest
from babel.messages.catalog import Message

from handlers.desk import Desk
from handlers.draft_values import NotAllowed
from handlers.drafts import contents, differences
from handlers.edition_content import PHRASES, Content, shipped_files
from handlers.edition_exchange import bundle_files
from handlers.editions import (
    came_with_the_program,
    export_zip,
    import_zip,
    roll_back,
    take_over,
    ungiven,
)
from privacy.archives import packed
from referrals.roles import Role
from storage import editions as rows
from tests.editions.people import person
from tests.editions.signing import at_work, published, unhurried
from tests.proving import all_on_one
from translations.review import Signature, sign
from translations.translator import Translator

pytestmark = all_on_one("sqlite")

NODE = "fr.1"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    return unhurried(desk)


async def test_an_edition_comes_back_as_a_draft_of_exactly_its_changes(desk: Desk) -> None:
    await published(desk, NODE, "Words of edition two.")
    coordinator = await person(desk)
    content = await export_zip(desk, 2)
    await roll_back(desk, at_work(desk, coordinator), 1)
    made = await import_zip(desk, coordinator, content)
    english = [one for one in await differences(desk, made.id) if one.kind != "text"]

    assert [(one.kind, one.key) for one in english] == [("node", NODE)]
    book = (await contents(desk, made.id)).book
    assert book is not None
    assert book.nodes[NODE].say == "Words of edition two."


async def test_what_is_live_already_makes_no_draft(desk: Desk) -> None:
    await published(desk, NODE, "Words of edition two.")
    coordinator = await person(desk)

    with pytest.raises(NotAllowed) as refused:
        await import_zip(desk, coordinator, await export_zip(desk, 2))
    assert refused.value.reason == "edition.nothing"


async def test_a_file_cannot_change_what_belongs_to_the_program(desk: Desk) -> None:
    """Rules, staff texts and code are no part of an edition; rules in a file are not read."""
    coordinator = await person(desk)
    files = {name: text.encode() for name, text in shipped_files().items()}
    files["trees/rules.yaml"] = b"screens: {}\n"
    with pytest.raises(NotAllowed) as refused:
        await import_zip(desk, coordinator, packed(files))

    assert refused.value.reason == "edition.nothing"


async def test_translations_of_a_file_are_signed_here_anew(desk: Desk) -> None:
    coordinator = await person(desk)
    files = {name: text.encode() for name, text in shipped_files().items()}
    before = Content(shipped_files(), desk.shelf.shipped, live=False).catalogues["km"]
    words = next(str(m.string) for m in before if m.id and m.string and (m.context == NODE))
    changed = files["translations/km.po"].replace(words.encode(), f"{words} ។".encode())
    made = await import_zip(desk, coordinator, packed({**files, "translations/km.po": changed}))

    assert {one.what for one in await ungiven(desk, made.id)} == {
        "signature",
        "back_translation",
    }


async def test_signatures_of_a_file_do_not_count_even_where_a_reviewer_brings_it(
    desk: Desk,
) -> None:
    files = {name: text.encode() for name, text in shipped_files().items()}
    there = Content(shipped_files(), desk.shelf.shipped, live=False).catalogues["km"]
    message = next(m for m in there if m.id and m.string and m.context == NODE)
    signed = Message(message.id, string=message.string, context=message.context)
    sign(signed, Signature("somebody", date(2026, 11, 1)))
    line = f'#. class B\n# {signed.user_comments[0]}\nmsgctxt "{NODE}"\n'
    po = files["translations/km.po"].decode()
    changed = po.replace(f'msgctxt "{NODE}"\n', line, 1)
    assert changed != po
    theirs = packed({**files, "translations/km.po": changed.encode()})
    with pytest.raises(NotAllowed) as refused:
        await import_zip(desk, await person(desk, Role.COORDINATOR, Role.REVIEWER), theirs)

    assert refused.value.reason == "edition.nothing"


async def test_an_update_of_the_program_is_taken_over_as_a_draft(desk: Desk) -> None:
    coordinator = await person(desk)
    nothing = await came_with_the_program(desk)
    await published(desk, NODE, "Words of edition two.")
    same = await came_with_the_program(desk)
    older = {**shipped_files()}
    older[PHRASES] = older[PHRASES].replace("row.leave: Leave", "row.leave: Go")
    row = rows.EditionRow(number=-1, state="shipped", document=json.dumps(older))
    async with desk.store.turn() as turn:
        await rows.replace_bundle(turn, row, b"")
    live = await contents(desk, None)
    desk.workshop.editions[desk.shelf.live.book.edition] = Content(
        {**live.files, PHRASES: older[PHRASES]}, desk.shelf.shipped, live=False, number=2
    )
    offered = await came_with_the_program(desk)
    made = await take_over(desk, coordinator)

    assert (nothing, same) == (0, 0)
    assert offered >= 1
    assert ("phrase", "row.leave", "Leave") in [(i.kind, i.key, i.value) for i in made.items]
    assert await came_with_the_program(desk) == 0
    assert await ungiven(desk, made.id) == ()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.TRANSLATOR, Role.SPECIALIST])
async def test_only_coordinators_take_an_edition_in(desk: Desk, role: Role) -> None:
    with pytest.raises(NotAllowed):
        await import_zip(desk, await person(desk, role), packed({"x": b""}))


def test_a_bundle_has_only_files_of_an_edition() -> None:
    files = {name: text.encode() for name, text in shipped_files().items()}

    assert bundle_files(packed(files)) == shipped_files()


def test_in_live_mode_an_edition_says_only_what_a_native_reviewer_signed(desk: Desk) -> None:
    live = Content(shipped_files(), desk.shelf.shipped, live=True)
    trial = replace(desk.shelf.shipped)

    assert live.translator.catalogues["km"] == Translator.read(live=True).catalogues["km"]
    assert live.translator.catalogues["km"] != trial.translator.catalogues["km"]
