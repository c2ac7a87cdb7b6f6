"""Who is on a branch's roll, as what: registering, moving, leaving, coming back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

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
from services.chassis.periods import years_on
from services.chassis.rules import Statement
from services.membership.domain.members import life
from services.membership.domain.members.identity import settled_birth_date
from services.membership.domain.members.refusals import (
    DatesDisagree,
    NoBranch,
    OutOfOrder,
    SameBranch,
    StepNotAllowed,
    StillCounted,
    TooYoung,
)
from services.membership.domain.members.rules import JoiningAge

# State


@dataclass(frozen=True, kw_only=True)
class Member:
    """What decisions look at; nothing of it is personal data."""

    member_id: UUID
    organisation_id: UUID
    group_id: UUID | None
    area: str
    state: MemberState
    leaving: LeavingReason | None
    since: date
    """Business day of the last change: the next one is not before it."""
    education: Education
    work_status: WorkStatus
    occupation: Occupation
    whereabouts: Whereabouts
    whereabouts_since: date | None
    attempt: int
    applied_on: date | None
    joined_on: date | None
    full_on: date | None
    probation_until: date | None

    @property
    def counted(self) -> bool:
        return self.state in COUNTED


@dataclass(frozen=True, kw_only=True)
class Branch:
    organisation_id: UUID
    area: str
    takes_members: bool
    name: str = ""


# Commands


@dataclass(frozen=True, kw_only=True)
class RegisterMember:
    """`personal` is sealed and leaves no other trace than the birth year and a digest."""

    member_id: UUID
    code: str
    organisation_id: UUID
    state: MemberState
    group_id: UUID | None = None
    education: Education = Education.UNKNOWN
    work_status: WorkStatus = WorkStatus.UNKNOWN
    occupation: Occupation = Occupation.UNKNOWN
    health: Health = Health.ABLE
    hardship: bool = False
    applied_on: date | None = None
    joined_on: date | None = None
    full_on: date | None = None
    probation_until: date | None = None
    reason: ChangeReason = ChangeReason.ENTERED
    personal: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class ChangeMember:
    """`None` leaves as it is."""

    group_id: UUID | None = None
    no_group: bool = False
    education: Education | None = None
    work_status: WorkStatus | None = None
    occupation: Occupation | None = None
    health: Health | None = None
    hardship: bool | None = None
    personal: Mapping[str, str] = field(default_factory=dict, repr=False)


# Decisions


@dataclass(frozen=True)
class Registration:
    """A decided registration: its event, the day it counts from, and the sealed birth date."""

    event: MemberRegistered
    born: date | None

    @property
    def personal(self) -> dict[str, str]:
        return {"birth_date": self.born.isoformat()} if self.born else {}


def decide_registration(
    command: RegisterMember, branch: Branch, age: JoiningAge, day: date
) -> Registration:
    """`age` is the rule in force when the person applied; `day` is the business day.

    Raises `NoBranch`, `DatesDisagree`, `TooYoung`, `IdentityNumberWrong`, `BirthDateDisagrees`.
    """
    _check_branch(branch)
    _check_dates(command, day)
    said = command.personal.get("birth_date")
    born = settled_birth_date(
        command.personal.get("identity_number"), date.fromisoformat(said) if said else None
    )
    applied = command.applied_on or (day if command.state is MemberState.APPLICANT else None)
    if born and applied and years_on(born, applied) < age.least_years:
        raise TooYoung(
            f"Applicants are at least {age.least_years} years old.",
            zh=f"申请入党须年满 {age.least_years} 周岁。",
            field="applied_on",
            least_years=age.least_years,
        )
    event = MemberRegistered(
        area=branch.area,
        subject_id=command.member_id,
        organisation_id=branch.organisation_id,
        state=command.state,
        whereabouts=Whereabouts.HERE,
        education=command.education,
        work_status=command.work_status,
        occupation=command.occupation,
        reason=command.reason,
    )
    return Registration(event, born)


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
        **_codes(member) | {"state": to},
        was_state=member.state,
        reason=reason,
        rule_code=rule.code if rule else None,
        rule_version_code=rule.version if rule else None,
    )


def move(member: Member, branch: Branch, day: date, reason: ChangeReason) -> MemberMoved:
    """To another branch; whoever was away arrives. Raises `SameBranch`, `NoBranch`."""
    in_order(member, day)
    on_the_roll(member)
    _check_branch(branch)
    if branch.organisation_id == member.organisation_id and branch.area == member.area:
        raise SameBranch("The member belongs to this branch.", zh="该党员已在此党支部。")
    return MemberMoved(
        **_codes(member)
        | {
            "area": branch.area,
            "organisation_id": branch.organisation_id,
            "whereabouts": Whereabouts.HERE,
        },
        was_organisation_id=member.organisation_id,
        was_area=member.area,
        was_whereabouts=member.whereabouts,
        reason=reason,
    )


def follow(member: Member, area: str) -> MemberMoved:
    """The branch itself has another area now; nothing else of the member changes."""
    return MemberMoved(
        **_codes(member) | {"area": area},
        was_organisation_id=member.organisation_id,
        was_area=member.area,
        was_whereabouts=member.whereabouts,
        reason=ChangeReason.AREA_CHANGED,
    )


def leave(
    member: Member, leaving: LeavingReason, day: date, rule: Statement | None = None
) -> MemberLeft:
    """Off the roll. Of those who left, only a stopped member can still be removed."""
    in_order(member, day)
    stopped = member.leaving is LeavingReason.STOPPED and leaving is LeavingReason.REMOVED
    if member.state not in life.LEAVE[leaving].since and not stopped:
        raise not_allowed(member, leaving.label)
    return MemberLeft(
        **_codes(member) | {"state": MemberState.LEFT, "whereabouts": Whereabouts.HERE},
        was_state=member.state,
        was_whereabouts=member.whereabouts,
        leaving=leaving,
        rule_code=rule.code if rule else None,
        rule_version_code=rule.version if rule else None,
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
        **_codes(member)
        | {"area": branch.area, "organisation_id": branch.organisation_id, "state": to},
        was_leaving=member.leaving,
        reason=reason,
    )


def reclassify(member: Member, command: ChangeMember) -> MemberReclassified | None:
    """`None` when what figures count does not change."""
    on_the_roll(member)
    now = {
        "education": command.education or member.education,
        "work_status": command.work_status or member.work_status,
        "occupation": command.occupation or member.occupation,
    }
    codes = _codes(member)
    if all(codes[name] == value for name, value in now.items()):
        return None
    return MemberReclassified(
        **codes | now,
        was_education=member.education,
        was_work_status=member.work_status,
        was_occupation=member.occupation,
    )


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
        **_codes(member) | {"whereabouts": whereabouts},
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


def _codes(member: Member) -> dict[str, Any]:
    return {
        "area": member.area,
        "subject_id": member.member_id,
        "organisation_id": member.organisation_id,
        "state": member.state,
        "whereabouts": member.whereabouts,
        "education": member.education,
        "work_status": member.work_status,
        "occupation": member.occupation,
    }


def _check_branch(branch: Branch) -> None:
    if not branch.takes_members:
        raise NoBranch(
            "Members belong to a branch; this organisation is of another kind.",
            zh=f"党员应编入党支部，{branch.name or '该党组织'}不直接管理党员。",
            field="organisation_id",
            value=str(branch.organisation_id),
        )


def _check_dates(command: RegisterMember, day: date) -> None:
    told = [command.applied_on, command.joined_on, command.full_on]
    known = [each for each in told if each]
    if known != sorted(known) or (known and known[-1] > day):
        raise DatesDisagree(
            "Applied, joined and full membership follow one another, none in the future.",
            zh="申请、入党、转正日期应依次在后，且不晚于登记日。",
            field="joined_on",
        )
    full = command.state is MemberState.FULL
    if (command.full_on and not full) or (command.joined_on and command.state not in COUNTED):
        raise DatesDisagree(
            "A date tells a state the member has not reached.",
            zh="填写的日期与人员身份不符：未入党者没有入党日期，未转正者没有转正日期。",
            field="full_on" if command.full_on and not full else "joined_on",
        )
