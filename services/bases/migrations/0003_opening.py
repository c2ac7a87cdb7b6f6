"""The working calendar as membership tells it; opening hours and closures."""

from alembic import op

from contracts.kinds.opening import ClosureReason
from services.chassis.kinds import seed_statement
from services.chassis.published_days import published_calendar

revision = "0003"
down_revision = "0002"

TABLES: tuple[str, ...] = (
    "CREATE TABLE calendar_year (year int PRIMARY KEY)",
    "CREATE TABLE calendar_day (day date PRIMARY KEY, working boolean NOT NULL)",
    # `hours`: day kind to a list of [opens, closes) in minutes of the day, 1440 for midnight.
    # A row without a venue is of the whole base; the newest that began by a day holds on it.
    """
    CREATE TABLE opening_hours (
        opening_hours_id uuid PRIMARY KEY,
        base_id          uuid NOT NULL REFERENCES base,
        venue_id         uuid REFERENCES venue,
        effective_from   date NOT NULL,
        hours            jsonb NOT NULL,
        version          int  NOT NULL,
        recorded_at      timestamptz NOT NULL,
        UNIQUE NULLS NOT DISTINCT (base_id, venue_id, effective_from)
    )
    """,
    """
    CREATE TABLE closure (
        closure_id   uuid PRIMARY KEY,
        base_id      uuid NOT NULL REFERENCES base,
        venue_id     uuid REFERENCES venue,
        area         text COLLATE "C" NOT NULL,
        starts_at    timestamptz NOT NULL,
        ends_at      timestamptz NOT NULL,
        reason_kind  text NOT NULL,
        reopens_at   timestamptz,
        cancelled    int NOT NULL,
        version      int NOT NULL,
        recorded_at  timestamptz NOT NULL,
        CHECK (starts_at < ends_at)
    )
    """,
    # One that was withdrawn closes up to `reopens_at`, which may lie before it began.
    "CREATE INDEX closure_base ON closure (base_id, ends_at)",
    "CREATE INDEX closure_area ON closure (area, starts_at, closure_id)",
    "ALTER TABLE organisation ADD COLUMN dissolved_on date",
    "ALTER TABLE venue ADD COLUMN retired_at timestamptz",
)


def seeds() -> tuple[str, ...]:
    known = published_calendar()
    years = ", ".join(f"({year})" for year in sorted(known.years))
    days = ", ".join(f"('{day}', {works})" for day, works in known.exceptions.items())
    return (
        seed_statement("closure-reason", {kind.value: kind.label for kind in ClosureReason}),
        f"INSERT INTO calendar_year (year) VALUES {years}",  # noqa: S608  our own constants
        f"INSERT INTO calendar_day (day, working) VALUES {days}",  # noqa: S608
    )


def upgrade() -> None:
    for statement in (*TABLES, *seeds()):
        op.execute(statement)
