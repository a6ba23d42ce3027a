"""A good table and good HSDS objects, for the tests of the exchange to plant faults in."""

import io
import zipfile
from dataclasses import replace
from typing import Any

from directory.exchange_document import as_document
from directory.hsds_file import as_is, hsds_object
from directory.service import Service
from directory.sheets import as_row, columns_of
from directory.sheets_xlsx import xlsx_bytes
from tests.directory.service_examples import service

LINE = service(admin1="Bangkok", sources=("example.org",))
SHELTER = replace(LINE, id="TH-901", codes=frozenset({"SHE.EMERG"}), confidential=True)


def table(*services: Service, **cells: str) -> list[list[str]]:
    """Our table of these services, with cells of the first row changed as told."""
    documents = [as_document(one) for one in services or (LINE,)]
    columns = columns_of(documents)
    rows = [columns, *(as_row(document, columns) for document in documents)]
    for column, cell in cells.items():
        if column not in columns:
            for row in rows:
                row.append(column if row is columns else "")
        rows[1][columns.index(column)] = cell
    return rows


def hsds(*services: Service) -> list[dict[str, Any]]:
    """HSDS objects of these services."""
    return [hsds_object(as_is(one)) for one in services or (LINE,)]


def foreign(**changes: Any) -> dict[str, Any]:
    """An HSDS object of somebody else, with fields we do not know."""
    return {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Example counselling",
        "status": "active",
        "organization": {"id": "x", "name": "Example", "description": "d", "tax_id": "5"},
        "funding": [{"id": "f", "source": "somebody"}],
        "phones": [{"id": "p", "number": "02 433 5149", "extension": 5}],
        "service_at_locations": [
            {
                "id": "l",
                "location": {
                    "id": "k",
                    "location_type": "physical",
                    "transportation": "bus",
                    "addresses": [
                        {
                            "id": "a",
                            "address_1": "5 Example Road",
                            "city": "Bangkok",
                            "state_province": "Bangkok",
                            "postal_code": "10100",
                            "country": "TH",
                            "address_type": "physical",
                        }
                    ],
                },
            }
        ],
        "unheard_of": {"deep": [1, 2, {"x": None}]},
    } | changes


def packed(members: dict[str, bytes]) -> bytes:
    """A good .xlsx file with members added."""
    data = io.BytesIO(xlsx_bytes(table()))
    with zipfile.ZipFile(data, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()
