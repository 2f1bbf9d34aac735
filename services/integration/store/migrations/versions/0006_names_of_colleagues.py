"""names of colleagues beside their subjects.

Revision 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("kap_appointment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("therapist_name", sa.String(length=200), nullable=True))

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("done_by_name", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_column("done_by_name")

    with op.batch_alter_table("kap_appointment", schema=None) as batch_op:
        batch_op.drop_column("therapist_name")
