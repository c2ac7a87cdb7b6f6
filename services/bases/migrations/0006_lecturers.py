"""Lecturers, their skills, times, assignments and duties."""

from alembic import op

from services.chassis import schema

revision = "0006"
down_revision = "0005"

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    for statement in (*schema.PERSONS, *TABLES):
        op.execute(statement)
