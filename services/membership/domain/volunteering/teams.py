"""Teams, who is in them, skills offered, and the zones branches answer for."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

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
from services.membership.domain.volunteering.holders import Holder

# Commands and state


@dataclass(frozen=True, kw_only=True)
class FormTeam:
    code: str
    name: str
    kind: str
    organisation_id: UUID
    area: str | None
    """None: that of the organisation."""


@dataclass(frozen=True, kw_only=True)
class ChangeTeam:
    """`None` leaves a field as it is."""

    name: str | None = None
    kind: str | None = None
    organisation_id: UUID | None = None
    area: str | None = None


@dataclass(frozen=True, kw_only=True)
class Team:
    team_id: UUID
    code: str
    name: str
    kind: str
    organisation_id: UUID
    area: str
    headcount: int
    disbanded_on: date | None


@dataclass(frozen=True, kw_only=True)
class OfferSkill:
    service_kind: str
    skill_register: SkillRegister
    holder: Holder | None
    organisation_id: UUID
    consented_on: date | None
    named: bool
    """Whether contact data of somebody on no register come with it."""


@dataclass(frozen=True, kw_only=True)
class Skill:
    skill_id: UUID
    service_kind: str
    skill_register: SkillRegister
    organisation_id: UUID
    area: str
    status: SkillStatus


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


def form_team(command: FormTeam, team_id: UUID, area: str) -> VolunteerTeamFormed:
    return VolunteerTeamFormed(
        area=area,
        team_id=team_id,
        team_code=command.code,
        team_kind=command.kind,
        organisation_id=command.organisation_id,
    )


def change_team(command: ChangeTeam, team: Team) -> VolunteerTeamChanged | None:
    """`None` when nothing that others see changes; a new name alone is an event too."""
    check_stands(team)
    changed = VolunteerTeamChanged(
        area=command.area or team.area,
        team_id=team.team_id,
        team_code=team.code,
        team_kind=command.kind or team.kind,
        organisation_id=command.organisation_id or team.organisation_id,
        headcount=team.headcount,
        was_team_kind=team.kind,
        was_organisation_id=team.organisation_id,
        was_area=team.area,
    )
    now = (changed.area, changed.team_kind, changed.organisation_id, command.name or team.name)
    return None if now == (team.area, team.kind, team.organisation_id, team.name) else changed


def disband_team(team: Team) -> VolunteerTeamDisbanded:
    check_stands(team)
    return VolunteerTeamDisbanded(**_of_team(team), headcount=team.headcount)


def enlist(team: Team, holder: Holder, *, inside: bool) -> VolunteerEnlisted:
    check_stands(team)
    if inside:
        raise AlreadyInTeam(
            f"{holder.holder_id} is in {team.code} already.",
            zh=f"该党员已在{team.name}中。",
            field=holder.field,
        )
    return VolunteerEnlisted(
        **_of_team(team), holder_id=holder.holder_id, holder_kind=holder.holder_kind
    )


def depart(team: Team, holder: Holder, *, inside: bool) -> VolunteerDeparted:
    if not inside:
        raise NotInTeam(
            f"{holder.holder_id} is not in {team.code}.",
            zh=f"该党员不在{team.name}中。",
            field=holder.field,
        )
    return VolunteerDeparted(
        **_of_team(team), holder_id=holder.holder_id, holder_kind=holder.holder_kind
    )


def check_stands(team: Team) -> None:
    if team.disbanded_on is not None:
        raise TeamDisbanded(
            f"{team.code} was disbanded on {team.disbanded_on}.", zh=f"{team.name}已撤销。"
        )


def offer_skill(command: OfferSkill, skill_id: UUID, area: str) -> SkillOffered:
    """Whoever is on no register needs a name and has agreed to stand there; talents alone may."""
    stranger = command.holder is None
    wanting = stranger and not (command.named and command.consented_on)
    if wanting or (stranger and command.skill_register is not SkillRegister.TALENT):
        raise TalentUnnamed(
            "A talent of no register needs contact data and the day of consent.",
            zh="不在册的草根能人须填写联系方式和本人同意日期；服务项目须由在册党员填报。",
            field="contact" if not command.named else "consented_on",
        )
    return SkillOffered(
        area=area,
        skill_id=skill_id,
        service_kind=command.service_kind,
        skill_register=command.skill_register,
        organisation_id=command.organisation_id,
        holder_id=command.holder.holder_id if command.holder else None,
    )


def decide_skill(skill: Skill, *, approve: bool) -> SkillApproved | SkillRefused:
    """The branch files the offer, or does not (支部收集存档)."""
    (APPROVE if approve else REFUSE)(skill.status)
    return SkillApproved(**_of_skill(skill)) if approve else SkillRefused(**_of_skill(skill))


def withdraw_skill(skill: Skill) -> SkillRetracted:
    WITHDRAW(skill.status)
    return SkillRetracted(**_of_skill(skill), was_status=skill.status)


def _of_team(team: Team) -> dict[str, Any]:
    return {
        "area": team.area,
        "team_id": team.team_id,
        "team_kind": team.kind,
        "organisation_id": team.organisation_id,
    }


def _of_skill(skill: Skill) -> dict[str, Any]:
    return {
        "area": skill.area,
        "skill_id": skill.skill_id,
        "service_kind": skill.service_kind,
        "skill_register": skill.skill_register,
        "organisation_id": skill.organisation_id,
    }


# Zones


class ZoneTaken(Conflict):
    code = "zone-taken"
    title, title_zh = "Another branch answers for this zone", "该责任区已由其他党支部负责"


class ZoneEnded(Conflict):
    code = "zone-ended"
    title, title_zh = "The zone was given up", "该责任区已撤销"


def assign_zone(
    zone_id: UUID, organisation_id: UUID, area: str, *, taken: bool
) -> BranchZoneAssigned:
    if taken:
        raise ZoneTaken(
            f"Another branch answers for {area}.",
            zh=f"区划 {area} 已划为其他党支部的责任区。",
            field="area",
            value=area,
        )
    return BranchZoneAssigned(area=area, zone_id=zone_id, organisation_id=organisation_id)


def end_zone(
    zone_id: UUID, organisation_id: UUID, area: str, ended_on: date | None
) -> BranchZoneEnded:
    if ended_on is not None:
        raise ZoneEnded(f"It was given up on {ended_on}.", zh=f"该责任区已于 {ended_on} 撤销。")
    return BranchZoneEnded(area=area, zone_id=zone_id, organisation_id=organisation_id)
