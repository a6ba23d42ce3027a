"""What a service says about taking women in: pause, resume, room, alerts; pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from directory.entry import Entry, NotAllowed, Who, done
from directory.intake import Alert, Capacity, Intake

LONGEST_PAUSE = timedelta(days=90)  # ours: the longest time between two checks


def pause(entry: Entry, who: Who, until: datetime) -> Entry:
    """Nobody is taken in until then; at most 90 days, after which it would be due anyway."""
    if not timedelta(0) < until - who.at <= LONGEST_PAUSE:
        raise NotAllowed("a pause ends after now and within 90 days")
    return _says(entry, who, "pause", replace(entry.truth.intake, paused_until=until))


def resume(entry: Entry, who: Who) -> Entry:
    """End a pause before its time."""
    entry.shown()
    if not entry.truth.intake.paused(who.at):
        raise NotAllowed("it is not paused")
    return _says(entry, who, "resume", replace(entry.truth.intake, paused_until=None))


def state_capacity(entry: Entry, who: Who, statement: Capacity) -> Entry:
    """Say what room there is, until when."""
    if statement.by != who.by or statement.since != who.at:
        raise NotAllowed("a statement is made by who says it, from now on")
    return _says(entry, who, "capacity", entry.truth.intake.said(statement))


def raise_alert(entry: Entry, who: Who, alert: Alert) -> Entry:
    """Say what is wrong there, until when; what has run out is left out."""
    if alert.by != who.by or alert.since != who.at:
        raise NotAllowed("an alert is raised by who says it, from now on")
    intake = entry.truth.intake
    kept = [one for one in intake.alerts if who.at < one.until and one.kind is not alert.kind]
    return _says(entry, who, "alert", replace(intake, alerts=(*kept, alert)))


def _says(entry: Entry, who: Who, what: str, intake: Intake) -> Entry:
    """It is kept with the truth and not with the content: the content may come from the file."""
    entry.shown()
    return done(entry, who, what, replace(entry.truth, intake=intake))
