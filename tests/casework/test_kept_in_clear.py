"""What stands in the files while a referral is on its way, and after it: no word of hers."""

from dataclasses import replace
from pathlib import Path

from app.settings import Settings
from handlers.casework_form import SafeContact
from referrals.contact_terms import Band, ContactWay
from referrals.items import Item
from referrals.states import Act, DeclineReason
from tests.casework.scene import FORM, Scene
from tests.proving import Proof, on_one
from tests.safety.canary import Scanner

WORDS = "a quiet kanaryaroom"
SCANNER = Scanner(words=("kanarya", "works_at_police", "KH-1201", "umbrella", "15_17"))


@on_one("postgresql")
async def test_R20_nothing_of_a_referral_is_found_in_any_file(
    scene: Scene, settings: Settings, postgres_folder: Path, proof: Proof
) -> None:
    contact = SafeContact(way=ContactWay.VISIT, bands=(Band.MORNING,), secret="umbrella")
    items = FORM.items | {Item.ALERTS, Item.CHILDREN}
    form = replace(
        FORM,
        words=WORDS,
        alerts=("works_at_police",),
        children=("15_17",),
        items=items,
        contact=contact,
    )
    folders, hits, clean = [settings.home, postgres_folder], [], set[bytes]()
    await scene.draft(form)
    sent = await scene.sent(form)
    hits += SCANNER.found(folders, clean)
    view = await scene.does(scene.focal, sent, Act.ACKNOWLEDGE)
    other = DeclineReason.OTHER
    await scene.does(scene.focal, view, Act.DECLINE, decline=other, words="kanarya roof")
    accepted = await scene.accepted(form)
    hits += SCANNER.found(folders, clean)
    await scene.says(accepted.id, Act.WITHDRAW, seen=-1)
    hits += SCANNER.found(folders, clean)

    assert hits == []
    assert (settings.var / "keys" / "keys.db").stat().st_size
    proof.figure("4 referrals, 3 looks at all files: 0 hits")


def test_the_scanner_knows_what_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "x").write_text(f'{{"words":"{WORDS}","alerts":["works_at_police"]}}', "utf-8")

    assert len(SCANNER.found([tmp_path])) == 2
