"""A roster (党员名册) at once: each row judged by itself, the good ones written set by set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
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
from services.membership.domain.members.rules import JOINING, Rules
from services.membership.domain.members.states import Branch, Registration
from services.membership.domain.rosters import Roll
from services.membership.handlers.members.changing import branch, count
from services.membership.handlers.members.joining import begin_joining
from services.membership.handlers.members.roll import identity_digest, new_member
from services.membership.tables import members as members_table
from services.membership.tables import rosters as tables
from services.membership.tables.members.rules import versions_of

Permit = Callable[[str], None]
"""Raises for an area the caller may not register members in."""


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One row: a member but for the branch, which the row names by code, and what is sealed."""

    number: int
    organisation_code: str
    occurred_at: datetime
    fields: Mapping[str, Any]
    personal: Mapping[str, str]


@dataclass
class Outcome:
    """By the numbers of their rows: who was registered, who was there, who was refused."""

    registered: dict[int, UUID] = field(default_factory=dict)
    unchanged: dict[int, UUID] = field(default_factory=dict)
    refused: dict[int, Refusal] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """A row that may be written."""

    decided: Registration
    digest: bytes | None
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
    roll = await _roll(rows, uow, vault)
    good: list[Judged] = []
    for row in rows:
        place = places[row.organisation_code]
        try:
            if isinstance(place, Refusal):
                raise place
            judged = _judge(row, place, roll, rules, vault)
        except Refusal as refusal:
            outcome.refused[row.number] = refusal
            continue
        if isinstance(judged, Judged):
            outcome.registered[row.number] = judged.decided.member.member_id
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


async def _roll(rows: Sequence[RosterRow], uow: UnitOfWork, vault: Vault) -> Roll:
    digests = [identity_digest(vault, row.personal) for row in rows]
    found = await tables.known(
        await uow.driver(),
        [row.fields["code"] for row in rows],
        [digest for digest in digests if digest],
    )
    return Roll(found)


def _judge(row: RosterRow, place: Branch, roll: Roll, rules: Rules, vault: Vault) -> Judged | UUID:
    """What is to be written, or the member who is there exactly so."""
    told = states.entrant(row.fields, place, business_date(row.occurred_at))
    decided = states.register(told, row.personal, place, rules, ChangeReason.ENTERED)
    digest = identity_digest(vault, decided.personal)
    there = roll.who_is(decided.member, digest)
    return there or Judged(decided, digest, row.occurred_at)


async def _write(good: Sequence[Judged], rules: Rules, uow: UnitOfWork, vault: Vault) -> None:
    connection = await uow.driver()
    new = [new_member(each.decided, each.digest, uow.now) for each in good]
    try:
        await members_table.insert_many(connection, new, ChangeReason.ENTERED)
    except asyncpg.UniqueViolationError as error:
        raise Busy(
            "Somebody registers one of these members now; repeat with the same Idempotency-Key.",
            zh="有党员正在被他人登记，请用同一 Idempotency-Key 重试。",
        ) from error
    decided = [each.decided for each in good]
    sealed = {each.member.member_id: each.personal for each in decided}
    await personal.keep(connection, vault, sealed)
    for each in good:
        member = each.decided.member
        uow.announce(each.decided.event, version=1, occurred_at=each.at)
        if first_step(member):  # few of a roster are still joining
            row = await members_table.member(uow.session, member.member_id, lock=True)
            await begin_joining(row, uow, rules)
    counts = [(each.member.organisation_id, each.member.state, 1) for each in decided]
    await count(counts, uow, uow.now)


def _no_branch(code: str) -> OrganisationUnknown:
    return OrganisationUnknown(
        f"No organisation {code}.",
        zh=f"没有组织代码为 {code} 的党组织。",
        field="organisation_code",
        value=code,
    )
