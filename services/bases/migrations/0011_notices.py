"""Notices and feedback."""

from alembic import op

revision = "0011"
down_revision = "0010"

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
