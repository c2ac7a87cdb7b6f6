"""Recurring bookings and packages."""

from alembic import op

revision = "0009"
down_revision = "0008"

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
