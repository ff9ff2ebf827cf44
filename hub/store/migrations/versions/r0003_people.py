"""People who sign in: persons, roles, second factors, passkeys, sessions, invitations, proposals.

Frozen: a merged migration is never edited. None of these tables only grows: people leave, and their rows
leave with them; what two people decided stands in the public chain.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "person",
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password", sa.String(length=300), nullable=True),
        sa.Column("uniquifier", sa.String(length=64), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("second", sa.String(length=40), nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("uniquifier", name=op.f("uq_person_uniquifier")),
        sa.UniqueConstraint("handle", name=op.f("uq_person_handle")),
    )
    op.create_table(
        "person_role",
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.person"], name=op.f("fk_person_role_person")),
        sa.PrimaryKeyConstraint("person", "role", "venue", name=op.f("pk_person_role")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.person"], name=op.f("fk_recovery_code_person")),
        sa.PrimaryKeyConstraint("mac", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person"), "recovery_code", ["person"], unique=False)
    op.create_table(
        "passkey",
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.person"], name=op.f("fk_passkey_person")),
        sa.PrimaryKeyConstraint("credential", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_person"), "passkey", ["person"], unique=False)
    op.create_table(
        "session_",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_session_")),
    )
    op.create_index(op.f("ix_session__person"), "session_", ["person"], unique=False)
    op.create_index(op.f("ix_session__expires_at"), "session_", ["expires_at"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("invited_by", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.CheckConstraint("state IN ('open', 'used', 'revoked')", name=op.f("ck_invitation_state")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_state"), "invitation", ["state"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("proposal", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("proposed_by", sa.String(length=20), nullable=False),
        sa.Column("proposed_at", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'confirmed', 'refused')", name=op.f("ck_proposal_state")
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR state = 'refused' OR decided_by <> proposed_by",
            name=op.f("ck_proposal_two"),
        ),
        sa.PrimaryKeyConstraint("proposal", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_state"), "proposal", ["state"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_key"), "attempt", ["key"], unique=False)
    op.create_index(op.f("ix_attempt_at"), "attempt", ["at"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=20), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index(op.f("ix_journal_at"), "journal", ["at"], unique=False)
