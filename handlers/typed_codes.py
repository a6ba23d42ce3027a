"""What a typed code does: one screen takes the code of a helper, a receipt, and one to go on with.

Every code costs the same look at both tables, whatever it is, was, or never was; what does not
work is answered alike. Who has guessed too often is held back before any of that work.
"""

from dataclasses import dataclass, field, replace

from directory.text import zawgyi_readings
from flows.actions import Action
from flows.arrive import Scene, go
from flows.engine import advance
from flows.talk import Returned, Step
from flows.walk import Opened, Walk
from handlers import code_forms, consent, moving
from handlers.consent_question import Proposal, proposal
from handlers.consent_screens import OWN_YESES
from handlers.consent_texts import can_be_asked
from handlers.conversation import Conversation
from handlers.desk import Desk
from handlers.messages import Said, Text
from privacy import consent_code
from privacy.receipt import Code
from storage import codes
from storage.codes import CodeRow
from storage.store import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What became of typed words where a code is asked for.

    `step` is None where they are no code, or (`waits`) where no more tries are let through.
    """

    conversation: Conversation
    step: Step | None = None
    asked: Proposal | None = field(default=None, repr=False)
    useless: tuple[str, ...] = field(default=(), repr=False)
    waits: bool = False


async def typed(turn: Turn, desk: Desk, scene: Scene, here: Conversation, said: Said) -> Typed:
    """Read a code where one is asked for, and do what it opens."""
    node = desk.book.nodes.get(here.walk.node)
    if not isinstance(said, Text) or not node or node.action is not Action.FREE_TEXT_CODE:
        return Typed(conversation=here)
    digits = _digits(said.words)
    short = digits is not None
    if not desk.tries.take(here.person, desk.now(), short=short):
        return Typed(conversation=here, waits=True)
    code = None if short else code_forms.read(desk, here.walk.locale, said.words)
    if not short and code is None:
        desk.tries.forgive(here.person)  # nothing was guessed
        return Typed(conversation=here)
    gone = await moving.gone_on(turn, desk, scene, here, code or Code(0))
    row = await codes.find(turn, await consent.hashes_of(desk, digits, code), desk.now())
    if gone is not None:
        desk.tries.forgive(here.person, short=short)
        return Typed(conversation=gone.conversation, step=gone.step, useless=gone.useless)
    opened = await _opened(turn, desk, scene, here.walk, row) if row else None
    if opened is None:
        step = advance(scene, here.walk, Returned("fails"))
        return Typed(conversation=here, step=step)
    desk.tries.forgive(here.person, short=short)
    return Typed(conversation=here, step=opened[0], asked=opened[1])


async def _opened(
    turn: Turn, desk: Desk, scene: Scene, walk: Walk, row: CodeRow
) -> tuple[Step, Proposal] | None:
    """The first screen of what this code is for; None where it is for nothing any more."""
    asked = await proposal(turn, desk, row.referral)
    if asked is None:
        return None
    opened = Opened(referral=row.referral, kind=row.kind, code=row.code, since=desk.now())
    walk = replace(walk, opened=opened, flags=walk.flags - OWN_YESES)
    scene = replace(scene, facts=scene.facts | asked.facts(opened, writable=False))
    if row.kind == "receipt":
        return advance(scene, walk, Returned("stops")), asked
    seen = await codes.views(turn, row.referral, desk.now())
    if not asked.waits or seen >= consent.MOST_VIEWS:
        return None
    if not can_be_asked(desk, walk.locale, asked):
        return go(scene, replace(walk, opened=None), desk.book.rules.screens["not_ready"]), asked
    await codes.add_view(turn, row.referral, row.expires_at)
    return advance(scene, walk, Returned("works")), asked


def _digits(words: str) -> str | None:
    """Eight digits, in any script; Burmese ones may be typed in the older encoding."""
    found = map(consent_code.read, zawgyi_readings(words[: code_forms.LONGEST_TYPED]))
    return next((digits for digits in found if digits), None)
