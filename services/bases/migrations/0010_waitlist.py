"""The waiting list and its offers."""

from alembic import op

revision = "0010"
down_revision = "0009"

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
