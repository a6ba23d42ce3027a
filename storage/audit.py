"""The audit chain as rows: written with the act it tells of, read in order, dropped by age."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from privacy.anchors import NEVER, SIGNING_KEY, AnchorFaulty, Signed, check, dump, load, sign
from privacy.audit import BEGINNING, Entry, Place, Reader, StaffAct, chained
from privacy.audit import link as salted
from privacy.keystore import KeyStore
from storage.rows import audit, audit_links, audit_starts
from storage.store import Store, one_at_a_time

_PAGE = 2_000  # entries read in one transaction: on SQLite each holds up every writer


async def record(turn: AsyncConnection, *acts: StaffAct, at: float) -> None:
    """Write down what is done in this same turn: both are kept, or neither.

    Call it last in the turn. From here to the commit nobody else writes to the chain, so that
    order is sequence, and whoever waits for us must not hold what we still want.
    """
    await one_at_a_time(turn, "audit")
    place = await head(turn)
    entries = []
    for act in acts:
        entry = chained(place, act, at)
        entries.append(asdict(entry))
        place = entry.place
    if entries:
        await turn.execute(insert(audit), entries)


async def head(turn: AsyncConnection) -> Place:
    """How far the chain goes now; where it starts, when it holds no entry."""
    newest = select(audit.c.seq, audit.c.hash, audit.c.at).order_by(audit.c.seq.desc()).limit(1)
    row = (await turn.execute(newest)).mappings().first()
    if row is not None:
        return Place(**row)
    signed = await start(turn)
    return signed.place if signed else BEGINNING


async def start(turn: AsyncConnection) -> Signed | None:
    """Where the chain begins once entries were dropped. Raises AnchorFaulty."""
    kept = (await turn.execute(select(audit_starts.c.signed))).scalars().all()
    if len(kept) > 1:
        raise AnchorFaulty
    return load(kept[0].encode()) if kept else None


async def sign_start_again(turn: AsyncConnection, keystore: KeyStore, now: float) -> None:
    """After a backup was put back beside a new key store: its chain begins where it began."""
    seed, begin = await signing_seed(keystore), await start(turn)
    try:
        if begin is not None:
            check(seed, begin)
    except AnchorFaulty:
        signed = dump(sign(seed, "start", begin.place, now)).decode() if begin else ""
        await turn.execute(update(audit_starts).values(signed=signed))


async def pages(store: Store, after: int) -> AsyncIterator[Sequence[Entry]]:
    """Every entry after that number, in order; each page is a turn of its own."""
    while True:
        async with store.turn() as turn:
            found = await turn.execute(
                select(*audit.columns)
                .where(audit.c.seq > after)
                .order_by(audit.c.seq)
                .limit(_PAGE)
            )
            page = [Entry(**row) for row in found.mappings()]
        if not page:
            return
        yield page
        after = page[-1].seq


async def number(turn: AsyncConnection, until: int) -> int:
    """How many entries there are with numbers up to this one."""
    counted = select(func.count()).select_from(audit).where(audit.c.seq <= until)
    return (await turn.execute(counted)).scalar_one()


async def signing_seed(keystore: KeyStore) -> bytes:
    """The secret that signs anchors and starts; made when it is first wanted."""
    return await keystore.make(SIGNING_KEY, NEVER)


async def link(
    turn: AsyncConnection, keystore: KeyStore, kind: str, object_id: str, until: float
) -> str:
    """What stands in an act for a thing about a person, salted with a key of the key store.

    The salt destroyed, the link means nothing in every copy and backup, and the chain holds all
    the same. It lives until `until` at the latest; `close` says when it goes sooner.
    """
    await one_at_a_time(turn, "audit")
    same = (audit_links.c.kind == kind, audit_links.c.object == object_id)
    name = (await turn.execute(select(audit_links.c.key).where(*same))).scalar_one_or_none()
    salt = await keystore.get(name) if name else None
    if salt is None:
        name, salt = await keystore.new(until)
        row = {"kind": kind, "object": object_id, "key": name, "expires_at": until}
        await turn.execute(delete(audit_links).where(*same))
        await turn.execute(insert(audit_links).values(row))
    return salted(salt, kind, object_id)


async def close(turn: AsyncConnection, kind: str, object_id: str, cut_at: float) -> None:
    """The thing is closed: from `cut_at` on nobody can tell which acts were about it."""
    await turn.execute(
        update(audit_links)
        .where(audit_links.c.kind == kind, audit_links.c.object == object_id)
        .values(expires_at=cut_at)
    )


async def cut_links(store: Store, keystore: KeyStore, now: float) -> int:
    """Destroy the salts whose time is over, and then drop what names them; how many."""
    over = audit_links.c.expires_at < now
    async with store.turn() as turn:
        salts = tuple((await turn.execute(select(audit_links.c.key).where(over))).scalars())
    if salts:
        await keystore.destroy(*salts)
        async with store.turn() as turn:
            await turn.execute(delete(audit_links).where(over, audit_links.c.key.in_(salts)))
    return len(salts)


async def drop_old(turn: AsyncConnection, keystore: KeyStore, oldest: float, now: float) -> int:
    """Drop the entries before the first that is younger than `oldest`; how many.

    Only a chain that holds is shortened: an altered date must not get an entry dropped. Raises
    AnchorFaulty where it does not.
    """
    first = select(audit.c.at).order_by(audit.c.seq).limit(1)
    at = (await turn.execute(first)).scalar_one_or_none()
    if at is None or at >= oldest:
        return 0
    await one_at_a_time(turn, "audit")
    younger = select(audit.c.seq).where(audit.c.at >= oldest).order_by(audit.c.seq).limit(1)
    until = (await turn.execute(younger)).scalar_one_or_none()
    old = select(*audit.columns).order_by(audit.c.seq)
    found = await turn.execute(old if until is None else old.where(audit.c.seq < until))
    seed, begin = await signing_seed(keystore), await start(turn)
    if begin is not None:
        check(seed, begin)
    reader = Reader(place=begin.place if begin else BEGINNING)
    reader.read(Entry(**row) for row in found.mappings())
    if reader.fault is not None:
        raise AnchorFaulty
    signed = dump(sign(seed, "start", reader.place, now)).decode()
    await turn.execute(delete(audit_starts))
    await turn.execute(insert(audit_starts).values(seq=reader.place.seq, signed=signed))
    gone = await turn.execute(delete(audit).where(audit.c.seq <= reader.place.seq))
    return gone.rowcount
