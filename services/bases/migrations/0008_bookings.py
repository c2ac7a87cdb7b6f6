"""Limits, quotas, approval in steps, and who took each step of a booking."""

from alembic import op

from contracts.kinds.bases import DeclineReason
from services.bases.domain.bookings.terms import SEEDS
from services.chassis.kinds import seed_statement
from services.chassis.rulebook import seed_statement as seed_rules

revision = "0008"
down_revision = "0007"

TABLES: tuple[str, ...] = (
    # What a base states of its own over the rule `booking.terms`.
    "ALTER TABLE base ADD COLUMN terms jsonb NOT NULL DEFAULT '{}'",
    """
    ALTER TABLE booking
        ADD COLUMN on_behalf          boolean NOT NULL DEFAULT true,
        ADD COLUMN off_day            boolean NOT NULL DEFAULT false,
        ADD COLUMN steps              smallint NOT NULL DEFAULT 1 CHECK (steps IN (1, 2)),
        ADD COLUMN menu_item_id       uuid,
        ADD COLUMN menu_item_kind     text,
        ADD COLUMN series_id          uuid,
        ADD COLUMN package_booking_id uuid,
        ADD COLUMN late               boolean NOT NULL DEFAULT false,
        ADD COLUMN has_contact        boolean NOT NULL DEFAULT false
    """,
    # Moving many bookings in one statement may pass through an overlap that is gone at its end.
    "ALTER TABLE booking DROP CONSTRAINT one_booking_at_a_time",
    """
    ALTER TABLE booking ADD CONSTRAINT one_booking_at_a_time EXCLUDE USING gist (
        int8range(venue_no, venue_no, '[]') WITH =, during WITH &&
    ) WHERE (holds AND exclusive) DEFERRABLE INITIALLY IMMEDIATE
    """,
    "CREATE INDEX booking_series ON booking (series_id, starts_at) WHERE series_id IS NOT NULL",
    """
    CREATE INDEX booking_breach ON booking (organisation_id, starts_at)
     WHERE status = 'no-show' OR late
    """,
    # What the clock looks at: undecided bookings that began, confirmed ones nobody came to.
    """
    CREATE INDEX booking_waiting ON booking (starts_at, booking_id)
     WHERE status IN ('pending', 'endorsed', 'confirmed')
    """,
    """
    CREATE TABLE booking_step (
        booking_id uuid NOT NULL REFERENCES booking,
        version    int  NOT NULL,
        step       text NOT NULL,
        actor      text NOT NULL,
        at         timestamptz NOT NULL,
        PRIMARY KEY (booking_id, version)
    )
    """,
    # Bookings of one organisation at one base that begin in one week, month or year. A row is made
    # when a limit first asks for it, and kept in step from then on.
    """
    CREATE TABLE quota_use (
        base_id         uuid NOT NULL REFERENCES base,
        organisation_id uuid NOT NULL,
        span            text NOT NULL,
        begins          date NOT NULL,
        used            int  NOT NULL CHECK (used >= 0),
        PRIMARY KEY (base_id, organisation_id, span, begins)
    )
    """,
    # Visitors from outside the organisation tree: delegations of other places, resident units.
    """
    CREATE TABLE guest (
        guest_id      uuid PRIMARY KEY,
        code          text COLLATE "C" NOT NULL UNIQUE,
        name          text NOT NULL,
        visitor_level text NOT NULL,
        area          text COLLATE "C" NOT NULL,
        version       int NOT NULL,
        recorded_at   timestamptz NOT NULL
    )
    """,
    "CREATE INDEX guest_area ON guest (area, code)",
)


def upgrade() -> None:
    reasons = {kind.value: kind.label for kind in DeclineReason}
    seeds = (seed_statement("decline-reason", reasons), seed_rules(*SEEDS))
    for statement in (*TABLES, *seeds):
        op.execute(statement)
