"""The waiting list and its offers."""

from alembic import op

from services.bases.domain.waitlist.terms import SEEDS
from services.chassis.rulebook import seed_statement

revision = "0010"
down_revision = "0009"

TABLES: tuple[str, ...] = (
    # `no` is drawn while the slots of all venues wished for are locked, so it is the order of
    # joining. `venue_kinds` are those that suit the item, as it was when they joined.
    """
    CREATE TABLE waitlist_entry (
        entry_id        uuid PRIMARY KEY,
        no              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        base_id         uuid NOT NULL REFERENCES base,
        base_kind       text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        venue_id        uuid REFERENCES venue,
        menu_item_id    uuid,
        menu_item_kind  text,
        venue_kinds     text[] NOT NULL,
        organisation_id uuid NOT NULL,
        starts_at       timestamptz NOT NULL,
        ends_at         timestamptz NOT NULL,
        earliest_at     timestamptz NOT NULL,
        latest_at       timestamptz NOT NULL,
        headcount       int  NOT NULL CHECK (headcount > 0),
        channel         text NOT NULL,
        visitor_level   text NOT NULL,
        on_behalf       boolean NOT NULL,
        status          text NOT NULL,
        booking_id      uuid REFERENCES booking,
        joined_at       timestamptz NOT NULL,
        version         int  NOT NULL,
        recorded_at     timestamptz NOT NULL,
        CHECK (venue_id IS NOT NULL OR menu_item_id IS NOT NULL),
        CHECK (starts_at < ends_at AND earliest_at <= starts_at AND ends_at <= latest_at)
    )
    """,
    # Nobody queues twice for one wish.
    """
    CREATE UNIQUE INDEX waitlist_once
        ON waitlist_entry (organisation_id, coalesce(venue_id, base_id), starts_at)
     WHERE status IN ('waiting', 'offered')
    """,
    """
    CREATE INDEX waitlist_in_order ON waitlist_entry (base_id, no)
     WHERE status IN ('waiting', 'offered')
    """,
    "CREATE INDEX waitlist_area ON waitlist_entry (area, no)",
    "CREATE INDEX waitlist_ahead ON waitlist_entry (latest_at) WHERE status = 'waiting'",
    # An offer holds its slot as a booking that is not one yet, hence under the guards of slots.
    """
    CREATE TABLE waitlist_offer (
        booking_id uuid PRIMARY KEY REFERENCES booking,
        entry_id   uuid NOT NULL REFERENCES waitlist_entry,
        offered_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at   timestamptz
    )
    """,
    """
    CREATE UNIQUE INDEX one_live_offer_an_entry ON waitlist_offer (entry_id)
     WHERE ended_at IS NULL
    """,
    "CREATE INDEX waitlist_offer_due ON waitlist_offer (expires_at) WHERE ended_at IS NULL",
)


def upgrade() -> None:
    for statement in (*TABLES, seed_statement(*SEEDS)):
        op.execute(statement)
