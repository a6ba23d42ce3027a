"""Logs: events from a closed list with typed fields, and nothing of libraries below a warning."""

import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, MutableMapping
from contextlib import suppress
from typing import Any

import structlog

from bot.doors import doors

# event -> fields it may carry. Anything else is dropped before it is written (safety.md 4.9).
EVENTS: dict[str, frozenset[str]] = {
    "started": frozenset({"mode", "role", "nodes", "services"}),
    "stopped": frozenset(),
    "anchors_off": frozenset(),
    "anchor_failed": frozenset({"kind", "times"}),
    "audit_broken": frozenset({"entry", "kind"}),
    "channel_moved": frozenset({"channel"}),
    "channel_needs_address": frozenset({"channel"}),
    "channel_ready": frozenset({"channel"}),
    "channel_unreachable": frozenset({"channel", "times"}),
    "chat_not_cleared": frozenset({"times"}),
    "clock_drift": frozenset({"seconds"}),
    "card_not_made": frozenset({"kind"}),
    "card_not_sent": frozenset({"channel", "kind"}),
    "clockwork_failed": frozenset({"kind"}),
    "deaf": frozenset({"kind"}),
    "delivery_failed": frozenset({"kind"}),
    "edition_not_published": frozenset({"reason"}),
    "edition_refused": frozenset({"reason"}),
    "job_failed": frozenset({"kind"}),
    "removal_not_listed": frozenset({"kind"}),
    "screen_refused": frozenset({"channel"}),
    "sweep_failed": frozenset({"kind", "times"}),
    "sound_not_sent": frozenset({"channel", "kind"}),
    "talk_not_ended": frozenset({"channel", "kind"}),
    "turn_failed": frozenset({"kind", "channel", "place"}),
    "trees_refused": frozenset({"problems"}),
}
_LARGEST = 1_000_000  # what is counted here stays far below; a platform's id or a number does not
OWN = frozenset(
    {
        *("app", "bot", "console", "directory", "flows", "handlers", "privacy", "referrals"),
        *("storage", "translations"),
    }
)
_SET: dict[str, frozenset[str]] = {
    "mode": frozenset({"trial", "live"}),
    "role": frozenset({"all", "public", "staff", "jobs"}),
    "channel": frozenset({"web", "terminal", "caseworkers", *doors()}),
    "reason": frozenset(
        {
            *("signature", "old", "missing", "form", "names"),
            *("draft.not_yours", "edition.moved", "edition.not_submitted"),
            *("edition.problems", "edition.unfit", "edition.unsigned"),
        }
    ),
}
# What privacy.audit says is wrong with its chain.
_FAULTS = frozenset(
    {"missing", "changed", "inserted", "cut_off", "not_anchored", "start", "anchor"}
)
_PLACE = re.compile(r"([a-z][a-zA-Z0-9_]*):[0-9]{1,5}")


def only_listed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Keep events and fields of the list; values are small numbers, or names from our own code."""
    name = event.get("event", "")
    allowed = EVENTS.get(name) if isinstance(name, str) else None
    if allowed is None:
        raise structlog.DropEvent
    kept = {"event": name, "level": event.get("level"), "at": event.get("timestamp")}
    for field in sorted(allowed & event.keys()):
        if _fits(field, event[field]):
            kept[field] = event[field]
    return kept


def _fits(field: str, value: object) -> bool:
    """Whether this field takes this value. What somebody typed or is called fits none."""
    if field in _SET:
        return isinstance(value, str) and value in _SET[field]
    if field == "kind":
        return isinstance(value, str) and (value in _FAULTS or value in _kinds_of_error())
    if field == "place":
        return isinstance(value, str) and (value == "unknown" or _is_ours(value))
    return isinstance(value, int | float) and -_LARGEST < value < _LARGEST


def _kinds_of_error() -> set[str]:
    """The names of all exceptions this process knows; an error's name is always one of them."""
    kinds, waiting = set(), [BaseException]
    while waiting:
        kind = waiting.pop()
        if kind.__name__ not in kinds:
            kinds.add(kind.__name__)
            waiting += kind.__subclasses__()
    return kinds


def _is_ours(place: str) -> bool:
    """`module_function:line` of a module of ours that is loaded."""
    found = _PLACE.fullmatch(place)
    modules = (name.rpartition(".") for name in sys.modules if name.partition(".")[0] in OWN)
    return bool(found) and any(place.startswith(f"{last}_") for _, _, last in modules)


Step = Callable[[object, str, MutableMapping[str, Any]], Any]


class _Lines(structlog.WriteLogger):
    """Writes each line, or loses it: a full disk or a closed terminal ends no job (R12, R80)."""

    def msg(self, message: str) -> None:
        """Write it where that can be done."""
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


def configure(level: str, *also: Step) -> None:
    """Set up structlog, and silence every library's own logger.

    Written is what has this level or a higher one; `also` hears what is below it as well.
    """
    written_to = sys.stderr
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_listed,
            *also,
            _at_least(level),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        logger_factory=(  # None: it was closed before Python began
            structlog.ReturnLoggerFactory()
            if written_to is None
            else lambda *_: _Lines(written_to)
        ),
    )
    silence_libraries()


def _at_least(level: str) -> Step:
    """A step that keeps what has this level or a higher one."""
    numbers = logging.getLevelNamesMapping()
    least = numbers[level.upper()]

    def keep(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:
        if numbers[event["level"].upper()] < least:
            raise structlog.DropEvent
        return event

    return keep


def silence_libraries() -> None:
    """No library may write to the log: what it prints may hold a token, an id, or her words.

    Nor may Python itself, which prints messages of errors in threads, of errors nobody can catch,
    and warnings.
    """
    logging.disable(logging.CRITICAL)
    sys.excepthook = _quiet_hook
    threading.excepthook = _quiet_thread
    sys.unraisablehook = _quiet_leftover
    warnings.showwarning = _quiet_warning


def _quiet_hook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """An error nobody caught: its type and place, never its message, arguments or variables."""
    place = "unknown"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    # Should this fail, Python would write the error itself, with its message.
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(f"stopped by {kind.__name__} in {place}\n")


def _quiet_thread(_failed: threading.ExceptHookArgs) -> None:
    """An error that ended a thread: whoever waits for the thread learns of it."""


def _quiet_leftover(_failed: Any) -> None:
    """An error while something was cleared away: nothing follows from it."""


def _quiet_warning(*_warning: Any, **_more: Any) -> None:
    """A warning of a library: it may quote a value."""
