"""Which read model is live, and what operators did without. The models make themselves."""

from alembic import op

from services.chassis import schema

revision = "0001"
down_revision = None

TABLES = (
    # Each generation is one complete read model in schema model_<id>.
    """
    CREATE TABLE generation (
        id          int  PRIMARY KEY,
        state       text NOT NULL CHECK (state IN ('building', 'live', 'retired')),
        declaration text NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX one_live ON generation (state) WHERE state = 'live'",
    # Outside the models, so that a rebuild repeats the decision and comes out equal.
    """
    CREATE TABLE waived (
        aggregate_id uuid NOT NULL,
        version      int  NOT NULL,
        reason       text NOT NULL,
        PRIMARY KEY (aggregate_id, version)
    )
    """,
)


def upgrade() -> None:
    for statement in (*schema.TABLES, *TABLES):
        op.execute(statement)
