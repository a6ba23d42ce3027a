"""What people may do to an entry, and what is refused aloud; pure, time and person passed in."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, assert_never

from directory.differences import reaches_them
from directory.entry import Entry, NotAllowed, Who, bare, done
from directory.service import Service, is_helpline, is_shelter
from directory.standing import SILENCES
from directory.truth import (
    Ask,
    Method,
    Proposal,
    Pull,
    PullReason,
    Reply,
    Result,
    ToAsk,
    Told,
    Truth,
    Verification,
    numbers_of,
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

    def how(self) -> str:
        """What stands in the history."""
        return "focal_point" if self.through_focal_point else self.method.value


def propose(entry: Entry, who: Who, service: Service, told: Told = Told.OTHERWISE) -> Entry:
    """Write an entry down, new or changed. The present one stays until another has checked."""
    waiting = entry.truth.proposal
    if waiting is not None and waiting.by != who.by:
        raise NotAllowed("somebody else's proposal waits for its check")
    new = Proposal(service=bare(service), by=who.by, at=who.at, told=told, device=who.device)
    truth = replace(entry.truth, proposal=new)
    return done(entry, who, "propose", truth, how=told.value)


def withdraw(entry: Entry, who: Who) -> Entry:
    """Take back what one has proposed oneself; what is shown stays as it is."""
    waiting = entry.truth.proposal
    if waiting is None:
        raise NotAllowed("nothing is proposed")
    if waiting.by != who.by:
        raise NotAllowed("somebody else's proposal waits for its check")
    return done(entry, who, "withdraw", replace(entry.truth, proposal=None))


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
    truth = replace(truth, checks=(*truth.checks, check))
    if good or found.result is Result.CHANGED:
        truth = replace(truth, asks=(), to_ask=None)
    if good:
        truth = replace(truth, numbers=numbers_of(entry.shown()))
    return done(entry, who, f"verify_{found.result.value}", truth, how=found.how())


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


def open_ask(entry: Entry, who: Who, to: str) -> Entry:
    """Put a "still right?" to this focal point down to be sent; silence is not counted yet."""
    _refuse_asking(entry, who)
    waiting = entry.truth.to_ask
    if waiting is not None and waiting.to == to:
        raise NotAllowed("it waits to be sent already")
    to_ask = ToAsk(to=to, since=who.at)
    return done(entry, who, "open_ask", replace(entry.truth, to_ask=to_ask))


def ask(entry: Entry, who: Who) -> Entry:
    """Note that its focal point was asked "still right?"; never twice at a time.

    The time to answer begins here: nobody is silent who was not asked.
    """
    _refuse_asking(entry, who)
    asks, waiting = entry.truth.asks, entry.truth.to_ask
    until = who.at + ASK_OPEN_FOR
    new = Ask(sent_at=who.at, until=until, to=waiting.to if waiting else "")
    return done(entry, who, "ask", replace(entry.truth, asks=(*asks, new), to_ask=None))


def answer(entry: Entry, who: Who, reply: Reply) -> Entry:
    """The focal point's one tap: right is a good check by form, changed asks for a new proposal.

    Closed takes it out at once, as anybody may who belongs to it; two must put it back. An answer
    counts however late it comes.
    """
    if not entry.truth.asks:
        raise NotAllowed("nobody asked")
    match reply:
        case Reply.CLOSED:
            gone = pull(entry, who, PullReason.CLOSED)
            return replace(gone, truth=replace(gone.truth, asks=(), to_ask=None))
        case Reply.RIGHT:
            result = Result.OK
        case Reply.CHANGED:
            result = Result.CHANGED
        case _:
            assert_never(reply)
    found = Found(method=Method.FORM, result=result, through_focal_point=True)
    return verify(entry, who, found)


def _refuse_asking(entry: Entry, who: Who) -> None:
    entry.shown()
    asks = entry.truth.asks
    if not entry.truth.good():
        raise NotAllowed("nobody has checked it yet; that comes before asking")
    if asks and who.at < asks[-1].until:
        raise NotAllowed("an ask is still open")
    if len(asks) >= SILENCES:
        raise NotAllowed("two asks were not answered; somebody must check")


def _verify_proposal(entry: Entry, who: Who, check: Verification, found: Found) -> Entry:
    truth, proposal = entry.truth, entry.truth.proposal
    if proposal is None:
        raise NotAllowed("nothing is proposed")
    if proposal.by == who.by:
        raise NotAllowed("who proposed it cannot be the one who checks it")
    if who.device and proposal.device == who.device:
        raise NotAllowed("it was proposed in this browser; check it in one of your own")
    _refuse_unsafe_check(proposal.service, found)
    match found.result:
        case Result.NO_ANSWER:
            return done(entry, who, "verify_no_answer", truth, how=found.how())
        case Result.WRONG | Result.CHANGED:
            dropped = replace(truth, proposal=None)
            return done(entry, who, f"verify_{found.result.value}", dropped, how=found.how())
        case Result.OK:
            _refuse_hearsay(entry.service, proposal, found)
    truth = Truth(
        entered_by=proposal.by,
        checks=(check,),
        earlier=(*truth.earlier, *truth.checks),
        numbers=numbers_of(proposal.service),
        intake=truth.intake,
        pull=truth.pull,
        acts=truth.acts,
    )
    checked = Entry(service=proposal.service, truth=truth)
    return done(checked, who, "verify_ok", truth, how=found.how())


def _refuse_hearsay(before: Service | None, proposal: Proposal, found: Found) -> None:
    """Two people are not enough where neither asked the service itself (safety.md R63).

    What leads a woman there (numbers, addresses, hours, links) needs a call back, or somebody of
    the service: told to whoever wrote it down, or to whoever checks it.
    """
    heard = proposal.told is not Told.OTHERWISE or found.through_focal_point
    if heard or found.method is Method.CALL or not reaches_them(before, proposal.service):
        return
    raise NotAllowed(
        "a new number, address, hour or link needs a call, or somebody of the service"
    )


def _refuse_unsafe_check(service: Service, found: Found) -> None:
    """Shelters are checked only through their focal point (directory model 4.5).

    The public number of a helpline that also has beds is called as a caller would.
    """
    public_line = is_helpline(service) and found.method is Method.CALL
    if is_shelter(service) and not public_line and not found.through_focal_point:
        raise NotAllowed("a shelter is checked only through its focal point")
