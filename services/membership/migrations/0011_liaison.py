"""The working calendar; liaison points, their rotas, duties and visits, and members by grid."""

import chinese_calendar.constants as published  # type: ignore[import-untyped]
from alembic import op

from contracts.kinds.calendar import Holiday
from contracts.kinds.liaison import LiaisonArtefact, LiaisonTopic
from services.chassis.kinds import seed_statement
from services.chassis.published_days import published_calendar
from services.chassis.rulebook import seed_statement as seed_rules
from services.membership.domain.calendar import CALENDAR_DUE
from services.membership.domain.liaison.rotas import DUTY_HORIZON

revision = "0011"
down_revision = "0010"

CALENDAR = (
    # Version 0 is what the project seeded; then one for each edit, hence the version of its event.
    """
    CREATE TABLE calendar_year (
        year        int  PRIMARY KEY,
        source      text NOT NULL,
        version     int  NOT NULL DEFAULT 0,
        recorded_at timestamptz
    )
    """,
    """
    CREATE TABLE calendar_day (
        day          date PRIMARY KEY,
        working      boolean NOT NULL,
        holiday_kind text NOT NULL,
        source       text NOT NULL
    )
    """,
)

LIAISON = (
    """
    CREATE TABLE liaison_point (
        point_id        uuid PRIMARY KEY,
        code            text COLLATE "C" NOT NULL UNIQUE,
        label           text NOT NULL,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        estate_code     text COLLATE "C",
        estate          text,
        artefacts       text[] NOT NULL,
        opened_on       date NOT NULL,
        closed_on       date CHECK (closed_on >= opened_on),
        version         int NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX liaison_point_area ON liaison_point (area, code)",
    "CREATE INDEX liaison_point_organisation ON liaison_point (organisation_id, code)",
    """
    CREATE TABLE duty_rota (
        rota_id         uuid PRIMARY KEY,
        code            text COLLATE "C" NOT NULL UNIQUE,
        kind            text NOT NULL,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        point_id        uuid REFERENCES liaison_point,
        weekdays        int[] NOT NULL,
        shifts          jsonb NOT NULL,
        headcount       int NOT NULL CHECK (headcount > 0),
        routes          text[] NOT NULL,
        times_per_month int NOT NULL,
        bound           text NOT NULL,
        on_holidays     boolean NOT NULL,
        effective_from  date NOT NULL,
        ended_on        date CHECK (ended_on >= effective_from),
        planned_until   date,
        version         int NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    "CREATE INDEX duty_rota_area ON duty_rota (area, code)",
    "CREATE INDEX duty_rota_point ON duty_rota (point_id)",
    "CREATE INDEX duty_rota_running ON duty_rota (planned_until) WHERE ended_on IS NULL",
    # Who takes turns, in the order in which they were named.
    """
    CREATE TABLE rota_holder (
        rota_id     uuid NOT NULL REFERENCES duty_rota,
        holder_id   uuid NOT NULL,
        holder_kind text NOT NULL,
        position    bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (rota_id, holder_id)
    )
    """,
    "CREATE INDEX rota_holder_holder ON rota_holder (holder_id)",
    # Days on which somebody cannot come, whatever the rota; never why.
    """
    CREATE TABLE holder_absence (
        holder_id uuid NOT NULL,
        first_day date NOT NULL,
        last_day  date NOT NULL CHECK (last_day >= first_day),
        PRIMARY KEY (holder_id, first_day)
    )
    """,
    """
    CREATE TABLE duty_slot (
        slot_id         uuid PRIMARY KEY,
        rota_id         uuid REFERENCES duty_rota,
        kind            text NOT NULL,
        organisation_id uuid NOT NULL REFERENCES organisation,
        area            text COLLATE "C" NOT NULL REFERENCES area,
        point_id        uuid REFERENCES liaison_point,
        visited_id      uuid REFERENCES organisation,
        starts_at       timestamptz NOT NULL,
        ends_at         timestamptz NOT NULL CHECK (ends_at > starts_at),
        headcount       int NOT NULL,
        cancelled       boolean NOT NULL DEFAULT false
    )
    """,
    # One rota lays out one shift once, however many plan at one time.
    "CREATE UNIQUE INDEX duty_slot_once ON duty_slot (rota_id, starts_at) WHERE NOT cancelled",
    "CREATE INDEX duty_slot_area ON duty_slot (area, starts_at, slot_id)",
    "CREATE INDEX duty_slot_organisation ON duty_slot (organisation_id, starts_at)",
    "CREATE INDEX duty_slot_point ON duty_slot (point_id, starts_at)",
    # Nobody is in two places at one time. Deferrable means: looked at when a statement ends, so
    # that a swap is one UPDATE.
    """
    CREATE TABLE rota_duty (
        duty_id     uuid PRIMARY KEY,
        slot_id     uuid NOT NULL REFERENCES duty_slot,
        holder_id   uuid NOT NULL,
        holder_kind text NOT NULL,
        during      tstzrange NOT NULL,
        outcome     text,
        revision    int NOT NULL DEFAULT 0,
        released    boolean NOT NULL DEFAULT false,
        version     int NOT NULL,
        CONSTRAINT one_duty_at_a_time EXCLUDE USING gist (
            int8range(uuid_hash_extended(holder_id, 0) >> 1,
                      uuid_hash_extended(holder_id, 0) >> 1, '[]') WITH =,
            during WITH &&
        ) WHERE (NOT released) DEFERRABLE INITIALLY IMMEDIATE
    )
    """,
    "CREATE INDEX duty_slot_of ON rota_duty (slot_id)",
    "CREATE INDEX duty_holder ON rota_duty (holder_id, lower(during))",
    """
    CREATE TABLE liaison_visit (
        visit_id        uuid PRIMARY KEY,
        number          text COLLATE "C",
        point_id        uuid NOT NULL REFERENCES liaison_point,
        organisation_id uuid NOT NULL,
        area            text COLLATE "C" NOT NULL,
        channel         text NOT NULL,
        topic_kind      text NOT NULL,
        headcount       int NOT NULL CHECK (headcount > 0),
        counted_as      text NOT NULL,
        bound           text NOT NULL,
        asks_for_work   boolean NOT NULL,
        category_code   text,
        sealed          boolean NOT NULL,
        withdrawn       boolean NOT NULL DEFAULT false,
        occurred_at     timestamptz NOT NULL,
        version         int NOT NULL,
        recorded_at     timestamptz NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX liaison_visit_number ON liaison_visit (point_id, number)
     WHERE NOT withdrawn
    """,
    "CREATE INDEX liaison_visit_area ON liaison_visit (area, occurred_at, visit_id)",
    "CREATE INDEX liaison_visit_point ON liaison_visit (point_id, occurred_at, visit_id)",
    """
    CREATE TABLE grid_responder (
        responder_id uuid PRIMARY KEY,
        holder_id    uuid NOT NULL,
        holder_kind  text NOT NULL,
        area         text COLLATE "C" NOT NULL REFERENCES area,
        released_at  timestamptz,
        version      int NOT NULL,
        recorded_at  timestamptz NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX one_grid ON grid_responder (holder_id) WHERE released_at IS NULL",
    """
    CREATE INDEX grid_responder_area ON grid_responder (area, responder_id)
     WHERE released_at IS NULL
    """,
)

HOLIDAYS = {
    published.Holiday.new_years_day: Holiday.NEW_YEAR,
    published.Holiday.spring_festival: Holiday.SPRING_FESTIVAL,
    published.Holiday.tomb_sweeping_day: Holiday.TOMB_SWEEPING,
    published.Holiday.labour_day: Holiday.LABOUR_DAY,
    published.Holiday.dragon_boat_festival: Holiday.DRAGON_BOAT,
    published.Holiday.mid_autumn_festival: Holiday.MID_AUTUMN,
    published.Holiday.national_day: Holiday.NATIONAL_DAY,
    published.Holiday.anti_fascist_70th_day: Holiday.COMMEMORATION,
}
SOURCE = "国务院办公厅部分节假日安排的通知"


def _seed_calendar() -> tuple[str, str]:
    """All that the published arrangements know, each day with its holiday."""
    known = published_calendar()
    codes = {holiday.value: code.value for holiday, code in HOLIDAYS.items()}
    labels = published.holidays | published.workdays
    years = ", ".join(f"({year}, '{SOURCE}')" for year in sorted(known.years))
    days = ", ".join(
        f"('{day}', {works}, '{codes[labels[day]]}', '{SOURCE}')"
        for day, works in known.exceptions.items()
    )
    return (
        f"INSERT INTO calendar_year (year, source) VALUES {years}",  # noqa: S608  our constants
        f"INSERT INTO calendar_day (day, working, holiday_kind, source) VALUES {days}",  # noqa: S608
    )


def upgrade() -> None:
    statements = (
        *CALENDAR,
        *_seed_calendar(),
        *LIAISON,
        seed_statement("holiday", {kind.value: kind.label for kind in Holiday}),
        seed_statement("liaison-topic", {kind.value: kind.label for kind in LiaisonTopic}),
        seed_statement("liaison-artefact", {kind.value: kind.label for kind in LiaisonArtefact}),
        seed_rules(CALENDAR_DUE, DUTY_HORIZON),
    )
    for statement in statements:
        op.execute(statement)
