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
from ops.ledger.ledgers.common import NAME, code
from ops.ledger.model import Column, Ledger, Row, Vocabulary
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
        Column(
            field="kind",
            heading="活动类别",
            family="activity",
            takes="支部党员大会、支部委员会、党小组会、党课、主题党日、专题学习研讨、集中培训等",
            example="主题党日",
            width=20,
        ),
        Column(
            field="colour",
            heading="颜色",
            family="theme-colour",
            takes="主题党日填红色、蓝色、橙色、黄色、绿色；其他空着",
            required=False,
            sends="variant_kind",
            example="红色",
            width=10,
        ),
        Column(
            field="form",
            heading="形式",
            family="lecture-form",
            takes="党课填体验式、互动式、创意式、情景式；其他空着",
            required=False,
            sends="variant_kind",
            width=10,
        ),
        code(
            "组织代码",
            "organisation",
            refers="organisations",
            gives="organisation_id",
            sends="organisation_id",
            takes="举办的党组织的组织代码",
            aliases=("举办组织代码",),
            example="ZB410305001001-01",
            fixed=True,
        ),
        Column(
            field="date",
            heading="日期",
            parse=cells.day,
            sends="starts_at",
            takes="开展日期，如 2019-06-08；汇总和目标填所属期间的首日；不能晚于今天",
            example="2019-06-08",
        ),
        Column(
            field="start",
            heading="开始时间",
            parse=cells.clock_time,
            sends="starts_at",
            takes="24 小时制，如 09:00；空着为 00:00",
            required=False,
            example="09:00",
            width=10,
        ),
        Column(
            field="end",
            heading="结束时间",
            parse=cells.clock_time,
            sends="ends_at",
            takes="24 小时制，如 10:30；可空",
            required=False,
            example="10:30",
            width=10,
        ),
        Column(
            field="topic",
            heading="主题",
            parse=NAME,
            takes="不超过 120 个字符，不写个人信息",
            required=False,
            example="学习党章",
            width=30,
        ),
        Column(
            field="place",
            heading="地点",
            parse=NAME,
            takes="场所名称，不超过 120 个字符",
            required=False,
            example="社区二楼会议室",
            width=24,
        ),
        Column(
            field="sessions",
            heading="场次",
            parse=QUANTITY,
            takes="一行代表多场时填场次；空着为 1",
            required=False,
            example="1",
            width=8,
        ),
        Column(
            field="sessions_bound",
            heading="场次口径",
            family="bound",
            takes="实数；“余”“多”填余数（下限）；“不少于”的计划填目标；空着为实数",
            required=False,
            example="实数",
            width=12,
        ),
        Column(
            field="headcount",
            heading="参加人次",
            parse=COUNT,
            takes="实际参加人次，整数，不带单位；可空",
            required=False,
            example="28",
            width=10,
        ),
        Column(
            field="bound",
            heading="人次口径",
            family="bound",
            takes=BOUNDS,
            required=False,
            example="实数",
            width=12,
        ),
        Column(
            field="expected_members",
            heading="应到党员",
            parse=COUNT,
            takes="应到党员人数，不含年老体弱等不作硬性要求的党员；可空",
            required=False,
            example="30",
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
        code(
            "党员代码",
            "member",
            refers="members",
            gives="member_id",
            sends="",
            takes="“党员名册”中的党员代码",
            example="D410305001001-0001",
        ),
        Column(
            field="presence",
            heading="出席情况",
            family="presence",
            takes="出席、请假、缺席",
            example="出席",
            width=10,
        ),
        Column(
            field="reason",
            heading="请假原因",
            family="leave_reason",
            takes="因公、因病、因事、外出；可空",
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
        Column(
            field="kind",
            heading="成果类别",
            family="activity-output",
            takes="学习笔记、征文、心得体会等",
            example="学习笔记",
        ),
        Column(
            field="quantity",
            heading="数量",
            parse=QUANTITY,
            takes="整数，不带单位",
            example="30",
            width=10,
        ),
        Column(
            field="bound",
            heading="数量口径",
            family="bound",
            takes=BOUNDS,
            required=False,
            example="实数",
            width=12,
        ),
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
