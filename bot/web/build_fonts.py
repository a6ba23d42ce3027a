"""Makes the light Burmese fonts: `python -m bot.web.build_fonts`; see CONTRIBUTING.md.

Build time only. The Myanmar block is shared by Burmese, Mon, Karen, Shan and others. What Burmese
is written with is half of the font; the whole font stays beside it, and `chat.css` takes it for
syllables with a letter of the others. The same versions of the packages make the same bytes.
"""

from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter, load_font, save_font

FONTS: Final = Path(__file__).parent / "fonts"
WHOLE: Final = "noto-sans-myanmar-myanmar-{weight}-normal.woff2"
LIGHT: Final = "noto-sans-myanmar-burmese-{weight}-normal.woff2"
WEIGHTS: Final = (400, 700)
# What stands in Unicode's chart of the block before the extensions for Pali, Mon, Karen and Shan;
# space, joiners, and the dotted circle for a mark that stands alone.
LETTERS: Final = (*range(0x1000, 0x1050), 0x20, *range(0x200B, 0x200E), 0x25CC)


def main() -> None:
    """Write a light font beside each whole one."""
    for weight in WEIGHTS:
        options = Options(flavor="woff2", layout_features=["*"], name_IDs=["*"])
        font = load_font(FONTS / WHOLE.format(weight=weight), options)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=LETTERS)
        subsetter.subset(font)
        save_font(font, FONTS / LIGHT.format(weight=weight), options)


if __name__ == "__main__":
    main()
