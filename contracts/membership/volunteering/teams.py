"""Facts announced about volunteer teams, skills offered, and zones of branches."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from contracts.areas import AreaCode
from contracts.event import Event
from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import SkillRegister, SkillStatus

# Teams


class _TeamEvent(Event):
    team_id: UUID = Field(title="队伍编号")
    team_kind: str = Field(title="队伍类别", description="A code of the kinds of teams.")
    organisation_id: UUID = Field(title="所属党组织")

    @property
    def key(self) -> UUID:
        return self.team_id


class VolunteerTeamFormed(_TeamEvent, title="志愿服务队已组建"):
    type: ClassVar[str] = "jiceng.membership.volunteer-team.formed.v1"

    team_code: str = Field(title="队伍代码")


class VolunteerTeamChanged(_TeamEvent, title="志愿服务队已变更"):
    """Says the new state whole and what the figures must take back."""

    type: ClassVar[str] = "jiceng.membership.volunteer-team.changed.v1"

    team_code: str = Field(title="队伍代码")
    headcount: int = Field(title="队员人数", ge=0)
    was_team_kind: str = Field(title="原队伍类别")
    was_organisation_id: UUID = Field(title="原所属党组织")
    was_area: AreaCode = Field(title="原区划")


class VolunteerTeamDisbanded(_TeamEvent, title="志愿服务队已撤销"):
    type: ClassVar[str] = "jiceng.membership.volunteer-team.disbanded.v1"

    headcount: int = Field(title="撤销时队员人数", ge=0)


class VolunteerEnlisted(_TeamEvent, title="志愿者已入队"):
    type: ClassVar[str] = "jiceng.membership.volunteer-team.enlisted.v1"

    holder_id: UUID = Field(title="志愿者编号")
    holder_kind: HolderKind = Field(title="志愿者身份")


class VolunteerDeparted(_TeamEvent, title="志愿者已离队"):
    type: ClassVar[str] = "jiceng.membership.volunteer-team.departed.v1"

    holder_id: UUID = Field(title="志愿者编号")
    holder_kind: HolderKind = Field(title="志愿者身份")


# Skills


class _SkillEvent(Event):
    skill_id: UUID = Field(title="技能条目编号")
    service_kind: str = Field(title="服务类别", description="A code of the kinds of services.")
    skill_register: SkillRegister = Field(title="所在名录")
    organisation_id: UUID = Field(title="收集党组织")

    @property
    def key(self) -> UUID:
        return self.skill_id


class SkillOffered(_SkillEvent, title="服务技能已填报"):
    type: ClassVar[str] = "jiceng.membership.skill.offered.v1"

    holder_id: UUID | None = Field(
        default=None, title="志愿者编号", description="None for a talent who is on no register."
    )


class SkillApproved(_SkillEvent, title="服务技能已存档"):
    type: ClassVar[str] = "jiceng.membership.skill.approved.v1"


class SkillRefused(_SkillEvent, title="服务技能未通过"):
    type: ClassVar[str] = "jiceng.membership.skill.refused.v1"


class SkillRetracted(_SkillEvent, title="服务技能已撤回"):
    type: ClassVar[str] = "jiceng.membership.skill.retracted.v1"

    was_status: SkillStatus = Field(title="撤回前状态")


# Zones


class _ZoneEvent(Event):
    """The zone is an area, a grid as a rule; it has one branch at a time."""

    zone_id: UUID = Field(title="责任区编号")
    organisation_id: UUID = Field(title="责任党支部")

    @property
    def key(self) -> UUID:
        return self.zone_id


class BranchZoneAssigned(_ZoneEvent, title="党员责任区已划定"):
    type: ClassVar[str] = "jiceng.membership.branch-zone.assigned.v1"


class BranchZoneEnded(_ZoneEvent, title="党员责任区已撤销"):
    type: ClassVar[str] = "jiceng.membership.branch-zone.ended.v1"
