"""The 64 pictures of a code: their names in order, their signs, and signs taken for the same.

The order is part of every code in use, so it is never changed. Most signs are old ones, which
phones of the last seven years draw; where no exact one is, the nearest everyday thing stands.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

_TABLE = """
rice 🍚    fish 🐟     mango 🥭    banana 🍌    coconut 🥥  chili 🌶️    egg 🥚      water 💧
sun ☀️      moon 🌙     star ⭐     rain 🌧️      fire 🔥     tree 🌳     flower 🌹   leaf 🍃
dog 🐕     cat 🐈      cow 🐄      pig 🐖       chicken 🐔  duck 🦆     elephant 🐘 monkey 🐒
snake 🐍   frog 🐸     bird 🐦     butterfly 🦋 boat ⛵     bus 🚌      bicycle 🚲  house 🏠
door 🚪    key 🔑      bed 🛏️      chair 💺     umbrella ☂️  hat 👒      shoe 👞     shirt 👕
bag 👜     book 📖     pencil ✏️    scissors ✂️   clock ⏰    phone 📱    lamp 💡     drum 🥁
ball ⚽    kite 🪁     hand ✋     eye 👁️       ear 👂      foot 🦶     mountain ⛰️  river 🌊
bridge 🌉  road 🛣️     spoon 🥄    cup ☕       basket 🧺   ring 💍     money 💵    bell 🔔
"""
# What another phone's keyboard offers first for the same thing.
_ALSO = """
dog 🐶 cat 🐱 cow 🐮 pig 🐷 chicken 🐓 monkey 🐵 moon 🌛 star 🌟 tree 🌲 tree 🌴 flower 🌺
flower 🌸 flower 🌷 leaf 🌿 house 🏡 umbrella ☔ umbrella 🌂 hat 🎩 shoe 👟 shoe 👠 bag 👝
bag 🎒 book 📕 book 📗 book 📘 book 📙 pencil 🖊️ clock 🕐 clock ⌚ phone 📞 phone ☎️ lamp 🏮
ball 🏀 hand 🖐️ eye 👀 foot 👣 mountain 🗻 mountain 🏔️ cup 🍵 money 💰 boat 🚤 boat 🛶 bus 🚍
key 🗝️ rice 🍛 fish 🐠 sun 🌞 bell 🛎️
"""
_DROPPED = dict.fromkeys(map(ord, "\ufe0e\ufe0f🏻🏼🏽🏾🏿"))  # form of a sign, colour of a skin


def _pairs(table: str) -> Iterator[tuple[str, str]]:
    cells = table.split()
    return zip(cells[::2], cells[1::2], strict=True)


NAMES: tuple[str, ...] = tuple(name for name, _ in _pairs(_TABLE))
"""Every picture by name; a code counts them from 0. Phrases are called `picture.<name>`."""
SIGNS: tuple[str, ...] = tuple(sign for _, sign in _pairs(_TABLE))
"""Every picture as it is shown."""


def plain(text: str) -> str:
    """The text with signs in one form, whatever colour or form was asked for."""
    return text.translate(_DROPPED)


PICTURE_OF: Mapping[str, int] = MappingProxyType(
    {plain(sign): NAMES.index(name) for name, sign in (*_pairs(_ALSO), *_pairs(_TABLE))}
)
"""The number of the picture a plain sign stands for."""
