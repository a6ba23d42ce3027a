"""Who may use which page of the coordinators' console, by hand; part of access_routes.ROUTES.

Within an organisation "supervisor" and "focal point" mean their own: the handlers see to it, and
tests/organisation_pages try the others.
"""

from collections.abc import Mapping
from typing import Final

from referrals.roles import Role

COORDINATES: Final = frozenset({Role.COORDINATOR})
READS: Final = frozenset(
    {
        *(Role.COORDINATOR, Role.EDITOR, Role.TRANSLATOR, Role.REVIEWER),
        Role.SPECIALIST,
    }
)
WRITES: Final = frozenset({Role.COORDINATOR, Role.EDITOR})
LANGUAGES: Final = frozenset({Role.COORDINATOR, Role.TRANSLATOR, Role.REVIEWER})
SIGNS: Final = frozenset({Role.REVIEWER})  # a native reviewer's name stands under it
KEEPS: Final = frozenset({Role.COORDINATOR, Role.STEWARD})
LOOKS_AFTER: Final = frozenset({Role.COORDINATOR, Role.SUPERVISOR})
ANSWERS: Final = frozenset({Role.COORDINATOR, Role.FOCAL_POINT, Role.SUPERVISOR})
KNOWS: Final = ANSWERS | {Role.STEWARD}
OF_ONE: Final = frozenset({Role.FOCAL_POINT, Role.SUPERVISOR})

_WAYS: Final[Mapping[frozenset[Role], tuple[str, ...]]] = {
    READS: (
        "GET /console/trees",
        "POST /console/trees/search",
        "GET /console/trees/{tree}",
        "GET /console/translations",
        "GET /console/translations/{locale}/file",
        "GET /console/translations/{locale}/po",
        "GET /console/translations/{locale}/sound/{text}",
        "GET /console/translations/{locale}/heard/{digest}",
        "GET /console/translations/{locale}",
        "POST /console/translations/{locale}",
        "GET /console/translations/{locale}/{text}",
    ),
    WRITES: (
        "POST /console/trees/begin",
        "POST /console/trees/add",
        "POST /console/trees/{tree}/save",
        "POST /console/trees/{tree}/check",
        "POST /console/trees/{tree}/new",
        "POST /console/trees/{tree}/head",
        "POST /console/trees/{tree}/undo",
        "POST /console/trees/{tree}/order",
        "POST /console/trees/{tree}/move",
        "POST /console/trees/{tree}/delete",
        "POST /console/trees/{tree}/remove",
        "POST /console/trees/{tree}/variants",
        "POST /console/trees/{tree}/merge",
    ),
    LANGUAGES: (
        "POST /console/translations/{locale}/upload",
        "POST /console/translations/{locale}/take",
        "POST /console/translations/{locale}/sound",
        "POST /console/translations/{locale}/accept",
        "POST /console/translations/{locale}/no-sound",
        "POST /console/translations/{locale}/{text}/save",
        "POST /console/translations/{locale}/{text}/check",
        "POST /console/translations/{locale}/{text}/back",
    ),
    SIGNS: ("POST /console/translations/{locale}/{text}/sign",),
    KEEPS: (
        "GET /console/directory",
        "POST /console/directory",
        "GET /console/directory/areas",
        "GET /console/directory/queue",
        "GET /console/directory/gaps",
        "GET /console/directory/answers",
        "GET /console/directory/entry/{service}",
        "POST /console/directory/entry/{service}/act",
        "GET /console/directory/entry/{service}/edit/{group}",
        "POST /console/directory/entry/{service}/edit/{group}",
        "GET /console/directory/new",
        "POST /console/directory/new",
        "GET /console/directory/files",
        "POST /console/directory/import",
        "POST /console/directory/take",
        "POST /console/directory/export",
        "GET /console/organisations",
        "POST /console/organisations",
        "GET /console/organisations/new",
        "GET /console/organisations/{organisation}/profile",
        "POST /console/organisations/{organisation}/profile",
    ),
    OF_ONE: (
        "GET /desk/organisation",
        "POST /desk/organisation/here",
    ),
    KNOWS: (
        "GET /console/organisations/{organisation}",
        "GET /console/organisations/{organisation}/rota",
        "GET /console/organisations/{organisation}/answering",
    ),
    COORDINATES: (
        "POST /console/organisations/{organisation}/check",
        "POST /console/organisations/{organisation}/agreement",
        "POST /console/organisations/{organisation}/approve",
        "POST /console/organisations/{organisation}/suspend",
        "GET /console/corridors",
        "POST /console/corridors",
        "POST /console/corridors/yes",
        "POST /console/corridors/end",
        "GET /console/raids",
        "GET /console/raids/partner/{organisation}",
        "POST /console/raids/partner/{organisation}",
        "GET /console/raids/place/{place}",
        "POST /console/raids/place/{place}",
        "POST /console/raids/lift",
        "GET /console/doors",
        "GET /console/doors/shut/{name}",
        "POST /console/doors/shut/{name}",
        "POST /console/doors/open/{name}",
        "GET /console/posters",
        "POST /console/posters/print",
        "POST /console/posters/code",
        "POST /console/posters/end/{code}",
        "GET /console/pending",
        "GET /console/times",
        "POST /console/times/agree",
        "POST /console/times/drop",
        "GET /console/times/level/{level}",
        "POST /console/times/level/{level}",
        "GET /desk/passkeys/needed",
        "POST /desk/passkeys/needed/without",
    ),
    LOOKS_AFTER: (
        "GET /console/people",
        "POST /console/people/looked",
        "GET /console/people/invite",
        "POST /console/people/invite",
        "GET /console/organisations/{organisation}/people",
        "GET /console/people/{person}",
        "POST /console/people/{person}/act",
        "GET /console/people/{person}/leave",
        "POST /console/people/{person}/leave",
        "POST /console/organisations/{organisation}/answering/ping",
    ),
    ANSWERS: (
        "POST /console/organisations/{organisation}/rota/hours",
        "POST /console/organisations/{organisation}/rota/day",
        "POST /console/organisations/{organisation}/rota/absence",
        "POST /console/organisations/{organisation}/answering",
        "POST /console/organisations/{organisation}/answering/room",
    ),
}
CONSOLE: Final = {way: roles for roles, ways in _WAYS.items() for way in ways}
