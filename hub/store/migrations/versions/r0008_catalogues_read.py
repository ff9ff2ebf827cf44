"""The public catalogues that an edition read, as they stood when it was paid for.

Frozen: a merged migration is never edited.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("edition", sa.Column("catalogues", sa.LargeBinary(), nullable=True))
