"""since when a cycle is held.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from shared.store.base import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("booster", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_at", Instant(timezone=True), nullable=True))
    # until now a held cycle's last change was, as a rule, its hold
    op.execute("UPDATE booster SET held_at = updated_at WHERE word = 'held'")


def downgrade() -> None:
    with op.batch_alter_table("booster", schema=None) as batch_op:
        batch_op.drop_column("held_at")
