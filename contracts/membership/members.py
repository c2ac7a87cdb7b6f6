"""Facts announced about members: how many there are, in which state, and where.

Every fact says the member's codes whole, and what it takes back as `was_...`, so that one pattern
of readings counts members, whatever happened. Dates and codes only; never health or hardship.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.books import Bound
from contracts.kinds.members import (
    ChangeReason,
    Education,
    JoiningStep,
    LeavingReason,
    MemberState,
    Occupation,
    Whereabouts,
    WorkStatus,
    YearsOf,
)


class _OfMember(Event):
    subject_id: UUID = Field(title="党员编号")
    organisation_id: UUID = Field(title="党支部编号")
    state: MemberState = Field(title="身份")
    whereabouts: Whereabouts = Field(title="流动状态")
    education: Education = Field(title="学历")
    work_status: WorkStatus = Field(title="就业状况")
    occupation: Occupation = Field(title="职业")

    @property
    def key(self) -> UUID:
        return self.subject_id


class MemberRegistered(_OfMember, title="党员已登记"):
    """Somebody is on a branch's roll, from applicant to full member."""

    type: ClassVar[str] = "jiceng.membership.member.registered.v1"

    reason: ChangeReason = Field(title="事由")


class MemberAdvanced(_OfMember, title="党员身份已变更"):
    """From one state into the next, or the probation was extended."""

    type: ClassVar[str] = "jiceng.membership.member.advanced.v1"

    was_state: MemberState = Field(title="原身份")
    reason: ChangeReason = Field(title="事由")
    rule_code: str | None = Field(default=None, title="依据规则")
    rule_version_code: str | None = Field(default=None, title="规则版本")


class MemberMoved(_OfMember, title="党员所在党支部已变更"):
    """From one branch of the platform to another, or its branch to another area."""

    type: ClassVar[str] = "jiceng.membership.member.moved.v1"

    was_organisation_id: UUID = Field(title="原党支部编号")
    was_area: AreaCode = Field(title="原区划")
    was_whereabouts: Whereabouts = Field(title="原流动状态")
    reason: ChangeReason = Field(title="事由")


class MemberReclassified(_OfMember, title="党员分类信息已变更"):
    """Schooling, work or occupation changed."""

    type: ClassVar[str] = "jiceng.membership.member.reclassified.v1"

    was_education: Education = Field(title="原学历")
    was_work_status: WorkStatus = Field(title="原就业状况")
    was_occupation: Occupation = Field(title="原职业")


class MemberLocated(_OfMember, title="党员流动状态已变更"):
    """Went away, was lost, came back; and which branch looks after a mobile member meanwhile."""

    type: ClassVar[str] = "jiceng.membership.member.located.v1"

    was_whereabouts: Whereabouts = Field(title="原流动状态")
    since: date = Field(title="起始日期")
    host_organisation_id: UUID | None = Field(default=None, title="流入地党组织编号")


class MemberLeft(_OfMember, title="党员已离开"):
    type: ClassVar[str] = "jiceng.membership.member.departed.v1"

    was_state: MemberState = Field(title="原身份")
    was_whereabouts: Whereabouts = Field(title="原流动状态")
    leaving: LeavingReason = Field(title="离开原因")
    rule_code: str | None = Field(default=None, title="依据规则")
    rule_version_code: str | None = Field(default=None, title="规则版本")


class MemberReturned(_OfMember, title="党员已恢复"):
    """On the roll again after leaving."""

    type: ClassVar[str] = "jiceng.membership.member.returned.v1"

    was_leaving: LeavingReason = Field(title="原离开原因")
    reason: ChangeReason = Field(title="事由")


class JoiningStepRecorded(_OfMember, title="发展党员步骤已登记"):
    """One step on the way in; `state` is the one before any change it leads to."""

    type: ClassVar[str] = "jiceng.membership.member.step-recorded.v1"

    step: JoiningStep = Field(title="步骤")
    held_on: date = Field(title="日期")
    rule_code: str | None = Field(default=None, title="依据规则")
    rule_version_code: str | None = Field(default=None, title="规则版本")


class MemberErased(Event, title="党员个人信息已清除"):
    """The key was destroyed: nobody can read the name, phone and identity number again."""

    type: ClassVar[str] = "jiceng.membership.member.erased.v1"

    subject_id: UUID = Field(title="党员编号")
    organisation_id: UUID = Field(title="党支部编号")

    @property
    def key(self) -> UUID:
        return self.subject_id


class HeadcountStated(Event, title="人数已登记"):
    """So many people were served, visited, examined, qualified: a number without a list."""

    type: ClassVar[str] = "jiceng.membership.headcount.stated.v1"

    headcount_id: UUID = Field(title="登记编号")
    organisation_id: UUID = Field(title="党组织编号")
    kind: str = Field(title="类别", description="A code of the family `headcount`.")
    headcount: int = Field(title="人数", ge=0)
    bound: Bound = Field(title="数量性质")
    least_years: int | None = Field(default=None, title="年限下限", ge=0)
    years_of: YearsOf | None = Field(default=None, title="年限所指")

    @property
    def key(self) -> UUID:
        return self.headcount_id


class HeadcountWithdrawn(Event, title="人数登记已撤销"):
    """Says whole what was stated, so that figures can take it back."""

    type: ClassVar[str] = "jiceng.membership.headcount.withdrawn.v1"

    headcount_id: UUID = Field(title="登记编号")
    organisation_id: UUID = Field(title="党组织编号")
    kind: str = Field(title="类别")
    headcount: int = Field(title="人数", ge=0)
    bound: Bound = Field(title="数量性质")

    @property
    def key(self) -> UUID:
        return self.headcount_id
