"""Ledgers of activities: 活动, 出席 and 活动成果."""

from datetime import UTC, date, datetime, time
from typing import Any

from contracts.kinds.activities import (
    ActivityKind,
    LeaveReason,
    LectureForm,
    OutputKind,
    Presence,
    ThemeColour,
)
from contracts.kinds.books import Bound
from ops.ledger import cells
from ops.ledger.ledgers.common import choice, clock, code, column, day, member, organisation, text
from ops.ledger.model import Ledger, Row, Vocabulary
from services.chassis.clock import LOCAL

COUNT = cells.whole(0, 1_000_000)
QUANTITY = cells.whole(1, 1_000_000)
BOUNDS = "实数；“余”“多”填余数（下限）；空着为实数"

ACTIVITY = code(
    "活动编号",
    "activity",
    refers="activities",
    gives="activity_id",
    sends="",
    takes="“活动”表中的台账编号",
    example="HD-2019-001",
)


def _activity(row: Row) -> dict[str, Any]:
    values = row.values
    body: dict[str, Any] = {
        "code": values["code"],
        "organisation_id": (row.target("organisation") or {}).get("organisation_id"),
        "kind": values["kind"],
        "starts_at": _instant(values["date"], values["start"]),
    }
    if values.get("end") is not None:
        body["ends_at"] = _instant(values["date"], values["end"])
    for field in ("sessions", "sessions_bound", "headcount", "bound", "expected_members"):
        if values.get(field) is not None:
            body[field] = values[field]
    for field in ("topic", "place"):
        if values.get(field) is not None:
            body[field] = values[field]
    if (variant := values.get("colour") or values.get("form")) is not None:
        body["variant_kind"] = variant
    if values.get("sessions_bound") == Bound.TARGET:
        body["planned"] = True
    return body


def _instant(day: object, at: object) -> str:
    """As the service shows it, so that what is registered can be compared."""
    if not isinstance(day, date):
        raise TypeError("an activity needs a day")
    moment = datetime.combine(day, at if isinstance(at, time) else time(), LOCAL)
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _agrees(row: Row) -> None:
    values = row.values
    start, end = values.get("start"), values.get("end")
    if isinstance(end, time) and (not isinstance(start, time) or end < start):
        row.refuse("end", "早于开始时间或缺少开始时间", "填当天晚于开始时间的钟点")
    for field, kind in (("colour", ActivityKind.THEME_DAY), ("form", ActivityKind.LECTURE)):
        if values.get(field) is not None and values.get("kind") not in {None, kind}:
            row.refuse(field, f"只有{kind.label}才填", "空着")
    if values.get("sessions_bound") == Bound.TARGET and values.get("headcount"):
        row.refuse("headcount", "目标不是已开展的活动", "空着；实际开展的另起一行")


ACTIVITIES = Ledger(
    name="activities",
    sheet="活动",
    about="已开展的活动，一行一次；汇总数据可一行多场。目标也在此登记，不计入已开展",
    service="membership",
    collection="/v1/activities",
    path="/v1/activities",
    one="/v1/activities?code={code}",
    edit="/v1/activities/{activity_id}",
    check=_agrees,
    body=_activity,
    columns=(
        code("台账编号", fixed=True, example="HD-2019-001"),
        choice(
            "活动类别",
            "kind",
            "activity",
            "支部党员大会、支部委员会、党小组会、党课、主题党日、专题学习研讨、集中培训等",
            "主题党日",
            width=20,
        ),
        choice(
            "颜色",
            "colour",
            "theme-colour",
            "主题党日填红色、蓝色、橙色、黄色、绿色；其他空着",
            "红色",
            required=False,
            sends="variant_kind",
            width=10,
        ),
        choice(
            "形式",
            "form",
            "lecture-form",
            "党课填体验式、互动式、创意式、情景式；其他空着",
            required=False,
            sends="variant_kind",
            width=10,
        ),
        organisation("组织代码", "举办的党组织的组织代码", aliases=("举办组织代码",), fixed=True),
        day(
            "日期",
            "date",
            "开展日期，如 2019-06-08；汇总和目标填所属期间的首日；不能晚于今天",
            "2019-06-08",
            sends="starts_at",
        ),
        clock(
            "开始时间",
            "start",
            "24 小时制，如 09:00；空着为 00:00",
            "09:00",
            sends="starts_at",
            required=False,
        ),
        clock(
            "结束时间", "end", "24 小时制，如 10:30；可空", "10:30", sends="ends_at", required=False
        ),
        text(
            "主题", "topic", "不超过 120 个字符，不写个人信息", "学习党章", required=False, width=30
        ),
        text(
            "地点",
            "place",
            "场所名称，不超过 120 个字符",
            "社区二楼会议室",
            required=False,
            width=24,
        ),
        column(
            "场次",
            "sessions",
            "一行代表多场时填场次；空着为 1",
            "1",
            parse=QUANTITY,
            required=False,
            width=8,
        ),
        choice(
            "场次口径",
            "sessions_bound",
            "bound",
            "实数；“余”“多”填余数（下限）；“不少于”的计划填目标；空着为实数",
            "实数",
            required=False,
            width=12,
        ),
        column(
            "参加人次",
            "headcount",
            "实际参加人次，整数，不带单位；可空",
            "28",
            parse=COUNT,
            required=False,
            width=10,
        ),
        choice("人次口径", "bound", "bound", BOUNDS, "实数", required=False, width=12),
        column(
            "应到党员",
            "expected_members",
            "应到党员人数，不含年老体弱等不作硬性要求的党员；可空",
            "30",
            parse=COUNT,
            required=False,
            width=10,
        ),
    ),
)

ATTENDANCE = Ledger(
    name="attendance",
    sheet="出席",
    about="谁出席了哪次活动，一行一人；不保留名单的活动只在“活动”表填人次",
    service="membership",
    collection="/v1/activities",
    method="PUT",
    path="/v1/activities/{activity_id}/attendance/{member_id}",
    named_by=("activity", "member"),
    columns=(
        ACTIVITY,
        member("党员代码", "“党员名册”中的党员代码", sends=""),
        choice("出席情况", "presence", "presence", "出席、请假、缺席", "出席", width=10),
        choice(
            "请假原因",
            "reason",
            "leave_reason",
            "因公、因病、因事、外出；可空",
            required=False,
            width=10,
        ),
    ),
)

OUTPUTS = Ledger(
    name="activity_outputs",
    sheet="活动成果",
    about="活动产生的学习笔记、征文、心得体会等，不是参加人次",
    service="membership",
    collection="/v1/activities",
    path="/v1/activities/{activity_id}/outputs",
    named_by=("activity", "kind", "quantity"),
    columns=(
        ACTIVITY,
        choice("成果类别", "kind", "activity-output", "学习笔记、征文、心得体会等", "学习笔记"),
        column("数量", "quantity", "整数，不带单位", "30", parse=QUANTITY, width=10),
        choice("数量口径", "bound", "bound", BOUNDS, "实数", required=False, width=12),
    ),
)

VOCABULARY: Vocabulary = {
    family: {kind.value: kind.label for kind in codes}
    for family, codes in {
        "activity": ActivityKind,
        "theme-colour": ThemeColour,
        "lecture-form": LectureForm,
        "activity-output": OutputKind,
        "bound": Bound,
        "presence": Presence,
        "leave_reason": LeaveReason,
    }.items()
}
LEDGERS: tuple[Ledger, ...] = (ACTIVITIES, ATTENDANCE, OUTPUTS)
