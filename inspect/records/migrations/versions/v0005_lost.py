"""What a restore of an older state lost, as stations tell it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns."""
    for name in ("lost", "lost_through"):
        op.add_column("boots", sa.Column(name, sa.BigInteger, nullable=False, server_default="0"))
