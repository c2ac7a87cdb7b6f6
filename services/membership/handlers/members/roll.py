"""The roll of a branch: onto it, from it to another, off it and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.exc import IntegrityError

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import COUNTED, ChangeReason, Health, LeavingReason, MemberState
from services.chassis import personal
from services.chassis.clock import business_date
from services.chassis.errors import Refusal
from services.chassis.personal import Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import states as domain
from services.membership.domain.members.identity import birth_date_in
from services.membership.domain.members.refusals import (
    AlreadyErased,
    CodeOfAnother,
    IdentityKnown,
)
from services.membership.domain.members.rules import JOINING
from services.membership.domain.members.states import Branch, Registration
from services.membership.handlers import alerts
from services.membership.handlers.members.changing import (
    apply,
    branch,
    check_group,
    clear_joining,
    count,
    settle_down,
)
from services.membership.handlers.members.joining import begin_joining
from services.membership.handlers.terms import vacate_seats_of
from services.membership.tables import members as tables
from services.membership.tables.members import MemberRow, NewMember
from services.membership.tables.members.rules import versions_of


async def register(
    fields: Mapping[str, Any],
    personal_fields: Mapping[str, str],
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
    reason: ChangeReason = ChangeReason.ENTERED,
) -> MemberRow:
    """Raises `CodeOfAnother`, `IdentityKnown`, `OrganisationUnknown`, a rule's refusal."""
    place = await branch(uow, fields["organisation_id"])
    await check_group(uow, fields.get("group_id"), place.organisation_id)
    rules = await versions_of(uow.session, *JOINING)
    told = domain.entrant(fields, place, business_date(at))
    decided = domain.register(told, personal_fields, place, rules, reason)
    member, digest = decided.member, identity_digest(vault, decided.personal)
    if await tables.code_taken(uow.session, member.code):
        raise code_of_another(member.code)
    if digest is not None and await tables.identity_known(uow.session, digest):
        raise identity_known()
    connection = await uow.driver()
    try:
        await tables.insert_many(connection, [new_member(decided, digest, uow.now)], reason)
    except asyncpg.UniqueViolationError as error:
        raise _taken(error.constraint_name, member.code) from error
    await personal.keep(connection, vault, {member.member_id: decided.personal})
    uow.announce(decided.event, version=1, occurred_at=at)
    row = await tables.member(uow.session, member.member_id, lock=True)
    await begin_joining(row, uow, rules)
    await count([(row.organisation_id, row.state, 1)], uow, at)
    return row


def new_member(decided: Registration, digest: bytes | None, now: datetime) -> NewMember:
    """The columns of a decided registration."""
    kept = {"birth_year": decided.birth_year, "identity_digest": digest, "recorded_at": now}
    return dict(decided.member) | kept


def identity_digest(vault: Vault, fields: Mapping[str, str]) -> bytes | None:
    """What tells that an identity number is known already, without telling the number."""
    number = fields.get("identity_number")
    return vault.digest("identity_number", number) if number else None


async def move(
    row: MemberRow,
    organisation_id: UUID,
    reason: ChangeReason,
    uow: UnitOfWork,
    at: datetime,
    *,
    group_id: UUID | None = None,
) -> MemberRow:
    """To another branch of the platform, in one step: never in two, never in none."""
    place = await branch(uow, organisation_id)
    await check_group(uow, group_id, organisation_id)
    return await _move(row, place, reason, uow, at, group_id)


async def _move(
    row: MemberRow,
    place: Branch,
    reason: ChangeReason,
    uow: UnitOfWork,
    at: datetime,
    group_id: UUID | None = None,
) -> MemberRow:
    event = domain.move(row, place, business_date(at), reason)
    await settle_down(row, uow, at)
    await vacate_seats_of(uow, row.member_id, at, of=row.organisation_id)
    return await apply(row, event, reason, uow, at, group_id=group_id)


async def follow(organisation_id: UUID, area: str, uow: UnitOfWork, at: datetime) -> None:
    """The branch has another area now, and its members with it."""
    for row in await tables.members_of(uow.session, organisation_id):
        if row.area != area:
            event = domain.follow(row, area)
            await apply(row, event, ChangeReason.AREA_CHANGED, uow, at)


