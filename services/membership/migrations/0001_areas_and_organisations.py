"""Areas and organisations, beside what the chassis keeps."""

from alembic import op

from contracts.kinds import OrganisationKind
from services.chassis import schema
from services.chassis.kinds import seed_statement

revision = "0001"
down_revision = None

TABLES = (
    """
    CREATE TABLE area (
        code    text COLLATE "C" PRIMARY KEY,
        name    text NOT NULL,
        level   text NOT NULL,
        version int  NOT NULL
    )
    """,
    "CREATE INDEX area_level ON area (level, code)",
    """
    CREATE TABLE organisation (
        organisation_id uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        name        text NOT NULL,
        kind        text NOT NULL,
        area        text COLLATE "C" NOT NULL REFERENCES area,
        parent_id   uuid REFERENCES organisation,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX organisation_area ON organisation (area, code)",
    "CREATE INDEX organisation_parent ON organisation (parent_id)",
)


def upgrade() -> None:
    kinds = {kind.value: kind.label for kind in OrganisationKind}
    for statement in (*schema.TABLES, *TABLES, seed_statement("organisation", kinds)):
        op.execute(statement)
