"""Ledgers of places: 设备, 开放时间 and 闭馆安排."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from contracts.kinds.bases import DayKind
from contracts.kinds.opening import ClosureReason
from contracts.kinds.places import EquipmentKind
from ops.ledger import cells
from ops.ledger.cells import Cell, Unreadable, Value
from ops.ledger.ledgers.common import choice, clock, code, column, day, since, text, whole
from ops.ledger.model import Column, Ledger, Row, Vocabulary
from services.chassis.clock import LOCAL

SPLIT = re.compile(r"[、,;\n]")
BETWEEN = re.compile(r"\s*(?:-|—+|–|~|至)\s*")
MIDNIGHT = "24:00"
ALL_DAY, CLOSED = "全天", frozenset({"闭馆", "不开放", "休息"})
RIGHT = "填 9:00-11:30、13:30-17:00，或“全天”“闭馆”；到午夜写 24:00"


def spans(cell: Cell) -> Value:
    """`9:00-11:30、13:30-24:00`, as `09:00-11:30`; nothing for a closed day."""
    written = cells.plain(cell)
    if written in CLOSED:
        return ()
    if written == ALL_DAY:
        return (f"00:00-{MIDNIGHT}",)
    found = []
    for part in filter(None, (part.strip() for part in SPLIT.split(written))):
        ends = BETWEEN.split(part)
        if len(ends) != 2:  # noqa: PLR2004  a start and an end
            raise Unreadable("认不出的开放时段", RIGHT)
        opens, closes = (_clock(end) for end in ends)
        if closes <= opens:
            raise Unreadable("结束不晚于开始", RIGHT + "；过夜的分写在两天")
        found.append(f"{opens}-{closes}")
    return tuple(found)


def _clock(text: str) -> str:
    if text == MIDNIGHT:
        return MIDNIGHT
    read = cells.clock_time(text)
    return f"{read:%H:%M}"


def _hours(row: Row) -> dict[str, Any]:
    said = row.values["effective_from"]
    body: dict[str, Any] = {
        "effective_from": said.isoformat() if isinstance(said, date) else said,
        "hours": {
            kind.value: [span.split("-") for span in stated]
            for kind in DayKind
            if isinstance(stated := row.values.get(kind.value), tuple)
        },
    }
    if row.values.get("venue") is not None:
        body["venue_id"] = (row.target("venue") or {}).get("venue_id")
    return body


def _moment(row: Row, day: str, at: str, *, end: bool = False) -> datetime:
    """A day without a clock begins at midnight, or ends at the one that follows."""
    said, clock = row.values[day], row.values.get(at)
    if not isinstance(said, date):
        raise TypeError("a closure needs its days")
    if isinstance(clock, time):
        return datetime.combine(said, clock, LOCAL)
    return datetime.combine(said + timedelta(days=end), time(), LOCAL)


def _closure(row: Row) -> dict[str, Any]:
    announced = row.values.get("since")
    body: dict[str, Any] = {
        "base_id": (row.target("base") or {}).get("base_id"),
        "starts_at": _moment(row, "date", "start").isoformat(),
        "ends_at": _moment(row, "last", "end", end=True).isoformat(),
        "reason_kind": row.values["reason_kind"],
    }
    if row.values.get("venue") is not None:
        body["venue_id"] = (row.target("venue") or {}).get("venue_id")
    if isinstance(announced, date):
        body["occurred_at"] = datetime.combine(announced, time(), LOCAL).isoformat()
    return body


def _ends_after_start(row: Row) -> None:
    days = (row.values.get("date"), row.values.get("last"))
    if not all(isinstance(day, date) for day in days):
        return
    if _moment(row, "last", "end", end=True) <= _moment(row, "date", "start"):
        row.refuse("last", "不晚于开始", "填开始之后的日期和钟点；当天全天闭馆，两个日期相同")


def _same_closure(said: Mapping[str, Any]) -> object:
    """All that the ledger says of a closure; one that was withdrawn is none of the ledger's."""
    if said.get("reopens_at"):
        return None
    return (
        *(str(said.get(name) or "") for name in ("base_id", "venue_id", "reason_kind")),
        *(
            datetime.fromisoformat(said[name]).astimezone(LOCAL)
            for name in ("starts_at", "ends_at")
        ),
    )


