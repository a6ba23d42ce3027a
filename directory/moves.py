"""What people may do to an entry, and what is refused aloud; pure, time and person passed in."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from directory.entry import Entry, NotAllowed, Who, done
from directory.intake import Intake
from directory.service import Service, is_helpline, is_shelter
from directory.standing import SILENCES
from directory.truth import (
    Ask,
    Method,
    Proposal,
    Pull,
    PullReason,
    Result,
    Truth,
    Verification,
)

RETURNERS = 2  # "putting it back needs two people" (directory model 4.5)
ASK_OPEN_FOR = timedelta(days=7)  # ours: two asks and a check fit into the 30 days of grace

Subject = Literal["shown", "proposed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What somebody found who checked: `of` the entry as shown, or as proposed."""

    method: Method
    result: Result
    of: Subject = "shown"
    through_focal_point: bool = False


def propose(entry: Entry, who: Who, service: Service) -> Entry:
    """Write an entry down, new or changed. The present one stays until another has checked."""
    waiting = entry.truth.proposal
    if waiting is not None and waiting.by != who.by:
        raise NotAllowed("somebody else's proposal waits for its check")
    new = Proposal(service=_bare(service), by=who.by, at=who.at)
    return done(entry, who, "propose", replace(entry.truth, proposal=new))


def verify(entry: Entry, who: Who, found: Found) -> Entry:
    """Record a check. A good one of a proposal makes the proposal the content."""
    check = Verification(on=who.at.date(), method=found.method, by=who.by, result=found.result)
    if found.of == "proposed":
        return _verify_proposal(entry, who, check, found)
    _refuse_unsafe_check(entry.shown(), found)
    truth = entry.truth
    if not truth.good() and truth.entered_by == who.by:
        raise NotAllowed("who wrote it down cannot be the one who checks it first")
    good = found.result is Result.OK
    asks = () if good or found.result is Result.CHANGED else truth.asks
    truth = replace(truth, checks=(*truth.checks, check), asks=asks)
    return done(entry, who, f"verify_{found.result.value}", truth)


def pull(entry: Entry, who: Who, why: PullReason) -> Entry:
    """Take it out at once, alone. Pulled again, it waits for two people anew."""
    entry.shown()
    pulled = Pull(at=who.at, by=who.by, why=why)
    return done(entry, who, "pull", replace(entry.truth, pull=pulled))


def restore(entry: Entry, who: Who) -> Entry:
    """Agree to put it back; the second person who does so puts it back."""
    pulled = entry.truth.pull
    if pulled is None:
        raise NotAllowed("it is not pulled")
    if who.by in pulled.returns:
        raise NotAllowed("a second person must agree, not the same one again")
    returns = (*pulled.returns, who.by)
    left = None if len(returns) >= RETURNERS else replace(pulled, returns=returns)
    return done(entry, who, "restore", replace(entry.truth, pull=left))


def ask(entry: Entry, who: Who) -> Entry:
    """Note that its focal point was asked "still right?"; never twice at a time."""
    entry.shown()
    asks = entry.truth.asks
    if not entry.truth.good():
        raise NotAllowed("nobody has checked it yet; that comes before asking")
    if asks and who.at < asks[-1].until:
        raise NotAllowed("an ask is still open")
    if len(asks) >= SILENCES:
        raise NotAllowed("two asks were not answered; somebody must check")
    new = Ask(sent_at=who.at, until=who.at + ASK_OPEN_FOR)
    return done(entry, who, "ask", replace(entry.truth, asks=(*asks, new)))


def answer(entry: Entry, who: Who, *, still_right: bool) -> Entry:
    """The focal point's one tap: yes is a good check by form, no asks for a new proposal."""
    if not entry.truth.asks:
        raise NotAllowed("nobody asked")
    result = Result.OK if still_right else Result.CHANGED
    found = Found(method=Method.FORM, result=result, through_focal_point=True)
    return verify(entry, who, found)


def _verify_proposal(entry: Entry, who: Who, check: Verification, found: Found) -> Entry:
    truth, proposal = entry.truth, entry.truth.proposal
    if proposal is None:
        raise NotAllowed("nothing is proposed")
    if proposal.by == who.by:
        raise NotAllowed("who proposed it cannot be the one who checks it")
    _refuse_unsafe_check(proposal.service, found)
    match found.result:
        case Result.NO_ANSWER:
            return done(entry, who, "verify_no_answer", truth)
        case Result.WRONG | Result.CHANGED:
            dropped = replace(truth, proposal=None)
            return done(entry, who, f"verify_{found.result.value}", dropped)
        case Result.OK:
            pass
    intake = entry.service.intake if entry.service else Intake()
    adopted = replace(proposal.service, intake=intake)
    truth = Truth(
        entered_by=proposal.by,
        checks=(check,),
        earlier=(*truth.earlier, *truth.checks),
        pull=truth.pull,
        acts=truth.acts,
    )
    return done(Entry(service=adopted, truth=truth), who, "verify_ok", truth)


def _refuse_unsafe_check(service: Service, found: Found) -> None:
    """Shelters are checked only through their focal point (directory model 4.5).

    The public number of a helpline that also has beds is called as a caller would.
    """
    public_line = is_helpline(service) and found.method is Method.CALL
    if is_shelter(service) and not public_line and not found.through_focal_point:
        raise NotAllowed("a shelter is checked only through its focal point")


def _bare(service: Service) -> Service:
    """The content alone: nobody writes down that an entry is checked, or that it is not."""
    return replace(
        service,
        level=0,
        checked_on=None,
        suspended=False,
        withheld=None,
        silent_from=None,
        ask_first=False,
        intake=Intake(),
    )
