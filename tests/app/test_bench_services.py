"""The bench of services measures the same answers twice and says honestly what it compared."""

from app.bench_services import generated, nearest, services_bench
from directory.grid import Grid


def test_small_sizes_are_measured_and_the_answers_are_the_same() -> None:
    report = services_bench((200, 1_000))
    large = report["sizes"]["1000"]

    assert all(row["same"] for row in report["sizes"].values())
    assert large["search_us"] < large["search_all_us"]
    assert report["nearest_ratio"] == large["nearest_us"] / large["haversine_us"]


def test_without_numpy_there_is_no_verdict() -> None:
    report = services_bench((100, 200))

    if "numpy" in report["yardstick"]:
        assert report["nearest_met"] in (True, False)
    else:
        assert report["nearest_met"] is None


def test_the_same_services_are_made_every_time_and_the_nearest_is_among_them() -> None:
    grid = Grid()
    one = generated(50)
    for service in one:
        assert service.lat is not None
        assert service.lon is not None
        grid.put(service.lat, service.lon, service.id)
    here = (one[7].lat or 0.0, one[7].lon or 0.0)

    assert generated(50) == one
    assert nearest(grid, here, 1) == [(0.0, one[7].id)]
