"""The rules of activities: planned, held once, corrected by taking back. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from pydantic import Field

from contracts.kinds.activities import ActivityStatus, LeaveReason, Presence, RetractReason
from contracts.kinds.books import Bound
from contracts.membership.activities import (
    ActivityCancelled,
    ActivityCompleted,
    ActivityPlanned,
    ActivityReplanned,
    ActivityRetracted,
    OutputRecorded,
    OutputRetracted,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.rules import Rule
from services.chassis.state import State

VISITS = UUID("6a6963e6-7669-5369-8000-000000000000")


class TrainingHours(Rule):
    code: ClassVar[str] = "training.hours"
    label: ClassVar[str] = "党员每年集中学习培训时间"

    least: int = Field(title="每年不少于（学时）", ge=0)


def activity_of_visit(visit_id: UUID, correction: int = 0) -> UUID:
    """A visit is organisational life under one id, however often it is heard of.

    One that a correction gave to another organisation is another activity.
    """
    return uuid5(VISITS, f"{visit_id}/{correction}" if correction else str(visit_id))


def source_of(activity_id: UUID, member_id: UUID) -> UUID:
    """What points for one member at one activity rest on, so that they are taken back alone."""
    return uuid5(activity_id, str(member_id))


# State


class Attendance(State):
    """One member at one activity, as the list says and as the register of members adds."""

    member_id: UUID
    presence: Presence = Field(title="出席情况")
    reason: LeaveReason | None = Field(default=None, title="请假原因")
    exempt: bool = Field(default=False, title="不作硬性要求")
    counted: bool = Field(default=True, title="是党员")
    """False for those who are on the way to membership: guests at every meeting."""

    @property
    def demanded(self) -> bool:
        return self.counted and not self.exempt

    @property
    def missed(self) -> bool:
        """Stayed away without leave, though it was demanded."""
        return self.demanded and self.presence in {Presence.ABSENT, Presence.INVITED}


@dataclass(frozen=True, kw_only=True)
class Turnout:
    """The counts of `contracts.membership.activities.HeldEvent`."""

    headcount: int = 0
    bound: Bound = Bound.EXACT
    expected: int = 0
    attended: int = 0
    excused: int = 0
    missed: int = 0
    exempt: int = 0
    present: int = 0


class Activity(State):
    activity_id: UUID
    code: str | None = Field(default=None, title="台账编号")
    organisation_id: UUID = Field(title="举办党组织")
    organisation_kind: str = Field(title="举办党组织类别")
    area: str = Field(title="区划")
    status: ActivityStatus = Field(title="状态")
    kind: str = Field(title="活动类别")
    group_kind: str = Field(title="活动大类")
    variant_kind: str | None = Field(default=None, title="颜色或形式")
    starts_at: datetime = Field(title="开始时刻")
    ends_at: datetime | None = Field(default=None, title="结束时刻")
    minutes: int | None = Field(default=None, title="学习分钟")
    occasion: int = Field(default=1, title="场号")
    sessions: int = Field(default=1, title="场次")
    sessions_bound: Bound = Field(default=Bound.EXACT, title="场次口径")
    topic: str | None = Field(default=None, title="主题")
    place: str | None = Field(default=None, title="地点")
    base_id: UUID | None = Field(default=None, title="所在基地")
    venue_id: UUID | None = Field(default=None, title="所在场馆")
    visit_id: UUID | None = Field(default=None, title="基地接待编号")
    co_organiser_ids: list[UUID] = Field(default_factory=list, title="协办党组织")
    headcount: int = Field(default=0, title="参加人次")
    bound: Bound = Field(default=Bound.EXACT, title="人次口径")
    invited: int = Field(default=0, title="通知人数")
    expected: int = Field(default=0, title="应到党员")
    attended: int = Field(default=0, title="应到党员中实到")
    excused: int = Field(default=0, title="请假党员")
    missed: int = Field(default=0, title="缺席党员")
    exempt: int = Field(default=0, title="不作硬性要求的党员")
    present: int = Field(default=0, title="出席党员")

    def facts(self) -> dict[str, Any]:
        """What its events say of it, each as far as it has fields: words stay in the service."""
        return self.model_dump(include=TOLD)

    @property
    def duration(self) -> int:
        """Minutes, as stated or from start to end; 0 when nobody said."""
        if self.minutes is not None:
            return self.minutes
        if self.ends_at is None:
            return 0
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


TOLD = {*ActivityPlanned.model_fields, *ActivityCompleted.model_fields}


class Output(State):
    output_id: UUID
    kind: str = Field(title="成果类别")
    quantity: int = Field(title="数量")
    bound: Bound = Field(title="数量口径")

    def facts(self, activity: Activity) -> dict[str, Any]:
        """What every event about it repeats."""
        whose = activity.model_dump(include={"area", "activity_id", "organisation_id"})
        own = self.model_dump(include={*Output.model_fields})
        return own | whose | {"activity_kind": activity.kind}


class Attachment(State):
    """Where a document or a photo lies; the file itself is kept elsewhere."""

    attachment_id: UUID
    uri: str = Field(title="引用")
    sha256: str | None = Field(default=None, title="摘要")
    title: str | None = Field(default=None, title="标题")
    recorded_at: datetime = Field(title="登记时刻")


# Refusals


class AlreadyRecorded(Conflict):
    code = "activity-already-recorded"
    title, title_zh = "The activity is recorded already", "该活动已登记"


class WrongState(Conflict):
    code = "activity-state"
    title, title_zh = "Not possible in this state", "活动当前状态不允许此操作"


class NotHeldYet(Invalid):
    code = "activity-not-held-yet"
    title, title_zh = "It has not begun", "活动尚未开始"


class EndsBeforeStart(Invalid):
    code = "ends-before-start"
    title, title_zh = "It ends before it begins", "结束时刻早于开始时刻"


class TargetIsNoActivity(Invalid):
    code = "target-is-no-activity"
    title, title_zh = "A goal is planned, never held", "目标只能登记为计划"


class CountsDisagree(Invalid):
    code = "counts-disagree"
    title, title_zh = "The counts contradict each other", "人数前后矛盾"


class ListedTwice(Invalid):
    code = "listed-twice"
    title, title_zh = "Somebody is listed twice", "名单中有重复人员"


class MemberUnknown(Invalid):
    code = "member-unknown"
    title, title_zh = "There is no such member", "没有该党员"


class VariantUnfit(Invalid):
    code = "variant-unfit"
    title, title_zh = "This kind has no variants", "该类活动没有颜色或形式之分"


class OutputStands(Conflict):
    code = "output-stands"
    title, title_zh = "A quantity of this kind is recorded", "该类成果已登记数量"


PLANNED, HELD = {ActivityStatus.PLANNED}, {ActivityStatus.HELD}
LIFE = Lifecycle("activity", "活动", ActivityStatus, WrongState, fact="status")
PLAN = LIFE.begin("plan", "计划", ActivityStatus.PLANNED)
RECORD = LIFE.begin("record", "登记", ActivityStatus.HELD)
REPLAN = LIFE.step("replan", "变更计划", PLANNED, None)
COMPLETE = LIFE.step("complete", "登记为已开展", PLANNED, ActivityStatus.HELD)
CANCEL = LIFE.step("cancel", "取消", PLANNED, ActivityStatus.CANCELLED)
RECORD_OUTPUT = LIFE.step("record an output", "登记成果", HELD, None)
RETRACT = LIFE.step("retract", "撤销登记", HELD, ActivityStatus.RETRACTED)

# Decisions


def turnout_of(
    listed: Sequence[Attendance],
    headcount: int | None,
    bound: Bound,
    expected: int | None,
) -> Turnout:
    """Who came, from a list, from counts, or from both: a list gives what it can.

    `headcount` may exceed the list by guests. Without a list, `expected` members are taken to have
    come as far as the headcount goes. Raises `CountsDisagree` or `ListedTwice`.
    """
    _check_unique(listed)
    came = sum(each.presence is Presence.PRESENT for each in listed)
    total = came if headcount is None else headcount
    if total < came:
        raise CountsDisagree(
            f"The list has {came} present, more than the headcount of {total}.",
            zh=f"名单中出席 {came} 人，多于参加人次 {total}。",
            field="headcount",
            least=came,
        )
    if bound is Bound.TARGET:
        raise CountsDisagree(
            "A headcount is exact or a lower bound.", zh="参加人次不能是目标。", field="bound"
        )
    if not listed:
        return _counted(total, bound, expected or 0)
    counts = Counter(each.presence for each in listed if each.demanded)
    return Turnout(
        headcount=total,
        bound=bound,
        expected=counts.total(),
        attended=counts[Presence.PRESENT],
        excused=counts[Presence.EXCUSED],
        missed=counts[Presence.ABSENT] + counts[Presence.INVITED],
        exempt=sum(each.counted and each.exempt for each in listed),
        present=sum(each.counted and each.presence is Presence.PRESENT for each in listed),
    )


def _counted(headcount: int, bound: Bound, expected: int) -> Turnout:
    """Without a list. A lower bound says nothing about who of the expected came."""
    due = expected if bound is Bound.EXACT else 0
    attended = min(due, headcount)
    return Turnout(
        headcount=headcount,
        bound=bound,
        expected=due,
        attended=attended,
        missed=due - attended,
        present=attended,
    )


def plan(activity: Activity) -> ActivityPlanned:
    check_times(activity)
    return ActivityPlanned(**activity.facts())


def replan(was: Activity, now: Activity) -> ActivityReplanned | None:
    """`None` when nothing changes that others need to know."""
    REPLAN(was.status)
    check_times(now)
    if not differs(was, now):
        return None
    before = was.model_dump(include=REPEATED)
    return ActivityReplanned(
        **now.facts(), **{f"was_{name}": value for name, value in before.items()}
    )


REPEATED = {"kind", "group_kind", "variant_kind", "starts_at", "sessions", "sessions_bound"}
"""What figures must take back of a plan that changed."""


def differs(was: Activity, now: Activity) -> bool:
    """Whether events say another thing of it now."""
    return was.facts() != now.facts()


def complete(activity: Activity, *, now: datetime) -> ActivityCompleted:
    """Raises `WrongState`, and what `record` raises."""
    COMPLETE(activity.status)
    return record(activity, now=now)


def record(activity: Activity, *, now: datetime) -> ActivityCompleted:
    """It was held. Raises `NotHeldYet`, `TargetIsNoActivity` or `EndsBeforeStart`."""
    check_times(activity)
    if activity.sessions_bound is Bound.TARGET:
        raise TargetIsNoActivity(
            "A goal for a number of sessions is never held itself; record what fulfils it.",
            zh="场次目标不是一次活动，请另行登记实际开展的活动。",
            field="sessions_bound",
        )
    if activity.starts_at > now:
        raise NotHeldYet(
            f"It begins at {activity.starts_at.isoformat()}.",
            zh="活动开始以后才能登记为已开展。",
            field="starts_at",
            starts_at=activity.starts_at.isoformat(),
        )
    return ActivityCompleted(**activity.facts())


def cancel(activity: Activity) -> ActivityCancelled:
    CANCEL(activity.status)
    return ActivityCancelled(**activity.facts())


def retract(activity: Activity, reason: RetractReason) -> ActivityRetracted:
    RETRACT(activity.status)
    return ActivityRetracted(**activity.facts(), reason=reason)


def record_output(output: Output, activity: Activity) -> OutputRecorded:
    """Raises `WrongState` while it is only planned, and after it came to nothing."""
    RECORD_OUTPUT(activity.status)
    return OutputRecorded(**output.facts(activity))


def retract_output(output: Output, activity: Activity) -> OutputRetracted:
    return OutputRetracted(**output.facts(activity))


def foreseen(presence: Presence) -> Presence:
    """What can be said of somebody before the activity is held."""
    return presence if presence is Presence.EXCUSED else Presence.INVITED


def check_times(activity: Activity) -> None:
    if activity.ends_at is not None and activity.ends_at < activity.starts_at:
        raise EndsBeforeStart(
            "`ends_at` lies before `starts_at`.", zh="结束时刻早于开始时刻。", field="ends_at"
        )


def already_recorded(activity_id: UUID, status: str, version: int) -> AlreadyRecorded:
    return AlreadyRecorded(
        "This organisation has an activity of this kind at this start already.",
        zh="该党组织在此开始时刻的同类活动已经登记；确为另一场的，请填写场号。",
        field="starts_at",
        activity_id=str(activity_id),
        status=status,
        version=version,
    )


def _check_unique(listed: Sequence[Attendance]) -> None:
    times = Counter(each.member_id for each in listed)
    twice = sorted(str(member_id) for member_id, n in times.items() if n > 1)
    if twice:
        raise ListedTwice(
            f"Listed more than once: {', '.join(twice)}.",
            zh="名单中有人出现了不止一次。",
            field="attendance",
            twice=twice,
        )
