"""Notices, feedback, and the end of contact data."""

from alembic import op

from services.bases.domain import contacts, feedback, notices
from services.chassis.rulebook import seed_statement

revision = "0011"
down_revision = "0010"

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE notice (
        notice_id       uuid PRIMARY KEY,
        kind            text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        base_id         uuid NOT NULL REFERENCES base,
        venue_id        uuid REFERENCES venue,
        organisation_id uuid NOT NULL,
        booking_id      uuid REFERENCES booking,
        entry_id        uuid REFERENCES waitlist_entry,
        starts_at       timestamptz NOT NULL,
        ends_at         timestamptz NOT NULL,
        headcount       int  NOT NULL,
        until           timestamptz,
        due_at          timestamptz NOT NULL,
        issued_at       timestamptz NOT NULL,
        delivered_at    timestamptz,
        channel         text,
        version         int  NOT NULL,
        CHECK (booking_id IS NOT NULL OR entry_id IS NOT NULL),
        CHECK ((delivered_at IS NULL) = (channel IS NULL))
    )
    """,
    # A booking is reminded of once for each start it has had.
    "CREATE UNIQUE INDEX reminded_once ON notice (booking_id, starts_at) WHERE kind = 'reminder'",
    "CREATE INDEX notice_due ON notice (due_at, notice_id)",
    "CREATE INDEX notice_undelivered ON notice (due_at, notice_id) WHERE delivered_at IS NULL",
    "CREATE INDEX notice_booking ON notice (booking_id)",
    # `comment` is people's own words: it leaves by no event.
    """
    CREATE TABLE booking_feedback (
        feedback_id     uuid PRIMARY KEY,
        booking_id      uuid NOT NULL UNIQUE REFERENCES booking,
        base_id         uuid NOT NULL REFERENCES base,
        base_kind       text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        venue_id        uuid NOT NULL REFERENCES venue,
        organisation_id uuid NOT NULL,
        channel         text NOT NULL,
        visitor_level   text NOT NULL,
        menu_item_id    uuid,
        menu_item_kind  text,
        score           smallint NOT NULL CHECK (score BETWEEN 1 AND 5),
        aspects         jsonb NOT NULL,
        comment         text,
        on_behalf       boolean NOT NULL,
        given_at        timestamptz NOT NULL,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX booking_feedback_base ON booking_feedback (base_id, given_at, feedback_id)",
    "CREATE INDEX booking_feedback_area ON booking_feedback (area, given_at, feedback_id)",
    "CREATE INDEX booking_contact ON booking (ends_at, booking_id) WHERE has_contact",
)


def upgrade() -> None:
    seeds = seed_statement(*contacts.SEEDS, *feedback.SEEDS, *notices.SEEDS)
    for statement in (*TABLES, seeds):
        op.execute(statement)
