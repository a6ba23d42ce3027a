"""As much as a whole region will ever have: 5,000 services, 10,000 referrals, what staff did."""

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Table, insert

from app.bench_services import generated
from app.settings import Settings
from directory import moves
from directory.entry import Entry, Who
from directory.moves import Found
from directory.service import Service
from directory.truth import Method, Result, Truth
from handlers import case_file
from handlers.desk import Desk
from handlers.draft_values import text_key
from handlers.drafts import open_draft
from privacy.audit import StaffAct
from privacy.vault import new_key, open_sealed, seal
from referrals.roles import Role
from storage import audit, referrals, rows
from storage.keys import KeyTable
from storage.referrals import Row
from storage.store import Turn
from tests.casework.scene import Scene
from tests.editions.people import change, person
from tests.proving import FULL

WHOLE = bool(os.environ.get(FULL))  # else a part of it, so that making it takes seconds
SERVICES, REFERRALS = (5_000, 10_000) if WHOLE else (1_000, 1_000)
ACTS = 6 * REFERRALS  # in the chain of what staff did
AT_ONCE = 500
CALLED = Found(method=Method.CALL, result=Result.OK, of="proposed")
_TRUTH: TypeAdapter[Truth] = TypeAdapter(Truth)
_SERVICE: TypeAdapter[Service] = TypeAdapter(Service)
Values = dict[str, Any]


async def fill_region(desk: Desk, settings: Settings, scene: Scene) -> None:
    """Put all of it beside what the demo has; rows are as the acts of people leave them."""
    await _directory(desk)
    await _referrals(desk, settings, await _patterns(desk, scene))
    async with desk.store.turn() as turn:
        for _ in range(0, ACTS, AT_ONCE):
            acts = [_act(scene.caseworker.id) for _ in range(AT_ONCE)]
            await audit.record(turn, *acts, at=desk.now())


async def translated(desk: Desk, node: str) -> str:
    """A draft in which a translation was written, more to look at than a node's; its id."""
    who = await person(desk, Role.TRANSLATOR, name="Translator")
    made = await open_draft(desk, who, "Khmer words")
    english = desk.book.nodes[node].say
    value = {"context": node, "msgid": english, "text": "ពាក្យថ្មី។", "comments": []}
    await change(desk, who, made.id, "text", text_key("km", node, english), value)
    return made.id


async def _directory(desk: Desk) -> None:
    """One service of seven is proposed and waits for its check."""
    at, contents, truths = desk.clock(), list[Values](), list[Values]()
    for number, one in enumerate(generated(SERVICES)):
        entry = moves.propose(Entry(), Who(by="ma.1", at=at), one)
        if number % 7:
            entry = moves.verify(entry, Who(by="so.2", at=at), CALLED)
        if entry.service is not None:
            contents.append({"id": one.id, "document": _SERVICE.dump_json(entry.service).decode()})
        acts = _TRUTH.dump_json(entry.truth).decode()
        truths.append({"service": one.id, "document": acts, "version": 1})
    async with desk.store.turn() as turn:
        await _put(turn, rows.services, contents)
        await _put(turn, rows.truths, truths)


async def _patterns(desk: Desk, scene: Scene) -> Sequence[Row]:
    """One referral of each age: being asked, sent, accepted, met, closed."""
    views = [
        await scene.asked(await scene.draft()),
        await scene.sent(),
        await scene.accepted(),
        await scene.met(),
        await scene.closed(),
    ]
    async with desk.store.turn() as turn:
        found = [await referrals.read(turn, one.id) for one in views]
    return [row for row in found if row is not None]


async def _referrals(desk: Desk, settings: Settings, patterns: Sequence[Row]) -> None:
    """Copies of these, each with a name, a key and a share of its own, sealed anew for it."""
    opened = [await _inside(desk, row) for row in patterns]
    root, keys, copies = settings.root_key(), list[Values](), list[Values]()
    for number in range(REFERRALS):
        row, inside = opened[number % len(opened)]
        due_at = row.due_at + number if row.due_at else None
        copy = replace(row, id=secrets.token_hex(16), document=_named(row, number), due_at=due_at)
        if row.key:
            key, names = new_key(), (secrets.token_hex(16), secrets.token_hex(16))
            sealed = seal(key, inside, f"referrals/{copy.id}")
            copy = replace(copy, sealed=sealed, key=names[0], share=names[1])
            for name, value in zip(names, (key, new_key()), strict=True):
                wrapped = seal(root, value, f"keys/{name}")
                keys.append({"name": name, "wrapped": wrapped, "expires_at": row.expires_at})
        copies.append(_values(copy))
    table = KeyTable(settings.keystore())
    async with table.engine.begin() as connection:
        await _put(connection, rows.keys, keys)
    await table.close()
    async with desk.store.turn() as turn:
        await _put(turn, rows.referrals, copies)


async def _inside(desk: Desk, row: Row) -> tuple[Row, bytes]:
    """The row, and what is sealed of it; after an end nothing is."""
    key = await desk.keystore.get(row.key) if row.key else None
    return row, open_sealed(key, row.sealed, f"referrals/{row.id}") if key else b""


def _named(row: Row, number: int) -> str:
    """What stands in clear, with another name for people to call it by."""
    code = case_file.clear_of(row).clear.code
    return row.document.replace(f'"code":"{code}"', f'"code":"{number:06}"')


def _values(row: Row) -> Values:
    return {name: getattr(row, name) for name in Row.__slots__}


def _act(by: str) -> StaffAct:
    """Somebody looked at a referral, whose name stands there as a link."""
    return StaffAct(by=by, what="referral.look", kind="referral", object=secrets.token_hex(32))


async def _put(turn: Turn, table: Table, values: Iterable[Values]) -> None:
    every = list(values)
    for start in range(0, len(every), AT_ONCE):
        await turn.execute(insert(table), every[start : start + AT_ONCE])
