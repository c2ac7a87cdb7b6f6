"""Equipment, venues that partners offer, and what came to be no more."""

from alembic import op

from contracts.kinds import BaseKind
from contracts.kinds.partners import PartnerDeclineReason
from contracts.kinds.places import EquipmentKind
from services.chassis.kinds import seed_statement

revision = "0004"
down_revision = "0003"

TABLES: tuple[str, ...] = (
    "ALTER TABLE base ADD COLUMN retired_at timestamptz",
    # A partner's venue is to be had within these days only, both included.
    "ALTER TABLE venue ADD COLUMN available_from date, ADD COLUMN available_to date",
    """
    CREATE TABLE equipment (
        equipment_id uuid PRIMARY KEY,
        base_id      uuid NOT NULL REFERENCES base,
        venue_id     uuid REFERENCES venue,
        area         text COLLATE "C" NOT NULL,
        code         text COLLATE "C" NOT NULL UNIQUE,
        name         text NOT NULL,
        kind         text NOT NULL,
        quantity     int  NOT NULL CHECK (quantity > 0),
        retired_at   timestamptz,
        version      int  NOT NULL,
        recorded_at  timestamptz NOT NULL
    )
    """,
    "CREATE INDEX equipment_area ON equipment (area, code)",
    "CREATE INDEX equipment_base ON equipment (base_id, code)",
    # What bookings take of it, by quarter of an hour: the counter that cannot be oversold.
    """
    CREATE TABLE equipment_load (
        equipment_id uuid NOT NULL REFERENCES equipment,
        bucket       timestamptz NOT NULL,
        taken        int NOT NULL,
        quantity     int NOT NULL,
        PRIMARY KEY (equipment_id, bucket),
        CONSTRAINT never_more_than_there_is CHECK (taken BETWEEN 0 AND quantity)
    )
    """,
    """
    CREATE TABLE booking_equipment (
        booking_id   uuid NOT NULL REFERENCES booking,
        equipment_id uuid NOT NULL REFERENCES equipment,
        quantity     int  NOT NULL CHECK (quantity > 0),
        since        timestamptz NOT NULL,
        until        timestamptz NOT NULL,
        held         boolean NOT NULL DEFAULT true,
        PRIMARY KEY (booking_id, equipment_id),
        CHECK (since < until)
    )
    """,
    "CREATE INDEX booking_equipment_held ON booking_equipment (equipment_id, until) WHERE held",
    """
    CREATE TABLE partner_venue (
        proposal_id    uuid PRIMARY KEY,
        offer_id       uuid NOT NULL UNIQUE,
        agreement_id   uuid NOT NULL,
        unit_id        uuid NOT NULL,
        area           text COLLATE "C" NOT NULL,
        name           text NOT NULL,
        venue_kind     text NOT NULL,
        capacity       int  NOT NULL CHECK (capacity > 0),
        available_from date NOT NULL,
        available_to   date,
        status         text NOT NULL,
        base_id        uuid REFERENCES base,
        venue_id       uuid UNIQUE REFERENCES venue,
        own_base       boolean,
        reason_kind    text,
        withdrawn_from date,
        decided_at     timestamptz,
        version        int  NOT NULL,
        recorded_at    timestamptz NOT NULL,
        CHECK (status <> 'accepted' OR (base_id IS NOT NULL AND venue_id IS NOT NULL))
    )
    """,
    "CREATE INDEX partner_venue_area ON partner_venue (area, proposal_id)",
)

PARTNER_BASE = (
    f"INSERT INTO kind (family, code, label)"  # noqa: S608  our own constants
    f" VALUES ('base', '{BaseKind.PARTNER.value}', '{BaseKind.PARTNER.label}')"
    " ON CONFLICT DO NOTHING"
)
"""A new database has it already; in an older one a district may have come before us."""


def upgrade() -> None:
    equipment = {kind.value: kind.label for kind in EquipmentKind}
    reasons = {kind.value: kind.label for kind in PartnerDeclineReason}
    seeds = (
        seed_statement("equipment", equipment),
        seed_statement("partner-decline-reason", reasons),
        PARTNER_BASE,
    )
    for statement in (*TABLES, *seeds):
        op.execute(statement)
