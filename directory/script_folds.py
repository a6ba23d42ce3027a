"""What each script drops or merges when names are compared: the tables behind `text.key`."""

import re

# Thai: tone marks, the shortening mark, the silencing mark and the ring of sara am are what phones
# and people leave out; the two "ai" vowels and the two forms of "ae" look and sound alike.
THAI = {
    **dict.fromkeys("\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e\u0e3a\u0e46", ""),
    "ใ": "ไ",
    "ฎ": "ด",
    "ฏ": "ต",
    "ณ": "น",
    "ศ": "ส",
    "ษ": "ส",
    "ฬ": "ล",
    "ฦ": "ล",
    "ๅ": "า",
}
# Lao: tone marks and the ring go, as in Thai; r was written as l for decades; the joined forms are
# taken apart by NFKD except for the subscript l and the y that is written in two ways.
LAO = {
    **dict.fromkeys("\u0ec8\u0ec9\u0eca\u0ecb\u0ecc\u0ecd\u0ec6", ""),
    "ໃ": "ໄ",
    "ຣ": "ລ",
    "\u0ebc": "ລ",
    "ຽ": "ຍ",
}
# Khmer: after khnormal has put the marks in order, the subscript sign and the small signs above
# go; independent vowels become the carrier with its vowel, which is how they are often typed.
KHMER = {
    **dict.fromkeys("\u17c8\u17c9\u17ca\u17cb\u17cc\u17cd\u17ce\u17cf\u17d0\u17d1\u17d2", ""),
    "ឥ": "អិ",
    "ឦ": "អី",
    "ឧ": "អុ",
    "ឩ": "អូ",
    "ឪ": "អូ",
    "ឯ": "អែ",
    "ឱ": "អោ",
    "ឲ": "អោ",
    "ដ": "ត",
}
# Burmese: the killer, the stacking sign, the dot below and the two dots are the marks that typing
# drops or reorders; tall and round aa are one vowel; U+1026 is taken apart by NFKD.
BURMESE = {
    **dict.fromkeys("\u1037\u1038\u1039\u103a\u104a\u104b", ""),
    "ါ": "ာ",
    "ဥ": "ဉ",
    "ဿ": "သသ",
    "ဩ": "သြ",
    "ဪ": "သြော",
}
# The order of marks in a Burmese cluster, which keyboards do not keep: medials, e, vowels above,
# vowels below, aa.
BURMESE_ORDER = (
    "\u103b\u103c\u103d\u103e",
    "\u1031",
    "\u102d\u102e\u1032",
    "\u102f\u1030",
    "\u102b\u102c",
)
LATIN = {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"}
DIGITS = {
    chr(zero + digit): str(digit)
    for zero in (0x0E50, 0x0ED0, 0x17E0, 0x1040)
    for digit in range(10)
}
FOLD = str.maketrans({**THAI, **LAO, **KHMER, **BURMESE, **LATIN, **DIGITS})
# Two of the short vowel sign typed for the long one; it looks the same on the screen.
PAIRS = (("เเ", "แ"), ("ເເ", "ແ"))

# Romanised names follow no one standard (Royal Thai, French, English, by ear). These changes make
# "Mae Sod", "Mesot" and "Mae Sort" meet; they are tried beside the plain key, never instead of it.
SOUNDS = (
    (re.compile(r"h(?=[kpstlmn])"), ""),
    (re.compile(r"ch|tj|dj|dz|j|x|z|s+h?"), "s"),
    (re.compile(r"ph|f|b"), "p"),
    (re.compile(r"(?<=[kptgd])h|(?<=[aeiou])h(?![aeiou])"), ""),
    (re.compile(r"ae|ai(?=[^aeiou])|ay(?=[^aeiou])"), "e"),
    (re.compile(r"aw|au|ou(?=ng)|or(?=[^aeiou]|$)|oa"), "o"),
    (re.compile(r"ou|oo|ue|eu|uo|w(?=[^aeiou])"), "u"),
    (re.compile(r"ee|ie|ea|y"), "i"),
    (re.compile(r"w"), "v"),
    (re.compile(r"[qcg]"), "k"),
    (re.compile(r"d"), "t"),
    (re.compile(r"r"), "l"),
    (re.compile(r"(.)\1+"), r"\1"),
)
