"""Teams, skills, zones, hours and stars."""

from contracts.kinds.volunteering import (
    ServiceSource,
    SkillRegister,
    SkillStatus,
    TeamKind,
)
from contracts.membership.volunteering import (
    BranchZoneAssigned,
    BranchZoneEnded,
    ServiceTimeCredited,
    ServiceTimeRetracted,
    SkillApproved,
    SkillRetracted,
    VolunteerDeparted,
    VolunteerEnlisted,
    VolunteerStarRaised,
    VolunteerStarred,
    VolunteerTeamChanged,
    VolunteerTeamDisbanded,
    VolunteerTeamFormed,
)
from services.projector.declare import (
    Dimension,
    Flow,
    Reads,
    Stock,
    adds,
    moves,
    removes,
)
from services.projector.figures.volunteering.common import ORGANISATION, SERVICE_KIND, STAR, said

TEAM_KIND = Dimension.of_family("team_kind", "队伍类别", "volunteer_team", TeamKind)
SOURCE = Dimension.of_kinds("source", "服务来源", ServiceSource)


def _skills(register: SkillRegister) -> tuple[Reads, ...]:
    """On the register from the branch's approval until it is taken back."""
    return (
        *adds(SkillApproved, skill_register=register),
        *removes(SkillRetracted, skill_register=register, status=SkillStatus.APPROVED),
    )


TEAMS = (
    Stock(
        "membership.volunteer_teams",
        "志愿服务队",
        "支",
        "期末在册的志愿服务队数",
        clauses=(said(1, "组建志愿服务队{n}"),),
        reads=(
            *adds(VolunteerTeamFormed),
            *moves(VolunteerTeamChanged),
            *removes(VolunteerTeamDisbanded),
        ),
        dimensions=(TEAM_KIND, ORGANISATION),
    ),
    Stock(
        "membership.volunteer_places",
        "志愿服务队队员",
        "名",
        "期末各队队员数之和；一人参加两队计两名",
        clauses=(said(1, "队员{n}"),),
        reads=(
            *adds(VolunteerEnlisted),
            *removes(VolunteerDeparted),
            *moves(VolunteerTeamChanged, "headcount"),
            *removes(VolunteerTeamDisbanded, "headcount"),
        ),
        dimensions=(TEAM_KIND,),
    ),
    Stock(
        "membership.service_skills",
        "可提供服务项目",
        "项",
        "期末经支部审核存档的党员可提供服务项目数",
        clauses=(said(1, "存档党员可提供服务项目{n}"),),
        reads=_skills(SkillRegister.OFFER),
        dimensions=(SERVICE_KIND,),
    ),
    Stock(
        "membership.local_talents",
        "草根能人库条目",
        "条",
        "期末草根能人库中审核入库的技能条目数",
        clauses=(said(1, "草根能人库入库{n}"),),
        reads=_skills(SkillRegister.TALENT),
        dimensions=(SERVICE_KIND,),
    ),
    Stock(
        "membership.branch_zones",
        "党员红色责任区",
        "个",
        "期末按支部划分的党员责任区数",
        clauses=(said(1, "划分党员责任区{n}"),),
        reads=(*adds(BranchZoneAssigned), *removes(BranchZoneEnded)),
        dimensions=(ORGANISATION,),
    ),
)

HOURS = (
    Flow(
        "membership.volunteer_hours",
        "志愿服务时长",
        "小时",
        "本期计入志愿者个人的服务时长",
        clauses=(said(3, "计入党员个人志愿服务{n}"),),
        reads=(
            *adds(ServiceTimeCredited, "service_minutes"),
            *removes(ServiceTimeRetracted, "service_minutes"),
        ),
        dimensions=(SOURCE,),
        per=60,
        digits=1,
    ),
    Flow(
        "membership.volunteer_turns",
        "志愿服务人次",
        "人次",
        "本期计入志愿者个人的服务次数",
        clauses=(said(3, "{n}"),),
        reads=(*adds(ServiceTimeCredited), *removes(ServiceTimeRetracted)),
        dimensions=(SOURCE,),
    ),
    Stock(
        "membership.starred_volunteers",
        "星级志愿者",
        "人",
        "期末累计时长达到星级标准的志愿者人数",
        clauses=(said(3, "星级志愿者{n}，其中{each}", split="star"),),
        reads=(*adds(VolunteerStarred), *moves(VolunteerStarRaised)),
        dimensions=(STAR,),
    ),
)
