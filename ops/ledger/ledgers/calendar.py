"""The ledger of the working calendar: 节假日安排, a row a year."""

from datetime import date, timedelta
from typing import Any

from ops.ledger import cells
from ops.ledger.cells import Cell, Unreadable, Value
from ops.ledger.ledgers.common import column, whole
from ops.ledger.model import Ledger, Row, Vocabulary

LONGEST = 31
"""Days of one holiday, at most: more is a slip of the pen."""


def days(cell: Cell) -> Value:
    """Days and spans, `2026-10-01至2026-10-07、2026-10-09`, as ISO days in order."""
    found: list[date] = []
    for part in str(cells.plain(cell)).replace(";", "、").replace("\n", "、").split("、"):
        first, _, last = (piece.strip() for piece in part.partition("至"))
        if not first:
            continue
        since, until = cells.day(first), cells.day(last or first)
        if not (isinstance(since, date) and isinstance(until, date)):
            raise TypeError("cells.day gives days")
        if not 0 <= (until - since).days < LONGEST:
            raise Unreadable("起止日期不对", f"填起、止日期，先后不颠倒，不超过 {LONGEST} 天")
        found += [since + timedelta(days=n) for n in range((until - since).days + 1)]
    return tuple(day.isoformat() for day in sorted(set(found)))


def _within_year(row: Row) -> None:
    year = str(row.values.get("year"))
    for field in ("off", "worked"):
        listed = row.values.get(field)
        if isinstance(listed, tuple) and any(day[:4] != year for day in listed):
            row.refuse(field, "有日期不在该年度", f"只填 {year} 年的日期")
    off, worked = row.values.get("off"), row.values.get("worked")
    if isinstance(off, tuple) and isinstance(worked, tuple) and set(off) & set(worked):
        row.refuse("worked", "与放假日期重复", "一天只能放假或上班")


def _year(row: Row) -> dict[str, Any]:
    listed = [(row.values.get(field) or (), works) for field, works in WORKS.items()]
    return {
        "source": row.values["source"],
        "exceptions": [
            {"day": day, "works": works}
            for chosen, works in listed
            if isinstance(chosen, tuple)
            for day in chosen
        ],
    }


WORKS = {"off": False, "worked": True}

YEARS = Ledger(
    name="calendar",
    sheet="节假日安排",
    about="国务院办公厅每年公布的放假与调休安排，一行一年；2004 至 2026 年系统已有",
    service="membership",
    collection="/v1/calendar",
    method="PUT",
    path="/v1/calendar/years/{year}",
    named_by=("year",),
    check=_within_year,
    body=_year,
    columns=(
        whole("年度", "year", 1949, 2099, "四位年份", "2027", sends="", width=8),
        column(
            "文号", "source", "通知的文号", "国办发明电〔2026〕9号", parse=cells.text(120), width=28
        ),
        column(
            "放假日期",
            "off",
            "日期用顿号隔开，连续的写“起至止”；其中的周末可写可不写",
            "2027-01-01至2027-01-03、2027-10-01至2027-10-07",
            parse=days,
            sends="exceptions",
            width=48,
        ),
        column(
            "调休上班日期",
            "worked",
            "周末上班的日期，用顿号隔开；没有则空着",
            "2027-10-09",
            parse=days,
            required=False,
            sends="exceptions",
            width=32,
        ),
    ),
)

VOCABULARY: Vocabulary = {}
LEDGERS: tuple[Ledger, ...] = (YEARS,)
