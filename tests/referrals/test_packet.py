"""A packet holds what she agreed to and nothing else, with contact instructions first."""

import json
from collections import Counter
from dataclasses import replace
from random import Random

import pytest

from referrals.consent import take_out, withdraw
from referrals.contact_terms import Band, ContactTerms, ContactWay, DoNot
from referrals.holding import Holds, Why
from referrals.items import STATE_BODIES, TABLE, Item, Reach, Sector, allowed, proposed
from referrals.packet import FIELDS, Packet, Terms, pack
from referrals.padding import SIZES, padded, unpadded
from referrals.values import SHAPES, Values
from tests.proving import Proof
from tests.referrals.consent_makers import (
    AT,
    DIRECT,
    SAMPLES,
    THROUGH_CASEWORKER,
    consent,
    facts_of,
    random_case,
    receiver,
    values_of,
)

ITEM_NAMES = {item.value for item in Item}


def test_R43_a_packet_holds_exactly_the_consented_items(proof: Proof) -> None:
    random, extra, missing, late = Random(43), 0, 0, 0
    tried = proof.count(10_000, quick=700)
    for _ in range(tried):
        made, terms = random_case(random)
        packet = pack(made, facts_of(made), AT, (terms, values_of(made, random)))
        assert isinstance(packet, Packet)
        sent = json.loads(packet.canonical())
        about_her = (sent.keys() & ITEM_NAMES) - {"contact"}
        agreed = {item.value for item in made.agreed - {Item.CONTACT}}
        extra += len(about_her - agreed) + len(sent.keys() - FIELDS)
        missing += len(agreed - about_her)
        late += next(iter(sent)) != "contact"
        barred = set(Item) - allowed(made.receiver.sector)
        assert not about_her & {item.value for item in barred}

    assert (extra, missing, late) == (0, 0, 0)
    proof.figure(f"{extra} extra fields in {tried:,} random consents, contact first in all")


def test_R43_a_value_more_or_less_than_agreed_makes_no_packet(proof: Proof) -> None:
    random, made_anyway = Random(44), 0
    tried = proof.count(10_000, quick=400)
    for _ in range(tried):
        made, terms = random_case(random)
        values = dict(values_of(made).of)
        item = random.choice(list(SAMPLES))
        if values.pop(item, None) is None:
            values[item] = SAMPLES[item][0]
        result = pack(made, facts_of(made), AT, (terms, Values(values)))
        made_anyway += result not in {Why.NEW_ITEM, Why.ITEM_ABSENT}

    assert made_anyway == 0
    proof.figure(f"{made_anyway} of {tried:,} packets with an item more or less")


def test_R39_no_packet_without_a_consent_that_holds(proof: Proof) -> None:
    made = consent()
    content = (THROUGH_CASEWORKER, values_of(made))
    gone = withdraw(made, AT)

    assert pack(None, facts_of(made), AT, content) is Why.MISSING
    assert pack(gone, facts_of(gone), AT, content) is Why.WITHDRAWN
    with pytest.raises(ValueError, match="does not hold"):
        Packet(Holds(gone, facts_of(gone), AT), *content)
    proof.figure("0 of 3 packets")


def test_contact_instructions_come_before_the_number() -> None:
    terms = Terms(contact=DIRECT, salt="0" * 32)
    made = consent(items=frozenset({Item.CONTACT}), terms=terms.digest())
    packet = pack(made, facts_of(made), AT, (terms, Values({})))

    assert isinstance(packet, Packet)
    contact = json.loads(packet.canonical())["contact"]
    assert [name for name, _ in contact] == ["do_not", "when", "word", "way", "number"]
    assert dict(contact)["do_not"] == ["voice_mail"]


def test_without_her_yes_to_contact_the_way_is_through_the_caseworker() -> None:
    terms = Terms(contact=DIRECT, salt="0" * 32)
    made = consent(terms=terms.digest())
    bare = consent()

    assert pack(made, facts_of(made), AT, (terms, values_of(made))) is Why.NEW_ITEM
    packet = pack(bare, facts_of(bare), AT, (THROUGH_CASEWORKER, values_of(bare)))
    assert isinstance(packet, Packet)
    assert dict(json.loads(packet.canonical())["contact"])["number"] == ""


def test_an_embassy_never_gets_her_contact() -> None:
    terms = Terms(contact=DIRECT, salt="0" * 32)
    embassy = receiver(sector=Sector.EMBASSY)
    made = consent(
        receiver=embassy, items=frozenset({Item.CONTACT}), terms=terms.digest(), state_yes=True
    )

    assert pack(made, facts_of(made), AT, (terms, Values({}))) is Why.ITEM_NEVER


def test_other_words_than_she_heard_make_no_packet() -> None:
    made = consent()
    other = replace(THROUGH_CASEWORKER, words="a bed near the door")

    assert pack(made, facts_of(made), AT, (other, values_of(made))) is Why.OTHER_TERMS


def test_an_adults_consent_carries_no_child() -> None:
    made = consent()
    values = Values({**values_of(made).of, Item.AGE: ("15_17",)})

    assert pack(made, facts_of(made), AT, (THROUGH_CASEWORKER, values)) is Why.CHILD


def test_an_item_taken_out_is_not_in_the_next_packet() -> None:
    made = take_out(consent(), frozenset({Item.AGE}), AT)
    packet = pack(made, facts_of(made), AT, (THROUGH_CASEWORKER, values_of(made)))

    assert isinstance(packet, Packet)
    assert "age" not in json.loads(packet.canonical())


