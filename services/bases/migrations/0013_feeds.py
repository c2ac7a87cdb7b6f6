"""Keys of calendar feeds."""

from alembic import op

revision = "0013"
down_revision = "0012"

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
