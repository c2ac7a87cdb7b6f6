"""Teams, who is in them, skills offered, and the zones branches answer for."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field

from contracts.kinds.volunteering import SkillRegister, SkillStatus
from contracts.membership.volunteering import (
    BranchZoneAssigned,
    BranchZoneEnded,
    SkillApproved,
    SkillOffered,
    SkillRefused,
    SkillRetracted,
    VolunteerDeparted,
    VolunteerEnlisted,
    VolunteerTeamChanged,
    VolunteerTeamDisbanded,
    VolunteerTeamFormed,
)
from services.chassis.errors import Conflict, Invalid
from services.chassis.lifecycle import Lifecycle
from services.chassis.state import State
from services.membership.domain.volunteering.holders import Holder, OfHolder


class Team(State):
    team_id: UUID
    code: str = Field(title="队伍代码")
    name: str = Field(title="队伍名称")
    kind: str = Field(title="队伍类别")
    organisation_id: UUID = Field(title="所属党组织")
    area: str = Field(title="区划")
    headcount: int = Field(title="队员人数")
    formed_on: date = Field(title="组建日期")
    disbanded_on: date | None = Field(title="撤销日期")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = self.model_dump(include={"area", "team_id", "organisation_id"})
        return repeated | {"team_kind": self.kind}


class Skill(OfHolder):
    skill_id: UUID
    service_kind: str
    skill_register: SkillRegister
    organisation_id: UUID
    area: str
    status: SkillStatus
    consented_on: date | None
    offered_on: date
    decided_on: date | None = None

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        repeated = {"area", "skill_id", "service_kind", "skill_register", "organisation_id"}
        return self.model_dump(include=repeated)


class Zone(State):
    zone_id: UUID
    organisation_id: UUID = Field(title="责任党支部")
    area: str = Field(title="区划")
    since: date = Field(title="划定日期")
    ended_on: date | None = Field(title="撤销日期")

    def facts(self) -> dict[str, Any]:
        """What every event about it repeats."""
        return self.model_dump(include={"area", "zone_id", "organisation_id"})


# Refusals


class TeamDisbanded(Conflict):
    code = "team-disbanded"
    title, title_zh = "The team was disbanded", "该队伍已撤销"


class AlreadyInTeam(Conflict):
    code = "already-in-team"
    title, title_zh = "Already in this team", "已在该队伍中"


class NotInTeam(Conflict):
    code = "not-in-team"
    title, title_zh = "Not in this team", "不在该队伍中"


class SkillKnown(Conflict):
    code = "skill-known"
    title, title_zh = "This skill is on the register already", "该服务项目已填报"


class SkillDecided(Conflict):
    code = "skill-decided"
    title, title_zh = "The skill has been decided on or withdrawn", "该条目已审核或撤回"


class TalentUnnamed(Invalid):
    code = "talent-unnamed"
    title, title_zh = (
        "Say who has the skill: a member, a working member, or contact data with consent",
        "须填写党员编号、在职党员编号，或本人同意登记的联系方式",
    )


LIFE = Lifecycle("skill", "技能条目", SkillStatus, SkillDecided)
OFFER = LIFE.begin("offer", "填报", SkillStatus.OFFERED)
APPROVE = LIFE.step("approve", "存档", {SkillStatus.OFFERED}, SkillStatus.APPROVED)
REFUSE = LIFE.step("refuse", "不予存档", {SkillStatus.OFFERED}, SkillStatus.REFUSED)
WITHDRAW = LIFE.step(
    "withdraw", "撤回", {SkillStatus.OFFERED, SkillStatus.APPROVED}, SkillStatus.WITHDRAWN
)

# Decisions


def form_team(team: Team) -> VolunteerTeamFormed:
    return VolunteerTeamFormed(**team.facts(), team_code=team.code)


def change_team(was: Team, now: Team) -> VolunteerTeamChanged | None:
    """`None` when nothing that others see changes; a new name alone is an event too."""
    check_stands(was)
    if now == was:
        return None
    return VolunteerTeamChanged(
        **now.facts(),
        team_code=now.code,
        headcount=now.headcount,
        was_team_kind=was.kind,
        was_organisation_id=was.organisation_id,
        was_area=was.area,
    )


def disband_team(team: Team) -> VolunteerTeamDisbanded:
    check_stands(team)
    return VolunteerTeamDisbanded(**team.facts(), headcount=team.headcount)


def enlist(team: Team, holder: Holder, *, inside: bool) -> VolunteerEnlisted:
    check_stands(team)
    if inside:
        raise AlreadyInTeam(
            f"{holder.holder_id} is in {team.code} already.",
            zh=f"该党员已在{team.name}中。",
            field=holder.field,
        )
    return VolunteerEnlisted(**team.facts(), **vars(holder))


def depart(team: Team, holder: Holder, *, inside: bool) -> VolunteerDeparted:
    if not inside:
        raise NotInTeam(
            f"{holder.holder_id} is not in {team.code}.",
            zh=f"该党员不在{team.name}中。",
            field=holder.field,
        )
    return VolunteerDeparted(**team.facts(), **vars(holder))


def check_stands(team: Team) -> None:
    if team.disbanded_on is not None:
        raise TeamDisbanded(
            f"{team.code} was disbanded on {team.disbanded_on}.", zh=f"{team.name}已撤销。"
        )


def offer_skill(skill: Skill, *, named: bool) -> SkillOffered:
    """Whoever is on no register needs a name and has agreed to stand there; talents alone may.

    `named` says whether contact data come with it.
    """
    stranger = skill.holder_id is None
    wanting = stranger and not (named and skill.consented_on)
    if wanting or (stranger and skill.skill_register is not SkillRegister.TALENT):
        raise TalentUnnamed(
            "A talent of no register needs contact data and the day of consent.",
            zh="不在册的草根能人须填写联系方式和本人同意日期；服务项目须由在册党员填报。",
            field="consented_on" if named else "contact",
        )
    return SkillOffered(**skill.facts(), holder_id=skill.holder_id)


def decide_skill(skill: Skill, *, approve: bool) -> SkillApproved | SkillRefused:
    """The branch files the offer, or does not (支部收集存档)."""
    (APPROVE if approve else REFUSE)(skill.status)
    return (SkillApproved if approve else SkillRefused)(**skill.facts())


def withdraw_skill(skill: Skill) -> SkillRetracted:
    WITHDRAW(skill.status)
    return SkillRetracted(**skill.facts(), was_status=skill.status)


# Zones


class ZoneTaken(Conflict):
    code = "zone-taken"
    title, title_zh = "Another branch answers for this zone", "该责任区已由其他党支部负责"


class ZoneEnded(Conflict):
    code = "zone-ended"
    title, title_zh = "The zone was given up", "该责任区已撤销"


def assign_zone(zone: Zone, *, taken: bool) -> BranchZoneAssigned:
    if taken:
        raise ZoneTaken(
            f"Another branch answers for {zone.area}.",
            zh=f"区划 {zone.area} 已划为其他党支部的责任区。",
            field="area",
            value=zone.area,
        )
    return BranchZoneAssigned(**zone.facts())


def end_zone(zone: Zone) -> BranchZoneEnded:
    if zone.ended_on is not None:
        raise ZoneEnded(
            f"It was given up on {zone.ended_on}.", zh=f"该责任区已于 {zone.ended_on} 撤销。"
        )
    return BranchZoneEnded(**zone.facts())
