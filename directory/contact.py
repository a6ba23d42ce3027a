"""One way to reach a service, as it is dialled or shown."""

from dataclasses import dataclass

from directory.kinds import ContactKind, Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach a service: `value` is what is dialled or shown.

    `e164` is the international form; `short_code` (digits only) has none and mostly works
    inside its own country only. `caller_seen` says whether they see the number of who calls.
    """

    kind: ContactKind
    value: str
    e164: str | None = None
    short_code: str | None = None
    toll_free: Known = Known.UNKNOWN
    from_abroad: Known = Known.UNKNOWN
    caller_seen: Known = Known.UNKNOWN
