"""a vault for psychotherapy notes.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

import shared.store.base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "psychotherapy_note",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("site_id", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("written_at", shared.store.base.Instant(timezone=True), nullable=False),
        sa.Column("updated_at", shared.store.base.Instant(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["kap_appointment.appointment_id"],
            name=op.f("fk_psychotherapy_note_appointment_id_kap_appointment"),
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_psychotherapy_note")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_psychotherapy_note_appointment_id")),
    )
    op.create_table(
        "psychotherapy_note_edition",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", shared.store.base.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["psychotherapy_note.note_id"],
            name=op.f("fk_psychotherapy_note_edition_note_id_psychotherapy_note"),
        ),
        sa.PrimaryKeyConstraint("note_id", "number", name=op.f("pk_psychotherapy_note_edition")),
    )


def downgrade() -> None:
    op.drop_table("psychotherapy_note_edition")
    op.drop_table("psychotherapy_note")
