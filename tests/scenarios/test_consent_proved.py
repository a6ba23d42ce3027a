"""R50: a consent is proved later from record, text and chain alone; no field can be changed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import delete, select

from handlers.case_file import Case
from handlers.casework_blocks import ChildAnswers
from handlers.casework_form import Form
from handlers.consent_voice import Spoken, consent_by_voice
from handlers.desk import Desk
from privacy.audit import Entry, Reader
from privacy.vault import open_sealed
from referrals.children import Company, Safe
from referrals.consent import Consent, Extra, Way, YesAbroad
from referrals.consent_digest import digest
from referrals.outcomes import Refused
from referrals.padding import unpadded
from referrals.states import Act
from storage import audit
from storage.rows import consents, network, referrals
from tests.casework.scene import FORM, Scene
from tests.proving import Proof

_CONSENT: TypeAdapter[Consent] = TypeAdapter(Consent)


@dataclass(frozen=True)
class Evidence:
    """What is carried off and looked at without a server."""

    record: Consent
    text: str
    chain: tuple[Entry, ...]


def proved(evidence: Evidence) -> bool:
    """Whether she said just this yes, shown just these words, at this place of the chain."""
    reader = Reader()
    reader.read(evidence.chain)
    linked = [one for one in evidence.chain if one.reason == f"c{evidence.record.id}"]
    shown = hashlib.sha256(evidence.text.encode()).hexdigest()
    return (
        reader.end() is None
        and bool(linked)
        and linked[-1].object == digest(evidence.record)
        and shown == evidence.record.text.digest
    )


async def carried_off(desk: Desk) -> Evidence:
    """From the tables, the referrals gone before."""
    async with desk.store.turn() as turn:
        await turn.execute(delete(referrals))
        wanted = select(consents.c.id, consents.c.key, consents.c.sealed)
        name, key_name, sealed = (await turn.execute(wanted)).one()
        key = await desk.keystore.get(key_name)
        assert key is not None
        record = _CONSENT.validate_json(unpadded(open_sealed(key, sealed, f"consents/{name}")))
        text = select(network.c.document).where(network.c.id == f"text/{record.text.digest}"[:60])
        shown = (await turn.execute(text)).scalar_one()
    chain = [one async for page in audit.pages(desk.store, 0) for one in page]
    return Evidence(record, shown, tuple(chain))


async def given(scene: Scene, form: Form) -> str:
    """Her yes by voice, with the text that is really read to her."""
    view = await scene.asked(await scene.draft(form))
    said = Spoken(
        locale="en",
        way=Way.FACE_TO_FACE,
        kept=form.items,
        alone=True,
        limits_explained=True,
        understood=True,
        secret_word_checked=True,
        extras=frozenset(Extra),
    )
    receipt = await consent_by_voice(scene.desk, scene.caseworker, view.id, said)
    assert not isinstance(receipt, Refused), receipt
    return view.id


def changed(value: Any) -> Iterator[Any]:
    """The value with one thing in it changed, once for each thing in it."""
    match value:
        case frozenset():
            yield from (value - {one} for one in value)
        case tuple():
            for number, one in enumerate(value):
                yield value[:number] + value[number + 1 :]
                for other in changed(one):
                    yield (*value[:number], other, *value[number + 1 :])
        case datetime():
            yield value + timedelta(microseconds=1)
            yield value - timedelta(microseconds=1)
        case _ if is_dataclass(value):
            for one in fields(value):
                for other in changed(getattr(value, one.name)):
                    yield _replaced(value, one.name, other)
        case _ if value is not None:
            yield _another(value)


def _another(value: Any) -> Any:
    """Another value of the same kind, as near to it as can be."""
    match value:
        case bool():
            return not value
        case Enum():
            return next(one for one in type(value) if one is not value)
        case timedelta():
            return value + timedelta(microseconds=1)
        case int():
            return value - 1 if value else 1
    return _other(value)


def put_in(record: Consent) -> Iterator[tuple[str, Any]]:
    """For the fields that are empty in this record, what could be written there."""
    child = ChildAnswers(
        company=Company.ALONE, caregiver_safe=Safe.NO, caregiver_may_have_hurt=False
    )
    yield "taken_out", record.items
    yield "taken_at", tuple((item, record.given_at) for item in sorted(record.items, key=str)[:1])
    yield "stopped", record.extras
    yield "withdrawn_at", record.given_at
    yield "abroad", YesAbroad(country="MM", risks=record.text, at=record.given_at)
    yield "child", child.block("15_17")


def _other(text: str) -> str:
    """Another text of the same form: its last letter is another one."""
    pairs = {"a": "b", "A": "B", "Z": "Y", "0": "1"}
    last = text[-1:]
    return text[:-1] + pairs.get(last, "0" if last.isdigit() else "A" if last.isupper() else "a")


def _replaced(value: Any, name: str, other: Any) -> Any:
    """None where no record can say so at all."""
    try:
        return replace(value, **{name: other})
    except ValueError:
        return None


def tampered(evidence: Evidence) -> Iterator[tuple[str, Evidence | None]]:
    """The evidence with each field of record, text and chain changed alone."""
    for one in fields(Consent):
        for other in changed(getattr(evidence.record, one.name)):
            record = _replaced(evidence.record, one.name, other)
            yield f"record.{one.name}", record and replace(evidence, record=record)
    for name, other in put_in(evidence.record):
        record = _replaced(evidence.record, name, other)
        yield f"record.{name}", record and replace(evidence, record=record)
    for number in range(len(evidence.text)):
        text = evidence.text[:number] + evidence.text[number + 1 :]
        yield "text", replace(evidence, text=text)
    for number, entry in enumerate(evidence.chain):
        for one in fields(Entry):
            for other in changed(getattr(entry, one.name) or "x"):
                forged = replace(entry, **{one.name: other})
                chain = (*evidence.chain[:number], forged, *evidence.chain[number + 1 :])
                yield f"chain.{one.name}", replace(evidence, chain=chain)


async def test_R50_a_yes_is_proved_without_the_referral_and_no_field_can_be_changed(
    scene: Scene, proof: Proof
) -> None:
    await given(scene, FORM)
    evidence = await carried_off(scene.desk)
    tried = list(tampered(evidence))
    step = 1 if proof.full else 7
    chosen = [one for one in tried if one[0].startswith("record")]
    chosen += [one for one in tried if not one[0].startswith("record")][::step]
    missed = [name for name, other in chosen if other is not None and proved(other)]
    seen = {name.removeprefix("record.") for name, other in chosen if other is not None}

    assert proved(evidence)
    assert missed == []
    assert {one.name for one in fields(Consent)} <= seen
    proof.figure(f"{len(missed)} of {len(chosen):,} changes missed, each field of the record")


async def test_R50_what_she_took_back_since_is_part_of_the_proof(
    scene: Scene, proof: Proof
) -> None:
    ref_id = await given(scene, FORM)
    stopped = await scene.says(ref_id, Act.WITHDRAW, seen=-1)
    evidence = await carried_off(scene.desk)
    before = replace(evidence, record=replace(evidence.record, withdrawn_at=None))

    assert isinstance(stopped, Case)
    assert evidence.record.withdrawn_at is not None
    assert proved(evidence)
    assert not proved(before)
    proof.figure("an older record put back is no proof")
