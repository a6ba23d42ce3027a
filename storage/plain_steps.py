"""Plain steps of several people: read with one statement, kept with one (docs/performance.md).

A step is kept whole, or nothing of it: where its delivery was seen before, or where its
conversation is not the one that was read, it is not among those named as kept.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from storage.conversations import Row
from storage.counts import Key
from storage.mail import Letter
from storage.store import Store

_COUNTED = ("person", "week", "what", "name", "country", "locale", "number")
_READ_SQLITE = """
    SELECT person, "key", sealed, expires_at, version FROM conversations
    WHERE person IN (SELECT value FROM json_each(?))"""
_READ_POSTGRESQL = """
    SELECT person, key, sealed, expires_at, version FROM conversations WHERE person = ANY(%s)"""

# SQLite: a few statements in one transaction, and nobody else writes meanwhile. The rows lie in a
# table of this connection's own memory (temp_store, storage/store.py) while it lasts.
_GIVEN = """
    CREATE TEMP TABLE IF NOT EXISTS given (
        person, version, ends, event, seen_until, walk_at, walk_long, "key", due, mail_at,
        mail_long, mail_ends, rank)"""
_GIVE = """
    INSERT INTO given
    SELECT json_extract(value, '$.person'), json_extract(value, '$.version'),
           json_extract(value, '$.ends'), json_extract(value, '$.event'),
           json_extract(value, '$.seen_until'), json_extract(value, '$.walk_at'),
           json_extract(value, '$.walk_long'), json_extract(value, '$.key'),
           json_extract(value, '$.due'), json_extract(value, '$.mail_at'),
           json_extract(value, '$.mail_long'), json_extract(value, '$.mail_ends'),
           json_extract(value, '$.rank')
    FROM json_each(:given)"""
_WALKS = """
    UPDATE conversations
    SET sealed = substr(:blobs, walk_at, walk_long), expires_at = ends, version = given.version + 1
    FROM given
    WHERE conversations.person = given.person AND conversations.version = given.version
      AND NOT EXISTS (SELECT 1 FROM seen WHERE seen.event = given.event)
    RETURNING person"""
_LOST = "DELETE FROM given WHERE person NOT IN (SELECT value FROM json_each(:kept))"
_SEEN = """
    INSERT INTO seen (event, expires_at)
    SELECT event, seen_until FROM given WHERE event IS NOT NULL"""
# Version 3: it is being sent just now (_IN_HAND in storage/mail.py).
_HURRIED = """
    UPDATE mail
    SET rank = 0, due_at = CASE mail.version WHEN 3 THEN due_at ELSE min(due_at, given.due) END
    FROM given WHERE kind = 'show' AND mail.person = given.person AND given.rank = 0"""
_MAIL = """
    INSERT INTO mail (person, kind, "key", sealed, due_at, expires_at, rank, version)
    SELECT person, 'show', "key", substr(:blobs, mail_at, mail_long), due, mail_ends, rank, 1
    FROM given WHERE "key" IS NOT NULL"""
_COUNTS = """
    INSERT INTO counts (week, what, name, country, locale, number)
    SELECT json_extract(value, '$.week'), json_extract(value, '$.what'),
           json_extract(value, '$.name'), json_extract(value, '$.country'),
           json_extract(value, '$.locale'), sum(json_extract(value, '$.number'))
    FROM json_each(:counted)
    WHERE json_extract(value, '$.person') IN (SELECT person FROM given)
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT DO UPDATE SET number = number + excluded.number"""
_AFTERWARDS = (_LOST, _SEEN, _HURRIED, _MAIL, _COUNTS, "DELETE FROM given", "COMMIT")

# PostgreSQL: one statement. Who is in a turn of their own just now is left to that turn
# (`one_at_a_time`), so this waits for nobody but for counts, which all add in one order.
_KEEP_POSTGRESQL = """
    WITH given AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(given)s::jsonb) AS g(
            today text, person text, version int, ends float8, event text, seen_until float8,
            walk_at int, walk_long int, key text, mail_at int, mail_long int, due float8,
            mail_ends float8, rank smallint)),
    alone AS MATERIALIZED (
        SELECT * FROM given WHERE pg_try_advisory_xact_lock(hashtextextended(today, 0))),
    held AS MATERIALIZED (
        SELECT alone.* FROM alone JOIN conversations c ON c.person = alone.person
        WHERE c.version = alone.version ORDER BY alone.person FOR UPDATE OF c),
    fresh AS (
        INSERT INTO seen (event, expires_at)
        SELECT event, seen_until FROM held WHERE event IS NOT NULL
        ON CONFLICT DO NOTHING RETURNING event),
    kept AS MATERIALIZED (
        SELECT * FROM held WHERE event IS NULL OR event IN (SELECT event FROM fresh)),
    walked AS (
        UPDATE conversations c
        SET sealed = substr(%(blobs)b::bytea, walk_at, walk_long), expires_at = ends,
            version = kept.version + 1
        FROM kept WHERE c.person = kept.person),
    hurried AS (
        UPDATE mail
        SET rank = 0,
            due_at = CASE mail.version WHEN 3 THEN due_at ELSE least(due_at, kept.due) END
        FROM kept WHERE kind = 'show' AND mail.person = kept.person AND kept.rank = 0),
    posted AS (
        INSERT INTO mail (person, kind, key, sealed, due_at, expires_at, rank, version)
        SELECT person, 'show', key, substr(%(blobs)b::bytea, mail_at, mail_long), due, mail_ends,
               rank, 1
        FROM kept WHERE key IS NOT NULL),
    counted AS (
        INSERT INTO counts (week, what, name, country, locale, number)
        SELECT week, what, name, country, locale, sum(number)
        FROM jsonb_to_recordset(%(counted)s::jsonb) AS c(
            person text, week text, what text, name text, country text, locale text, number int)
        WHERE person IN (SELECT person FROM kept)
        GROUP BY week, what, name, country, locale
        ORDER BY week COLLATE "C", what COLLATE "C", name COLLATE "C", country COLLATE "C",
                 locale COLLATE "C"
        ON CONFLICT (week, what, name, country, locale)
        DO UPDATE SET number = counts.number + excluded.number)
    SELECT person FROM kept"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainStep:
    """What one step leaves: the walk as it is now, a screen in the outbox, counts.

    `row` is of the version that was read; `today` names the person as `one_at_a_time` does.
    `event` (with its end, Unix seconds) is None where each request is its own event, `letter`
    where the answer is shown by the caller.
    """

    today: str
    row: Row
    event: str | None
    seen_until: float
    letter: Letter | None
    counted: Mapping[Key, int] = field(repr=False)


