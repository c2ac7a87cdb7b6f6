"""Ledgers of lectures: 讲习场所, 课程 and 讲习场次. Counts of people, never a name."""

from datetime import UTC, date, datetime, time
from typing import Any

from contracts.kinds.courses import AudienceKind, CourseKind, LectureHallKind
from ops.ledger.ledgers.common import choice, clock, code, day, since, text, whole
from ops.ledger.ledgers.menu import base, optional_area
from ops.ledger.model import Ledger, Row, Vocabulary
from services.chassis.clock import LOCAL


def _somewhere(row: Row) -> None:
    if row.values.get("base") is None and row.values.get("area") is None:
        row.refuse("area", "缺少区划", "填区划代码；设在基地内的可只填基地代码")


def _ends_after_start(row: Row) -> None:
    started, ended = row.values.get("start"), row.values.get("end")
    if isinstance(started, time) and isinstance(ended, time) and ended <= started:
        row.refuse("end", "不晚于开始时间", "填当天晚于开始时间的钟点")


def _session(row: Row) -> dict[str, Any]:
    values = row.values
    body: dict[str, Any] = {
        "code": values["code"],
        "course_id": (row.target("course") or {}).get("course_id"),
        "starts_at": _instant(values["date"], values["start"]),
        "ends_at": _instant(values["date"], values["end"]),
        "attended": values["attended"],
    }
    if values.get("place") is not None:
        body["place"] = values["place"]
    return body


def _instant(day: object, at: object) -> str:
    """As the service shows it, so that what is registered can be compared."""
    if not (isinstance(day, date) and isinstance(at, time)):
        raise TypeError("a session needs a day and a time")
    moment = datetime.combine(day, at, LOCAL)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


HALLS = Ledger(
    name="lecture_halls",
    sheet="讲习场所",
    about="新时代大讲堂、讲习所、社区学堂等阵地",
    service="bases",
    collection="/v1/lecture-halls",
    path="/v1/lecture-halls",
    one="/v1/lecture-halls?code={code}",
    edit="/v1/lecture-halls/{hall_id}",
    hears=frozenset({"area-unknown"}),
    check=_somewhere,
    columns=(
        code("场所代码", fixed=True, example="JT-01"),
        text("场所名称", "name", "全称，不超过 120 个字符", "唐村社区新时代大讲堂", width=30),
        choice(
            "场所类别",
            "kind",
            "lecture-hall",
            "新时代大讲堂、新时代讲习所、社区学堂、红色网络教育家园、其他讲习场所",
            "新时代大讲堂",
            width=20,
        ),
        base("设在基地内的，填该基地的代码；可空"),
        optional_area("所在区划的代码；设在基地内的可空"),
        day(
            "挂牌日期",
            "opened_on",
            "日期，如 2018-11-01；不能晚于今天",
            "2018-11-01",
            calendar_day=True,
            fixed=True,
        ),
    ),
)

COURSES = Ledger(
    name="courses",
    sheet="课程",
    about="讲习场所开设的课程",
    service="bases",
    collection="/v1/courses",
    path="/v1/courses",
    one="/v1/courses?code={code}",
    edit="/v1/courses/{course_id}",
    columns=(
        code("课程代码", fixed=True, example="KC-01"),
        text("课程名称", "name", "题目，不超过 120 个字符", "身边的家风", width=30),
        choice(
            "课程类别",
            "kind",
            "course",
            "党的创新理论、方针政策、党史国史、法律法规、传统文化、职业技能等",
            "公民道德与家风",
            width=20,
        ),
        code(
            "场所代码",
            "hall",
            refers="lecture_halls",
            gives="hall_id",
            sends="hall_id",
            takes="“讲习场所”表中的场所代码",
            fixed=True,
            example="JT-01",
        ),
        choice(
            "授课对象",
            "audience_kind",
            "course-audience",
            "党员群众、党员、居民、青少年等；空着为党员群众",
            "党员群众",
            required=False,
        ),
        since("开设日期"),
    ),
)

SESSIONS = Ledger(
    name="sessions",
    sheet="讲习场次",
    about="已经举办的讲习活动，一行一场；将要举办的请在系统中发布",
    service="bases",
    collection="/v1/sessions",
    path="/v1/sessions/held",
    one="/v1/sessions?code={code}",
    check=_ends_after_start,
    body=_session,
    columns=(
        code("场次编号", fixed=True, example="JX-2019-001"),
        code(
            "课程代码",
            "course",
            refers="courses",
            gives="course_id",
            sends="course_id",
            takes="“课程”表中的课程代码",
            fixed=True,
            example="KC-01",
        ),
        day(
            "日期",
            "date",
            "举办日期，如 2019-06-18；不能晚于今天",
            "2019-06-18",
            sends="starts_at",
            fixed=True,
        ),
        clock("开始时间", "start", "24 小时制，如 09:00", "09:00", sends="starts_at", fixed=True),
        clock("结束时间", "end", "24 小时制，如 11:00", "11:00", sends="ends_at", fixed=True),
        text(
            "地点",
            "place",
            "场所名称，不超过 120 个字符；可空",
            "二楼报告厅",
            required=False,
            fixed=True,
            width=20,
        ),
        whole(
            "参加人次", "attended", 0, 100_000, "实际参加人次，整数，不带单位", "120", fixed=True
        ),
    ),
)

VOCABULARY: Vocabulary = {
    family: {kind.value: kind.label for kind in kinds}
    for family, kinds in {
        "lecture-hall": LectureHallKind,
        "course": CourseKind,
        "course-audience": AudienceKind,
    }.items()
}
LEDGERS: tuple[Ledger, ...] = (HALLS, COURSES, SESSIONS)
