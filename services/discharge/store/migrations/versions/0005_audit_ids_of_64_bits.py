"""audit ids of 64 bits: a busy network would have used up 32 within years, and with them the right to do anything.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _are(sa.BigInteger(), "BIGINT")


def downgrade() -> None:
    _are(sa.Integer(), "INTEGER")


def _are(kind: sa.types.TypeEngine[int], name: str) -> None:
    if op.get_bind().dialect.name == "postgresql":  # SQLite's have 64 bits as they are
        op.alter_column("audit_entry", "audit_id", type_=kind)
        op.execute(f"ALTER SEQUENCE audit_entry_audit_id_seq AS {name}")
