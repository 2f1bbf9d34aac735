"""names of colleagues beside their subjects.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("acknowledged_by_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("resolved_by_name", sa.String(length=200), nullable=True))

    with op.batch_alter_table("override", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ordered_by_name", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("confirmed_by_name", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("override", schema=None) as batch_op:
        batch_op.drop_column("confirmed_by_name")
        batch_op.drop_column("ordered_by_name")

    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_column("resolved_by_name")
        batch_op.drop_column("acknowledged_by_name")
