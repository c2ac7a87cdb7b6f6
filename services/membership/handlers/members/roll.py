"""The roll of a branch: onto it, from it to another, off it and back."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

import asyncpg
from sqlalchemy.exc import IntegrityError

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import COUNTED, ChangeReason, Health, LeavingReason, MemberState
from services.chassis import personal
from services.chassis.clock import business_date
from services.chassis.errors import Refusal
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.periods import after_months
from services.chassis.personal import Vault
from services.chassis.rules import Statement
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import joining
from services.membership.domain.members import states as domain
from services.membership.domain.members.identity import settled_birth_date
from services.membership.domain.members.refusals import (
    AlreadyErased,
    CodeOfAnother,
    IdentityKnown,
)
from services.membership.domain.members.rules import (
    JOINING,
    JoiningAge,
    Probation,
)
from services.membership.domain.members.states import ChangeMember, RegisterMember
from services.membership.handlers import alerts
from services.membership.handlers.members.changing import (
    announce,
    apply,
    branch,
    check_group,
    clear_joining,
    count,
    settle_down,
)
from services.membership.handlers.terms import vacate_seats_of
from services.membership.tables import members as tables
from services.membership.tables.members import MemberRow, NewMember, StepRow, member_of
from services.membership.tables.members.rules import Versions, versions_of


async def register(
    command: RegisterMember, uow: UnitOfWork, vault: Vault, at: datetime
) -> MemberRow:
    """Raises `CodeOfAnother`, `IdentityKnown`, `OrganisationUnknown`, a rule's refusal."""
    day = business_date(at)
    place = await branch(uow, command.organisation_id)
    await check_group(uow, command.group_id, command.organisation_id)
    rules = await versions_of(uow.session, *JOINING)
    age = rules(command.applied_on or day)[JoiningAge]
    decided = domain.decide_registration(command, place, age, day)
    fields = {**command.personal, **decided.personal}
    digest = identity_digest(vault, fields)
    if await tables.code_taken(uow.session, command.code):
        raise code_of_another(command.code)
    if digest is not None and await tables.identity_known(uow.session, digest):
        raise identity_known()
    new = new_member(command, decided, rules, day, uow.now, digest)
    connection = await uow.driver()
    try:
        await tables.insert_many(connection, [new], command.reason.value)
    except asyncpg.UniqueViolationError as error:
        raise _taken(error.constraint_name, command.code) from error
    await personal.keep(connection, vault, {command.member_id: fields})
    uow.announce(decided.event, version=1, occurred_at=at)
    registered = await tables.member(uow.session, command.member_id, lock=True)
    await begin_joining(uow, registered, command, day, rules)
    await count(uow, [(registered.organisation_id, registered.state, 1)], at)
    return registered


def new_member(
    command: RegisterMember,
    decided: domain.Registration,
    rules: Versions,
    day: date,
    now: datetime,
    digest: bytes | None,
) -> NewMember:
    """The columns of a decided registration. Of the birth date they keep the year alone."""
    until = command.probation_until
    if command.state is MemberState.PROBATIONARY and until is None:
        began = command.joined_on or day
        until = after_months(began, rules(began)[Probation].months)
    applying = command.state is MemberState.APPLICANT
    return NewMember(
        member_id=command.member_id,
        code=command.code,
        organisation_id=command.organisation_id,
        group_id=command.group_id,
        area=decided.event.area,
        state=command.state.value,
        since=day,
        education=command.education.value,
        work_status=command.work_status.value,
        occupation=command.occupation.value,
        health=command.health.value,
        hardship=command.hardship,
        birth_year=decided.born.year if decided.born else None,
        applied_on=command.applied_on or (day if applying else None),
        joined_on=command.joined_on,
        full_on=command.full_on,
        probation_until=until,
        identity_digest=digest,
        recorded_at=now,
    )


def identity_digest(vault: Vault, fields: Mapping[str, str]) -> bytes | None:
    """What tells that an identity number is known already, without telling the number."""
    number = fields.get("identity_number")
    return vault.digest("identity_number", number) if number else None


async def begin_joining(
    uow: UnitOfWork, row: MemberRow, command: RegisterMember, day: date, rules: Versions
) -> None:
    """The step that the registration tells of, and when the next one is due."""
    first = joining.first_step(command, day)
    if first is None:
        return
    step, held_on = first
    uow.session.add(
        StepRow(
            step_id=new_id(),
            member_id=row.member_id,
            attempt=row.attempt,
            step=step.value,
            held_on=held_on,
            organisation_id=row.organisation_id,
            recorded_at=uow.now,
        )
    )
    candidate = joining.Candidate(member_of(row), {step: held_on})
    row.joining_due = joining.next_due(candidate, rules)
    await uow.session.flush()


async def move(
    uow: UnitOfWork,
    member_id: UUID,
    organisation_id: UUID,
    reason: ChangeReason,
    at: datetime,
    *,
    group_id: UUID | None = None,
) -> MemberRow:
    """To another branch of the platform, in one step: never in two, never in none."""
    row = await tables.member(uow.session, member_id, lock=True)
    place = await branch(uow, organisation_id)
    await check_group(uow, group_id, organisation_id)
    day = business_date(at)
    event = domain.move(member_of(row), place, day, reason)
    await settle_down(uow, row, day, at)
    await vacate_seats_of(uow, row.member_id, at, of=row.organisation_id)
    row.group_id = group_id
    await apply(uow, row, event, reason.value, at)
    return row


