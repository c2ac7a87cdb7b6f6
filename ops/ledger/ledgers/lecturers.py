"""Ledgers of lecturers: 讲师, with their names and numbers, and 讲解排班."""

from datetime import date, time
from typing import Any

from contracts.kinds.labelled import Labelled
from contracts.kinds.lecturers import LecturerEngagement, LecturerRole, LecturerSkill
from ops.ledger import cells
from ops.ledger.cells import Cell, Parser, Value
from ops.ledger.ledgers.common import area, code
from ops.ledger.model import Column, Ledger, Row, Vocabulary


def _labels(kinds: type[Labelled], most: int) -> Parser:
    """Labels or codes of `kinds`; what a district added itself is written as its code."""
    known = {kind.label: kind.value for kind in kinds}

    def parse(cell: Cell) -> Value:
        found = cells.words(most, 40)(cell)
        return tuple(known.get(word, word) for word in found) if isinstance(found, tuple) else ()

    return parse


def _ends_after_start(row: Row) -> None:
    begins, ends = row.values["begins"], row.values["ends"]
    if isinstance(begins, time) and isinstance(ends, time) and ends <= begins:
        row.refuse("ends", "不晚于开始时间", "填当天晚于开始时间的钟点；过夜的班次分写在两天")


def _shift(row: Row) -> dict[str, Any]:
    day, begins, ends = (row.values[name] for name in ("day", "begins", "ends"))
    if not (isinstance(day, date) and isinstance(begins, time) and isinstance(ends, time)):
        raise TypeError("a shift needs a day and two times")
    return {
        "base_id": (row.target("base") or {}).get("base_id"),
        "lecturer_id": (row.target("lecturer") or {}).get("lecturer_id"),
        "day": day.isoformat(),
        "begins": f"{begins:%H:%M}",
        "ends": f"{ends:%H:%M}",
    }


LECTURERS = Ledger(
    name="lecturers",
    sheet="讲师",
    about="讲师团队：讲师、讲解员、放映员。姓名、电话加密保存",
    service="bases",
    collection="/v1/lecturers",
    path="/v1/lecturers",
    one="/v1/lecturers?code={code}",
    edit="/v1/lecturers/{lecturer_id}",
    columns=(
        code("讲师代码", example="JS-01"),
        Column(
            field="name",
            heading="姓名",
            parse=cells.text(60),
            takes="姓名",
            personal=True,
            example="张示例",
        ),
        Column(
            field="phone",
            heading="电话",
            parse=cells.code(r"\+?[0-9][0-9 -]{5,18}[0-9]", "填电话号码，如 13900000001"),
            takes="手机或固定电话号码；可空",
            required=False,
            personal=True,
            example="13900000001",
        ),
        area("讲师服务的区划的代码，其中的基地均可安排；须已登记或在“区划”表中"),
        code(
            "基地代码",
            "base",
            refers="bases",
            gives="base_id",
            sends="base_id",
            takes="所属基地的代码，可空",
            required=False,
            example="JD-01",
        ),
        Column(
            field="roles",
            heading="角色",
            parse=_labels(LecturerRole, 8),
            takes="主要角色写在前面，用顿号隔开，如：讲师、讲解员",
            example="讲师、讲解员",
        ),
        Column(
            field="skills",
            heading="专长",
            parse=_labels(LecturerSkill, 12),
            takes="最擅长的写在前面，用顿号隔开，如：党史、展厅讲解",
            example="党史、展厅讲解",
            width=24,
        ),
        Column(
            field="engagement",
            heading="聘用方式",
            family="lecturer_engagement",
            takes="志愿者、在岗人员、特邀人员",
            example="志愿者",
            width=12,
        ),
        Column(
            field="engaged_on",
            heading="聘用日期",
            parse=cells.day,
            calendar_day=True,
            takes="日期，如 2019-03-01；空着按导入当日计",
            required=False,
            fixed=True,
            example="2019-03-01",
            width=12,
        ),
    ),
)

SHIFTS = Ledger(
    name="guide_shifts",
    sheet="讲解排班",
    about="讲解员在基地值班，一行一个班次；每周重复的班次请在系统中排定",
    service="bases",
    collection="/v1/guide-shifts",
    path="/v1/guide-shifts",
    named_by=("lecturer", "day", "begins"),
    check=_ends_after_start,
    body=_shift,
    columns=(
        code(
            "基地代码",
            "base",
            refers="bases",
            sends="base_id",
            takes="值班的基地的代码，须已登记或在“基地”表中",
            example="JD-01",
        ),
        code(
            "讲师代码",
            "lecturer",
            refers="lecturers",
            sends="lecturer_id",
            takes="值班讲解员的代码，须已登记或在“讲师”表中",
            example="JS-01",
        ),
        Column(
            field="day",
            heading="日期",
            parse=cells.day,
            takes="值班日期，如 2019-06-18，可以是以后的日期",
            calendar_day=True,
            ahead=True,
            example="2019-06-18",
        ),
        Column(
            field="begins",
            heading="开始时间",
            parse=cells.clock_time,
            takes="24 小时制，如 09:00",
            example="09:00",
            width=10,
        ),
        Column(
            field="ends",
            heading="结束时间",
            parse=cells.clock_time,
            takes="24 小时制，如 12:00",
            example="12:00",
            width=10,
        ),
    ),
)

VOCABULARY: Vocabulary = {
    "lecturer_engagement": {code.value: code.label for code in LecturerEngagement},
}
LEDGERS: tuple[Ledger, ...] = (LECTURERS, SHIFTS)
