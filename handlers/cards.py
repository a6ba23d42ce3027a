"""A service as a few short lines she can read, or have read, in her language."""

from collections.abc import Iterator, Sequence

from directory.reach import dialled
from directory.service import Contact, ContactKind, Service
from handlers.desk import Desk
from handlers.signs import Reader, Sign, Weight, signs
from translations.locales import LOCALES

# (kinds of help, phone numbers) on one card: fewer where what she must know would not fit.
SIZES = ((2, 3), (1, 3), (1, 2), (1, 1))
LONGEST = 250  # characters of one card (conversation design 1.2)
_OWN_SCRIPT = frozenset({"km", "lo", "my", "th"})


def card(desk: Desk, service: Service, reader: Reader, sectors: Sequence[str]) -> str:
    """The card of one service. Never an address, never a note, never an English sentence.

    Where not all signs fit, the lightest are left out, the last of them first.
    """
    found = signs(desk, service, reader)
    for kinds, numbers in SIZES:
        lines = [f"● {_name(service, reader.locale)}"]
        lines.append(_help(desk, service, reader.locale, sectors, kinds))
        lines += _contacts(desk, service, reader, numbers)
        head = "\n".join(line for line in lines if line)
        room = LONGEST - len(head) - 1
        text = f"{head}\n{_joined(_lightened(found, room))}"
        if len(_joined(_at_risk(found))) <= room:
            break
    return text


def _lightened(found: Sequence[Sign], room: int) -> Sequence[Sign]:
    """As many signs as fit; what she must know stays, however long the card becomes."""
    kept = list(found)
    while len(_joined(kept)) > room:
        weight, place = max((sign.weight, number) for number, sign in enumerate(kept))
        if weight is Weight.MUST:
            break
        del kept[place]
    return kept


def _at_risk(found: Sequence[Sign]) -> Sequence[Sign]:
    return [sign for sign in found if sign.weight <= Weight.RISK]


def _joined(found: Sequence[Sign]) -> str:
    return " · ".join(sign.text for sign in found)


def _name(service: Service, locale: str) -> str:
    """The organisation's own name where it is in her script, else its English name."""
    local = service.organisation_local
    if local and locale in _OWN_SCRIPT and LOCALES[locale].in_script(local):
        return local
    if local and locale == "vi" and service.country == "VN":
        return local
    return service.organisation


def _help(desk: Desk, service: Service, locale: str, sectors: Sequence[str], kinds: int) -> str:
    """Those she searched for first."""
    wanted = [code for code in sectors if code in service.codes]
    codes = (wanted or sorted(service.codes))[:kinds]
    return ", ".join(desk.translator.phrase(locale, f"need.{code}") for code in codes)


def _contacts(desk: Desk, service: Service, reader: Reader, numbers: int) -> Iterator[str]:
    """Numbers as the service prints them, in digits that a phone takes.

    None that is known to fail from where she is: it may be somebody else's there.
    """
    say, works = desk.translator.phrase, dialled(service, reader.here)
    spoken = _of_kind(works, ContactKind.VOICE)
    yield from (f"☎ {contact.value}" for contact in spoken[:numbers])
    written = [*_of_kind(works, ContactKind.SMS), *_of_kind(works, ContactKind.CHAT)]
    yield from (f"💬 {contact.value}" for contact in written[:2])
    if not spoken and not written:
        yield from (f"✉ {contact.value}" for contact in _of_kind(works, ContactKind.EMAIL)[:1])
        if not _of_kind(works, ContactKind.EMAIL):
            yield f"☎ {say(reader.locale, 'card.no_number')}"


def _of_kind(contacts: Sequence[Contact], kind: ContactKind) -> list[Contact]:
    return [contact for contact in contacts if contact.kind is kind]
