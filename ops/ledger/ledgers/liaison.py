"""Ledgers of liaison points: 联络点, 值班安排 and 来访登记. No line names whoever came."""

import re
from datetime import date, datetime, time
from typing import Any

from contracts.kinds.books import Bound
from contracts.kinds.liaison import (
    CountUnit,
    DutyKind,
    LiaisonArtefact,
    LiaisonChannel,
    LiaisonTopic,
)
from ops.ledger import cells
from ops.ledger.cells import Cell, Unreadable, Value
from ops.ledger.ledgers.common import (
    CODE,
    area,
    choice,
    clock,
    code,
    column,
    day,
    people,
    text,
    whole,
)
from ops.ledger.model import Column, Ledger, Row, Vocabulary
from services.chassis.clock import LOCAL

ARTEFACTS = {kind.label: kind.value for kind in LiaisonArtefact}
WEEKDAYS = {name: n for n, name in enumerate("一二三四五六日", 1)} | {"天": 7}
SPAN = re.compile(r"(?:星期|周)?([一二三四五六日天])至(?:星期|周)?([一二三四五六日天])")
SHIFT = re.compile(r"\s*(?:-|—+|~|至)\s*")


def artefacts(cell: Cell) -> Value:
    """Labels or codes; what a district added itself is written as its code."""
    found = cells.words(30, 40)(cell)
    return tuple(ARTEFACTS.get(word, word) for word in found) if isinstance(found, tuple) else ()


def weekdays(cell: Cell) -> Value:
    """`周一至周五` or `一、三、五`, as digits 1 to 7."""
    written = cells.plain(cell).replace(" ", "")
    if span := SPAN.fullmatch(written):
        first, last = (WEEKDAYS[name] for name in span.groups())
        days = list(range(first, last + 1))
    else:
        parts = [part for part in re.split(r"[、,;]|星期|周", written) if part]
        if any(part not in WEEKDAYS for part in parts):
            raise Unreadable("认不出的值班日", "填“周一至周五”或“一、三、五”")
        days = [WEEKDAYS[part] for part in parts]
    if not days:
        raise Unreadable("起止颠倒", "填“周一至周五”或“一、三、五”")
    return tuple(str(day) for day in sorted(set(days)))


def shifts(cell: Cell) -> Value:
    """`9:00-11:00、14:30-16:30`, as `09:00:00-11:00:00`."""
    found = []
    for part in filter(None, re.split(r"[、;\n]", cells.plain(cell))):
        ends = SHIFT.split(part.strip())
        if len(ends) != 2:  # noqa: PLR2004  a start and an end
            raise Unreadable("认不出的班次", "填 9:00-11:00、14:30-16:30")
        found.append("-".join(f"{cells.clock_time(end):%H:%M:%S}" for end in ends))
    return tuple(found)


def _rota(row: Row) -> dict[str, Any]:
    values = row.values
    listed = values.get("shifts")
    named = values.get("weekdays")
    body: dict[str, Any] = {
        "code": values["code"],
        "kind": values["kind"],
        "area": values["area"],
        "organisation_id": (row.target("organisation") or {}).get("organisation_id"),
        "weekdays": [int(day) for day in named] if isinstance(named, tuple) else [],
        "shifts": [dict(zip(("starts", "ends"), shift.split("-"), strict=True)) for shift in listed]
        if isinstance(listed, tuple)
        else [],
    }
    if values.get("point") is not None:
        body["point_id"] = (row.target("point") or {}).get("point_id")
    for field in ("headcount", "times_per_month", "bound"):
        if values.get(field) is not None:
            body[field] = values[field]
    since = values.get("effective_from")
    if isinstance(since, date):
        body["effective_from"] = since.isoformat()
    return body


def _visit(row: Row) -> dict[str, Any]:
    values = row.values
    day, at = values["date"], values.get("time")
    if not isinstance(day, date):
        raise TypeError("a visit needs a day")
    moment = datetime.combine(day, at if isinstance(at, time) else time(), LOCAL)
    body: dict[str, Any] = {
        "point_id": (row.target("point") or {}).get("point_id"),
        "occurred_at": moment.isoformat(),
    }
    for field in (
        "number",
        "channel",
        "topic_kind",
        "headcount",
        "counted_as",
        "bound",
        "category_code",
    ):
        if values.get(field) is not None:
            body[field] = values[field]
    body["asks_for_work"] = "category_code" in body
    return body


def _organisation(takes: str, **more: Any) -> Column:
    given: dict[str, Any] = {
        "refers": "organisations",
        "gives": "organisation_id",
        "sends": "organisation_id",
        "takes": takes,
        "example": "ZB410305001001-01",
    }
    return code("负责组织代码", "organisation", **(given | more))


def _point(takes: str, *, required: bool, fixed: bool = False) -> Column:
    return code(
        "联络点代码",
        "point",
        refers="liaison-points",
        gives="point_id",
        sends="point_id",
        takes=takes,
        required=required,
        fixed=fixed,
        example="LLD-01",
    )


def _since(field: str, heading: str) -> Column:
    return day(
        heading,
        field,
        "日期，如 2021-03-01；空着按导入当天计",
        "2021-03-01",
        calendar_day=True,
        required=False,
        fixed=True,
    )


