"""Ground floor of the control database: chain, ledger, editions, members, charter, inbox.

Frozen: a merged migration is never edited. Append-only tables are guarded by triggers, so that
neither a slip in our code nor a hurried administrator rewrites the ledger.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

APPEND_ONLY = ("audit", "charge", "release")
GENESIS_SHA256 = "0" * 64


def upgrade() -> None:
    """Make every table, the one head row and the guards."""
    op.create_table(
        "audit",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("previous_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_audit")),
        sa.UniqueConstraint("previous_sha256", name=op.f("uq_audit_previous_sha256")),
        sa.UniqueConstraint("sha256", name=op.f("uq_audit_sha256")),
    )
    op.create_table(
        "budget",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("cap_rho_micro", sa.BigInteger(), nullable=False),
        sa.Column("spent_rho_micro", sa.BigInteger(), nullable=False),
        sa.Column("cap_delta_pico", sa.BigInteger(), nullable=False),
        sa.Column("spent_delta_pico", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "0 <= spent_delta_pico AND spent_delta_pico <= cap_delta_pico",
            name=op.f("ck_budget_delta"),
        ),
        sa.CheckConstraint(
            "0 <= spent_rho_micro AND spent_rho_micro <= cap_rho_micro", name=op.f("ck_budget_rho")
        ),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_budget")),
    )
    op.create_table(
        "catalogue",
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("venue", name=op.f("pk_catalogue")),
    )
    op.create_table(
        "charter",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("in_force_at", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_charter")),
        sa.UniqueConstraint("sha256", name=op.f("uq_charter_sha256")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("network", sa.String(length=40), nullable=False),
        sa.Column("head_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("hub_signature", sa.String(length=128), nullable=False),
        sa.Column("custodian_signature", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "code",
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.Column("used_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_code")),
    )
    op.create_table(
        "commit_",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("received_at", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'refused')", name=op.f("ck_commit__state")
        ),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_commit_")),
        sa.UniqueConstraint("venue", "month", "sequence", name=op.f("uq_commit__venue")),
    )
    op.create_index(op.f("ix_commit__state"), "commit_", ["state"], unique=False)
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
    )
    op.create_table(
        "member",
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("signing_key", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("venue", name=op.f("pk_member")),
    )
    op.create_table(
        "nonce",
        sa.Column("keyid", sa.String(length=80), nullable=False),
        sa.Column("nonce", sa.String(length=200), nullable=False),
        sa.Column("seen_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("keyid", "nonce", name=op.f("pk_nonce")),
    )
    op.create_index(op.f("ix_nonce_seen_at"), "nonce", ["seen_at"], unique=False)
    op.create_table(
        "charge",
        sa.Column("charge", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("rho_micro", sa.BigInteger(), nullable=False),
        sa.Column("delta_pico", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sequence"], ["audit.sequence"], name=op.f("fk_charge_sequence")),
        sa.PrimaryKeyConstraint("charge", name=op.f("pk_charge")),
        sa.UniqueConstraint("key", name=op.f("uq_charge_key")),
        sa.UniqueConstraint("sequence", name=op.f("uq_charge_sequence")),
    )
    op.create_table(
        "charter_signature",
        sa.Column("charter_sha256", sa.String(length=64), nullable=False),
        sa.Column("venue", sa.String(length=40), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(
            ["charter_sha256"], ["charter.sha256"], name=op.f("fk_charter_signature_charter_sha256")
        ),
        sa.PrimaryKeyConstraint("charter_sha256", "venue", name=op.f("pk_charter_signature")),
    )
    op.create_table(
        "edition",
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("charter_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("checkpoint", sa.BigInteger(), nullable=True),
        sa.Column("published", sa.LargeBinary(), nullable=True),
        sa.Column("published_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["checkpoint"], ["checkpoint.sequence"], name=op.f("fk_edition_checkpoint")
        ),
        sa.PrimaryKeyConstraint("edition", name=op.f("pk_edition")),
    )
    op.create_table(
        "receipt",
        sa.Column("commit_sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commit_sha256"], ["commit_.sha256"], name=op.f("fk_receipt_commit_sha256")
        ),
        sa.PrimaryKeyConstraint("commit_sha256", name=op.f("pk_receipt")),
    )
    op.create_table(
        "release",
        sa.Column("charge", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["charge"], ["charge.charge"], name=op.f("fk_release_charge")),
        sa.ForeignKeyConstraint(["sequence"], ["audit.sequence"], name=op.f("fk_release_sequence")),
        sa.PrimaryKeyConstraint("charge", name=op.f("pk_release")),
        sa.UniqueConstraint("sequence", name=op.f("uq_release_sequence")),
    )
    op.execute(f"INSERT INTO head (id, sequence, sha256) VALUES (1, 0, '{GENESIS_SHA256}')")
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_keeps_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    op.execute(
        "CREATE TRIGGER budget_never_refunds BEFORE UPDATE ON budget "
        "WHEN NEW.spent_rho_micro < OLD.spent_rho_micro "
        "OR NEW.spent_delta_pico < OLD.spent_delta_pico "
        "BEGIN SELECT RAISE(ABORT, 'a budget is never refunded'); END"
    )
    op.execute(
        "CREATE TRIGGER budget_keeps BEFORE DELETE ON budget "
        "BEGIN SELECT RAISE(ABORT, 'a budget is never forgotten'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION farandole_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION farandole_append_only()"
        )
    op.execute(
        "CREATE FUNCTION farandole_no_refund() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a budget is never refunded'; END $$"
    )
    op.execute(
        "CREATE TRIGGER budget_never_refunds BEFORE UPDATE ON budget FOR EACH ROW "
        "WHEN (NEW.spent_rho_micro < OLD.spent_rho_micro "
        "OR NEW.spent_delta_pico < OLD.spent_delta_pico) EXECUTE FUNCTION farandole_no_refund()"
    )
    op.execute(
        "CREATE TRIGGER budget_keeps BEFORE DELETE OR TRUNCATE ON budget "
        "FOR EACH STATEMENT EXECUTE FUNCTION farandole_append_only()"
    )
