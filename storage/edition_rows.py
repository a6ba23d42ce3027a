"""Tables of what women read: editions, drafts of the next one, recordings. None is about a person.

Staff stand in the documents by their ids, which are pseudonyms.
"""

from sqlalchemy import Column, Integer, LargeBinary, String, Table, Text

from storage.schema import Serial, documents, metadata

# Every edition that ever served, as a signed bundle (privacy/bundles.py); kept for good, since a
# consent names the edition whose words she was asked with.
editions = Table(
    "editions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("document", Text, nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
)

drafts = documents(
    "drafts",
    Column("id", String(40), primary_key=True),
    Column("state", String(12), nullable=False, index=True),
)

draft_items = documents(
    "draft_items",
    Column("draft", String(40), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("key", String(200), primary_key=True),
)

# What each save changed, so that it can be taken back.
draft_steps = Table(
    "draft_steps",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("draft", String(40), nullable=False, index=True),
    Column("by", String(40), nullable=False),
    Column("document", Text, nullable=False),
    sqlite_autoincrement=True,
)

# Recordings of the texts, by the SHA-256 of their sound.
clips = Table(
    "clips",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("document", Text, nullable=False),
    Column("sound", LargeBinary, nullable=False),
)

# Walks through the trees that are replayed by every check.
kept_walks = documents("kept_walks", Column("id", String(40), primary_key=True))

# Nodes and answers that one person took out of every edition at once.
pulls = documents("pulls", Column("key", String(200), primary_key=True))

# Reports that were given: what they say and who signed them.
reports = documents("reports", Column("id", String(40), primary_key=True))
