"""Bodies and the seats in them."""

from typing import Any

from alembic import op

from contracts.kinds.bodies import BodyKind, BodySeatKind
from services.chassis.kinds import Seed, seeds_statement
from services.cobuilding.domain.bodies import LAYERS
from services.cobuilding.domain.seats import CROSSES

revision = "0004"
down_revision = "0003"

TABLES: tuple[str, ...] = (
    """
    CREATE TABLE body (
        body_id         uuid PRIMARY KEY,
        code            text COLLATE "C" NOT NULL UNIQUE,
        name            text NOT NULL,
        kind            text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        organisation_id uuid NOT NULL REFERENCES organisation,
        layers          jsonb NOT NULL,
        status          text NOT NULL,
        founded_on      date NOT NULL,
        dissolved_on    date,
        version         int NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX body_area ON body (area, code)",
    "CREATE INDEX body_organisation ON body (organisation_id, code)",
    """
    CREATE TABLE seat (
        seat_id         uuid PRIMARY KEY,
        body_id         uuid NOT NULL REFERENCES body,
        body_kind       text NOT NULL,
        area            text COLLATE "C" NOT NULL,
        kind            text NOT NULL,
        crosses         boolean NOT NULL,
        direction       text NOT NULL,
        layer           text,
        holder_kind     text NOT NULL,
        unit_id         uuid REFERENCES unit,
        organisation_id uuid REFERENCES organisation,
        holder_area     text COLLATE "C" REFERENCES area,
        taken_on        date NOT NULL,
        left_on         date,
        how             text,
        version         int NOT NULL,
        recorded_at     timestamptz NOT NULL,
        CHECK (num_nonnulls(unit_id, organisation_id, holder_area) = 1),
        CHECK (left_on >= taken_on),
        CHECK (direction = 'inward' OR layer IS NULL)
    )
    """,
    # One seat of a kind at a time; a cross seat once in each direction.
    """
    CREATE UNIQUE INDEX seat_held
        ON seat (body_id, kind, direction, unit_id, organisation_id, holder_area)
        NULLS NOT DISTINCT WHERE left_on IS NULL
    """,
    "CREATE INDEX seat_area ON seat (area, seat_id)",
    "CREATE INDEX seat_body ON seat (body_id, seat_id)",
    "CREATE INDEX seat_unit ON seat (unit_id, seat_id) WHERE unit_id IS NOT NULL",
    (
        "CREATE INDEX seat_organisation ON seat (organisation_id, seat_id)"
        " WHERE organisation_id IS NOT NULL"
    ),
    "CREATE INDEX seat_holder_area ON seat (holder_area, seat_id) WHERE holder_area IS NOT NULL",
)

COMMITTEE: dict[str, Any] = {LAYERS: ["1", "8", "N"]}
TRAITS: dict[BodyKind, dict[str, Any]] = {
    BodyKind.EXTENDED_COMMITTEE: COMMITTEE,
    BodyKind.COMMUNITY_COMMITTEE: COMMITTEE,
    BodyKind.SERVICE_NETWORK: {LAYERS: ["1", "3"]},
}
"""Others have no layers until a district, or whoever founds one, says which."""

SEEDS = (
    seeds_statement("body", [Seed(kind, traits=TRAITS.get(kind, {})) for kind in BodyKind]),
    seeds_statement(
        "seat",
        [
            Seed(kind, traits={CROSSES: True} if kind is BodySeatKind.CROSS else {})
            for kind in BodySeatKind
        ],
    ),
)


def upgrade() -> None:
    for statement in (*TABLES, *SEEDS):
        op.execute(statement)
