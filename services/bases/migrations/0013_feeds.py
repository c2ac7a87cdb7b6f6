"""Keys of calendar feeds."""

from alembic import op

from services.bases.domain.feeds.terms import SEEDS
from services.chassis.rulebook import seed_statement

revision = "0013"
down_revision = "0012"

TABLES: tuple[str, ...] = (
    # `digest` is of the secret, which is kept nowhere. `areas` are those its maker could read.
    """
    CREATE TABLE feed (
        feed_id         uuid PRIMARY KEY,
        digest          bytea NOT NULL UNIQUE,
        scope           text NOT NULL,
        subject_id      uuid NOT NULL,
        area            text COLLATE "C" NOT NULL,
        areas           text[] NOT NULL,
        opened_by       text NOT NULL,
        opened_at       timestamptz NOT NULL,
        expires_at      timestamptz NOT NULL,
        revoked_at      timestamptz,
        revoked_by      text,
        last_fetched_at timestamptz,
        counted_from    timestamptz NOT NULL,
        fetched         int NOT NULL DEFAULT 0
    )
    """,
    "CREATE INDEX feed_area ON feed (area, feed_id)",
    "CREATE INDEX feed_maker ON feed (opened_by, feed_id)",
    # Calendars of bases and venues show the sessions held there.
    "CREATE INDEX session_base ON session (base_id, starts_at) WHERE base_id IS NOT NULL",
)


def upgrade() -> None:
    for statement in (*TABLES, seed_statement(*SEEDS)):
        op.execute(statement)
