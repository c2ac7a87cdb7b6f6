"""Commands on teams, skills and zones."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_code, take_turn
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import teams as domain
from services.membership.domain.volunteering.holders import Holder, fields_of
from services.membership.domain.volunteering.teams import Skill, Team, Zone
from services.membership.handlers.volunteering import references
from services.membership.tables.volunteering import people
from services.membership.tables.volunteering.rows import (
    EnlistmentRow,
    SkillRow,
    TeamRow,
    ZoneRow,
)

# Teams


async def form(fields: dict[str, Any], uow: UnitOfWork, at: datetime) -> TeamRow:
    """Raises `CodeTaken`, `UnknownKind`, `OrganisationUnknown`, `AreaUnknown`."""
    on = business_date(at)
    await kinds.check(uow.session, "volunteer_team", fields["kind"], on, "kind")
    organisation = await references.organisation(uow, fields["organisation_id"])
    area = await references.area(uow, fields["area"], organisation.area)
    await check_code(uow.session, TeamRow, fields["code"])
    begun = {"area": area, "headcount": 0, "formed_on": on, "disbanded_on": None}
    team = Team(team_id=new_id(), **fields | begun)
    return uow.begin(TeamRow.of(team, recorded_at=uow.now), domain.form_team(team), at)


async def change(team: TeamRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime) -> TeamRow:
    if kind := changes.get("kind"):
        await kinds.check(uow.session, "volunteer_team", kind, business_date(at), "kind")
    if "organisation_id" in changes:
        await references.organisation(uow, changes["organisation_id"])
    await references.area(uow, changes.get("area"), team.area)
    event = domain.change_team(team.as_state(Team), team.as_state(Team, **changes))
    return team if event is None else uow.step(team, event, at, **changes)


async def disband(team: TeamRow, uow: UnitOfWork, at: datetime) -> TeamRow:
    """Everybody in it leaves with it."""
    event, on = domain.disband_team(team), business_date(at)
    await people.dismiss(uow.session, team.team_id, on)
    return uow.step(team, event, at, disbanded_on=on, headcount=0)


async def enlist(team: TeamRow, holder: Holder, uow: UnitOfWork, at: datetime) -> TeamRow:
    await references.place_of(uow, holder)
    inside = bool(await people.enlisted(uow.session, team.team_id, holder.holder_id))
    event, on = domain.enlist(team, holder, inside=inside), business_date(at)
    uow.session.add(
        EnlistmentRow(enlistment_id=new_id(), team_id=team.team_id, joined_on=on, **vars(holder))
    )
    return uow.step(team, event, at, headcount=team.headcount + 1)


async def depart(team: TeamRow, holder: Holder, uow: UnitOfWork, at: datetime) -> TeamRow:
    found = await people.enlisted(uow.session, team.team_id, holder.holder_id)
    event = domain.depart(team, holder, inside=bool(found))
    for each in found:
        each.left_on = business_date(at)
    return uow.step(team, event, at, headcount=team.headcount - 1)


# Skills


async def offer_skill(
    fields: dict[str, Any],
    holder: Holder | None,
    contact: Fields,
    vault: Vault,
    uow: UnitOfWork,
    at: datetime,
) -> SkillRow:
    """What somebody says they can do, for the branch to file. Raises `SkillKnown`."""
    on = business_date(at)
    await kinds.check(uow.session, "volunteer_service", fields["service_kind"], on, "service_kind")
    organisation = await references.organisation(uow, fields["organisation_id"])
    skill = Skill(
        skill_id=new_id(),
        area=organisation.area,
        status=domain.OFFER.to,
        **fields_of(holder),
        offered_on=on,
        **fields,
    )
    if holder is not None:
        await take_turn(uow.session, "holder", holder.holder_id)
        await references.place_of(uow, holder)
        if await people.skill_known(uow.session, skill):
            raise domain.SkillKnown(
                f"{skill.service_kind} is on the register already.",
                zh="该党员的这一服务项目已填报。",
                field="service_kind",
            )
    event = domain.offer_skill(skill, named=bool(contact.get("name")))
    row = SkillRow.of(skill, recorded_at=uow.now)
    return await references.begin(row, event, contact, vault, uow, at)


async def decide_skill(
    skill: SkillRow, uow: UnitOfWork, at: datetime, *, approve: bool
) -> SkillRow:
    """By the branch that collected it. Contact data of who was refused are erased."""
    event = domain.decide_skill(skill, approve=approve)
    if not approve:
        await references.erase(uow, skill.skill_id)
    status = (domain.APPROVE if approve else domain.REFUSE).to
    return uow.step(skill, event, at, status=status, decided_on=business_date(at))


async def withdraw_skill(skill: SkillRow, uow: UnitOfWork, at: datetime) -> SkillRow:
    event = domain.withdraw_skill(skill)
    await references.erase(uow, skill.skill_id)
    return uow.step(skill, event, at, status=domain.WITHDRAW.to)


# Zones


async def assign_zone(organisation_id: UUID, area: str, uow: UnitOfWork, at: datetime) -> ZoneRow:
    """Raises `ZoneTaken` where another branch, or this one, answers for the area."""
    await references.organisation(uow, organisation_id)
    await references.area(uow, area, area)
    await take_turn(uow.session, "zone", area)
    zone = Zone(
        zone_id=new_id(),
        organisation_id=organisation_id,
        area=area,
        since=business_date(at),
        ended_on=None,
    )
    event = domain.assign_zone(zone, taken=await people.zone_taken(uow.session, area))
    return uow.begin(ZoneRow.of(zone, recorded_at=uow.now), event, at)


async def end_zone(zone: ZoneRow, uow: UnitOfWork, at: datetime) -> ZoneRow:
    return uow.step(zone, domain.end_zone(zone), at, ended_on=business_date(at))
