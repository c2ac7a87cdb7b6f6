"""Venues that units offer by an agreement: on its paper, and as offers to the bases."""

from alembic import op

from contracts.kinds import VenueKind
from services.chassis.kinds import Seed, seeds_statement

revision = "0003"
down_revision = "0002"

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE agreement ADD COLUMN venues jsonb NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE venue_offer (
        offer_id       uuid PRIMARY KEY,
        agreement_id   uuid NOT NULL REFERENCES agreement,
        unit_id        uuid NOT NULL REFERENCES unit,
        area           text COLLATE "C" NOT NULL,
        name           text NOT NULL,
        venue_kind     text NOT NULL,
        capacity       int  NOT NULL CHECK (capacity > 0),
        available_from date NOT NULL,
        available_to   date NOT NULL,
        withdrawn_from date,
        version        int  NOT NULL,
        recorded_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX venue_offer_area ON venue_offer (area, offer_id)",
    "CREATE INDEX venue_offer_unit ON venue_offer (unit_id, offer_id)",
    # One offer a venue and agreement, also when clocks of two replicas begin it.
    ("CREATE UNIQUE INDEX venue_offer_place ON venue_offer (agreement_id, name, venue_kind, area)"),
    seeds_statement("venue", [Seed(kind) for kind in VenueKind]),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
