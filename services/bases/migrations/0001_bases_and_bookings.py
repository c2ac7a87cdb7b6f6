"""Bases, venues, bookings and visits, and copies of what membership announces."""

from alembic import op

from contracts.kinds import BaseKind, VenueKind
from services.chassis import schema
from services.chassis.kinds import seed_statement

revision = "0001"
down_revision = None

TABLES = (
    'CREATE TABLE area (code text COLLATE "C" PRIMARY KEY, name text NOT NULL)',
    """
    CREATE TABLE organisation (
        organisation_id uuid PRIMARY KEY,
        code text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        area text NOT NULL
    )
    """,
    """
    CREATE TABLE base (
        base_id     uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        name        text NOT NULL,
        kind        text NOT NULL,
        area        text COLLATE "C" NOT NULL,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX base_area ON base (area, code)",
    """
    CREATE TABLE venue (
        venue_id       uuid PRIMARY KEY,
        no             bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        base_id        uuid NOT NULL REFERENCES base,
        code           text COLLATE "C" NOT NULL UNIQUE,
        name           text NOT NULL,
        kind           text NOT NULL,
        capacity       int  NOT NULL CHECK (capacity > 0),
        sharing        text NOT NULL CHECK (sharing IN ('exclusive', 'shared')),
        buffer_minutes int  NOT NULL CHECK (buffer_minutes BETWEEN 0 AND 480),
        floor          int,
        themes         jsonb NOT NULL,
        version        int  NOT NULL,
        recorded_at    timestamptz NOT NULL
    )
    """,
    "CREATE INDEX venue_base ON venue (base_id, code)",
    # `during` includes the buffer and ends open, so that bookings may touch. int8range stands for
    # "the same venue": gist has no plain equality on bigint without an extension.
    """
    CREATE TABLE booking (
        booking_id       uuid PRIMARY KEY,
        base_id          uuid NOT NULL REFERENCES base,
        base_kind        text NOT NULL,
        area             text COLLATE "C" NOT NULL,
        venue_id         uuid NOT NULL REFERENCES venue,
        venue_no         bigint NOT NULL,
        organisation_id  uuid NOT NULL,
        starts_at        timestamptz NOT NULL,
        ends_at          timestamptz NOT NULL,
        during           tstzrange NOT NULL,
        headcount        int  NOT NULL CHECK (headcount > 0),
        actual_headcount int,
        channel          text NOT NULL,
        visitor_level    text NOT NULL,
        exclusive        boolean NOT NULL,
        holds            boolean NOT NULL DEFAULT true,
        status           text NOT NULL,
        version          int  NOT NULL,
        recorded_at      timestamptz NOT NULL,
        CHECK (starts_at < ends_at),
        CONSTRAINT one_booking_at_a_time EXCLUDE USING gist (
            int8range(venue_no, venue_no, '[]') WITH =, during WITH &&
        ) WHERE (holds AND exclusive)
    )
    """,
    "CREATE INDEX booking_base_day ON booking (base_id, starts_at, booking_id)",
    "CREATE INDEX booking_venue_day ON booking (venue_id, starts_at, booking_id)",
    "CREATE INDEX booking_organisation ON booking (organisation_id, starts_at, booking_id)",
    "CREATE INDEX booking_area ON booking (area, starts_at, booking_id)",
    # Places taken in shared venues, by quarter of an hour: the counter that cannot be oversold.
    """
    CREATE TABLE venue_load (
        venue_id uuid NOT NULL REFERENCES venue,
        bucket   timestamptz NOT NULL,
        taken    int NOT NULL,
        capacity int NOT NULL,
        PRIMARY KEY (venue_id, bucket),
        CONSTRAINT never_oversold CHECK (taken BETWEEN 0 AND capacity)
    )
    """,
    """
    CREATE TABLE visit (
        visit_id          uuid PRIMARY KEY,
        base_id           uuid NOT NULL REFERENCES base,
        venue_id          uuid REFERENCES venue,
        booking_id        uuid UNIQUE REFERENCES booking,
        organisation_id   uuid,
        area              text COLLATE "C" NOT NULL,
        visitor_level     text NOT NULL,
        channel           text NOT NULL,
        planned_headcount int,
        actual_headcount  int NOT NULL CHECK (actual_headcount > 0),
        started_at        timestamptz NOT NULL,
        ended_at          timestamptz,
        recorded_at       timestamptz NOT NULL
    )
    """,
    "CREATE INDEX visit_base ON visit (base_id, started_at, visit_id)",
    "CREATE INDEX visit_area ON visit (area, started_at, visit_id)",
)


def upgrade() -> None:
    bases = {kind.value: kind.label for kind in BaseKind}
    venues = {kind.value: kind.label for kind in VenueKind}
    seeds = (seed_statement("base", bases), seed_statement("venue", venues))
    for statement in (*schema.TABLES, *TABLES, *seeds):
        op.execute(statement)