def _base(takes: str) -> Column:
    return code(
        "基地代码",
        "base",
        refers="bases",
        sends="",
        takes=f"{takes}，须已登记或在“基地”表中",
        example="JD-01",
    )


def _venue(takes: str) -> Column:
    return code(
        "场馆代码",
        "venue",
        refers="venues",
        gives="venue_id",
        sends="venue_id",
        takes=takes,
        required=False,
        example="JD-01-5F",
    )


def _hours_of(kind: DayKind) -> Column:
    moved = kind in {DayKind.HOLIDAY, DayKind.MAKE_UP}
    blank = "空着按星期几的时间" if moved else "空着为闭馆"
    return column(
        kind.label,
        kind.value,
        f"如 9:00-11:30、13:30-17:00，或“全天”“闭馆”；{blank}",
        "9:00-11:30、13:30-17:00",
        parse=spans,
        required=False,
        sends="hours",
        width=26,
    )


def _clock_column(field: str, heading: str, blank: str) -> Column:
    return clock(
        heading,
        field,
        f"24 小时制，如 09:00；空着为{blank}",
        "09:00",
        required=False,
        sends={"start": "starts_at", "end": "ends_at"}[field],
    )


EQUIPMENT = Ledger(
    name="equipment",
    sheet="设备",
    about="基地里可以随预约配备的设备，一行一种",
    service="bases",
    collection="/v1/equipment",
    path="/v1/bases/{base_id}/equipment",
    one="/v1/equipment?code={code}",
    edit="/v1/equipment/{equipment_id}",
    columns=(
        _base("设备所在基地的代码"),
        _venue("固定在某一场馆的填其代码；可以移动的空着"),
        code("设备代码", example="SB-01"),
        text("设备名称", "name", "名称，不超过 120 个字符", "无线讲解器", width=24),
        choice(
            "设备类别",
            "kind",
            "equipment",
            f"{'、'.join(kind.label for kind in EquipmentKind)}",
            "讲解器",
        ),
        whole("数量", "quantity", 1, 10_000, "件数，整数，不带单位", "30"),
        since("登记日期"),
    ),
)

HOURS = Ledger(
    name="opening_hours",
    sheet="开放时间",
    about="自某日起的每周开放时间；场馆自己的先于所在基地的",
    service="bases",
    collection="/v1/bases",
    method="PUT",
    path="/v1/bases/{base_id}/opening-hours",
    named_by=(),
    body=_hours,
    columns=(
        _base("基地的代码"),
        _venue("只对一个场馆的填其代码；空着为整个基地"),
        day(
            "施行日期",
            "effective_from",
            "日期，如 2026-07-01；今天以前的，只在没有更晚的开放时间时可补录",
            "2026-07-01",
            calendar_day=True,
            ahead=True,
        ),
        *(_hours_of(kind) for kind in DayKind),
    ),
)

CLOSURES = Ledger(
    name="closures",
    sheet="闭馆安排",
    about="基地或场馆不开放的时段，一行一次；有预约的时段须先在系统中处理",
    service="bases",
    collection="/v1/closures",
    path="/v1/closures",
    named_by=(),
    check=_ends_after_start,
    body=_closure,
    same=_same_closure,
    columns=(
        _base("闭馆的基地的代码"),
        _venue("只关一个场馆的填其代码；空着为整个基地"),
        day(
            "开始日期", "date", "第一天，如 2026-07-01", "2026-07-01", ahead=True, sends="starts_at"
        ),
        _clock_column("start", "开始时间", "当天零点"),
        day(
            "结束日期", "last", "最后一天，如 2026-07-03", "2026-07-03", ahead=True, sends="ends_at"
        ),
        _clock_column("end", "结束时间", "当天 24 点"),
        choice(
            "闭馆原因",
            "reason_kind",
            "closure-reason",
            "、".join(kind.label for kind in ClosureReason),
            "设施维护",
        ),
        since("公告日期"),
    ),
)

VOCABULARY: Vocabulary = {
    "equipment": {kind.value: kind.label for kind in EquipmentKind},
    "closure-reason": {kind.value: kind.label for kind in ClosureReason},
}
LEDGERS: tuple[Ledger, ...] = (EQUIPMENT, HOURS, CLOSURES)
