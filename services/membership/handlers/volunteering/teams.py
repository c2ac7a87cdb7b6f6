"""Commands on teams, skills and zones."""

from datetime import datetime
from uuid import UUID

from contracts.kinds.volunteering import SkillRegister, SkillStatus
from services.chassis import kinds, known
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.personal import Fields, Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import teams as domain
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.teams import ChangeTeam, FormTeam, OfferSkill, Team
from services.membership.handlers.volunteering import references
from services.membership.tables.volunteering import people
from services.membership.tables.volunteering.rows import (
    EnlistmentRow,
    SkillRow,
    TeamRow,
    ZoneRow,
    locked,
)

NO_TEAM, NO_SKILL, NO_ZONE = (
    "没有该编号的志愿服务队。",
    "没有该编号的技能条目。",
    "没有该编号的责任区。",
)


# Teams


async def form(command: FormTeam, uow: UnitOfWork, at: datetime) -> TeamRow:
    """Raises `CodeTaken`, `UnknownKind`, `OrganisationUnknown`, `AreaUnknown`."""
    on = business_date(at)
    await kinds.check(uow.session, "volunteer_team", command.kind, on, "kind")
    organisation = await references.organisation(uow, command.organisation_id)
    area = await references.area(uow, command.area, organisation.area)
    await people.lock_code(uow.session, people.TEAM_CODES, command.code)
    if await people.team_coded(uow.session, command.code):
        raise known.code_taken(command.code)
    event = domain.form_team(command, new_id(), area)
    row = TeamRow(
        team_id=event.team_id,
        code=command.code,
        name=command.name,
        kind=command.kind,
        organisation_id=command.organisation_id,
        area=area,
        formed_on=on,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def change(
    team_id: UUID, command: ChangeTeam, expected: int, uow: UnitOfWork, at: datetime
) -> TeamRow:
    row = await locked(uow.session, TeamRow, team_id, NO_TEAM)
    versions.check(expected, row.version)
    if command.kind:
        await kinds.check(uow.session, "volunteer_team", command.kind, business_date(at), "kind")
    if command.organisation_id:
        await references.organisation(uow, command.organisation_id)
    await references.area(uow, command.area, row.area)
    event = domain.change_team(command, team_of(row))
    if event is not None:
        row.name, row.kind, row.area = command.name or row.name, event.team_kind, event.area
        row.organisation_id, row.version = event.organisation_id, row.version + 1
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def disband(team_id: UUID, uow: UnitOfWork, at: datetime) -> TeamRow:
    """Everybody in it leaves with it."""
    row = await locked(uow.session, TeamRow, team_id, NO_TEAM)
    event = domain.disband_team(team_of(row))
    row.disbanded_on, row.headcount, row.version = business_date(at), 0, row.version + 1
    await people.dismiss(uow.session, team_id, business_date(at))
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def enlist(team_id: UUID, holder: Holder, uow: UnitOfWork, at: datetime) -> TeamRow:
    row = await locked(uow.session, TeamRow, team_id, NO_TEAM)
    await references.place_of(uow, holder)
    inside = bool(await people.enlisted(uow.session, team_id, holder.holder_id))
    event = domain.enlist(team_of(row), holder, inside=inside)
    uow.session.add(
        EnlistmentRow(
            enlistment_id=new_id(),
            team_id=team_id,
            holder_id=holder.holder_id,
            holder_kind=holder.holder_kind.value,
            joined_on=business_date(at),
        )
    )
    row.headcount, row.version = row.headcount + 1, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def depart(team_id: UUID, holder: Holder, uow: UnitOfWork, at: datetime) -> TeamRow:
    row = await locked(uow.session, TeamRow, team_id, NO_TEAM)
    found = await people.enlisted(uow.session, team_id, holder.holder_id)
    event = domain.depart(team_of(row), holder, inside=bool(found))
    for each in found:
        each.left_on = business_date(at)
    row.headcount, row.version = row.headcount - 1, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


def team_of(row: TeamRow) -> Team:
    return Team(**row.model_dump(exclude={"formed_on", "version", "recorded_at"}))


# Skills


async def offer_skill(
    command: OfferSkill, contact: Fields, vault: Vault, uow: UnitOfWork, at: datetime
) -> SkillRow:
    """What somebody says they can do, for the branch to file. Raises `SkillKnown`."""
    on, holder = business_date(at), command.holder
    await kinds.check(uow.session, "volunteer_service", command.service_kind, on, "service_kind")
    organisation = await references.organisation(uow, command.organisation_id)
    if holder is not None:
        await people.lock_code(uow.session, people.HOLDERS, str(holder.holder_id))
        await references.place_of(uow, holder)
        if await people.skill_known(
            uow.session, holder, command.service_kind, command.skill_register
        ):
            raise domain.SkillKnown(
                f"{command.service_kind} is on the register already.",
                zh="该党员的这一服务项目已填报。",
                field="service_kind",
            )
    event = domain.offer_skill(command, new_id(), organisation.area)
    row = SkillRow(
        **event.model_dump(exclude={"skill_register"}),
        skill_register=command.skill_register.value,
        status=domain.OFFER.to,
        holder_kind=holder.holder_kind.value if holder else None,
        consented_on=command.consented_on,
        offered_on=on,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    await uow.session.flush()
    await references.seal(uow, vault, row.skill_id, contact)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def decide_skill(skill_id: UUID, uow: UnitOfWork, at: datetime, *, approve: bool) -> SkillRow:
    """By the branch that collected it. Contact data of who was refused are erased."""
    row = await locked(uow.session, SkillRow, skill_id, NO_SKILL)
    event = domain.decide_skill(skill_of(row), approve=approve)
    row.status = (domain.APPROVE if approve else domain.REFUSE).to
    row.decided_on, row.version = business_date(at), row.version + 1
    if not approve:
        await references.erase(uow, skill_id)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def withdraw_skill(skill_id: UUID, uow: UnitOfWork, at: datetime) -> SkillRow:
    row = await locked(uow.session, SkillRow, skill_id, NO_SKILL)
    event = domain.withdraw_skill(skill_of(row))
    row.status, row.version = domain.WITHDRAW.to, row.version + 1
    await references.erase(uow, skill_id)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


def skill_of(row: SkillRow) -> domain.Skill:
    return domain.Skill(
        skill_id=row.skill_id,
        service_kind=row.service_kind,
        skill_register=SkillRegister(row.skill_register),
        organisation_id=row.organisation_id,
        area=row.area,
        status=SkillStatus(row.status),
    )


# Zones


async def assign_zone(organisation_id: UUID, area: str, uow: UnitOfWork, at: datetime) -> ZoneRow:
    """Raises `ZoneTaken` where another branch, or this one, answers for the area."""
    await references.organisation(uow, organisation_id)
    await references.area(uow, area, area)
    await people.lock_code(uow.session, people.ZONES, area)
    taken = await people.zone_taken(uow.session, area)
    event = domain.assign_zone(new_id(), organisation_id, area, taken=taken)
    row = ZoneRow(**event.model_dump(), since=business_date(at), recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def end_zone(zone_id: UUID, uow: UnitOfWork, at: datetime) -> ZoneRow:
    row = await locked(uow.session, ZoneRow, zone_id, NO_ZONE)
    event = domain.end_zone(zone_id, row.organisation_id, row.area, row.ended_on)
    row.ended_on, row.version = business_date(at), row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row
