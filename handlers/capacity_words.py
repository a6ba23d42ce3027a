"""A question for room in words, for every door."""

from handlers.capacity_values import CapacityQuestion
from handlers.case_words import Line, Voice, partner_name
from handlers.desk import Desk
from handlers.staff_values import Account


async def lines_of(
    desk: Desk, account: Account, voice: Voice, one: CapacityQuestion
) -> tuple[Line, ...]:
    """The other house (who asks, or who is asked), service, age band, country, days."""
    asks = one.asker == account.id
    house = await partner_name(desk, account, one.receiver if asks else one.organisation)
    service = desk.services.get(one.service)
    days = voice.say("capacity.days", first=f"{one.first:%d/%m}", last=f"{one.last:%d/%m}")
    found = {
        "label.receiver" if asks else "label.sender": house,
        "label.need": service.name if service else "",
        "label.age": voice.say(f"value.age.{one.age}"),
        "capacity.from": voice.say(f"country.{one.country}"),
        "travel.when": days,
    }
    return tuple(Line(voice.say(label), words) for label, words in found.items() if words)
