"""a session entered in error withdraws its window.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

import shared.store.base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("integration_window", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_at", shared.store.base.Instant(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("integration_window", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_at")
