"""Kinds with parents and traits, rules as data."""

from alembic import op

from services.chassis import schema

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in schema.KINDS_AND_RULES:
        op.execute(statement)
