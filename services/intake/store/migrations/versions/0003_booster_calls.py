"""calls for boosters, their outcomes, snoozes, and what colleagues are asked.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from shared.store.base import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _coded(name: str, *members: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, length=32)


_OUTCOME = _coded(
    "calloutcome",
    *("booked", "no-answer", "left-message", "call-back-later"),
    *("not-now", "wants-clinician", "wrong-number", "no-longer-patient"),
)
_REASON = _coded(
    "callreason",
    *("at-work", "caring-for-somebody", "away", "cost", "no-way-home", "no-time"),
    *("no-need", "moved-away", "treated-elsewhere", "ended-treatment", "died", "other"),
)
_SNOOZE = _coded("snoozereason", "travelling", "at-work", "asked-to-wait", "insurance", "no-way-home", "other")
_KIND = _coded("taskkind", "talk-to-patient", "booster-declined", "confirm-leaving")
_ANSWER = _coded("taskanswer", "call-again", "off-the-list", "taken-back")


def upgrade() -> None:
    op.create_table(
        "booster_call",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("booster_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", _OUTCOME, nullable=False),
        sa.Column("reason", _REASON, nullable=True),
        sa.Column("call_from", Instant(timezone=True), nullable=True),
        sa.Column("phone_before", sa.String(length=40), nullable=True),
        sa.Column("phone_after", sa.String(length=40), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("made_by_name", sa.String(length=200), nullable=False),
        sa.Column("undone_at", Instant(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["booster_id"], ["booster.booster_id"], name=op.f("fk_booster_call_booster_id_booster")
        ),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_booster_call")),
        sa.UniqueConstraint("booster_id", "number", name=op.f("uq_booster_call_booster_id_number")),
    )
    op.create_table(
        "booster_snooze",
        sa.Column("snooze_id", sa.Uuid(), nullable=False),
        sa.Column("booster_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", _SNOOZE, nullable=False),
        sa.Column("snoozed_at", Instant(timezone=True), nullable=False),
        sa.Column("snoozed_by", sa.String(length=200), nullable=False),
        sa.Column("snoozed_by_name", sa.String(length=200), nullable=False),
        sa.Column("ended_at", Instant(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["booster_id"], ["booster.booster_id"], name=op.f("fk_booster_snooze_booster_id_booster")
        ),
        sa.PrimaryKeyConstraint("snooze_id", name=op.f("pk_booster_snooze")),
    )
    op.create_index(op.f("ix_booster_snooze_booster_id"), "booster_snooze", ["booster_id"])
    op.create_table(
        "booster_task",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("booster_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("kind", _KIND, nullable=False),
        sa.Column("raised_at", Instant(timezone=True), nullable=False),
        sa.Column("done_at", Instant(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=True),
        sa.Column("done_by_name", sa.String(length=200), nullable=True),
        sa.Column("answer", _ANSWER, nullable=True),
        sa.Column("settled_due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["booster_id"], ["booster.booster_id"], name=op.f("fk_booster_task_booster_id_booster")
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["booster_call.call_id"], name=op.f("fk_booster_task_call_id_booster_call")
        ),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_booster_task")),
        sa.UniqueConstraint("call_id", name=op.f("uq_booster_task_call_id")),
    )
    op.create_index(op.f("ix_booster_task_booster_id"), "booster_task", ["booster_id"])
    op.create_index(op.f("ix_booster_task_site_id"), "booster_task", ["site_id"])
    op.create_table(
        "booster_caller",
        sa.Column("booster_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", Instant(timezone=True), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("opened_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["booster_id"], ["booster.booster_id"], name=op.f("fk_booster_caller_booster_id_booster")
        ),
        sa.PrimaryKeyConstraint("booster_id", name=op.f("pk_booster_caller")),
    )


def downgrade() -> None:
    op.drop_table("booster_caller")
    op.drop_index(op.f("ix_booster_task_site_id"), table_name="booster_task")
    op.drop_index(op.f("ix_booster_task_booster_id"), table_name="booster_task")
    op.drop_table("booster_task")
    op.drop_index(op.f("ix_booster_snooze_booster_id"), table_name="booster_snooze")
    op.drop_table("booster_snooze")
    op.drop_table("booster_call")
