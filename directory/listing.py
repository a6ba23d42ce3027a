"""All services of a running process by id, and by where they are and what they do."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping

from directory.grid import Grid
from directory.nearness import TOWN_KM, names_of, positions_of
from directory.query import Query
from directory.service import Service


class Listing(MutableMapping[str, Service]):
    """The services as they stand, over `rows`, the services of the project's file.

    `near` and `offering` leave out only what a rule would hide anyway, so that a search of what
    they give has the same hits as a search of everything (tests/directory/test_listing.py).
    """

    def __init__(self, rows: Mapping[str, Service], standing: Iterable[Service] = ()) -> None:
        """Hold the rows, and over them what people found out."""
        self.rows: Mapping[str, Service] = dict(rows)
        self._all: dict[str, Service] = {}
        self._offering: dict[tuple[str, str], dict[str, Service]] = {}
        self._wide: dict[tuple[str, str], dict[str, Service]] = {}
        self._named: dict[tuple[str, str], dict[str, Service]] = {}
        self._grids: dict[str, Grid] = {}
        self.update(self.rows)
        self.update({service.id: service for service in standing})

    def __getitem__(self, service_id: str) -> Service:
        """Return the service as it stands."""
        return self._all[service_id]

    def __iter__(self) -> Iterator[str]:
        """Go through the ids."""
        return iter(self._all)

    def __len__(self) -> int:
        """Count the services."""
        return len(self._all)

    def __setitem__(self, service_id: str, service: Service) -> None:
        """Put the service in, in place of the one with this id."""
        if self._all.get(service_id) == service:
            return
        if service_id in self._all:
            del self[service_id]
        self._all[service_id] = service
        for shelf in self._shelves(service):
            shelf[service_id] = service
        grid = self._grids.setdefault(service.country, Grid())
        for latitude, longitude in positions_of(service):
            grid.put(latitude, longitude, service_id)

    def __delitem__(self, service_id: str) -> None:
        """Take the service out."""
        service = self._all.pop(service_id)
        for shelf in self._shelves(service):
            shelf.pop(service_id, None)  # a name may put it on the same shelf twice
        for latitude, longitude in positions_of(service):
            self._grids[service.country].take(latitude, longitude, service_id)

    def offering(self, query: Query) -> Iterable[Service]:
        """Every service of her country with a kind of help she asks for."""
        if query.country is None:
            return self._all.values()
        found: dict[str, Service] = {}
        for code in query.asked():
            found |= self._offering.get((query.country, code), {})
        return found.values()

    def near(self, query: Query) -> Iterable[Service]:
        """Of those, where she looks near her: lines for the whole country, and what is local."""
        near, country = query.near, query.country
        if country is None or near is None or query.scope != "near":
            return self.offering(query)
        asked = query.asked()
        found: dict[str, Service] = {}
        for code in asked:
            found |= self._wide.get((country, code), {})
        around = dict(self._around(country, near.lat, near.lon))
        for name in near.names:
            around |= self._named.get((country, name), {})
        wanted = frozenset(asked)
        found |= {key: one for key, one in around.items() if one.codes & wanted}
        return found.values()

    def _around(
        self, country: str, latitude: float | None, longitude: float | None
    ) -> Iterator[tuple[str, Service]]:
        grid = self._grids.get(country)
        if grid is None or latitude is None or longitude is None:
            return
        for _, service_id in grid.within(latitude, longitude, TOWN_KM + 1):
            yield service_id, self._all[service_id]

    def _shelves(self, service: Service) -> Iterator[dict[str, Service]]:
        country = service.country
        for code in service.codes:
            yield self._offering.setdefault((country, code), {})
            if service.country_wide:
                yield self._wide.setdefault((country, code), {})
        for name in names_of(service):
            yield self._named.setdefault((country, name), {})
