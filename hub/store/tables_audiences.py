"""The tables of partners' requests: what is asked, what each house answers, what is ordered, and who did what.

No count of people stands anywhere in them. Acts are private: the public chain is told their digest when the request's
calendar lets answers be seen.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from hub.store.tables import metadata

audience = Table(
    "audience",
    metadata,
    Column("request", String(40), primary_key=True),  # random
    Column("partner", String(40), nullable=False, index=True),
    Column("state", String(12), nullable=False),  # what was done; the calendar says the rest
    Column("body", LargeBinary, nullable=False),  # canonical Request
    Column("holdout_key", String(64), nullable=False),  # random; for the houses that agree
    Column("made_by", String(20), nullable=False),
    Column("made_at", String(20), nullable=False),
    Column("submitted_by", String(20)),
    Column("submitted_at", String(20), index=True),
    Column("issued_at", String(20)),  # by the calendar
    Column("issued", Integer, nullable=False),  # 1 once orders were signed
    CheckConstraint("state IN ('draft', 'estimated', 'submitted', 'closed')", name="state"),
)
audience_answer = Table(
    "audience_answer",
    metadata,
    Column("request", String(40), ForeignKey("audience.request"), primary_key=True),
    Column("venue", String(40), primary_key=True, index=True),
    Column("state", String(10), nullable=False),  # of the house's marketing
    Column("reason", String(20), nullable=False),  # of a closed list, or ""
    Column("dpo", String(10), nullable=False),  # the DPO's own answer, where the charter asks it
    Column(
        "body", LargeBinary, nullable=False
    ),  # canonical Request, as this house would approve it
    CheckConstraint("state IN ('waiting', 'approved', 'modified', 'refused')", name="state"),
    CheckConstraint("dpo IN ('unasked', 'waiting', 'approved', 'refused')", name="dpo"),
)
audience_act = Table(  # private, append-only
    "audience_act",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("request", String(40), nullable=False, index=True),
    Column("venue", String(40), nullable=False),  # "" where the partner acts
    Column("person", String(20), nullable=False),
    Column("act", String(20), nullable=False),
    Column(
        "told", String(200), nullable=False
    ),  # the reason, the digest of a changed request, or ""
    Column("at", String(20), nullable=False),
)
audience_order = Table(
    "audience_order",
    metadata,
    Column("order", String(40), primary_key=True),  # random
    Column("request", String(40), ForeignKey("audience.request"), nullable=False),
    Column("venue", String(40), nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),  # canonical SignedOrder
    Column("charter_sha256", String(64), nullable=False),
    Column("expires", String(20), nullable=False),
    UniqueConstraint("request", "venue"),
)
audience_code = Table(
    "audience_code",
    metadata,
    Column("partner", String(40), primary_key=True),
    Column("venue", String(40), primary_key=True),
    Column("season", String(9), primary_key=True),
    Column("code", String(24), nullable=False, unique=True),
)
audience_lent = Table(  # a house's marketing lends its voice for a time
    "audience_lent",
    metadata,
    Column("venue", String(40), primary_key=True),
    Column("person", String(20), ForeignKey("person.person"), primary_key=True),
    Column("lent_by", String(20), nullable=False),
    Column("until", String(10), nullable=False),  # the last day
)
