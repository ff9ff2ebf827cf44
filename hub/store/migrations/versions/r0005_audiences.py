"""Partners' requests, houses' answers, signed orders, codes and who did what.

Frozen: a merged migration is never edited. Acts are append-only; a draft leaves when it is over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables and the guard of the acts."""
    op.create_table(
        "audience",
        sa.Column("request", sa.String(length=40), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("holdout_key", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.Column("submitted_by", sa.String(length=20), nullable=True),
        sa.Column("submitted_at", sa.String(length=20), nullable=True),
        sa.Column("issued_at", sa.String(length=20), nullable=True),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'estimated', 'submitted', 'closed')",
            name=op.f("ck_audience_state"),
        ),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_audience")),
    )
    op.create_index(op.f("ix_audience_partner"), "audience", ["partner"], unique=False)
    op.create_index(op.f("ix_audience_submitted_at"), "audience", ["submitted_at"], unique=False)
    op.create_table(
        "audience_answer",
        sa.Column("request", sa.String(length=40), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("dpo", sa.String(length=10), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'modified', 'refused')",
            name=op.f("ck_audience_answer_state"),
        ),
        sa.CheckConstraint(
            "dpo IN ('unasked', 'waiting', 'approved', 'refused')",
            name=op.f("ck_audience_answer_dpo"),
        ),
        sa.ForeignKeyConstraint(
            ["request"], ["audience.request"], name=op.f("fk_audience_answer_request")
        ),
        sa.PrimaryKeyConstraint("request", "venue", name=op.f("pk_audience_answer")),
    )
    op.create_index(op.f("ix_audience_answer_venue"), "audience_answer", ["venue"], unique=False)
    op.create_table(
        "audience_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.String(length=40), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("told", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience_act")),
    )
    op.create_index(op.f("ix_audience_act_request"), "audience_act", ["request"], unique=False)
    op.create_table(
        "audience_order",
        sa.Column("order", sa.String(length=40), nullable=False),
        sa.Column("request", sa.String(length=40), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("charter_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["request"], ["audience.request"], name=op.f("fk_audience_order_request")
        ),
        sa.PrimaryKeyConstraint("order", name=op.f("pk_audience_order")),
        sa.UniqueConstraint("request", "venue", name=op.f("uq_audience_order_request")),
    )
    op.create_index(op.f("ix_audience_order_venue"), "audience_order", ["venue"], unique=False)
    op.create_table(
        "audience_code",
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("season", sa.String(length=9), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.PrimaryKeyConstraint("partner", "venue", "season", name=op.f("pk_audience_code")),
        sa.UniqueConstraint("code", name=op.f("uq_audience_code_code")),
    )
    op.create_table(
        "audience_lent",
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("lent_by", sa.String(length=20), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["person"], ["person.person"], name=op.f("fk_audience_lent_person")
        ),
        sa.PrimaryKeyConstraint("venue", "person", name=op.f("pk_audience_lent")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audience_act_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON audience_act "
            "FOR EACH STATEMENT EXECUTE FUNCTION farandole_append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audience_act_keeps_{verb.lower()} BEFORE {verb} ON audience_act "
            "BEGIN SELECT RAISE(ABORT, 'audience_act is append-only'); END"
        )
