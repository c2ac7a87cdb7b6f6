"""Who is on a branch's roll, as what: registering, moving, leaving, coming back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.members import (
    COUNTED,
    ChangeReason,
    Education,
    Health,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
)
from contracts.membership.members import (
    MemberAdvanced,
    MemberErased,
    MemberLeft,
    MemberLocated,
    MemberMoved,
    MemberReclassified,
    MemberRegistered,
    MemberReturned,
)
from services.chassis.periods import after_months, years_on
from services.chassis.rules import Statement
from services.chassis.state import State
from services.membership.domain.members import life
from services.membership.domain.members.identity import birth_date_in
from services.membership.domain.members.refusals import (
    DatesDisagree,
    NoBranch,
    OutOfOrder,
    SameBranch,
    StepNotAllowed,
    StillCounted,
    TooYoung,
)
from services.membership.domain.members.rules import JoiningAge, Probation, Rules


class Member(State):
    """Nothing of it is personal data; health and hardship are for those who manage alone."""

    member_id: UUID
    code: str = Field(title="党员代码")
    organisation_id: UUID = Field(title="党支部")
    group_id: UUID | None = Field(title="党小组")
    area: str = Field(title="区划")
    state: MemberState = Field(title="身份")
    leaving: LeavingReason | None = Field(title="离开原因")
    since: date = Field(title="最近变更日期")
    """Business day of the last change: the next one is not before it."""
    education: Education = Field(title="学历")
    work_status: WorkStatus = Field(title="就业状况")
    occupation: Occupation = Field(title="职业")
    whereabouts: Whereabouts = Field(title="流动状态")
    whereabouts_since: date | None = Field(title="流动或失联起始日期")
    applied_on: date | None = Field(title="申请日期")
    joined_on: date | None = Field(title="入党日期")
    full_on: date | None = Field(title="转正日期")
    probation_until: date | None = Field(title="预备期满日期")
    health: Health = Field(title="身体状况")
    hardship: bool = Field(title="是否困难党员")

    @property
    def counted(self) -> bool:
        return self.state in COUNTED

    def facts(self) -> dict[str, Any]:
        """What every event about the member repeats."""
        return self.model_dump(include=REPEATED) | {"subject_id": self.member_id}


TRAITS = {"education", "work_status", "occupation"}
"""What figures count members by, and who manages them may change."""
REPEATED = {"area", "organisation_id", "state", "whereabouts", *TRAITS}
AT_FIRST: dict[str, Any] = {
    **dict.fromkeys(("group_id", "leaving", "whereabouts_since", "probation_until")),
    **dict.fromkeys(("applied_on", "joined_on", "full_on")),
    "whereabouts": Whereabouts.HERE,
    "health": Health.ABLE,
    "hardship": False,
}
"""What holds of somebody who comes onto a roll, unless it is told otherwise."""


class Line(State):
    """What a member was from a day on."""

    effective_on: date = Field(title="日期")
    state: MemberState = Field(title="身份")
    leaving: LeavingReason | None = Field(title="离开原因")
    organisation_id: UUID = Field(title="党支部")
    group_id: UUID | None = Field(title="党小组")
    whereabouts: Whereabouts = Field(title="流动状态")
    reason: str = Field(title="事由")
    rule: str | None = Field(title="依据规则")
    rule_version: str | None = Field(title="规则版本")


@dataclass(frozen=True, kw_only=True)
class Branch:
    """An organisation as members and their transfers look at it."""

    organisation_id: UUID
    area: str
    takes_members: bool = True
    kind: str = ""
    name: str = ""


@dataclass(frozen=True)
class Registration:
    """A decided registration; of the birth date, which is sealed, the year alone is kept."""

    member: Member
    event: MemberRegistered
    personal: Mapping[str, str] = field(repr=False)
    birth_year: int | None


def entrant(fields: Mapping[str, Any], branch: Branch, day: date) -> Member:
    """Who is to be registered in `branch` on the business day, as they are told of."""
    place = {"organisation_id": branch.organisation_id, "area": branch.area, "since": day}
    return Member(**{**AT_FIRST, **fields, **place})


def register(
    told: Member, personal: Mapping[str, str], branch: Branch, rules: Rules, reason: ChangeReason
) -> Registration:
    """`personal` is sealed, with the birth date that an identity number tells.

    The age is asked for by the rule in force when the person applied, the probation lasts by that
    of the day it began.
    Raises `NoBranch`, `DatesDisagree`, `TooYoung`, `IdentityNumberWrong`, `BirthDateDisagrees`.
    """
    _check_branch(branch)
    _check_dates(told)
    born, dates = birth_date_in(personal), {}
    if told.state is MemberState.APPLICANT:
        dates["applied_on"] = told.applied_on or told.since
    if told.state is MemberState.PROBATIONARY and told.probation_until is None:
        began = told.joined_on or told.since
        dates["probation_until"] = after_months(began, rules(began)[Probation].months)
    member = told.model_copy(update=dates) if dates else told
    _check_age(member, born, rules(told.applied_on or told.since)[JoiningAge])
    event = MemberRegistered(**member.facts(), reason=reason)
    if born is None:
        return Registration(member, event, personal, None)
    return Registration(member, event, {**personal, "birth_date": born.isoformat()}, born.year)


def advance(
    member: Member,
    to: MemberState,
    day: date,
    reason: ChangeReason,
    rule: Statement | None = None,
) -> MemberAdvanced:
    """Into the next state, or once more the same for an extended probation."""
    in_order(member, day)
    step = life.EXTEND if reason is ChangeReason.EXTENDED else life.ADVANCE.get(to)
    if step is None or member.state not in step.since:
        raise not_allowed(member)
    return MemberAdvanced(
        **member.facts() | {"state": to} | resting_on(rule), was_state=member.state, reason=reason
    )


def move(member: Member, branch: Branch, day: date, reason: ChangeReason) -> MemberMoved:
    """To another branch; whoever was away arrives. Raises `SameBranch`, `NoBranch`."""
    in_order(member, day)
    on_the_roll(member)
    _check_branch(branch)
    if branch.organisation_id == member.organisation_id and branch.area == member.area:
        raise SameBranch("The member belongs to this branch.", zh="该党员已在此党支部。")
    place = {"area": branch.area, "organisation_id": branch.organisation_id}
    return _moved(member, reason, **place, whereabouts=Whereabouts.HERE)


def follow(member: Member, area: str) -> MemberMoved:
    """The branch itself has another area now; nothing else of the member changes."""
    return _moved(member, ChangeReason.AREA_CHANGED, area=area)


def _moved(member: Member, reason: ChangeReason, **now: Any) -> MemberMoved:
    return MemberMoved(
        **member.facts() | now,
        was_organisation_id=member.organisation_id,
        was_area=member.area,
        was_whereabouts=member.whereabouts,
        reason=reason,
    )


def leave(member: Member, leaving: LeavingReason, day: date) -> MemberLeft:
    """Off the roll. Of those who left, only a stopped member can still be removed."""
    in_order(member, day)
    stopped = member.leaving is LeavingReason.STOPPED and leaving is LeavingReason.REMOVED
    if member.state not in life.LEAVE[leaving].since and not stopped:
        raise not_allowed(member, leaving.label)
    return MemberLeft(
        **member.facts() | {"state": MemberState.LEFT, "whereabouts": Whereabouts.HERE},
        was_state=member.state,
        was_whereabouts=member.whereabouts,
        leaving=leaving,
    )


def come_back(
    member: Member, to: MemberState, branch: Branch, day: date, reason: ChangeReason
) -> MemberReturned:
    """Back on the roll. As what, depends on why they left: who was removed applies anew."""
    in_order(member, day)
    if member.leaving is None or to not in life.RETURNS_AS[member.leaving]:
        raise not_allowed(member, to.label)
    _check_branch(branch)
    return MemberReturned(
        **member.facts()
        | {"area": branch.area, "organisation_id": branch.organisation_id, "state": to},
        was_leaving=member.leaving,
        reason=reason,
    )


def reclassify(member: Member, changes: Mapping[str, Any]) -> MemberReclassified | None:
    """`None` when what figures count does not change."""
    on_the_roll(member)
    was = member.model_dump(include=TRAITS)
    now = {name: changes.get(name, trait) for name, trait in was.items()}
    if now == was:
        return None
    before = {f"was_{name}": trait for name, trait in was.items()}
    return MemberReclassified(**member.facts() | now | before)


def locate(
    member: Member, whereabouts: Whereabouts, since: date, host_id: UUID | None = None
) -> MemberLocated:
    """Went away, was lost, is back. Raises `StepNotAllowed` where it says what is so already."""
    on_the_roll(member)
    again = whereabouts is member.whereabouts
    if again and whereabouts is not Whereabouts.AWAY:  # who is away may come under another host
        raise not_allowed(member, whereabouts.label)
    if host_id == member.organisation_id:
        raise SameBranch("A host is another branch.", zh="流入地党组织应是另一党支部。")
    return MemberLocated(
        **member.facts() | {"whereabouts": whereabouts},
        was_whereabouts=member.whereabouts,
        since=since,
        host_organisation_id=host_id,
    )


def erase(member: Member) -> MemberErased:
    """Raises `StillCounted` for whoever is on a roll, as member or on the way in."""
    if member.state is not MemberState.LEFT:
        raise StillCounted(
            "The member is on a branch's roll; record the leaving first.",
            zh="该人员仍在册，请先登记离开。",
            state=member.state,
        )
    return MemberErased(
        area=member.area, subject_id=member.member_id, organisation_id=member.organisation_id
    )


def on_the_roll(member: Member) -> None:
    if member.state not in life.STAY.since:
        raise not_allowed(member)


def in_order(member: Member, day: date) -> None:
    if day < member.since:
        raise OutOfOrder(
            f"The last change was on {member.since}; {day} is earlier.",
            zh=f"最近一次变更在 {member.since}，不能登记更早的 {day}。",
            field="occurred_at",
            latest=member.since.isoformat(),
        )


def not_allowed(member: Member, what: str = "") -> StepNotAllowed:
    now = member.leaving.label if member.leaving else member.state.label
    return StepNotAllowed(
        f"The member is {member.state}{f', {member.leaving}' if member.leaving else ''}.",
        zh=f"该人员当前为“{now}”，不能{f'登记“{what}”' if what else '进行此操作'}。",
        state=member.state,
    )


def resting_on(rule: Statement | None) -> dict[str, Any]:
    """As events name the rule that they rest on."""
    return {"rule_code": rule.code, "rule_version_code": rule.version} if rule else {}


def _check_branch(branch: Branch) -> None:
    if not branch.takes_members:
        raise NoBranch(
            "Members belong to a branch; this organisation is of another kind.",
            zh=f"党员应编入党支部，{branch.name or '该党组织'}不直接管理党员。",
            field="organisation_id",
            value=str(branch.organisation_id),
        )


def _check_dates(member: Member) -> None:
    known = [each for each in (member.applied_on, member.joined_on, member.full_on) if each]
    if known != sorted(known) or (known and known[-1] > member.since):
        raise DatesDisagree(
            "Applied, joined and full membership follow one another, none in the future.",
            zh="申请、入党、转正日期应依次在后，且不晚于登记日。",
            field="joined_on",
        )
    full = member.state is MemberState.FULL
    if (member.full_on and not full) or (member.joined_on and not member.counted):
        raise DatesDisagree(
            "A date tells a state the member has not reached.",
            zh="填写的日期与人员身份不符：未入党者没有入党日期，未转正者没有转正日期。",
            field="full_on" if member.full_on and not full else "joined_on",
        )


def _check_age(member: Member, born: date | None, age: JoiningAge) -> None:
    applied = member.applied_on
    if born and applied and years_on(born, applied) < age.least_years:
        raise TooYoung(
            f"Applicants are at least {age.least_years} years old.",
            zh=f"申请入党须年满 {age.least_years} 周岁。",
            field="applied_on",
            least_years=age.least_years,
        )
