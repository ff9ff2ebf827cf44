"""Whom an outside directory knows one of our people as.

Frozen: a merged migration is never edited.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "directory_link",
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("linked_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.person"], name=op.f("fk_directory_link_person")
        ),
        sa.PrimaryKeyConstraint("mac", name=op.f("pk_directory_link")),
        sa.UniqueConstraint("person", "issuer", name=op.f("uq_directory_link_person")),
    )
