"""The recommendation model of an edition: made once, signed, kept beside it.

Frozen: a merged migration is never edited. Append-only as releases are: a model is never replaced.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table and its guard."""
    op.create_table(
        "model",
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.edition"], name=op.f("fk_model_edition")),
        sa.ForeignKeyConstraint(["sequence"], ["audit.sequence"], name=op.f("fk_model_sequence")),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_model")),
        sa.UniqueConstraint("sequence", name=op.f("uq_model_sequence")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER model_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON model "
            "FOR EACH STATEMENT EXECUTE FUNCTION farandole_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER model_keeps_{verb.lower()} BEFORE {verb} ON model "
            "BEGIN SELECT RAISE(ABORT, 'model is append-only'); END"
        )
