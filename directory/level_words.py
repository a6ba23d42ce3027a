"""Words for "province", "district" and "town" that people write before or after a place's name."""

import re

# Each alternative is matched on text that is already clean: lower case, composed, single-spaced.
# Words that are also common beginnings of names (Thai "ban", Burmese "myo" in front) stay out, and
# a word before a number stays with it: "Quận 7" is a name.
_THAI_ANYWHERE = r"จังหวัด|กิ่งอำเภอ|อำเภอ|ตำบล|เทศบาล(?:นคร|เมือง|ตำบล)?"
_THAI_AT_START = r"เขต|แขวง|(?<![ก-๛])(?:จว|จ|อ|ต|ข|กทม)\.|เมืองพัทยา(?=.)"
_LAO = r"ນະຄອນຫຼວງ|ນະຄອນຫລວງ|ແຂວງ|ເມືອງ"
_KHMER = r"រាជធានី|ខេត្ត|ក្រុង|ស្រុក|ខណ្ឌ|ឃុំ|សង្កាត់|ភូមិ"
_BURMESE = r"မြို့နယ်|မြို့|ခရိုင်|ပြည်နယ်|တိုင်းဒေသကြီး|တိုင်း"
_VIETNAMESE = r"tỉnh|thành phố|quận|huyện|thị xã|thị trấn|phường|xã|đặc khu"
# Without marks, or short, these words are also syllables of names: looked for in what people type,
# never cut off a name of the gazetteer.
_VIETNAMESE_TYPED = (
    r"tinh|thanh pho|t\.?p\.?|quan|huyen|thi xa|t\.?x\.?|thi tran|t\.?t\.?|phuong|xa"
    r"|q\.|h\.|p\.|x\.|dac khu"
)
_ROMANISED_BEFORE = (
    r"changwat|amphoe|amphur|amphoer|ampher|king amphoe|khet|tambon|tambol|khaet|khet|srok|krong"
    r"|khan|sangkat|khum|phumi?|khoueng|khoeng|khwaeng|muang|mueang|meuang|province of"
    r"|district of|city of|town of"
)
_ROMANISED_AFTER = (
    r"province|district|township|municipality|prefecture|region|state|division|city|town|myo"
    r"|pref\.?|prov\.?|dist\.?"
)

_BEFORE_ANYWHERE = re.compile(rf"(?:{_THAI_ANYWHERE})\s*")
_START = r"(?:^|(?<=[\s,;/()]))"
_BEFORE_WORD = re.compile(
    rf"{_START}(?:{_THAI_AT_START}|{_LAO}|{_KHMER}|(?:{_VIETNAMESE}|{_ROMANISED_BEFORE})\s+)"
    r"\s*(?=[^\s\d])"
)
_BEFORE_TYPED = re.compile(rf"{_START}(?:{_VIETNAMESE_TYPED})(?:\s+|(?<=\.))(?=[^\s\d])")
_AFTER_BURMESE = re.compile(rf"(?<=[\u1000-\u109f])(?:{_BURMESE})")
_AFTER_WORD = re.compile(rf" (?:{_ROMANISED_AFTER})(?=$|[\s,;/()])")
_BREAK = re.compile(r"[,;/|()\n၊။]+")


def without_level_words(cleaned: str) -> str:
    """Return a cleaned name without its level words, or as it is where nothing would be left."""
    return " ".join(_split(cleaned)) or cleaned


def split_at_level_words(cleaned: str) -> tuple[str, ...]:
    """Return the pieces of a cleaned typed text between level words, commas and brackets."""
    return _split(_BEFORE_TYPED.sub(",", cleaned))


def _split(cleaned: str) -> tuple[str, ...]:
    marked = _BEFORE_ANYWHERE.sub(",", cleaned)
    marked = _AFTER_BURMESE.sub(",", marked)
    marked = _AFTER_WORD.sub(",", marked)
    marked = _BEFORE_WORD.sub(",", marked)
    return tuple(piece.strip() for piece in _BREAK.split(marked) if piece.strip())