BOUND = choice(
    "数量含义",
    "bound",
    "bound",
    "实数、余数（下限）、目标；空着为实数",
    "实数",
    required=False,
    width=14,
)

POINTS = Ledger(
    name="liaison-points",
    sheet="联络点",
    about="党群联络点（联系点）",
    service="membership",
    collection="/v1/liaison-points",
    path="/v1/liaison-points",
    one="/v1/liaison-points?code={code}",
    edit="/v1/liaison-points/{point_id}",
    columns=(
        code("联络点代码", fixed=True, example="LLD-01"),
        text("联络点名称", "label", "全称，不超过 120 个字符", "第一党支部党群联络点", width=30),
        _organisation("负责党支部的组织代码，须已登记或在“党组织”表中"),
        area("联络点所在区划的代码，须在负责组织的区划内"),
        code(
            "小区代码",
            "estate_code",
            takes="小区的代码，可空；同一小区各联络点填同一代码",
            required=False,
            example="XQ-01",
        ),
        text("小区名称", "estate", "小区的名称，可空", "示例花园", required=False),
        column(
            "配备物件",
            "artefacts",
            "值班表、岗位职责、服务制度、站点工作记录本、党群联系卡、办公桌椅等，用顿号隔开",
            "办公桌椅、站点工作记录本、党群联系卡",
            parse=artefacts,
            required=False,
            width=40,
        ),
        _since("opened_on", "设立日期"),
    ),
)

ROTAS = Ledger(
    name="duty-rotas",
    sheet="值班安排",
    about="联络点值班、义务巡防、督导与实地走访的固定安排；每周班次由值班日与班次算出，不填",
    service="membership",
    collection="/v1/duty-rotas",
    path="/v1/duty-rotas",
    one="/v1/duty-rotas?code={code}",
    edit="/v1/duty-rotas/{rota_id}",
    body=_rota,
    columns=(
        code("值班安排代码", fixed=True, example="ZB-01"),
        choice(
            "值勤类别",
            "kind",
            "duty",
            "联络点值班、义务巡防、督导检查、实地走访",
            "联络点值班",
            fixed=True,
        ),
        _organisation("负责党组织的组织代码，须已登记或在“党组织”表中", fixed=True),
        area("区划代码，须在负责组织的区划内", fixed=True),
        _point("联络点值班时填写，须已登记或在“联络点”表中", required=False, fixed=True),
        column(
            "值班日",
            "weekdays",
            "周一至周五，或一、三、五；按月安排的空着",
            "周一至周五",
            parse=weekdays,
            required=False,
        ),
        column(
            "班次",
            "shifts",
            "起止钟点，用顿号隔开；按月安排的空着",
            "9:00-11:00、14:30-16:30",
            parse=shifts,
            required=False,
            width=28,
        ),
        whole("每班人数", "headcount", 1, 50, "整数；空着为 1", "1", required=False),
        whole(
            "每月次数", "times_per_month", 1, 31, "按月安排的次数；按周安排的空着", required=False
        ),
        BOUND,
        _since("effective_from", "开始日期"),
    ),
)

VISITS = Ledger(
    name="liaison-visits",
    sheet="来访登记",
    about="联络点接待的来访来电，一行一件；只报总数的一行一个总数。不填来访人姓名、电话和谈话内容",
    service="membership",
    collection="/v1/liaison-visits",
    path="/v1/liaison-visits",
    named_by=("point", "number"),
    body=_visit,
    columns=(
        code(
            "登记编号",
            "number",
            takes="站点工作记录本上的编号；同一联络点同一编号只导入一次",
            example="2021-001",
        ),
        day(
            "日期",
            "date",
            "来访日期，如 2021-06-08；不能晚于今天",
            "2021-06-08",
            sends="occurred_at",
        ),
        clock(
            "时间",
            "time",
            "24 小时制，如 09:30；可空",
            "09:30",
            sends="occurred_at",
            required=False,
        ),
        _point("联络点的代码，须已登记或在“联络点”表中", required=True),
        choice(
            "来访方式", "channel", "liaison_channel", "来访、来电、来信、网络", "来访", width=10
        ),
        choice("事由类别", "topic_kind", "liaison-topic", "事由类别之一", "物业管理"),
        people("人数", "headcount", "整数，不带单位；空着为 1", "1", required=False),
        choice(
            "计数单位",
            "counted_as",
            "count_unit",
            "人次、人；空着为人次",
            "人次",
            required=False,
            width=10,
        ),
        BOUND,
        column(
            "请求办理的事件类别",
            "category_code",
            "来访人请求办理时填事件类别代码；否则空着",
            parse=CODE,
            required=False,
            width=20,
        ),
    ),
)

VOCABULARY: Vocabulary = {
    "duty": {kind.value: kind.label for kind in DutyKind},
    "liaison_channel": {kind.value: kind.label for kind in LiaisonChannel},
    "liaison-topic": {kind.value: kind.label for kind in LiaisonTopic},
    "count_unit": {kind.value: kind.label for kind in CountUnit},
    "bound": {kind.value: kind.label for kind in Bound},
}
LEDGERS: tuple[Ledger, ...] = (POINTS, ROTAS, VISITS)
