"""One database is recognised however its address is written."""

import traceback
from pathlib import Path

import pytest

from storage.apart import check_address, may_hold_password, same_database

MAIN = "postgresql+psycopg://saphan:pw@db.example.org/saphan"


@pytest.mark.parametrize(
    "same",
    [
        MAIN,
        "postgresql+psycopg://other:word@db.example.org/saphan",
        "postgresql+psycopg://db.example.org/saphan",
        "postgresql://saphan:pw@db.example.org:5432/saphan?sslmode=require",
        "postgresql+psycopg://saphan@DB.Example.ORG./saphan?application_name=keys",
        "postgresql+psycopg:///saphan?host=db.example.org",
        "postgresql+psycopg://elsewhere/other?host=db.example.org&dbname=saphan",
        "postgresql+psycopg://saphan@first.example.org,db.example.org/",
        "postgresql+psycopg://db.example.org/%73aphan",
        "postgresql+psycopg://saphan:x[Kd92mq]z@db.example.org/saphan",
        "postgresql+psycopg://saphan:se\uff1acret@db.example.org/saphan",
        "postgresql+psycopg://saphan:ab/cd?e#f@db.example.org/saphan",
        "postgresql+psycopg://saphan@/saphan?host=other.example.org&host=db.example.org:5432",
    ],
)
def test_the_same_postgresql_database(same: str) -> None:
    assert same_database(MAIN, same)
    assert same_database(same, MAIN)


@pytest.mark.parametrize(
    "another",
    [
        "postgresql+psycopg://saphan:pw@db.example.org/keys",
        "postgresql+psycopg://saphan:pw@db.example.org:5433/saphan",
        "postgresql+psycopg://saphan:pw@keys.example.org/saphan",
        "sqlite:////var/lib/saphan/keys.db",
    ],
)
def test_another_database(another: str) -> None:
    assert not same_database(MAIN, another)


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST", "", "localhost:5432"]
)
def test_this_machine_has_many_names(host: str) -> None:
    assert same_database(
        f"postgresql+psycopg://{host}/saphan",
        "postgresql+psycopg:///saphan?host=/var/run/postgresql",
    )


def test_one_file_has_many_paths(tmp_path: Path) -> None:
    (tmp_path / "keys.db").touch()
    (tmp_path / "soft.db").symlink_to(tmp_path / "keys.db")
    (tmp_path / "hard.db").hardlink_to(tmp_path / "keys.db")
    known = f"sqlite:///{tmp_path}/keys.db"
    names = ("soft.db", "hard.db", "x/../keys.db", "keys.db?mode=rw", "%6beys.db")

    for name in names:
        assert same_database(known, f"sqlite+aiosqlite:///{tmp_path}/{name}"), name
    assert not same_database(known, f"sqlite:///{tmp_path}/saphan.db")


def test_databases_in_memory_are_never_one() -> None:
    assert not same_database("sqlite://", "sqlite:///:memory:")


@pytest.mark.parametrize(
    ("url", "holds"),
    [
        (MAIN, True),
        ("postgresql:///a?password=b", True),
        ("postgresql+psycopg://saphan:ab/cd@h/db", True),
        ("postgresql+psycopg://saphan:x[Kd92mq]z@h/db", True),
        ("postgresql+psycopg://saphan:se\uff1acret@h/db", True),
        ("postgresql+psycopg://saphan:pw@h:1,other:2/db", True),  # no address, but it may be told
        ("postgresql://a@b:5432/c", False),
        ("postgresql:///c?host=/run/postgresql", False),
        ("sqlite:////var/lib/saphan/a:b@c.db", False),
    ],
)
def test_a_password_is_seen(url: str, holds: bool) -> None:
    assert may_hold_password(url) is holds


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "postgresql:saphan",
        "postgresql+psycopg://saphan:Kd92mqRt@db.example.org:Kd92mqRt/saphan",
        "mysql://saphan:Kd92mqRt@db.example.org/saphan",
    ],
)
def test_what_is_no_address_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(ValueError, match=r"^takes sqlite:///… or ") as refused:
        check_address(url)
    shown = "".join(traceback.format_exception(refused.value))

    assert "Kd92mqRt" not in shown.replace(url, "")