async def read(store: Store, people: Sequence[str]) -> dict[str, Row]:
    """The conversations of these pseudonyms that there are."""
    if store.wire.is_sqlite:
        found = await store.wire.ask(_READ_SQLITE, (orjson.dumps(people).decode(),))
    else:
        found = await store.wire.ask(_READ_POSTGRESQL, (list(people),))
    return {
        person: Row(person=person, key=key, sealed=sealed, expires_at=expires_at, version=version)
        for person, key, sealed, expires_at, version in found
    }


async def keep(store: Store, steps: Sequence[PlainStep]) -> frozenset[str]:
    """Keep what can be kept, and commit; the people (`row.person`) whose step was.

    At most one step of a person. Raises storage.wire.Trouble: then nobody knows.
    """
    if store.wire.is_sqlite:
        async with store.in_line:
            return await store.wire.hop(lambda driver: _kept_by_sqlite(driver, steps))
    kept = await store.wire.order(_KEEP_POSTGRESQL, _told(steps))
    return frozenset(person for (person,) in kept)


def _kept_by_sqlite(driver: sqlite3.Connection, steps: Sequence[PlainStep]) -> frozenset[str]:
    told = _told(steps)
    driver.execute(_GIVEN)
    driver.execute("BEGIN IMMEDIATE")
    try:
        driver.execute(_GIVE, told)
        kept = frozenset(one for (one,) in driver.execute(_WALKS, told).fetchall())
        told["kept"] = orjson.dumps(list(kept)).decode()
        for statement in _AFTERWARDS:
            driver.execute(statement, told)
    except BaseException:
        driver.execute("ROLLBACK")
        raise
    return kept


def _told(steps: Sequence[PlainStep]) -> dict[str, Any]:
    """What is sealed, one after the other; the rows as JSON, each with its places; the counts."""
    sealed: list[bytes] = []
    place = 1
    given: list[dict[str, Any]] = []
    for step in steps:
        row, letter = step.row, step.letter
        one: dict[str, Any] = {
            "today": step.today,
            "person": row.person,
            "version": row.version,
            "ends": row.expires_at,
            "event": step.event,
            "seen_until": step.seen_until,
            "walk_at": place,
            "walk_long": len(row.sealed),
        }
        sealed.append(row.sealed)
        place += len(row.sealed)
        if letter is not None:
            one |= _mail(letter, place)
            sealed.append(letter.sealed)
            place += len(letter.sealed)
        given.append(one)
    counted = [
        dict(zip(_COUNTED, (step.row.person, *key, number), strict=True))
        for step in steps
        for key, number in step.counted.items()
    ]
    return {
        "blobs": b"".join(sealed),
        "given": orjson.dumps(given).decode(),
        "counted": orjson.dumps(counted).decode(),
    }


def _mail(letter: Letter, place: int) -> dict[str, Any]:
    return {
        "key": letter.key,
        "mail_at": place,
        "mail_long": len(letter.sealed),
        "due": letter.due_at,
        "mail_ends": letter.expires_at,
        "rank": letter.rank,
    }
