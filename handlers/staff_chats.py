"""A messenger's chat of somebody who works here: linked with a code that was shown at the desk."""

import orjson

from handlers.desk import Desk
from handlers.messages import Address
from handlers.staff_accounts import Deed, account, codes_secret, deed
from handlers.staff_values import Account, StaffRefused, Why
from privacy.staff_codes import CHAT_BITS, grouped, keyed, lookup, new_code
from privacy.vault import SealBroken, open_sealed, seal
from storage import accounts, invites, staff_chats
from storage.invites import InviteRow
from storage.staff_chats import ChatRow
from storage.store import Turn

LINK_LIFE = 15 * 60.0  # seconds a code for a chat works
_KIND = "chat"
_RENEW = 30 * 86_400.0  # seconds: a chat in use is sealed anew about monthly
MOST_CHATS = 3  # of one person


async def new_link_code(desk: Desk, account: Account) -> str:
    """A code for the caseworkers' bot, shown at the desk; it links one chat within 15 minutes."""
    code = new_code(CHAT_BITS)
    row = InviteRow(
        code=lookup(await codes_secret(desk), _KIND, code),
        kind=_KIND,
        account=account.id,
        expires_at=desk.now() + LINK_LIFE,
    )

    async def act(turn: Turn) -> str:
        kept = await accounts.read(turn, account.id)
        if kept is None or kept.state != "active":
            raise StaffRefused(Why.UNKNOWN)
        await invites.keep(turn, row)
        return grouped(code)

    return await deed(desk, Deed(by=account.id, what="link_code"), act)


async def link_chat(desk: Desk, address: Address, code: str) -> Account | None:
    """Link the chat a code was typed in; None alike for every code that is none of ours."""
    secret = await codes_secret(desk)
    chat = _chat(secret, address)
    if not desk.door.codes.take(chat, desk.now()):
        return None
    async with desk.store.turn() as turn:
        hashed = lookup(secret, _KIND, code)
        row = await invites.look(turn, hashed, (_KIND,), desk.now())
    if row is None:
        return None

    async def act(turn: Turn) -> tuple[Account, tuple[str, ...]]:
        taken = await invites.take(turn, row.code, (_KIND,), desk.now())
        found = await account(turn, desk, taken.account) if taken else None
        if found is None or not found.works:
            raise StaffRefused(Why.CODE)
        useless = await _make_room(turn, desk, found.id)
        return found, (*useless, *await _keep(turn, desk, address, found.id))

    try:
        linked, useless = await deed(desk, Deed(by=row.account, what="link_chat"), act)
    except StaffRefused:
        return None
    desk.door.codes.forgive(chat)
    await desk.keystore.destroy(*useless)
    return linked


async def chat_account(turn: Turn, desk: Desk, address: Address) -> Account | None:
    """Who writes from this chat; None for strangers and for whoever does not work here now."""
    chat = _chat(await codes_secret(desk), address)
    row = await staff_chats.read(turn, chat, desk.now())
    found = await account(turn, desk, row.account) if row else None
    if row is None or found is None or not found.works:
        return None
    if row.expires_at - desk.now() < desk.keep.staff_chat - _RENEW:
        await _keep(turn, desk, address, found.id)
    return found


async def addresses_of(turn: Turn, desk: Desk, account_id: str) -> tuple[Address, ...]:
    """Every chat of an active account, to send word to."""
    kept = await accounts.read(turn, account_id)
    if kept is None or kept.state != "active":
        return ()
    rows = await staff_chats.of_account(turn, account_id, desk.now())
    found = [await _address(desk, row) for row in rows]
    return tuple(address for address in found if address)


async def unlink_chat(desk: Desk, address: Address) -> None:
    """This chat is nobody's any more."""
    chat = _chat(await codes_secret(desk), address)
    async with desk.store.turn() as turn:
        row = await staff_chats.read(turn, chat, desk.now())
    if row is None:
        return

    async def act(turn: Turn) -> tuple[str, ...]:
        return await staff_chats.drop(turn, chat)

    useless = await deed(desk, Deed(by=row.account, what="unlink_chat"), act)
    await desk.keystore.destroy(*useless)


async def unlink_chats(desk: Desk, account: Account) -> int:
    """All chats of a person are nobody's any more; how many there were."""

    async def act(turn: Turn) -> tuple[str, ...]:
        return await staff_chats.drop_all(turn, account.id)

    useless = await deed(desk, Deed(by=account.id, what="unlink_chats"), act)
    await desk.keystore.destroy(*useless)
    return len(useless)


async def _keep(turn: Turn, desk: Desk, address: Address, account_id: str) -> tuple[str, ...]:
    """Seal the address under a fresh key; names of keys that are of no use now."""
    chat = _chat(await codes_secret(desk), address)
    until = desk.now() + desk.keep.staff_chat
    name, key = await desk.keystore.new(until)
    content = orjson.dumps([address.channel, address.id])
    row = ChatRow(
        chat=chat,
        account=account_id,
        key=name,
        sealed=seal(key, content, _place(chat)),
        expires_at=until,
    )
    return await staff_chats.keep(turn, row)


async def _make_room(turn: Turn, desk: Desk, account_id: str) -> tuple[str, ...]:
    """Of more than three chats those not used for longest are unlinked."""
    rows = await staff_chats.of_account(turn, account_id, desk.now())
    oldest = sorted(rows, key=lambda row: row.expires_at)
    useless: tuple[str, ...] = ()
    for row in oldest[: max(0, len(rows) - MOST_CHATS + 1)]:
        useless += await staff_chats.drop(turn, row.chat)
    return useless


async def _address(desk: Desk, row: ChatRow) -> Address | None:
    key = await desk.keystore.get(row.key)
    try:
        content = orjson.loads(open_sealed(key, row.sealed, _place(row.chat))) if key else None
    except SealBroken:
        return None
    return Address(content[0], content[1]) if content else None


def _chat(secret: bytes, address: Address) -> str:
    return keyed(secret, "chat", f"{address.channel}\x00{address.id}")


def _place(chat: str) -> str:
    return f"staff_chats/{chat}"
