"""a leaving may be entered in error.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATUS = sa.Enum("final", "entered-in-error", name="chartstatus", native_enum=False, length=32)


def upgrade() -> None:
    # every leaving filed so far was told as final; from now on each says for itself
    with op.batch_alter_table("leaving", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", _STATUS, nullable=False, server_default="final"))
    with op.batch_alter_table("leaving", schema=None) as batch_op:
        batch_op.alter_column("status", existing_type=_STATUS, existing_nullable=False, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("leaving", schema=None) as batch_op:
        batch_op.drop_column("status")
