"""The control database's tables: the ledger and the chain only grow; states stand apart in their own rows."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

NAMING: Final = {
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(column_0_label)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}
metadata = MetaData(naming_convention=NAMING)

# --- the chain -------------------------------------------------------------------------------

head = Table(  # one row: locking it first puts all writers in one queue
    "head",
    metadata,
    Column(
        "id",
        Integer,
        CheckConstraint("id = 1", name="single"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("sequence", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
)
audit = Table(  # append-only
    "audit",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("previous_sha256", String(64), nullable=False, unique=True),
    Column("at", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body_sha256", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
)
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("network", String(40), nullable=False),
    Column("head_sha256", String(64), nullable=False),
    Column("at", String(20), nullable=False),
    Column("hub_signature", String(128), nullable=False),
    Column(
        "custodian_signature", String(128)
    ),  # set once, when the custodian has checked the extension
)

# --- the ledger ------------------------------------------------------------------------------

budget = Table(
    "budget",
    metadata,
    Column("scope", String(80), primary_key=True),
    Column("cap_rho_micro", BigInteger, nullable=False),
    Column("spent_rho_micro", BigInteger, nullable=False),  # only ever grows, by the guarded update
    Column("cap_delta_pico", BigInteger, nullable=False),
    Column("spent_delta_pico", BigInteger, nullable=False),
    CheckConstraint("0 <= spent_rho_micro AND spent_rho_micro <= cap_rho_micro", name="rho"),
    CheckConstraint("0 <= spent_delta_pico AND spent_delta_pico <= cap_delta_pico", name="delta"),
)
charge = Table(  # append-only
    "charge",
    metadata,
    Column("charge", String(64), primary_key=True),
    Column("key", String(200), nullable=False, unique=True),  # the client's idempotency key
    Column("request_sha256", String(64), nullable=False),
    Column("edition", String(40), nullable=False),
    Column("measure", String(40), nullable=False),
    Column("scopes", Text, nullable=False),  # sorted, space-separated
    Column("rho_micro", BigInteger, nullable=False),
    Column("delta_pico", BigInteger, nullable=False),
    Column("sequence", BigInteger, ForeignKey("audit.sequence"), nullable=False, unique=True),
)
release = Table(  # append-only: the stored answer is the only answer
    "release",
    metadata,
    Column("charge", String(64), ForeignKey("charge.charge"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # canonical contracts.edition.Release
    Column("sha256", String(64), nullable=False),
    Column("sequence", BigInteger, ForeignKey("audit.sequence"), nullable=False, unique=True),
)
edition = Table(
    "edition",
    metadata,
    Column("edition", String(40), primary_key=True),
    Column("charter_sha256", String(64), nullable=False),
    Column("state", String(12), nullable=False),
    Column("body", LargeBinary),  # canonical contracts.edition.Edition, once stored
    Column("sha256", String(64)),  # of body
    Column("checkpoint", BigInteger, ForeignKey("checkpoint.sequence")),  # the witnessed head
    Column(
        "published", LargeBinary
    ),  # canonical contracts.edition.PublishedEdition, once published
    Column("published_at", String(20)),
    # Canonical contracts.catalogue.Catalogue of the members, what everybody may see, where the edition reads them.
    Column("catalogues", LargeBinary),
)

model = Table(  # append-only
    "model",
    metadata,
    Column("edition", String(40), ForeignKey("edition.edition"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # canonical contracts.model.SignedModel
    Column("sha256", String(64), nullable=False),
    Column("sequence", BigInteger, ForeignKey("audit.sequence"), nullable=False, unique=True),
)

# --- members and charter -----------------------------------------------------------------------

member = Table(
    "member",
    metadata,
    Column("venue", String(40), primary_key=True),
    Column("signing_key", String(64), nullable=False),
    Column("enrolled_at", String(20), nullable=False),
)
code = Table(
    "code",
    metadata,
    Column(
        "code_sha256", String(64), primary_key=True
    ),  # 120 random bits: a plain digest tells nothing
    Column("venue", String(40), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Column("used_by", String(64)),  # the key that enrolled with it
)
charter = Table(
    "charter",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),  # canonical contracts.charter.Charter
    Column("in_force_at", String(20)),  # set once, by the last member's signature
)
charter_signature = Table(
    "charter_signature",
    metadata,
    Column("charter_sha256", String(64), ForeignKey("charter.sha256"), primary_key=True),
    Column("venue", String(40), primary_key=True),
    Column("signature", String(128), nullable=False),
)

# --- the inbox: what the web process knows of sealed batches -------------------------------------

nonce = Table(
    "nonce",
    metadata,
    Column("keyid", String(80), primary_key=True),
    Column("nonce", String(200), primary_key=True),
    Column("seen_at", String(20), nullable=False, index=True),
)
commit_ = Table(
    "commit_",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("venue", String(40), nullable=False),
    Column("month", String(7), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),  # canonical contracts.batch.Commit
    Column("state", String(10), nullable=False, index=True),
    Column("received_at", String(20), nullable=False),
    CheckConstraint("state IN ('received', 'accepted', 'refused')", name="state"),
    UniqueConstraint("venue", "month", "sequence"),
)
receipt = Table(
    "receipt",
    metadata,
    Column("commit_sha256", String(64), ForeignKey("commit_.sha256"), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # canonical contracts.batch.Envelope
)
catalogue = Table(
    "catalogue",
    metadata,
    Column("venue", String(40), primary_key=True),
    Column("body", LargeBinary, nullable=False),  # canonical contracts.catalogue.Catalogue
    # What everybody may see of it, ready to send; none until a catalogue of before 0007 comes anew.
    Column("shown", LargeBinary),
    Column("shown_sha256", String(64)),
)

APPEND_ONLY: Final = ("audit", "charge", "model", "release")
