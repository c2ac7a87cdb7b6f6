"""Ledgers of lecturers: 讲师, with their names and numbers, and 讲解排班."""

from datetime import date, time
from typing import Any

from contracts.kinds.labelled import Labelled
from contracts.kinds.lecturers import LecturerEngagement, LecturerRole, LecturerSkill
from ops.ledger import cells
from ops.ledger.cells import Cell, Parser, Value
from ops.ledger.ledgers.common import area, base, choice, clock, code, column, day
from ops.ledger.model import Ledger, Row, Vocabulary


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
        column("姓名", "name", "姓名", "张示例", parse=cells.text(60), personal=True),
        column(
            "电话",
            "phone",
            "手机或固定电话号码；可空",
            "13900000001",
            parse=cells.code(r"\+?[0-9][0-9 -]{5,18}[0-9]", "填电话号码，如 13900000001"),
            required=False,
            personal=True,
        ),
        area("讲师服务的区划的代码，其中的基地均可安排；须已登记或在“区划”表中"),
        base("所属基地的代码，可空", gives="base_id", required=False),
        column(
            "角色",
            "roles",
            "主要角色写在前面，用顿号隔开，如：讲师、讲解员",
            "讲师、讲解员",
            parse=_labels(LecturerRole, 8),
        ),
        column(
            "专长",
            "skills",
            "最擅长的写在前面，用顿号隔开，如：党史、展厅讲解",
            "党史、展厅讲解",
            parse=_labels(LecturerSkill, 12),
            width=24,
        ),
        choice(
            "聘用方式",
            "engagement",
            "lecturer_engagement",
            "志愿者、在岗人员、特邀人员",
            "志愿者",
            width=12,
        ),
        day(
            "聘用日期",
            "engaged_on",
            "日期，如 2019-03-01；空着按导入当日计",
            "2019-03-01",
            calendar_day=True,
            required=False,
            fixed=True,
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
        base("值班的基地的代码，须已登记或在“基地”表中"),
        code(
            "讲师代码",
            "lecturer",
            refers="lecturers",
            sends="lecturer_id",
            takes="值班讲解员的代码，须已登记或在“讲师”表中",
            example="JS-01",
        ),
        day(
            "日期",
            "day",
            "值班日期，如 2019-06-18，可以是以后的日期",
            "2019-06-18",
            calendar_day=True,
            ahead=True,
        ),
        clock("开始时间", "begins", "24 小时制，如 09:00", "09:00"),
        clock("结束时间", "ends", "24 小时制，如 12:00", "12:00"),
    ),
)

VOCABULARY: Vocabulary = {
    "lecturer_engagement": {code.value: code.label for code in LecturerEngagement},
}
LEDGERS: tuple[Ledger, ...] = (LECTURERS, SHIFTS)
