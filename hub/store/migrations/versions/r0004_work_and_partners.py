"""Work in progress, and partners' programs: keys, tokens, rates, repeated requests, webhooks.

Frozen: a merged migration is never edited. None of these tables only grows: what was asked, held or sent leaves
when it is over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "work",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("stage", sa.String(length=120), nullable=False),
        sa.Column("stages", sa.Integer(), nullable=False),
        sa.Column("at", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=20), nullable=True),
        sa.Column("began_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_work_state"),
        ),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_work")),
    )
    op.create_table(
        "client",
        sa.Column("client", sa.String(length=20), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("thumbprint", sa.String(length=64), nullable=False),
        sa.Column("sandbox", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'active', 'revoked')", name=op.f("ck_client_state")
        ),
        sa.PrimaryKeyConstraint("client", name=op.f("pk_client")),
    )
    op.create_index(op.f("ix_client_partner"), "client", ["partner"], unique=False)
    op.create_table(
        "access",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("client", sa.String(length=20), nullable=False),
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["client"], ["client.client"], name=op.f("fk_access_client")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_access")),
    )
    op.create_index(op.f("ix_access_client"), "access", ["client"], unique=False)
    op.create_index(op.f("ix_access_expires_at"), "access", ["expires_at"], unique=False)
    op.create_table(
        "rate",
        sa.Column("client", sa.String(length=20), nullable=False),
        sa.Column("window", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("client", "window", name=op.f("pk_rate")),
    )
    op.create_table(
        "idempotency",
        sa.Column("client", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("client", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_at"), "idempotency", ["at"], unique=False)
    op.create_table(
        "webhook",
        sa.Column("webhook", sa.String(length=20), nullable=False),
        sa.Column("partner", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_by", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint("state IN ('active', 'off')", name=op.f("ck_webhook_state")),
        sa.PrimaryKeyConstraint("webhook", name=op.f("pk_webhook")),
    )
    op.create_index(op.f("ix_webhook_partner"), "webhook", ["partner"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("webhook", sa.String(length=20), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("due_at", sa.String(length=20), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'given-up')", name=op.f("ck_delivery_state")
        ),
        sa.ForeignKeyConstraint(
            ["webhook"], ["webhook.webhook"], name=op.f("fk_delivery_webhook")
        ),
        sa.PrimaryKeyConstraint("delivery", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_webhook"), "delivery", ["webhook"], unique=False)
    op.create_index(op.f("ix_delivery_due_at"), "delivery", ["due_at"], unique=False)
