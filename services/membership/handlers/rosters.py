"""A roster (党员名册) at once: each row judged by itself, the good ones written set by set."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.kinds.members import ChangeReason
from services.chassis import personal
from services.chassis.clock import business_date
from services.chassis.errors import Refusal
from services.chassis.http.failures import Busy
from services.chassis.known import OrganisationUnknown
from services.chassis.personal import Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import states
from services.membership.domain.members.joining import first_step
from services.membership.domain.members.rules import JOINING, JoiningAge
from services.membership.domain.members.states import Branch, RegisterMember, Registration
from services.membership.domain.rosters import Registered, Roll, roll_of
from services.membership.handlers.members.changing import branch, count
from services.membership.handlers.members.roll import begin_joining, identity_digest, new_member
from services.membership.tables import members as members_table
from services.membership.tables import rosters as tables
from services.membership.tables.members import NewMember
from services.membership.tables.members.rules import Versions, versions_of

Permit = Callable[[str], None]
"""Raises for an area the caller may not register members in."""


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One row: the command but for its branch, which the row names by code."""

    number: int
    organisation_code: str
    occurred_at: datetime
    command: Callable[[UUID], RegisterMember]


@dataclass
class Outcome:
    """By the numbers of their rows: who was registered, who was there, who was refused."""

    registered: dict[int, UUID] = field(default_factory=dict)
    unchanged: dict[int, UUID] = field(default_factory=dict)
    refused: dict[int, Refusal] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A row that may be written."""

    command: RegisterMember
    decided: Registration
    new: NewMember
    sealed: dict[str, str]
    at: datetime


async def enter(
    rows: Sequence[RosterRow], permit: Permit, uow: UnitOfWork, vault: Vault
) -> Outcome:
    """Register whom the roster names. A row that is refused keeps none of the others out.

    Raises `Busy` when somebody registers one of them at the same moment: nothing is written then,
    and the same key may be sent again.
    """
    outcome = Outcome()
    rules = await versions_of(uow.session, *JOINING)
    places = await _places(rows, permit, uow)
    commands = {
        row.number: row.command(place.organisation_id)
        for row in rows
        if isinstance(place := places[row.organisation_code], Branch)
    }
    roll = await _roll(list(commands.values()), uow, vault)
    good: list[Judged] = []
    for row in rows:
        place = places[row.organisation_code]
        try:
            if isinstance(place, Refusal):
                raise place
            judged = _judge(row, commands[row.number], place, roll, rules, uow, vault)
        except Refusal as refusal:
            outcome.refused[row.number] = refusal
            continue
        if isinstance(judged, Judged):
            outcome.registered[row.number] = judged.command.member_id
            good.append(judged)
        else:
            outcome.unchanged[row.number] = judged
    await _write(good, rules, uow, vault)
    return outcome


async def _places(
    rows: Sequence[RosterRow], permit: Permit, uow: UnitOfWork
) -> dict[str, Branch | Refusal]:
    """Each branch named, or why nobody can be registered there."""
    codes = {row.organisation_code for row in rows}
    ids = await tables.branches(await uow.driver(), codes)
    places: dict[str, Branch | Refusal] = {}
    for code in sorted(codes):
        try:
            if code not in ids:
                raise _no_branch(code)
            place = await branch(uow, ids[code], "organisation_code")
            permit(place.area)
            places[code] = place
        except Refusal as refusal:
            places[code] = refusal
    return places


async def _roll(commands: Sequence[RegisterMember], uow: UnitOfWork, vault: Vault) -> Roll:
    digests = [identity_digest(vault, command.personal) for command in commands]
    found = await tables.known(
        await uow.driver(),
        [command.code for command in commands],
        [digest for digest in digests if digest],
    )
    return roll_of({each.code: Registered(*each) for each in found})


def _judge(
    row: RosterRow,
    command: RegisterMember,
    place: Branch,
    roll: Roll,
    rules: Versions,
    uow: UnitOfWork,
    vault: Vault,
) -> Judged | UUID:
    """What is to be written, or the member who is there exactly so."""
    day = business_date(row.occurred_at)
    age = rules(command.applied_on or day)[JoiningAge]
    decided = states.decide_registration(command, place, age, day)
    sealed = {**command.personal, **decided.personal}
    digest = identity_digest(vault, sealed)
    if (there := roll.who_is(command, digest)) is not None:
        return there
    new = new_member(command, decided, rules, day, uow.now, digest)
    return Judged(command, decided, new, sealed, row.occurred_at)


async def _write(good: Sequence[Judged], rules: Versions, uow: UnitOfWork, vault: Vault) -> None:
    connection = await uow.driver()
    try:
        await members_table.insert_many(
            connection, [each.new for each in good], ChangeReason.ENTERED.value
        )
    except asyncpg.UniqueViolationError as error:
        raise Busy(
            "Somebody registers one of these members now; repeat with the same Idempotency-Key.",
            zh="有党员正在被他人登记，请用同一 Idempotency-Key 重试。",
        ) from error
    await personal.keep(connection, vault, {each.command.member_id: each.sealed for each in good})
    for each in good:
        uow.announce(each.decided.event, version=1, occurred_at=each.at)
        if first_step(each.command, each.new["since"]):  # few of a roster are still joining
            row = await members_table.member(uow.session, each.command.member_id, lock=True)
            await begin_joining(uow, row, each.command, row.since, rules)
    counts = [(each.command.organisation_id, each.command.state, 1) for each in good]
    await count(uow, counts, uow.now)


def _no_branch(code: str) -> OrganisationUnknown:
    return OrganisationUnknown(
        f"No organisation {code}.",
        zh=f"没有组织代码为 {code} 的党组织。",
        field="organisation_code",
        value=code,
    )
