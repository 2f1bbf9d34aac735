"""a patient's journals lie beside each other: one index by patient and journal instead of one by each.

Revision 0004, after 0003.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index("ix_journal_patient_id")
        batch_op.drop_constraint("pk_journal", type_="primary")
        batch_op.create_primary_key("pk_journal", ["patient_id", "journal_id"])


def downgrade() -> None:
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_constraint("pk_journal", type_="primary")
        batch_op.create_primary_key("pk_journal", ["journal_id"])
        batch_op.create_index("ix_journal_patient_id", ["patient_id"], unique=False)
