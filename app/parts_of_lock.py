"""`make sbom`: the list of every package we are made of, as CycloneDX 1.6 JSON; without a network.

Names, versions and hashes come from requirements.lock, licences from what is installed.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

LOCK: Final = Path(__file__).parent.parent / "requirements.lock"
_PIN: Final = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?==([^ ;\\]+)(?: *; *([^\\]+))?"
)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_SPDX: Final = "License :: OSI Approved :: "
# Whose metadata name none; from the licence file inside the package.
_UNSAID: Final = {"pyrage": "MIT"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One package as it is pinned; `when` is the condition under which it is installed."""

    name: str
    version: str
    when: str
    hashes: tuple[str, ...]


def parts(lock: str) -> Iterator[Part]:
    """Every package of a lock file. Raises ValueError for a line that pins nothing."""
    for entry in lock.replace("\\\n", " ").splitlines():
        if not entry.strip() or entry.lstrip().startswith("#"):
            continue
        found = _PIN.match(entry)
        if found is None:
            raise ValueError(entry.split("--hash")[0].strip())
        when = (found[3] or "").partition("--hash")[0].strip()
        hashes = tuple(_HASH.findall(entry))
        yield Part(name=found[1], version=found[2], when=when, hashes=hashes)


def bill(lock: str, version: str) -> dict[str, Any]:
    """The document; the same lock and the same packages make the same bytes."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "saphan", "version": version},
        },
        "components": [_component(part) for part in parts(lock)],
    }


def _component(part: Part) -> dict[str, Any]:
    licence = _licence(part.name)
    purl = f"pkg:pypi/{part.name.lower().replace('_', '-')}@{part.version}"
    told: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": part.name,
        "version": part.version,
        "purl": purl,
        "scope": "optional" if part.when else "required",
        "hashes": [{"alg": "SHA-256", "content": one} for one in part.hashes],
    }
    if licence:
        told["licenses"] = [{"license": {"name": licence}}]
    if part.when:
        told["properties"] = [{"name": "saphan:installed-when", "value": part.when}]
    return told


def _licence(name: str) -> str:
    """What the installed package says of itself; empty where it is not installed here."""
    try:
        told = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return ""
    if expression := told.get("license_expression"):
        return str(expression)
    said = told.get("classifier") or []
    classified = [one.removeprefix(_SPDX) for one in said if one.startswith(_SPDX)]
    short = str(told.get("license") or "").splitlines()
    return ", ".join(classified) or (short[0] if short else _UNSAID.get(name, ""))


def main() -> None:
    """Print the document."""
    found = bill(LOCK.read_text("utf-8"), metadata.version("saphan"))
    json.dump(found, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
