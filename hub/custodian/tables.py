"""The custodian's own database: who may evaluate how much, what was evaluated lately, and the log of it."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text
from sqlalchemy import UniqueConstraint as Unique

metadata = MetaData()

HASH = String(64)
SLUG = String(40)
INSTANT = String(20)

venue = Table(
    "venue",
    metadata,
    Column("venue", SLUG, primary_key=True),
    Column("code_sha256", HASH, nullable=False),  # of the newest one-time code
    Column("code_expires", INSTANT, nullable=False),
    Column("code_key", HASH),  # the key that the code was exchanged for; null while unused
    Column("signing_key", HASH),  # Ed25519, enrolled; null until the first enrolment
    Column("daily_cap", BigInteger, nullable=False),  # identifiers a day, all seasons together
)

quota = Table(
    "quota",
    metadata,
    Column("venue", SLUG, primary_key=True),
    Column("season", String(9), primary_key=True),
    Column("cap", BigInteger, nullable=False),
    Column("spent", BigInteger, nullable=False),  # only ever grows; nothing is refunded
)

erasure_quota = Table(  # apart, so that a spent quota never holds up a withdrawal
    "erasure_quota",
    metadata,
    Column("venue", SLUG, primary_key=True),
    Column("season", String(9), primary_key=True),
    Column("cap", BigInteger, nullable=False),
    Column("spent", BigInteger, nullable=False),
)

day = Table(
    "day",
    metadata,
    Column("venue", SLUG, primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("spent", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("session", HASH, primary_key=True),
    Column("venue", SLUG, nullable=False),
    Column("season", String(9), nullable=False),
    Column("request_sha256", HASH, nullable=False),  # the same request again costs nothing
    Column("points", LargeBinary, nullable=False),  # blinded, 32 bytes each: uniformly random
    Column("evaluated", LargeBinary, nullable=False),
    Column("expires", INSTANT, nullable=False, index=True),
    Column("proofs", Integer, nullable=False),  # how many were given
    Unique("venue", "request_sha256"),
)

nonce = Table(
    "nonce",
    metadata,
    Column("venue", SLUG, primary_key=True),
    Column("nonce", String(32), primary_key=True),
    Column("expires", INSTANT, nullable=False, index=True),
)

log = Table(
    "log",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("previous_sha256", HASH, nullable=False),
    Column("at", INSTANT, nullable=False),
    Column("kind", SLUG, nullable=False),
    Column("body_sha256", HASH, nullable=False),
    Column("body", Text, nullable=False),
    Column("sha256", HASH, nullable=False, unique=True),
)

head = Table(  # one row; every writing transaction holds it, so that writers queue up
    "head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("sha256", HASH, nullable=False),
)

carriage = Table(  # which hub may carry its pseudonyms from a season to another, and how many
    "carriage",
    metadata,
    Column("network", SLUG, primary_key=True),
    Column("former", String(9), primary_key=True),
    Column("season", String(9), primary_key=True),
    Column("charter_sha256", HASH, nullable=False),  # the one that the operator was told by voice
    Column("cap", BigInteger, nullable=False),  # points; 0 until the hub has shown that charter
    Column("spent", BigInteger, nullable=False),  # only ever grows
)

hub = Table(  # the hubs whose chain is witnessed, and the last head that was
    "hub",
    metadata,
    Column("network", SLUG, primary_key=True),
    Column("signing_key", HASH, nullable=False),  # pinned by the operator
    Column("sequence", BigInteger, nullable=False),
    Column("head_sha256", HASH, nullable=False),
)
