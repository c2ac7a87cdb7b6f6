"""The activity menu and its packages."""

from alembic import op

from contracts.kinds.menu import MENU_TRAITS, MenuItemKind
from services.chassis.kinds import Seed, seeds_statement

revision = "0005"
down_revision = "0004"

TABLES: tuple[str, ...] = (
    # `said` is everything a base may change about the item, as the domain's `Details` has it.
    """
    CREATE TABLE menu_item (
        item_id     uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        area        text COLLATE "C" NOT NULL,
        base_id     uuid REFERENCES base,
        name        text NOT NULL,
        kind        text NOT NULL,
        said        jsonb NOT NULL,
        retired_on  date,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX menu_item_area ON menu_item (area, code)",
    "CREATE INDEX menu_item_base ON menu_item (base_id, code)",
    # What was booked stays what it was booked as: every version that ever was is kept.
    """
    CREATE TABLE menu_item_edition (
        item_id     uuid NOT NULL REFERENCES menu_item,
        version     int  NOT NULL,
        said        jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (item_id, version)
    )
    """,
    """
    CREATE TABLE package (
        package_id  uuid PRIMARY KEY,
        code        text COLLATE "C" NOT NULL UNIQUE,
        area        text COLLATE "C" NOT NULL,
        base_id     uuid REFERENCES base,
        name        text NOT NULL,
        retired_on  date,
        version     int  NOT NULL,
        recorded_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX package_area ON package (area, code)",
    """
    CREATE TABLE package_part (
        package_id    uuid NOT NULL REFERENCES package,
        position      int  NOT NULL,
        item_id       uuid NOT NULL REFERENCES menu_item,
        pause_minutes int  NOT NULL CHECK (pause_minutes BETWEEN 0 AND 480),
        PRIMARY KEY (package_id, position)
    )
    """,
    "CREATE INDEX package_part_item ON package_part (item_id)",
)


def upgrade() -> None:
    kinds = [Seed(kind, traits=MENU_TRAITS.get(kind, {})) for kind in MenuItemKind]
    for statement in (*TABLES, seeds_statement("menu-item", kinds)):
        op.execute(statement)
