"""The tables of the vault database: what was opened, which files hold it, who must stay out."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text

SCHEMA_VERSION: Final = 1

metadata = MetaData()

head = Table(
    "vault_head",
    metadata,
    Column("id", Integer, primary_key=True),  # always 1: the row that every writer locks first
    Column("schema_version", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),  # grows with every change of facts
)

batch = Table(
    "vault_batch",
    metadata,
    Column("commit_sha256", String(64), primary_key=True),
    Column("venue", String(40), nullable=False),
    Column("month", String(7), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("receipt", Text, nullable=False),  # Envelope, given again when asked again
)

month = Table(
    "vault_month",
    metadata,
    Column("venue", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("sequence", BigInteger, nullable=False),  # of the snapshot that stands
)

claim = Table(
    "vault_claim",
    metadata,
    Column("venue", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("season", String(9), nullable=False),  # of the pseudonym key
    Column("registers", LargeBinary, nullable=False),  # hub.vault.quota: how many, never who
)

part = Table(
    "vault_part",
    metadata,
    Column("venue", String(40), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("kind", String(8), primary_key=True),  # persons | tokens | visits | arms
    Column("sha256", String(64), nullable=False),  # of the encrypted file
    Column("salt", LargeBinary(32), nullable=False),  # of its key
)

tombstone = Table(
    "vault_tombstone",
    metadata,
    Column("mac", String(64), primary_key=True),  # keyed: says nothing without the key file
    Column("at", String(20), nullable=False),
)

grave = Table(  # what a tombstone bars, so that it can be carried to another season; sealed: names nobody
    "vault_grave",
    metadata,
    Column("mac", String(64), primary_key=True),
    Column("box", LargeBinary, nullable=False),
)

epoch = Table(  # the seasons whose pseudonyms stood here; the greatest is the one that stands
    "vault_epoch",
    metadata,
    Column("season", String(9), primary_key=True),
    Column("former", String(9), nullable=False),  # "" for the first
    Column("carried", Integer, nullable=False),  # 1: what stood before was carried over
    Column("opened", String(20), nullable=False),
)

owed = (
    Table(  # who must send its whole suppression list before anything else of that season is taken
        "vault_owed",
        metadata,
        Column("season", String(9), primary_key=True),
        Column("venue", String(40), primary_key=True),
        Column("listed", String(20)),  # when it came; null until then
    )
)

snapshot = Table(
    "vault_snapshot",
    metadata,
    Column("edition", String(40), primary_key=True),
    Column("request_sha256", String(64), nullable=False),  # of window and venues
    Column("visits_sha256", String(64), nullable=False),
    Column("visits_salt", LargeBinary(32), nullable=False),
    Column("linkage_sha256", String(64), nullable=False),
    Column("linkage_salt", LargeBinary(32), nullable=False),
    Column("frozen", String(20), nullable=False),
)
