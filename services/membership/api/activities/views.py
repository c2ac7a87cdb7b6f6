"""What requests and answers of activities look like."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.kinds.activities import ActivityStatus, LeaveReason, Presence
from contracts.kinds.books import Bound
from services.chassis.http import Timed
from services.chassis.http.fields import Code, Instant, Kind, Name
from services.membership.domain.activities import Attendance
from services.membership.tables.activities import records
from services.membership.tables.activities.rows import ActivityRow

MOST = 10**6
Count = Annotated[int, Field(ge=0, le=MOST)]
Quantity = Annotated[int, Field(ge=1, le=MOST)]


class AttendanceRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    member_id: UUID = Field(title="党员编号")
    presence: Presence = Field(default=Presence.PRESENT, title="出席情况")
    reason: LeaveReason | None = Field(default=None, title="请假原因")

    def entry(self) -> Attendance:
        return Attendance(member_id=self.member_id, presence=self.presence, reason=self.reason)


Listed = Annotated[
    list[AttendanceRequest] | None,
    Field(
        default=None,
        max_length=2000,
        title="名单",
        description="Members by name, where that is kept; else the counts alone.",
    ),
]


class ActivityChange(BaseModel):
    """Fields left out stay as they are; null takes away what may be missing."""

    model_config = Timed.model_config

    kind: Kind | None = Field(default=None, title="活动类别")
    variant_kind: Kind | None = Field(default=None, title="颜色或形式")
    starts_at: Instant | None = Field(default=None, title="开始时刻")
    ends_at: Instant | None = Field(default=None, title="结束时刻")
    minutes: Annotated[int, Field(ge=0, le=100_000)] | None = Field(
        default=None, title="学习分钟", description="Where it is not from start to end."
    )
    occasion: Annotated[int, Field(ge=1, le=999)] | None = Field(
        default=None, title="场号", description="Tells what begins at the same time apart."
    )
    sessions: Quantity | None = Field(default=None, title="场次")
    sessions_bound: Bound | None = Field(default=None, title="场次口径")
    topic: Name | None = Field(default=None, title="主题")
    place: Name | None = Field(default=None, title="地点")
    base_id: UUID | None = Field(default=None, title="所在基地")
    venue_id: UUID | None = Field(default=None, title="所在场馆")
    co_organiser_ids: Annotated[list[UUID], Field(max_length=50)] | None = Field(
        default=None, title="协办党组织"
    )
    headcount: Count | None = Field(default=None, title="参加人次")
    bound: Bound | None = Field(default=None, title="人次口径")
    expected_members: Count | None = Field(
        default=None, title="应到党员", description="Where there is no list."
    )
    attendance: Listed = None

    def said(self) -> dict[str, Any]:
        """What was given, under the names of `domain.Details`; null for what cannot be missing
        says nothing.
        """
        given = self.model_dump(include=self.model_fields_set, exclude={"attendance"})
        given.pop("occurred_at", None)
        for name, stated in (("headcount", "headcount"), ("expected_members", "expected")):
            if name in given:
                given[f"stated_{stated}"] = given.pop(name)
        for name in ("starts_at", "ends_at"):
            if given.get(name) is not None:
                given[name] = given[name].astimezone(UTC)
        if "co_organiser_ids" in given:
            given["co_organiser_ids"] = tuple(given["co_organiser_ids"] or ())
        return {k: v for k, v in given.items() if v is not None or k not in NEEDED}

    def listed(self) -> list[Attendance] | None:
        return None if self.attendance is None else [each.entry() for each in self.attendance]


NEEDED = {"kind", "starts_at", "occasion", "sessions", "sessions_bound", "bound"}


class ActivityRequest(ActivityChange):
    """Recorded as held, unless `planned`. Business time of what was held is its start."""

    code: Code | None = Field(default=None, title="台账编号")
    organisation_id: UUID = Field(title="举办党组织")
    kind: Kind = Field(title="活动类别")
    starts_at: Instant = Field(title="开始时刻")
    planned: bool = Field(default=False, title="仅为计划")
    outputs: Annotated[list["OutputRequest"], Field(max_length=20)] = Field(
        default_factory=list, title="成果"
    )

    def said(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in super().said().items()
            if name not in {"organisation_id", "planned", "outputs"}
        }


class OutputRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind = Field(title="成果类别")
    quantity: Quantity = Field(title="数量")
    bound: Bound = Field(default=Bound.EXACT, title="数量口径")


class OutputView(BaseModel):
    output_id: UUID
    kind: str = Field(title="成果类别")
    quantity: int = Field(title="数量")
    bound: Bound = Field(title="数量口径")
    retracted_at: datetime | None = Field(title="撤销时刻")


class AttachmentRequest(BaseModel):
    """A reference; the document itself lies elsewhere."""

    model_config = ConfigDict(extra="forbid")

    uri: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[a-z][a-z0-9+.-]*:\S+$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, title="摘要"
    )
    title: Name | None = Field(default=None, title="标题")


class AttachmentView(BaseModel):
    attachment_id: UUID
    uri: str = Field(title="引用")
    sha256: str | None = Field(title="摘要")
    title: str | None = Field(title="标题")
    recorded_at: datetime = Field(title="登记时刻")


class ActivityView(BaseModel):
    activity_id: UUID
    code: str | None = Field(title="台账编号")
    organisation_id: UUID = Field(title="举办党组织")
    organisation_kind: str = Field(title="举办党组织类别")
    area: str = Field(title="区划")
    status: ActivityStatus = Field(title="状态")
    kind: str = Field(title="活动类别")
    group_kind: str = Field(title="活动大类")
    variant_kind: str | None = Field(title="颜色或形式")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime | None = Field(title="结束时刻")
    minutes: int | None = Field(title="学习分钟")
    occasion: int = Field(title="场号")
    sessions: int = Field(title="场次")
    sessions_bound: Bound = Field(title="场次口径")
    topic: str | None = Field(title="主题")
    place: str | None = Field(title="地点")
    base_id: UUID | None = Field(title="所在基地")
    venue_id: UUID | None = Field(title="所在场馆")
    visit_id: UUID | None = Field(title="基地接待编号")
    co_organiser_ids: list[UUID] = Field(title="协办党组织")
    headcount: int = Field(title="参加人次")
    bound: Bound = Field(title="人次口径")
    invited: int = Field(title="通知人数")
    expected: int = Field(title="应到党员")
    attended: int = Field(title="应到党员中实到")
    excused: int = Field(title="请假党员")
    missed: int = Field(title="缺席党员")
    exempt: int = Field(title="不作硬性要求的党员")
    present: int = Field(title="出席党员")
    version: int
    recorded_at: datetime = Field(title="登记时刻")


class ActivityDetail(ActivityView):
    outputs: list[OutputView] = Field(title="成果")
    attachments: list[AttachmentView] = Field(title="附件")


def view(row: ActivityRow) -> ActivityView:
    return ActivityView(**row.model_dump(exclude={"version", "edition"}), version=row.edition)


async def detail(session: AsyncSession, row: ActivityRow) -> ActivityDetail:
    outputs = await records.outputs(session, row.activity_id)
    attachments = await records.attachments(session, row.activity_id)
    return ActivityDetail(
        **view(row).model_dump(),
        outputs=[OutputView(**each.model_dump()) for each in outputs],
        attachments=[AttachmentView(**each.model_dump()) for each in attachments],
    )
