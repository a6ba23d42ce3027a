"""Points of the earth in cells, so that those around one are found without going through all."""

from math import asin, ceil, cos, floor, radians, sin, sqrt

EARTH_KM = 6371.0088  # mean radius, International Union of Geodesy and Geophysics
CELL = 0.1  # degrees: about 11 km, a town and its villages
_KM_A_DEGREE = radians(1) * EARTH_KM

Vector = tuple[float, float, float]


class Grid:
    """Named points in degrees, for the five countries: far from the poles and the date line."""

    def __init__(self) -> None:
        """Begin empty."""
        self._cells: dict[tuple[int, int], list[tuple[Vector, str]]] = {}

    def put(self, latitude: float, longitude: float, name: str) -> None:
        """Add a point; a name may have several."""
        cell = self._cells.setdefault(_cell(latitude, longitude), [])
        cell.append((_vector(latitude, longitude), name))

    def take(self, latitude: float, longitude: float, name: str) -> None:
        """Remove a point that was put."""
        cell = self._cells[_cell(latitude, longitude)]
        cell.remove((_vector(latitude, longitude), name))

    def within(self, latitude: float, longitude: float, km: float) -> list[tuple[float, str]]:
        """(kilometres, name) of every point within so many kilometres, in no order.

        Along the great circle: twice the arc sine of half the chord between unit vectors.
        """
        x, y, z = _vector(latitude, longitude)
        most = 4 * sin(km / (2 * EARTH_KM)) ** 2
        row, column = _cell(latitude, longitude)
        down = ceil(km / _KM_A_DEGREE / CELL)
        narrow = cos(radians(min(89.0, abs(latitude) + (down + 1) * CELL)))
        across = ceil(km / _KM_A_DEGREE / CELL / narrow)
        found: list[tuple[float, str]] = []
        for each in range(row - down, row + down + 1):
            for other in range(column - across, column + across + 1):
                for (px, py, pz), name in self._cells.get((each, other), ()):
                    chord = (x - px) ** 2 + (y - py) ** 2 + (z - pz) ** 2
                    if chord <= most:
                        found.append((2 * EARTH_KM * asin(sqrt(chord) / 2), name))
        return found


def _cell(latitude: float, longitude: float) -> tuple[int, int]:
    return floor(latitude / CELL), floor(longitude / CELL)


def _vector(latitude: float, longitude: float) -> Vector:
    up, across = radians(latitude), radians(longitude)
    return cos(up) * cos(across), cos(up) * sin(across), sin(up)
