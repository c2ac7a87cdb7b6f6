"""Check-in codes, film showings and trainings."""

from alembic import op

revision = "0012"
down_revision = "0011"

TABLES: tuple[str, ...] = ()


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
