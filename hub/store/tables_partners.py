"""The tables of partners' programs: their public keys, what they hold for ten minutes, how often they ask, where they are told.

No table holds a secret: keys are public, tokens stand as digests, and a webhook's secret is derived from the office's
own key whenever it is wanted.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from hub.store.tables import metadata

client = Table(
    "client",
    metadata,
    Column("client", String(20), primary_key=True),  # random
    Column("partner", String(40), nullable=False, index=True),
    Column("name", String(80), nullable=False),  # as its owner calls it; never in the chain
    Column("key", Text, nullable=False),  # a public P-256 key, JSON (RFC 7517)
    Column("thumbprint", String(64), nullable=False),  # SHA-256 of it in DER
    Column("sandbox", Boolean, nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_by", String(20), nullable=False),
    Column("made_at", String(20), nullable=False),
    CheckConstraint("state IN ('pending', 'active', 'revoked')", name="state"),
)
access = Table(
    "access",
    metadata,
    Column("token_sha256", String(64), primary_key=True),  # of 256 random bits
    Column("client", String(20), ForeignKey("client.client"), nullable=False, index=True),
    Column("scope", String(200), nullable=False),
    Column("expires_at", String(20), nullable=False, index=True),
)
rate = Table(
    "rate",
    metadata,
    Column("client", String(20), primary_key=True),
    Column("window", BigInteger, primary_key=True, autoincrement=False),  # minutes since 1970
    Column("count", Integer, nullable=False),
)
idempotency = Table(
    "idempotency",
    metadata,
    Column("client", String(20), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("request_sha256", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", String(20), nullable=False, index=True),
)
webhook = Table(
    "webhook",
    metadata,
    Column("webhook", String(20), primary_key=True),  # random
    Column("partner", String(40), nullable=False, index=True),
    Column("url", String(500), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_by", String(20), nullable=False),
    Column("made_at", String(20), nullable=False),
    CheckConstraint("state IN ('active', 'off')", name="state"),
)
delivery = Table(
    "delivery",
    metadata,
    Column("delivery", String(40), primary_key=True),  # the same at each try
    Column("webhook", String(20), ForeignKey("webhook.webhook"), nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),
    Column("due_at", String(20), nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    CheckConstraint("state IN ('waiting', 'sent', 'given-up')", name="state"),
)
