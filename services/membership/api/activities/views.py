"""What requests and answers of activities look like."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds.activities import LeaveReason, Presence
from contracts.kinds.books import Bound
from services.chassis import kinds
from services.chassis.http import Timed
from services.chassis.http.context import ServiceContext
from services.chassis.http.fields import Code, Instant, Kind, Name
from services.chassis.http.held import held, seen
from services.chassis.http.lists import Written
from services.chassis.http.views import before, whole
from services.chassis.http.words import of_family
from services.membership.api.written import ActivityKind, OrganisationId
from services.membership.domain.activities import Activity, Attachment, Attendance, Output
from services.membership.tables.activities import records
from services.membership.tables.activities.rows import ActivityRow

Held = Annotated[ActivityRow, held(ActivityRow, "活动", Action.MANAGE_ACTIVITIES)]
Edited = Annotated[
    ActivityRow,
    held(ActivityRow, "活动", Action.MANAGE_ACTIVITIES, edit=True, version="edition"),
]
Seen = Annotated[ActivityRow, seen(ActivityRow, "活动")]

MOST = 10**6
Count = Annotated[int, Field(ge=0, le=MOST)]
Quantity = Annotated[int, Field(ge=1, le=MOST)]


class PresenceRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    presence: Presence = Field(default=Presence.PRESENT, title="出席情况")
    reason: LeaveReason | None = Field(default=None, title="请假原因")


@before(member_id="presence")
class AttendanceRequest(PresenceRequest):
    member_id: UUID = Field(title="党员编号")


Listed = Annotated[
    list[AttendanceRequest] | None,
    Field(
        default=None,
        max_length=2000,
        title="名单",
        description="Members by name, where that is kept; else the counts alone.",
    ),
]


Moment = Annotated[Instant, AfterValidator(lambda at: at.astimezone(UTC))]
"""As rows and events have it."""


class ActivityChange(BaseModel):
    """Fields left out stay as they are; null takes away what may be missing."""

    model_config = Timed.model_config

    kind: Kind | None = Field(default=None, title="活动类别")
    variant_kind: Kind | None = Field(default=None, title="颜色或形式")
    starts_at: Moment | None = Field(default=None, title="开始时刻")
    ends_at: Moment | None = Field(default=None, title="结束时刻")
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
    headcount: Count | None = Field(
        default=None, title="参加人次", serialization_alias="stated_headcount"
    )
    bound: Bound | None = Field(default=None, title="人次口径")
    expected_members: Count | None = Field(
        default=None,
        title="应到党员",
        description="Where there is no list.",
        serialization_alias="stated_expected",
    )
    attendance: Listed = None

    aside: ClassVar = {"attendance", "occurred_at"}
    """What goes elsewhere than into the row."""

    def changes(self) -> dict[str, Any]:
        """What was given, as the row has it; null for what cannot be missing says nothing."""
        given = self.model_dump(exclude_unset=True, exclude=self.aside, by_alias=True)
        if "co_organiser_ids" in given:
            given["co_organiser_ids"] = given["co_organiser_ids"] or []
        return {k: v for k, v in given.items() if v is not None or k not in NEEDED}

    def listed(self) -> list[Attendance] | None:
        if self.attendance is None:
            return None
        return [Attendance(**each.model_dump()) for each in self.attendance]


NEEDED = {"kind", "starts_at", "occasion", "sessions", "sessions_bound", "bound"}


class ActivityRequest(ActivityChange):
    """Recorded as held, unless `planned`. Business time of what was held is its start."""

    code: Code | None = Field(default=None, title="台账编号")
    organisation_id: UUID = Field(title="举办党组织")
    kind: Kind = Field(title="活动类别")
    starts_at: Moment = Field(title="开始时刻")
    planned: bool = Field(default=False, title="仅为计划")
    outputs: Annotated[list["OutputRequest"], Field(max_length=20)] = Field(
        default_factory=list, title="成果"
    )

    aside: ClassVar = {"attendance", "organisation_id", "planned", "outputs"}


class OutputRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Kind = Field(title="成果类别")
    quantity: Quantity = Field(title="数量")
    bound: Bound = Field(default=Bound.EXACT, title="数量口径")


class OutputView(Output):
    retracted_at: datetime | None = Field(title="撤销时刻")


class AttachmentRequest(BaseModel):
    """A reference; the document itself lies elsewhere."""

    model_config = ConfigDict(extra="forbid")

    uri: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[a-z][a-z0-9+.-]*:\S+$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, title="摘要"
    )
    title: Name | None = Field(default=None, title="标题")


async def produced(context: ServiceContext, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Quantities in words, by activity: `学习笔记30余、征文23`."""
    async with context.database.sessions() as session:
        words = await kinds.labels(session, "activity-output")
        outputs = await records.outputs(session, *ids)
    texts: dict[UUID, list[str]] = {activity_id: [] for activity_id in ids}
    for each in outputs:
        more = "余" if each.bound is Bound.AT_LEAST else ""
        texts[each.activity_id].append(f"{words.get(each.kind, each.kind)}{each.quantity}{more}")
    return {activity_id: "、".join(of_it) for activity_id, of_it in texts.items()}


@whole
class AttachmentView(Attachment):
    pass


@whole
class ActivityView(Activity):
    organisation_id: OrganisationId = Field(title="举办党组织")
    kind: ActivityKind = Field(title="活动类别")
    variant_kind: Annotated[str | None, of_family("theme-colour", "lecture-form")] = Field(
        title="颜色或形式"
    )
    version: int
    recorded_at: datetime = Field(title="登记时刻")

    @property
    def produced(self) -> Annotated[UUID, Written(produced)]:
        """What came of it, in a file."""
        return self.activity_id


class ActivityDetail(ActivityView):
    outputs: list[OutputView] = Field(title="成果")
    attachments: list[AttachmentView] = Field(title="附件")


def view(row: ActivityRow) -> ActivityView:
    return ActivityView(**row.model_dump(exclude={"version"}), version=row.edition)


async def detail(session: AsyncSession, row: ActivityRow) -> ActivityDetail:
    outputs = await records.outputs(session, row.activity_id)
    attachments = await records.attachments(session, row.activity_id)
    return ActivityDetail(
        **view(row).model_dump(),
        outputs=[each.shown(OutputView) for each in outputs],
        attachments=[each.shown(AttachmentView) for each in attachments],
    )
