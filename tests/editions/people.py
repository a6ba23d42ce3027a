"""Staff of the network in tests: fictional accounts, as the rows know them."""

from typing import Any

from handlers.desk import Desk
from handlers.draft_values import Change, Item, Kind, Value
from handlers.drafts import contents, draft, save
from handlers.staff import Account, DemoPerson, demo_account
from referrals.roles import Role


async def person(desk: Desk, *roles: Role, name: str = "Somebody") -> Account:
    """Somebody of the network with these roles, a coordinator where none is named."""
    wanted = DemoPerson(roles=frozenset(roles or {Role.COORDINATOR}), organisation="", name=name)
    return await demo_account(desk, wanted)


async def node_of(desk: Desk, draft_id: str | None, key: str) -> dict[str, Any]:
    """A node's mapping as a draft has it, or the live edition."""
    found = (await contents(desk, draft_id)).value("node", key)
    assert isinstance(found, dict)
    return found


async def change(  # noqa: PLR0917  # what is changed, by whom, to what
    desk: Desk, who: Account, draft_id: str, kind: Kind, key: str, value: Value
) -> Item:
    """Save it over whatever the draft has there now."""
    known = await draft(desk, who, draft_id)
    seen = known.item(kind, key) if known else None
    version = seen.version if seen else 0
    return await save(desk, who, draft_id, Change(kind=kind, key=key, value=value, seen=version))


async def says(desk: Desk, who: Account, draft_id: str, key: str, words: str) -> Item:
    """Change what a node says."""
    node = await node_of(desk, draft_id, key)
    return await change(desk, who, draft_id, "node", key, {**node, "say": words})
