"""Logs: events from a closed list with typed fields, and nothing of libraries below a warning."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

# event -> fields it may carry. Anything else is dropped before it is written (safety.md 4.9).
EVENTS: dict[str, frozenset[str]] = {
    "started": frozenset({"mode", "role", "nodes", "services"}),
    "stopped": frozenset(),
    "channel_ready": frozenset({"channel"}),
    "channel_unreachable": frozenset({"channel", "times"}),
    "delivery_failed": frozenset({"kind"}),
    "job_failed": frozenset({"kind"}),
    "screen_refused": frozenset({"channel"}),
    "sweep_failed": frozenset({"kind"}),
    "turn_failed": frozenset({"kind", "channel", "place"}),
    "trees_refused": frozenset({"problems"}),
}
_TYPES = (int, float, bool)
_WORDS = frozenset({"mode", "role", "kind", "channel", "place"})


def only_listed(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Keep events and fields of the list; values are numbers, or names from our own code."""
    name = event.get("event", "")
    allowed = EVENTS.get(name)
    if allowed is None:
        raise structlog.DropEvent
    kept = {"event": name, "level": event.get("level"), "at": event.get("timestamp")}
    for field in allowed & event.keys():
        value = event[field]
        if isinstance(value, _TYPES) or (field in _WORDS and _is_name(value)):
            kept[field] = value
    return kept


def _is_name(value: object) -> bool:
    """A name from code: an identifier, perhaps with a line number; never a person's words."""
    return isinstance(value, str) and value.isascii() and value.replace(":", "_").isidentifier()


def configure(level: str) -> None:
    """Set up structlog, and silence every library's own logger."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_listed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
    silence_libraries()


def silence_libraries() -> None:
    """No library may write to the log: what it prints may hold a token, an id, or her words."""
    logging.disable(logging.CRITICAL)
    sys.excepthook = _quiet_hook


def _quiet_hook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    """An error nobody caught: its type and place, never its message, arguments or variables."""
    place = "unknown"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    sys.stderr.write(f"stopped by {kind.__name__} in {place}\n")
