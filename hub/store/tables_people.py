"""The tables of people who sign in: what they may, how they prove who they are, and what they have under way.

E-mail addresses stand in ``person`` and ``invitation`` alone; everything else, and the public chain, names a
person by a random handle.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from hub.store.tables import metadata

person = Table(
    "person",
    metadata,
    Column("person", String(20), primary_key=True),  # random handle, the only name in the chain
    Column("email", String(254), nullable=False, unique=True),  # as normalised, in lower case
    Column("active", Boolean, nullable=False),
    Column("password", String(300)),  # argon2id over a keyed digest
    Column(
        "uniquifier", String(64), nullable=False, unique=True
    ),  # changes when all must sign in anew
    Column("handle", String(64), nullable=False, unique=True),  # what passkeys call the person
    Column("second", String(40)),  # the kind of second factor; NULL until one is set
    Column("secret", Text),  # of the second factor, encrypted under the office's key
    Column("counter", BigInteger, nullable=False),  # of the last code taken: none is taken twice
    Column("created_at", String(20), nullable=False),
)
person_role = Table(
    "person_role",
    metadata,
    Column("person", String(20), ForeignKey("person.person"), primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("venue", String(40), primary_key=True),  # "" when the role is the whole network's
)
recovery_code = Table(
    "recovery_code",
    metadata,
    Column("mac", String(64), primary_key=True),  # keyed digest; the row goes when the code is used
    Column("person", String(20), ForeignKey("person.person"), nullable=False, index=True),
)
passkey = Table(
    "passkey",
    metadata,
    Column("credential", String(1400), primary_key=True),  # hexadecimal
    Column("person", String(20), ForeignKey("person.person"), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    Column("body", Text, nullable=False),  # public key, transports, kind of device
    Column("sign_count", BigInteger, nullable=False),
    Column("used_at", String(20), nullable=False),
)
directory_link = Table(  # whom an outside directory knows one of our people as
    "directory_link",
    metadata,
    Column("mac", String(64), primary_key=True),  # keyed digest of its issuer and of its subject
    Column("person", String(20), ForeignKey("person.person"), nullable=False),
    Column("issuer", String(300), nullable=False),
    Column("linked_at", String(20), nullable=False),
    UniqueConstraint("person", "issuer"),
)
session_ = Table(
    "session_",
    metadata,
    Column(
        "token_sha256", String(64), primary_key=True
    ),  # of 256 random bits that the browser holds
    Column("person", String(20), index=True),  # NULL until signed in
    Column("body", Text, nullable=False),
    Column("seen_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False, index=True),
)
invitation = Table(
    "invitation",
    metadata,
    Column("token_sha256", String(64), primary_key=True),  # of 256 random bits
    Column("email", String(254), nullable=False),
    Column("role", String(20), nullable=False),
    Column("venue", String(40), nullable=False),
    Column("invited_by", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    CheckConstraint("state IN ('open', 'used', 'revoked')", name="state"),
)
proposal = Table(
    "proposal",
    metadata,
    Column("proposal", String(20), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),  # canonical JSON of what would be done
    Column("body_sha256", String(64), nullable=False),
    Column("proposed_by", String(20), nullable=False),
    Column("proposed_at", String(20), nullable=False),
    Column("expires_at", String(20), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("decided_by", String(20)),
    Column("decided_at", String(20)),
    CheckConstraint("state IN ('open', 'confirmed', 'refused')", name="state"),
    CheckConstraint(
        "decided_by IS NULL OR state = 'refused' OR decided_by <> proposed_by", name="two"
    ),
)
attempt = Table(  # tries to sign in, by keyed digest of what was tried; forgotten after the window
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, index=True),
    Column("at", String(20), nullable=False, index=True),
)
journal = Table(  # who signed in and when: private, kept six months
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(20), nullable=False, index=True),
    Column("person", String(20), nullable=False),
    Column("act", String(40), nullable=False),
)
WAYS_IN = (recovery_code, passkey, directory_link)
"""What a person comes in by beside her password: all of it goes when she starts anew, or leaves."""
