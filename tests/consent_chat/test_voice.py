"""Her yes by voice: script, say-back, each item; and what no record is made of."""

from dataclasses import replace

import pytest

from handlers import consent_voice
from handlers.case_values import Asking as How
from handlers.consent import Receipt
from handlers.consent_voice import Lines, Spoken
from privacy.receipt import as_number
from referrals.consent import Extra, Way
from referrals.items import Item
from referrals.outcomes import Reason, Refused
from referrals.states import Act, State
from tests.casework.scene import FORM, Scene
from tests.consent_chat.asking import Asking, types
from tests.handlers.people import Person

pytestmark = pytest.mark.xdist_group("consent_chat")
SAID = Spoken(
    locale="my",
    way=Way.PHONE,
    kept=FORM.items - {Item.AGE},
    alone=True,
    limits_explained=True,
    understood=True,
    secret_word_checked=True,
    extras=frozenset({Extra.OUTCOME}),
)


async def test_the_script_is_read_in_her_language_and_her_yes_kept(
    asking: Asking, scene: Scene, her: Person
) -> None:
    view = await scene.asked(await scene.draft())
    lines = await consent_voice.open_script(asking.desk, scene.caseworker, view.id, "my")
    given = await consent_voice.consent_by_voice(asking.desk, scene.caseworker, view.id, SAID)
    record = await asking.record(view)
    view = await asking.send(await scene.seen(scene.caseworker, view))

    assert isinstance(lines, Lines)
    assert "DEMO Boat" in dict(lines.said)["co.c2"]
    assert isinstance(given, Receipt)
    assert record is not None
    assert (record.asked.way, record.items) == (Way.PHONE, SAID.kept)
    assert record.text.language == "my"
    assert record.extras == {Extra.OUTCOME}
    assert view.state is State.SENT
    await types(her, as_number(given.code))
    assert her.now.node == "co.state"


@pytest.mark.parametrize(
    "missing",
    ["alone", "limits_explained", "understood", "secret_word_checked", "other_person", "code"],
)
async def test_what_is_not_made_sure_is_no_yes(asking: Asking, scene: Scene, missing: str) -> None:
    view = await scene.asked(await scene.draft())
    changes = {
        "other_person": {"other_person": True},
        "code": {"way": Way.CODE},
    }.get(missing, {missing: False})
    spoken = replace(SAID, **changes)  # type: ignore[arg-type]
    outcome = await consent_voice.consent_by_voice(asking.desk, scene.caseworker, view.id, spoken)

    assert isinstance(outcome, Refused)
    assert await asking.state(view) is State.CONSENT_PENDING
    assert await asking.record(view) is None


async def test_only_the_caseworker_who_asks_reads_the_script_or_writes_down_a_yes(
    asking: Asking, scene: Scene
) -> None:
    view = await scene.asked(await scene.draft())
    for other in (scene.focal, scene.who("Supervisor"), scene.who("Coordinator 1", "")):
        lines = await consent_voice.open_script(asking.desk, other, view.id, "en")
        yes = await consent_voice.consent_by_voice(asking.desk, other, view.id, SAID)
        no = await consent_voice.answer_by_voice(asking.desk, other, view.id, Act.REFUSE)

        assert lines == yes == Refused(Reason.ROLE)
        assert isinstance(no, Refused)


async def test_the_script_is_opened_three_times_at_most(asking: Asking, scene: Scene) -> None:
    view = await scene.asked(await scene.draft())
    opened = [
        await consent_voice.open_script(asking.desk, scene.caseworker, view.id, "en")
        for _ in range(4)
    ]
    again = await consent_voice.open_script(
        asking.desk, scene.caseworker, view.id, "en", counts=False
    )

    assert [isinstance(one, Lines) for one in opened] == [True, True, True, False]
    assert isinstance(again, Lines)
    assert again.views == 3


@pytest.mark.parametrize(
    ("act", "state"), [(Act.REFUSE, State.CANCELLED), (Act.RECONSIDER, State.DRAFT)]
)
async def test_no_and_not_now_by_voice(
    asking: Asking, scene: Scene, act: Act, state: State
) -> None:
    view = await scene.asked(await scene.draft(), How.SCRIPT)
    outcome = await consent_voice.answer_by_voice(asking.desk, scene.caseworker, view.id, act)
    wrong = await consent_voice.answer_by_voice(
        asking.desk, scene.caseworker, view.id, Act.WITHDRAW
    )

    assert outcome is None
    assert wrong == Refused(Reason.ROLE)
    assert await asking.state(view) is state