async def follow(uow: UnitOfWork, organisation_id: UUID, area: str, at: datetime) -> int:
    """The branch has another area now, and its members with it; how many they are."""
    moved = 0
    for row in await tables.members_of(uow.session, organisation_id):
        if row.area != area:
            event = domain.follow(member_of(row), area)
            await apply(uow, row, event, ChangeReason.AREA_CHANGED.value, at)
            moved += 1
    return moved


async def merge(uow: UnitOfWork, organisation_id: UUID, into_id: UUID, at: datetime) -> int:
    """All on the roll of one branch go to another; how many they are."""
    place = await branch(uow, into_id)
    day = business_date(at)
    moved = 0
    for row in await tables.members_of(uow.session, organisation_id):
        if row.state != MemberState.LEFT:
            event = domain.move(member_of(row), place, day, ChangeReason.MERGED)
            await settle_down(uow, row, day, at)
            await vacate_seats_of(uow, row.member_id, at, of=row.organisation_id)
            row.group_id = None
            await apply(uow, row, event, ChangeReason.MERGED.value, at)
            moved += 1
    return moved


async def leave(
    uow: UnitOfWork,
    member_id: UUID,
    leaving: LeavingReason,
    at: datetime,
    *,
    rule: Statement | None = None,
) -> MemberRow:
    """Off the roll; `rule` is what it rests on."""
    row = await tables.member(uow.session, member_id, lock=True)
    day = business_date(at)
    event = domain.leave(member_of(row), leaving, day, rule)
    await settle_down(uow, row, day, at)
    await vacate_seats_of(uow, row.member_id, at)
    row.joining_due = None
    await clear_joining(uow, row, at)
    await alerts.clear(uow, AlertKind.LOST_REMOVE_DUE, member_id, at=at)
    await apply(uow, row, event, leaving.value, at)
    return row


async def come_back(
    uow: UnitOfWork,
    member_id: UUID,
    to: MemberState,
    organisation_id: UUID,
    reason: ChangeReason,
    at: datetime,
) -> MemberRow:
    """On the roll again. Who applies anew begins another attempt, with steps of its own."""
    row = await tables.member(uow.session, member_id, lock=True)
    place = await branch(uow, organisation_id)
    day = business_date(at)
    event = domain.come_back(member_of(row), to, place, day, reason)
    row.leaving, row.group_id = None, None
    if to not in COUNTED:
        row.attempt += 1
        row.applied_on = day
        row.joined_on = row.full_on = row.probation_until = None
    await alerts.clear(uow, AlertKind.LOST_REMOVE_DUE, member_id, at=at)
    await apply(uow, row, event, reason.value, at)
    if to not in COUNTED:
        command = RegisterMember(
            member_id=member_id, code=row.code, organisation_id=organisation_id, state=to
        )
        rules = await versions_of(uow.session, *JOINING)
        await begin_joining(uow, row, command, day, rules)
    return row


async def change(
    uow: UnitOfWork,
    vault: Vault,
    member_id: UUID,
    command: ChangeMember,
    expected: int,
    at: datetime,
) -> MemberRow:
    """Codes, group, and what is sealed. Raises `PreconditionFailed` for another version."""
    row = await tables.member(uow.session, member_id, lock=True)
    versions.check(expected, row.version)
    event = domain.reclassify(member_of(row), command)
    if command.group_id is not None or command.no_group:
        await check_group(uow, command.group_id, row.organisation_id)
        row.group_id = command.group_id
    row.health = (command.health or Health(row.health)).value
    row.hardship = row.hardship if command.hardship is None else command.hardship
    if command.personal:
        await _reseal(uow, vault, row, dict(command.personal))
    if event is not None:
        row.sqlmodel_update(
            event.model_dump(mode="json", include={"education", "work_status", "occupation"})
        )
        announce(uow, row, event, at)
    return row


async def _reseal(uow: UnitOfWork, vault: Vault, row: MemberRow, fields: dict[str, str]) -> None:
    connection = await uow.driver()
    said = fields.get("birth_date")
    born = settled_birth_date(
        fields.get("identity_number"), date.fromisoformat(said) if said else None
    )
    if born is not None:
        fields["birth_date"], row.birth_year = born.isoformat(), born.year
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


async def erase(uow: UnitOfWork, member_id: UUID, at: datetime) -> MemberRow:
    """Destroy the key, and what could tell the person apart. Raises `StillCounted`."""
    row = await tables.member(uow.session, member_id, lock=True)
    event = domain.erase(member_of(row))
    if not await personal.erase(await uow.driver(), member_id, uow.now):
        raise AlreadyErased("The data were erased before.", zh="该人员的个人信息此前已清除。")
    row.identity_digest = row.birth_year = None
    row.hardship, row.health = False, Health.ABLE.value
    announce(uow, row, event, at)
    return row


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
