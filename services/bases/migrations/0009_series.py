"""Recurring bookings and package bookings: what was asked for in one piece."""

from alembic import op

from services.bases.domain.series.rules import FIRST
from services.chassis.rulebook import seed_statement

revision = "0009"
down_revision = "0008"

TABLES: tuple[str, ...] = (
    # `skipped` is what could not be had when the series was made, as the domain has it.
    """
    CREATE TABLE series (
        series_id       uuid PRIMARY KEY,
        base_id         uuid NOT NULL REFERENCES base,
        base_kind       text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        venue_id        uuid NOT NULL REFERENCES venue,
        organisation_id uuid NOT NULL,
        channel         text NOT NULL,
        visitor_level   text NOT NULL,
        on_behalf       boolean NOT NULL,
        menu_item_id    uuid,
        menu_item_kind  text,
        starts_at       timestamptz NOT NULL,
        ends_at         timestamptz NOT NULL,
        headcount       int  NOT NULL CHECK (headcount > 0),
        every           text NOT NULL,
        "interval"      int  NOT NULL,
        weekdays        jsonb NOT NULL,
        until           date,
        times           int,
        skipped         jsonb NOT NULL,
        booked          int  NOT NULL CHECK (booked > 0),
        first_day       date NOT NULL,
        last_day        date NOT NULL,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX series_area ON series (area, series_id)",
    "CREATE INDEX series_organisation ON series (organisation_id, series_id)",
    """
    CREATE TABLE package_booking (
        package_booking_id uuid PRIMARY KEY,
        package_id         uuid NOT NULL REFERENCES package,
        base_id            uuid NOT NULL REFERENCES base,
        base_kind          text NOT NULL,
        area               text COLLATE "C" NOT NULL,
        organisation_id    uuid NOT NULL,
        starts_at          timestamptz NOT NULL,
        ends_at            timestamptz NOT NULL,
        headcount          int  NOT NULL CHECK (headcount > 0),
        channel            text NOT NULL,
        visitor_level      text NOT NULL,
        on_behalf          boolean NOT NULL,
        parts              int  NOT NULL,
        version            int  NOT NULL,
        recorded_at        timestamptz NOT NULL
    )
    """,
    "CREATE INDEX package_booking_area ON package_booking (area, package_booking_id)",
    """
    CREATE INDEX package_booking_organisation
        ON package_booking (organisation_id, package_booking_id)
    """,
    """
    CREATE INDEX booking_package ON booking (package_booking_id, starts_at)
     WHERE package_booking_id IS NOT NULL
    """,
)


def upgrade() -> None:
    for statement in (*TABLES, seed_statement(*FIRST)):
        op.execute(statement)