async def merge(organisation_id: UUID, into_id: UUID, uow: UnitOfWork, at: datetime) -> None:
    """All on the roll of one branch go to another."""
    place = await branch(uow, into_id)
    for row in await tables.members_of(uow.session, organisation_id):
        if row.state is not MemberState.LEFT:
            await _move(row, place, ChangeReason.MERGED, uow, at)


async def leave(row: MemberRow, leaving: LeavingReason, uow: UnitOfWork, at: datetime) -> MemberRow:
    """Off the roll."""
    event = domain.leave(row, leaving, business_date(at))
    await settle_down(row, uow, at)
    await vacate_seats_of(uow, row.member_id, at)
    await clear_joining(row, uow, at)
    await alerts.clear(uow, AlertKind.LOST_REMOVE_DUE, row.member_id, at=at)
    return await apply(row, event, leaving, uow, at, joining_due=None)


async def come_back(
    row: MemberRow,
    to: MemberState,
    organisation_id: UUID,
    reason: ChangeReason,
    uow: UnitOfWork,
    at: datetime,
) -> MemberRow:
    """On the roll again. Who applies anew begins another attempt, with steps of its own."""
    place, day = await branch(uow, organisation_id), business_date(at)
    event = domain.come_back(row, to, place, day, reason)
    changes: dict[str, Any] = {"leaving": None, "group_id": None}
    if to not in COUNTED:
        none = dict.fromkeys(("joined_on", "full_on", "probation_until"))
        changes |= none | {"attempt": row.attempt + 1, "applied_on": day}
    await alerts.clear(uow, AlertKind.LOST_REMOVE_DUE, row.member_id, at=at)
    await apply(row, event, reason, uow, at, **changes)
    if to not in COUNTED:
        await begin_joining(row, uow, await versions_of(uow.session, *JOINING))
    return row


async def change(
    row: MemberRow,
    changes: Mapping[str, Any],
    personal_fields: Mapping[str, str],
    uow: UnitOfWork,
    vault: Vault,
    at: datetime,
) -> MemberRow:
    """Codes, group, and what is sealed; only what figures count is a fact for others."""
    event = domain.reclassify(row, changes)
    if "group_id" in changes:
        await check_group(uow, changes["group_id"], row.organisation_id)
    row.change(**changes)
    if personal_fields:
        await _reseal(row, personal_fields, uow, vault)
    return uow.step(row, event, at) if event else row


async def _reseal(row: MemberRow, fields: Mapping[str, str], uow: UnitOfWork, vault: Vault) -> None:
    connection = await uow.driver()
    born = birth_date_in(fields)
    if born is not None:
        fields = {**fields, "birth_date": born.isoformat()}
        row.birth_year = born.year
    digest = identity_digest(vault, fields)
    if digest is not None and digest != row.identity_digest:
        if await tables.identity_known(uow.session, digest):
            raise identity_known()
        row.identity_digest = digest
    try:
        await uow.session.flush()
    except IntegrityError as error:
        raise identity_known() from error
    await personal.change(connection, vault, row.member_id, fields)


async def erase(row: MemberRow, uow: UnitOfWork, at: datetime) -> MemberRow:
    """Destroy the key, and what could tell the person apart. Raises `StillCounted`."""
    event = domain.erase(row)
    if not await personal.erase(await uow.driver(), row.member_id, uow.now):
        raise AlreadyErased("The data were erased before.", zh="该人员的个人信息此前已清除。")
    nothing = {"identity_digest": None, "birth_year": None}
    return uow.step(row, event, at, **nothing, hardship=False, health=Health.ABLE)


def identity_known() -> IdentityKnown:
    """Says nothing of who it is: the caller may have no right to know."""
    return IdentityKnown(
        "A member with this identity number is registered already.",
        zh="该公民身份号码已登记过党员，如需变更所在党支部请办理组织关系转接。",
        field="identity_number",
    )


def code_of_another(code: str) -> CodeOfAnother:
    return CodeOfAnother(
        f"Code {code} belongs to another member.",
        zh=f"党员代码 {code} 已被使用。",
        field="code",
        value=code,
    )


def _taken(constraint: str | None, code: str) -> Refusal:
    return identity_known() if constraint and "identity" in constraint else code_of_another(code)
