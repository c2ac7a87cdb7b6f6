"""The rules of activities: planned, held once, corrected by taking back. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
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


# Commands


@dataclass(frozen=True, kw_only=True)
class Details:
    """What whoever enters an activity says of it; `stated_*` are counts without a list."""

    kind: str
    starts_at: datetime
    code: str | None = None
    variant_kind: str | None = None
    ends_at: datetime | None = None
    minutes: int | None = None
    occasion: int = 1
    sessions: int = 1
    sessions_bound: Bound = Bound.EXACT
    topic: str | None = None
    place: str | None = None
    base_id: UUID | None = None
    venue_id: UUID | None = None
    co_organiser_ids: tuple[UUID, ...] = ()
    stated_headcount: int | None = None
    bound: Bound = Bound.EXACT
    stated_expected: int | None = None


# State


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """One member at one activity, as the list says and as the register of members adds.

    `counted` is false for those who are on the way to membership: guests at every meeting.
    """

    member_id: UUID
    presence: Presence
    reason: LeaveReason | None = None
    exempt: bool = False
    counted: bool = True

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


@dataclass(frozen=True, kw_only=True)
class Activity:
    """What events say of it; place and topic are words and stay in the service."""

    activity_id: UUID
    organisation_id: UUID
    organisation_kind: str
    area: str
    status: ActivityStatus
    kind: str
    group_kind: str
    variant_kind: str | None = None
    starts_at: datetime
    ends_at: datetime | None = None
    sessions: int = 1
    sessions_bound: Bound = Bound.EXACT
    co_organiser_ids: tuple[UUID, ...] = ()
    base_id: UUID | None = None
    venue_id: UUID | None = None
    visit_id: UUID | None = None
    invited: int = 0
    turnout: Turnout = field(default_factory=Turnout)

    def said(self) -> dict[str, Any]:
        """The fields that all its events repeat."""
        own = {"status", "visit_id", "invited", "turnout"}
        return {name: value for name, value in vars(self).items() if name not in own}


@dataclass(frozen=True, kw_only=True)
class Output:
    output_id: UUID
    kind: str
    quantity: int
    bound: Bound


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
    return ActivityPlanned(**activity.said(), invited=activity.invited)


def replan(was: Activity, now: Activity) -> ActivityReplanned | None:
    """`None` when nothing changes that others need to know."""
    REPLAN(was.status)
    check_times(now)
    if was == now:
        return None
    return ActivityReplanned(
        **now.said(),
        invited=now.invited,
        was_kind=was.kind,
        was_group_kind=was.group_kind,
        was_variant_kind=was.variant_kind,
        was_starts_at=was.starts_at,
        was_sessions=was.sessions,
        was_sessions_bound=was.sessions_bound,
    )


def complete(activity: Activity, *, now: datetime) -> ActivityCompleted:
    """Raises `NotHeldYet`, `TargetIsNoActivity`, `EndsBeforeStart` or `WrongState`."""
    COMPLETE(activity.status)
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
    return ActivityCompleted(
        **activity.said(), **vars(activity.turnout), visit_id=activity.visit_id
    )


def cancel(activity: Activity) -> ActivityCancelled:
    CANCEL(activity.status)
    return ActivityCancelled(**activity.said())


def retract(activity: Activity, reason: RetractReason) -> ActivityRetracted:
    RETRACT(activity.status)
    return ActivityRetracted(**activity.said(), **vars(activity.turnout), reason=reason)


def record_output(output: Output, activity: Activity) -> OutputRecorded:
    """Raises `WrongState` while it is only planned, and after it came to nothing."""
    RECORD_OUTPUT(activity.status)
    return OutputRecorded(**_of_output(output, activity))


def retract_output(output: Output, activity: Activity) -> OutputRetracted:
    return OutputRetracted(**_of_output(output, activity))


def foreseen(presence: Presence) -> Presence:
    """What can be said of somebody before the activity is held."""
    return presence if presence is Presence.EXCUSED else Presence.INVITED


def duration(details: Details) -> int:
    """Minutes, as stated or from start to end; 0 when nobody said."""
    if details.minutes is not None:
        return details.minutes
    if details.ends_at is None:
        return 0
    return int((details.ends_at - details.starts_at).total_seconds() // 60)


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


def _of_output(output: Output, activity: Activity) -> dict[str, Any]:
    return {
        **vars(output),
        "area": activity.area,
        "activity_id": activity.activity_id,
        "organisation_id": activity.organisation_id,
        "activity_kind": activity.kind,
    }


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
