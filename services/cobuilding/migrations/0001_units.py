"""Units and their contact points, and copies of what membership announces."""

from alembic import op

from contracts.kinds.units import ContactKind, UnitKind, UnitTrait
from services.chassis import schema, tree
from services.chassis.kinds import Seed, seeds_statement
from services.cobuilding.domain.units import UNNAMED

revision = "0001"
down_revision = None

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE employer (
        employer_id uuid PRIMARY KEY,
        code        text NOT NULL,
        name        text NOT NULL,
        area        text COLLATE "C" NOT NULL
    )
    """,
    """
    CREATE TABLE unit (
        unit_id     uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        name        text NOT NULL,
        kind        text NOT NULL,
        traits      jsonb NOT NULL,
        area        text COLLATE "C" NOT NULL,
        credit_code text,
        employer_id uuid REFERENCES employer,
        status      text NOT NULL,
        left_on     date,
        version     int NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX unit_area ON unit (area, code)",
    "CREATE UNIQUE INDEX unit_credit_code ON unit (credit_code) WHERE credit_code IS NOT NULL",
    # An employer is one unit at most.
    "CREATE UNIQUE INDEX unit_employer ON unit (employer_id) WHERE employer_id IS NOT NULL",
    """
    CREATE TABLE contact_point (
        contact_point_id uuid PRIMARY KEY,
        unit_id          uuid NOT NULL REFERENCES unit,
        unit_kind        text NOT NULL,
        kind             text NOT NULL,
        area             text COLLATE "C" NOT NULL,
        opened_on        date NOT NULL,
        closed_on        date,
        version          int NOT NULL,
        recorded_at      timestamptz NOT NULL
    )
    """,
    "CREATE INDEX contact_point_area ON contact_point (area, contact_point_id)",
    "CREATE INDEX contact_point_unit ON contact_point (unit_id, contact_point_id)",
)

UNITS = [
    Seed(kind, traits={UNNAMED: True} if kind is UnitKind.MERCHANT else {}) for kind in UnitKind
]
SEEDS = (
    seeds_statement("unit", UNITS),
    seeds_statement("unit-trait", [Seed(kind) for kind in UnitTrait]),
    seeds_statement("contact", [Seed(kind) for kind in ContactKind]),
)


def upgrade() -> None:
    kept = (*schema.TABLES, *schema.KINDS_AND_RULES, *schema.PERSONS, *schema.ALERTS)
    for statement in (*kept, *tree.TABLES, *TABLES, *SEEDS):
        op.execute(statement)
