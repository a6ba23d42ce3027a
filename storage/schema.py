"""What tables share: metadata, names of indexes, a number that counts up, one kind of row."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=_NAMES)
key_metadata = MetaData(naming_convention=_NAMES)

# SQLite counts up only in a column that is exactly INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")


def documents(name: str, *columns: Column[object]) -> Table:
    """A table of documents: a key, what is searched for, the document, its version."""
    return Table(
        name,
        metadata,
        *columns,
        Column("document", Text, nullable=False),
        Column("version", Integer, nullable=False),
    )
