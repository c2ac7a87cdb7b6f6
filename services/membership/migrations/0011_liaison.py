"""The working calendar; liaison points, their rotas, duties and visits, responsibility zones."""

from datetime import date

import chinese_calendar.constants as published  # type: ignore[import-untyped]
from alembic import op

from contracts.kinds.calendar import Holiday
from services.chassis.kinds import seed_statement
from services.chassis.rulebook import seed_statement as seed_rules
from services.membership.domain.calendar import CALENDAR_DUE, weekday_rule

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
    """All years that the published arrangements cover; only days that break the weekday rule."""
    codes = {holiday.value: code.value for holiday, code in HOLIDAYS.items()}
    works: dict[date, tuple[bool, str]] = {
        **{day: (False, codes[label]) for day, label in published.holidays.items()},
        **{day: (True, codes[label]) for day, label in published.workdays.items()},
    }
    years = ", ".join(f"({year}, '{SOURCE}')" for year in sorted({day.year for day in works}))
    days = ", ".join(
        f"('{day}', {working}, '{code}', '{SOURCE}')"
        for day, (working, code) in sorted(works.items())
        if working != weekday_rule(day)
    )
    return (
        f"INSERT INTO calendar_year (year, source) VALUES {years}",  # noqa: S608  our constants
        f"INSERT INTO calendar_day (day, working, holiday_kind, source) VALUES {days}",  # noqa: S608
    )


def upgrade() -> None:
    statements = (
        *CALENDAR,
        *_seed_calendar(),
        seed_statement("holiday", {kind.value: kind.label for kind in Holiday}),
        seed_rules(CALENDAR_DUE),
    )
    for statement in statements:
        op.execute(statement)
