"""The people of these tests, and what each of them does: a whole referral, step by step."""

import pickle
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from app import demo
from handlers import casework, consent, staff
from handlers.case_consent import terms_of
from handlers.case_file import Case, read
from handlers.case_values import Asking, Given, View, Warm
from handlers.casework import HerWord
from handlers.casework_form import Form, SafeContact
from handlers.desk import Desk
from handlers.staff import Account
from referrals.consent import (
    Asked,
    Consent,
    Extra,
    Purpose,
    Receiver,
    ReceiverType,
    TextShown,
    Way,
    YesAbroad,
)
from referrals.contact_terms import ContactWay
from referrals.items import Item, Sector
from referrals.outcomes import Refused
from referrals.pressure import Pressure
from referrals.states import Act, ClosingCode
from referrals.urgency import Urgency
from storage.rows import network, notices
from tests.doubles import FakeClock

SHOWN = TextShown(language="my", version="1", digest="a" * 64)
RISKS = TextShown(language="my", version="1", digest="b" * 64)
PEOPLE = "people"  # a file of the model: to read them all anew takes longer than most tests
FOUR = frozenset(Warm) - {Warm.CHECK}
FORM = Form(
    services=("SHE.EMERG",),
    country="TH",
    province="TH-63",
    to_country="TH",
    service="demo-boat-shelter",
    receiver="demo-boat",
    urgency=Urgency.MEDIUM,
    age="25_49",
    gender="woman",
    languages=("my",),
    costs=("transport",),
    purpose=Purpose.SAFE_PLACE,
    expects=("expect.call",),
    contact=SafeContact(way=ContactWay.CASEWORKER),
    items=frozenset({Item.LANGUAGE, Item.AGE, Item.GENDER, Item.PROVINCE, Item.CONTACT}),
    way=Way.CODE,
    another_woman=True,  # than any who said no before
)
RECEIVERS = {
    "demo-boat": Receiver(
        organisation="demo-boat", type=ReceiverType.NGO, sector=Sector.SHELTER, country="TH"
    ),
    "demo-kite": Receiver(
        organisation="demo-kite", type=ReceiverType.NGO, sector=Sector.MHPSS, country="TH"
    ),
    "demo-star": Receiver(
        organisation="demo-star", type=ReceiverType.NGO, sector=Sector.ABROAD, country="MM"
    ),
}


async def set_up(desk: Desk) -> None:
    """The network of the demo, and texts that were once shown for consent."""
    await demo.set_up(desk)
    async with desk.store.turn() as turn:
        for shown in (SHOWN, RISKS):
            name = f"text/{shown.digest}"[:60]
            await turn.execute(insert(network).values(id=name, document="", version=1))


