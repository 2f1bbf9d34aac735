"""what operators see and mend.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

import shared.store.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consumer_minute",
        sa.Column("consumer", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("minute", shared.store.base.Instant(timezone=True), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("lag_records", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("consumer", "topic", "minute", name=op.f("pk_consumer_minute")),
    )
    op.create_table(
        "discarded_event",
        sa.Column(
            "discarded_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("consumer", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("discarded_at", shared.store.base.Instant(timezone=True), nullable=False),
        sa.Column("discarded_by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("discarded_id", name=op.f("pk_discarded_event")),
    )
    with op.batch_alter_table("discarded_event", schema=None) as batch_op:
        batch_op.create_index("ix_discarded_event_line", ["consumer", "topic", "key"], unique=False)

    op.create_table(
        "replay",
        sa.Column("replay_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consumer", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("from_offset", sa.BigInteger(), nullable=True),
        sa.Column("to_offset", sa.BigInteger(), nullable=True),
        sa.Column("from_at", shared.store.base.Instant(timezone=True), nullable=True),
        sa.Column("to_at", shared.store.base.Instant(timezone=True), nullable=True),
        sa.Column("ordered_by", sa.String(length=200), nullable=False),
        sa.Column("ordered_at", shared.store.base.Instant(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("waiting", "running", "done", "stopped", name="replaystate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("ended_at", shared.store.base.Instant(timezone=True), nullable=True),
        sa.Column("ranges", sa.Text(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("applied", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), nullable=False),
        sa.Column("gaps", sa.Integer(), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("replay_id", name=op.f("pk_replay")),
        sa.UniqueConstraint("number", name=op.f("uq_replay_number")),
    )
    op.create_table(
        "worker_reading",
        sa.Column("worker_id", sa.String(length=36), nullable=False),
        sa.Column("measured_at", shared.store.base.Instant(timezone=True), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_worker_reading")),
    )


def downgrade() -> None:
    op.drop_table("worker_reading")
    op.drop_table("replay")
    with op.batch_alter_table("discarded_event", schema=None) as batch_op:
        batch_op.drop_index("ix_discarded_event_line")

    op.drop_table("discarded_event")
    op.drop_table("consumer_minute")
