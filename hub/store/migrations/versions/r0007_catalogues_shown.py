"""What everybody may see of a public catalogue, ready to send.

A catalogue that came before is shown once its house sends it again, as each sending does.

Frozen: a merged migration is never edited.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("catalogue", sa.Column("shown", sa.LargeBinary(), nullable=True))
    op.add_column("catalogue", sa.Column("shown_sha256", sa.String(length=64), nullable=True))
