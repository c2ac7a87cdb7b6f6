"""Check-in codes, who came along on visits and what for, film showings, trainings and tours."""

from alembic import op

from contracts.kinds import BaseKind, VenueKind
from contracts.kinds.visits import BaseTrainingKind, FilmKind, TourKind
from services.bases.domain.visits.codes import SEEDS
from services.chassis.kinds import seed_statement
from services.chassis.rulebook import seed_statement as seed_rules

revision = "0012"
down_revision = "0011"

TABLES: tuple[str, ...] = (
    # For the door, no credential: unique among the bookings of one base on one day, whichever.
    "ALTER TABLE booking ADD COLUMN check_in_code text CHECK (check_in_code ~ '^[0-9]{6}$')",
    """
    CREATE UNIQUE INDEX booking_check_in ON booking
        (base_id, check_in_code, ((starts_at AT TIME ZONE 'Asia/Shanghai')::date))
     WHERE check_in_code IS NOT NULL
    """,
    """
    CREATE TABLE check_in_guess (
        base_id uuid NOT NULL REFERENCES base,
        actor   text NOT NULL,
        begins  timestamptz NOT NULL,
        wrong   int  NOT NULL CHECK (wrong > 0),
        PRIMARY KEY (base_id, actor)
    )
    """,
    # Without `base_kind` and `told_at`, a visit was entered by the release before.
    """
    ALTER TABLE visit
        ADD COLUMN base_kind             text,
        ADD COLUMN with_organisation_ids uuid[] NOT NULL DEFAULT '{}',
        ADD COLUMN purpose_kind          text,
        ADD COLUMN version               int NOT NULL DEFAULT 1,
        ADD COLUMN corrections           int NOT NULL DEFAULT 0,
        ADD COLUMN told_at               timestamptz,
        ADD COLUMN withdrawn_at          timestamptz
    """,
    """
    CREATE INDEX visit_organisation ON visit (organisation_id, started_at)
     WHERE withdrawn_at IS NULL
    """,
    """
    CREATE INDEX visit_with ON visit USING gin (with_organisation_ids) WHERE withdrawn_at IS NULL
    """,
    """
    CREATE TABLE occasion (
        occasion_id     uuid PRIMARY KEY,
        sort            text NOT NULL,
        kind            text NOT NULL,
        base_id         uuid NOT NULL REFERENCES base,
        base_kind       text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        venue_id        uuid REFERENCES venue,
        visit_id        uuid REFERENCES visit,
        organisation_id uuid,
        headcount       int  NOT NULL CHECK (headcount > 0),
        started_at      timestamptz NOT NULL,
        told_at         timestamptz NOT NULL,
        withdrawn_at    timestamptz,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX occasion_area ON occasion (area, started_at, occasion_id)",
    "CREATE INDEX occasion_base ON occasion (base_id, started_at, occasion_id)",
    """
    CREATE UNIQUE INDEX occasion_of_visit ON occasion (visit_id, sort)
     WHERE visit_id IS NOT NULL AND withdrawn_at IS NULL
    """,
    'ALTER TABLE organisation ALTER COLUMN area TYPE text COLLATE "C"',
    "CREATE INDEX organisation_area ON organisation (area, code, organisation_id)",
)

SEEDED = {
    "film": FilmKind,
    "training": BaseTrainingKind,
    "tour": TourKind,
    "base": BaseKind,
    "venue": VenueKind,
}
"""Bases and venues have more kinds than at first; what is there already stays as it is."""


def upgrade() -> None:
    kinds = (
        seed_statement(family, {kind.value: kind.label for kind in seeds})
        + " ON CONFLICT (family, code) DO NOTHING"
        for family, seeds in SEEDED.items()
    )
    for statement in (*TABLES, *kinds, seed_rules(*SEEDS)):
        op.execute(statement)
