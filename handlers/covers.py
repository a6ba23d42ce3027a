"""A neutral sign before a screen, where what is sent stays and a notification shows it."""

from dataclasses import replace

from handlers.desk import Desk
from handlers.messages import WAVE, Button, Choice, Incoming, Outgoing, Pressed

OPENS = "open"  # no option of any tree: the present question is asked again


def covered(desk: Desk, incoming: Incoming, screen: Outgoing) -> Outgoing:
    """The screen itself after a tap, or where it may be seen; else a greeting to be tapped first.

    Decisions 4: on channels that cannot edit, each sensitive screen is reached only by a tap.
    """
    if not is_covered(desk, incoming, screen):
        return screen
    label = desk.translator.phrase(screen.locale, "row.next")
    opens = Button(id=OPENS, label=label, icon="▶")
    leave = tuple(one for one in screen.actions if one.id == "leave")
    return replace(
        screen,
        texts=(WAVE,),
        choices=(opens,),
        actions=leave,
        audio=(),
        types=False,
        neutral=True,
    )


def is_covered(desk: Desk, incoming: Incoming, screen: Outgoing) -> bool:
    """Whether she has to tap before she sees this screen."""
    covers = desk.channels[incoming.address.channel].abilities.covers
    return covers and not screen.neutral and not _tapped(incoming)


def _tapped(incoming: Incoming) -> bool:
    match incoming.said:
        case Choice():
            return True
        case Pressed(step=step):
            return step is not None
        case _:
            return False
