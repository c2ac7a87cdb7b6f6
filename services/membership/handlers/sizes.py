"""After each change of a tally: alerts about organisations that are no longer of a good size."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from contracts.kinds.alerts import Severity
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.rules import Book
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import sizes as domain
from services.membership.domain.sizes import Finding, Size, SizedAs, Traits
from services.membership.handlers import alerts
from services.membership.tables import organisations as tables
from services.membership.tables import terms
from services.membership.tables.sizes import Placed, lineages, lock, members_up_to

CLOSE = 2
"""Up to so many times the largest number of a rule, who counts in a tree takes turns."""


async def resize(uow: UnitOfWork, *organisation_ids: UUID, at: datetime | None = None) -> None:
    """Settle the alerts of these organisations, and of all above them, about their size.

    Call it once for all that a command counted in, after `tables.organisations.count_members`.
    """
    connection = await uow.driver()
    placed = await lineages(connection, organisation_ids)
    if not placed:
        return
    # What stands now is judged by the rules of now, whatever day it is told of.
    book = await rulebook.at(uow.session, business_date(uow.now), *domain.RULES)
    branches = await _branches(connection, organisation_ids)
    standing = await alerts.standing(uow, organisation_ids)
    traits: dict[str, Traits] = {}
    for one in placed:
        if one.kind not in traits:
            sort = await kinds.sort_of(connection, "organisation", one.kind)
            traits[one.kind] = Traits.of(sort.traits)
        for finding in await _findings(connection, one, traits[one.kind], book, branches):
            # A branch is locked by its counters: what we saw of its alerts is what there is.
            own = traits[one.kind].size is SizedAs.BRANCH
            if finding.stands or not own or (finding.kind, one.organisation_id, "") in standing:
                await _settle(uow, one, finding, book, at)


async def forget(uow: UnitOfWork, organisation_id: UUID, at: datetime) -> None:
    """No rule asks anything of it any more, or other ones do."""
    for kind in domain.ALERTS:
        await alerts.clear(uow, kind, organisation_id, at=at)


async def _findings(
    connection: asyncpg.Connection,
    one: Placed,
    traits: Traits,
    book: Book,
    branches: Mapping[UUID, Size],
) -> Iterable[Finding]:
    match traits.size:
        case SizedAs.BRANCH if one.organisation_id in branches:
            return domain.of_branch(branches[one.organisation_id], book)
        case SizedAs.GENERAL_BRANCH:
            most = book[domain.GeneralBranchSize].most
            members = await _members(connection, one, most + 1)
            return (domain.of_general_branch(members, book, approved=one.approved),)
        case SizedAs.COMMITTEE:
            members = await _members(connection, one, book[domain.CommitteeSize].least)
            return (domain.of_committee(members, book, approved=one.approved),)
        case _:
            return ()


async def _branches(
    connection: asyncpg.Connection, organisation_ids: Collection[UUID]
) -> dict[UUID, Size]:
    """Their own members; one that never had any is missing: it is being filled."""
    counted = await tables.counted(connection, organisation_ids)
    seated = await terms.seated(connection, organisation_ids)
    return {
        each: Size(tally.full_members, tally.probationary, seated.get(each, 0))
        for each, tally in counted.items()
    }


async def _members(connection: asyncpg.Connection, one: Placed, enough: int) -> int:
    """Members of the subtree, up to about `enough`.

    Two who each add the last member in branches of their own would not see each other's: near the
    bound they take turns, and the second sees both. A large tree never makes anybody wait.
    """
    members = await members_up_to(connection, one.path, CLOSE * enough)
    if members >= CLOSE * enough:
        return members
    await lock(connection, one.organisation_id)
    return await members_up_to(connection, one.path, CLOSE * enough)


async def _settle(
    uow: UnitOfWork, one: Placed, finding: Finding, book: Book, at: datetime | None
) -> None:
    rule = book.statement(finding.rule)
    if rule.severity is Severity.BLOCK:  # that is for founding; what stands is warned of
        rule = replace(rule, severity=Severity.WARN)
    wanted = alerts.Wanted(
        kind=finding.kind,
        subject_id=one.organisation_id,
        area=one.area,
        organisation_id=one.organisation_id,
        rule=rule,
        facts=finding.facts,
    )
    await alerts.settle(uow, wanted, stands=finding.stands, at=at)
