"""What all tables share: their metadata, the names of their indexes, a number that counts up."""

from sqlalchemy import BigInteger, Integer, MetaData

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