@dataclass
class Scene:
    """A network of fictional organisations, and the moves of one referral in it."""

    desk: Desk
    clock: FakeClock
    staff: dict[tuple[str, str], Account] = field(default_factory=dict)

    @classmethod
    async def of(cls, desk: Desk, clock: FakeClock, home: Path | None = None) -> "Scene":
        """Everybody of a network that stands already, or as a copied `home` has kept them."""
        scene = cls(desk, clock)
        if home is not None and (home / PEOPLE).exists():
            scene.staff = pickle.loads((home / PEOPLE).read_bytes())
            return scene
        async with desk.store.turn() as turn:
            for organisation in ("demo-mango", "demo-kite", "demo-boat", "demo-star", "demo-drum"):
                for one in await staff.accounts_of(turn, desk, organisation):
                    scene.staff[organisation, one.name.rpartition(": ")[2]] = one
            for number, one in enumerate(await staff.coordinators(turn, desk), start=1):
                scene.staff["", f"Coordinator {number}"] = one
        return scene

    def who(self, what: str, organisation: str = "demo-mango") -> Account:
        return self.staff[organisation, what]

    @property
    def caseworker(self) -> Account:
        return self.who("Caseworker")

    @property
    def focal(self) -> Account:
        return self.who("Focal point", "demo-boat")

    async def draft(self, form: Form = FORM) -> View:
        view = ok(await casework.start(self.desk, self.caseworker))
        return ok(await casework.fill(self.desk, self.caseworker, view.id, view.version, form))

    async def act(self, who: Account, view: View, act: Act, **given: Any) -> View | Refused:
        """With what this person has on the screen."""
        said = Given(**{"seen": view.version, **given})
        return await casework.act(self.desk, who, view.id, act, said)

    async def does(self, who: Account, view: View, act: Act, **given: Any) -> View:
        return ok(await self.act(who, view, act, **given))

    async def asked(self, view: View, asking: Asking = Asking.SCRIPT) -> View:
        return await self.does(self.caseworker, view, Act.ASK_CONSENT, asking=asking)

    async def record(self, ref_id: str, **changes: Any) -> Consent:
        """The record that her chat makes of her yes."""
        async with self.desk.store.turn() as turn:
            case = await read(turn, self.desk, ref_id)
            assert case is not None
        return made(case, self.desk, **changes)

    async def says(self, ref_id: str, act: Act, *, seen: int, **record: Any) -> Case | Refused:
        """She answers by her code, or stops it by her receipt."""
        given = await consent.new_receipt(self.desk)
        yes = None
        if act is Act.AGREE:
            yes = await self.record(ref_id, **{"subject": given.subject, **record})
        async with self.desk.store.turn() as turn:
            if act is Act.AGREE:
                await consent.keep_receipt(turn, self.desk, ref_id, given)
            word = HerWord(seen=seen, consent=yes)
            return await casework.her_act(turn, self.desk, ref_id, act, word)

    async def agreed(self, view: View, **record: Any) -> View:
        outcome = await self.says(view.id, Act.AGREE, seen=view.version, **record)
        assert isinstance(outcome, Case), outcome
        return await self.seen(self.caseworker, view)

    async def seen(self, who: Account, view: View) -> View:
        shown = await casework.look(self.desk, who, view.id)
        assert shown is not None
        return shown

    async def sent(self, form: Form = FORM, **given: Any) -> View:
        """A referral that her caseworker has sent."""
        view = await self.agreed(await self.asked(await self.draft(form)))
        return await self.does(self.caseworker, view, Act.SEND, **given)

    async def accepted(self, form: Form = FORM) -> View:
        view = await self.sent(form)
        view = await self.does(self.focal, view, Act.ACKNOWLEDGE)
        return await self.does(self.focal, view, Act.ACCEPT)

    async def met(self, form: Form = FORM) -> View:
        view = await self.accepted(form)
        view = await self.does(self.caseworker, view, Act.ARRANGE, arranged=FOUR)
        return await self.does(self.focal, view, Act.MEET, right_service=True)

    async def closed(self) -> View:
        view = await self.met()
        code = ClosingCode.SERVICE_RECEIVED
        return await self.does(self.caseworker, view, Act.CLOSE, closing=code, follow_up=True)

    async def told(self, who: Account | None = None) -> list[tuple[str, str]]:
        """(account, kind) of every notice, or the kinds of one person."""
        wanted = select(notices.c.account, notices.c.kind).order_by(notices.c.id)
        async with self.desk.store.turn() as turn:
            rows = [(account, kind) for account, kind in await turn.execute(wanted)]
        return [one for one in rows if who is None or one[0] == who.id]


def made(case: Case, desk: Desk, **changes: Any) -> Consent:
    """A record of her yes to all she was asked, as the case stands now."""
    form, at = case.form, desk.clock()
    items = changes.pop("items", form.items)
    plain: dict[str, Any] = {
        "id": secrets.token_hex(16),
        "subject": "0" * 64,
        "referral": case.id,
        "receiver": RECEIVERS.get(form.receiver, RECEIVERS["demo-boat"]),
        "purpose": form.purpose,
        "services": form.services,
        "items": items,
        "terms": terms_of(case, items).digest(),
        "danger": int(case.clear.urgency),
        "text": SHOWN,
        "asked": Asked(
            organisation=case.row.sender,
            caseworker=case.row.owner,
            way=Way.CODE,
            alone=True,
            limits_explained=True,
            understood=True,
            secret_word_checked=True,
        ),
        "pressure": Pressure(until_yes=timedelta(seconds=40), views=1),
        "extras": frozenset(Extra),
        "given_at": at,
        "ends_at": at + timedelta(days=90),
    }
    return Consent(**plain | changes)


def abroad(at: Any) -> YesAbroad:
    """Her second yes, to Myanmar."""
    return YesAbroad(country="MM", risks=RISKS, at=at)


def ok(outcome: View | Refused) -> View:
    assert isinstance(outcome, View), outcome
    return outcome