def test_the_same_packet_has_the_same_bytes_however_it_was_filled_in() -> None:
    made = consent()
    values = values_of(made).of
    turned = Values(dict(reversed(tuple(values.items()))))
    one = pack(made, facts_of(made), AT, (THROUGH_CASEWORKER, Values(values)))
    two = pack(made, facts_of(made), AT, (THROUGH_CASEWORKER, turned))

    assert isinstance(one, Packet)
    assert isinstance(two, Packet)
    assert one.canonical() == two.canonical()


def test_a_packet_shows_nothing_of_her_where_it_is_printed() -> None:
    terms = Terms(contact=DIRECT, words="quiet room", salt="0" * 32)
    made = consent(items=frozenset({Item.NAME, Item.CONTACT}), terms=terms.digest())
    packet = pack(made, facts_of(made), AT, (terms, values_of(made)))

    shown = repr(packet)
    assert isinstance(packet, Packet)
    assert not any(word in shown for word in ("Mali", "mango", "+855", "quiet room", made.subject))


@pytest.mark.parametrize("length", [0, 1, 1020, 1021, 2044, 2045, 4092, 8188, 8189, 16380])
def test_padding_is_to_five_sizes_and_comes_off(length: int) -> None:
    content = b"x" * length

    assert len(padded(content)) in SIZES
    assert unpadded(padded(content)) == content


def test_too_much_is_refused_and_so_is_what_was_never_padded() -> None:
    with pytest.raises(ValueError, match="too large"):
        padded(b"x" * 16381)
    for sent in (b"", b"\0\0\0\5abcd", padded(b"abc") + b"\0", padded(b"abc")[:-1] + b"x"):
        with pytest.raises(ValueError, match=r"not a padded|too large"):
            unpadded(sent)


def test_the_largest_packet_fits() -> None:
    random = Random(5)
    made, terms = random_case(random)
    whole = replace(
        made, receiver=receiver(), child=None, abroad=None, items=allowed(Sector.SHELTER)
    )
    result = pack(whole, facts_of(whole), AT, (terms, values_of(whole)))

    assert isinstance(result, Packet)
    assert len(padded(result.canonical())) <= 2048


def test_the_table_has_the_protocols_counts() -> None:
    """The signs in the 13 rows of 3.7, counted there."""
    rows = [item for item in Item if item not in {Item.PROVINCE, Item.COSTS}]
    counts = Counter(TABLE[item][sector] for item in rows for sector in Sector)

    assert dict(counts) == {Reach.SENT: 58, Reach.ASKED: 62, Reach.NEVER: 36}


@pytest.mark.parametrize(
    ("sector", "never"),
    [
        (Sector.HEALTH, {"children", "papers", "trafficking", "area"}),
        (Sector.SHELTER, {"trafficking"}),
        (Sector.POLICE, {"pregnancy", "children", "papers", "costs"}),
        (
            Sector.EMBASSY,
            {"contact", "before", "pregnancy", "alerts", "trafficking", "area", "costs"},
        ),
    ],
)
def test_what_a_sector_never_gets(sector: Sector, never: set[str]) -> None:
    barred = {item.value for item in set(Item) - allowed(sector)}

    assert never == barred


def test_nothing_is_marked_for_a_state_body() -> None:
    assert {sector for sector in Sector if not proposed(sector)} == STATE_BODIES
    assert all(proposed(sector) <= allowed(sector) for sector in Sector)


@pytest.mark.parametrize(
    ("item", "parts"),
    [
        (Item.AGE, ("23",)),
        (Item.AGE, ("18_24", "25_49")),
        (Item.NAME, ("Mali 0812345678",)),
        (Item.NAME, ("x" * 31,)),
        (Item.NAME, ("@mali",)),
        (Item.AREA, ("12 Some Street",)),
        (Item.ALERTS, ("he hit her",)),
        (Item.TRAFFICKING, ("statement",)),
        (Item.ACCESS, ("hearing", "hearing")),
        (Item.ACCESS, ()),
        (Item.CONTACT, ("0812345678",)),
        (Item.BEFORE, ("after the rape",)),
    ],
)
def test_a_value_outside_its_closed_form_cannot_be_made(
    item: Item, parts: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="closed form") as error:
        Values({item: parts})
    assert not any(part and part in str(error.value) for part in parts)


def test_every_item_but_contact_has_a_form_and_samples() -> None:
    assert SHAPES.keys() == SAMPLES.keys() == set(Item) - {Item.CONTACT}


@pytest.mark.parametrize(
    "wrong",
    [
        {"way": ContactWay.PHONE},
        {"way": ContactWay.PHONE, "number": "+85500000000"},
        {"number": "+85500000000"},
        {"way": ContactWay.CHAT, "bands": (Band.ANY,)},
        {"secret": "My Name"},
        {"way": ContactWay.VISIT, "bands": (Band.ANY, Band.ANY)},
    ],
)
def test_contact_terms_that_contradict_themselves_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"without|none|no word|twice"):
        ContactTerms(**wrong)  # type: ignore[arg-type]


def test_a_way_that_is_forbidden_is_no_way() -> None:
    with pytest.raises(ValueError, match="forbidden"):
        replace(DIRECT, do_not=frozenset({DoNot.CALL}))
