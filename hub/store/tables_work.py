"""The table of work in progress: which stage it is at, told to whoever signs in; never rows, bytes or shares of them."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table

from hub.store.tables import metadata

work = Table(
    "work",
    metadata,
    Column("kind", String(20), primary_key=True),  # "edition", "batches", "report"
    Column("subject", String(120), primary_key=True),  # the edition, the venue, the report
    Column("state", String(10), nullable=False),
    Column("stage", String(120), nullable=False),  # a step of the public plan
    Column("stages", Integer, nullable=False),  # how many the plan has
    Column("at", Integer, nullable=False),  # which of them, from 0
    Column("asked_by", String(20)),  # who asked for it in the office, by handle
    Column("began_at", String(20), nullable=False),
    CheckConstraint("state IN ('asked', 'running', 'done', 'failed', 'cancelled')", name="state"),
)
