"""Kinds with parents and traits, rules as data, sealed persons, alerts."""

from alembic import op

from services.chassis import schema

revision = "0002"
down_revision = "0001"

ALERTS = (
    """
    CREATE TABLE alert (
        alert_id        uuid PRIMARY KEY,
        kind            text NOT NULL,
        subject_id      uuid NOT NULL,
        key             text COLLATE "C" NOT NULL DEFAULT '',
        area            text COLLATE "C" NOT NULL,
        organisation_id uuid,
        severity        text NOT NULL,
        rule            text,
        rule_version    text,
        due_on          date,
        facts           jsonb NOT NULL DEFAULT '{}',
        version         int NOT NULL,
        raised_at       timestamptz NOT NULL,
        cleared_at      timestamptz
    )
    """,
    # One open alert of a kind about a thing (and a key, where there may be several).
    """
    CREATE UNIQUE INDEX alert_open ON alert (kind, subject_id, key) WHERE cleared_at IS NULL
    """,
    "CREATE INDEX alert_area ON alert (area, alert_id) WHERE cleared_at IS NULL",
    "CREATE INDEX alert_organisation ON alert (organisation_id, alert_id) WHERE cleared_at IS NULL",
)


def upgrade() -> None:
    for statement in (*schema.KINDS_AND_RULES, *schema.PERSONS, *ALERTS):
        op.execute(statement)
