"""Screens for channel tests: plain words, and long texts in the region's scripts."""

from handlers.messages import Button, Outgoing

LEAVE = Button(id="leave", label="Leave", icon="✖")
BACK = Button(id="back", label="Back", icon="↩")
MENU = Button(id="menu", label="Menu", icon="☰")
LISTEN = Button(id="listen", label="Listen", icon="🔊")
ROW = (LEAVE, BACK, MENU, LISTEN)

# One made-up line a script, about the weather; the tests repeat them.
LINES = {
    "km": "ថ្ងៃនេះមេឃស្រឡះហើយខ្យល់បក់ស្រាលៗ។ ",
    "lo": "ມື້ນີ້ທ້ອງຟ້າແຈ່ມໃສ ແລະ ລົມພັດອ່ອນໆ ",
    "my": "ယနေ့ကောင်းကင်ကြည်လင်ပြီးလေညင်းတိုက်သည်။ ",
    "th": "วันนี้ท้องฟ้าแจ่มใสและลมพัดเบาๆ ",
    "vi": "Hôm nay trời trong và có gió nhẹ. ",
    "en": "Today the sky is clear 🌤 and there is a light wind. ",
}


def screen(*texts: str, step: int = 1, choices: int = 2, locale: str = "en") -> Outgoing:
    return Outgoing(
        step=step,
        locale=locale,
        node="test.1",
        texts=texts,
        choices=tuple(
            Button(id=f"option{number}", label=f"Choice {number}")
            for number in range(1, choices + 1)
        ),
        actions=ROW,
    )
