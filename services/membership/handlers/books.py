"""Keeping the organisations' books."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import AreaLevel, level_of
from contracts.kinds.alerts import AlertKind
from contracts.kinds.books import Book, Duration, TaskState, WithdrawReason
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.rows import code_taken
from services.chassis.rules import Book as RuleBook
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import books
from services.membership.domain.books import Entry, FundMinimum, TaskNotice
from services.membership.domain.organisations import (
    CodeTaken,
    OrganisationUnknown,
    area_id,
    area_unknown,
)
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.tables import books as tables
from services.membership.tables import organisations
from services.membership.tables.books import EntryRow, Given

COMMUNITY_DIGITS = 12
SWEPT = 200
"""Entries that one turn of a sweep looks at."""
CLOSING_MONTH = 12
"""From when in the year a community still below its minimum is an alert."""


async def enter(entry: Entry, given: frozenset[str], uow: UnitOfWork) -> EntryRow:
    """Raises `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, `CodeTaken`, a shape's own."""
    day = business_date(entry.occurred_at)
    await _check_references(uow, entry, day)
    if entry.code and await code_taken(uow.session, EntryRow, entry.code):
        raise CodeTaken(
            f"Code {entry.code} belongs to another entry.",
            zh=f"编号 {entry.code} 已被使用。",
            field="code",
            value=entry.code,
        )
    event = books.enter(entry, given)
    row = EntryRow(
        **vars(entry) | {"subject_ids": list(entry.subject_ids)}, day=day, recorded_at=uow.now
    )
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=entry.occurred_at)
    if entry.book is Book.FUND:
        await settle_minimum(uow, entry.area, day)
    return row


async def correct(
    entry_id: UUID, changes: Mapping[str, Any], expected: int, uow: UnitOfWork
) -> EntryRow:
    """What the entry should always have said; dated like the entry itself."""
    row = await tables.entry(uow.session, entry_id, lock=True)
    versions.check(expected, row.version)
    was = tables.entry_of(row)
    now = books.corrected(was, changes)
    await _check_references(uow, now, row.day)
    event = books.correct(was, now, frozenset(changes))
    row.sqlmodel_update({**changes})
    if event is not None:
        row.version += 1
        uow.announce(event, version=row.version, occurred_at=row.occurred_at)
    if now.book is Book.FUND:
        await settle_minimum(uow, now.area, row.day)
    return row


async def withdraw(
    entry_id: UUID, reason: WithdrawReason, uow: UnitOfWork, at: datetime
) -> EntryRow:
    row = await tables.entry(uow.session, entry_id, lock=True)
    event = books.withdraw(tables.entry_of(row), reason)
    row.withdrawn_at, row.version = at, row.version + 1
    uow.announce(event, version=row.version, occurred_at=row.occurred_at)
    await alerts.clear(uow, AlertKind.TASK_DUE, entry_id, at=at)
    return row


async def end(entry_id: UUID, uow: UnitOfWork, at: datetime) -> EntryRow:
    row = await tables.entry(uow.session, entry_id, lock=True)
    event = books.end(tables.entry_of(row), at)
    row.ended_at, row.version = at, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def move(entry_id: UUID, to: TaskState, uow: UnitOfWork, at: datetime) -> EntryRow:
    row = await tables.entry(uow.session, entry_id, lock=True)
    event = books.move(tables.entry_of(row), to)
    uow.step(row, event, at, state=to.value)
    if to in {TaskState.DONE, TaskState.DROPPED}:
        await alerts.clear(uow, AlertKind.TASK_DUE, entry_id, at=at)
    return row


async def standing(uow: UnitOfWork, kind: str) -> Duration:
    """Whether entries of a register's kind stand until ended: a trait of the kind."""
    traits = (await kinds.of(uow.session, Book.REGISTER, kind)).traits
    return Duration.STANDING if traits.get("standing") else Duration.ONCE


async def minimum(
    session: AsyncSession, year: int, within: str, after: str, limit: int
) -> list[Given]:
    """Communities with what they were given of the kinds that the year's minimum counts."""
    rule = (await rulebook.at(session, date(year, 12, 31), FundMinimum))[FundMinimum]
    return await tables.given(session, rule.kinds, year, within, after=after, limit=limit)


async def remind(uow: UnitOfWork) -> int:
    """Alerts for tasks that come due."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, TaskNotice)
    by = book[TaskNotice].last_day(today)
    rows = await tables.due(uow.session, by, SWEPT)
    for row in rows:
        wanted = Wanted(
            kind=AlertKind.TASK_DUE,
            subject_id=row.entry_id,
            area=row.area,
            organisation_id=row.organisation_id,
            rule=book.statement(TaskNotice),
            due_on=row.due_on,
            facts={"task_kind": row.kind},
        )
        await alerts.keep(uow, wanted)
    return len(rows)


async def watch_minimum(uow: UnitOfWork) -> int:
    """Late in the year, alerts for communities still given less than the minimum."""
    today = business_date(uow.now)
    if today.month < CLOSING_MONTH:
        return 0
    book = await rulebook.at(uow.session, today, FundMinimum)
    rule = book[FundMinimum]
    short = await tables.below(uow.session, rule.kinds, today.year, rule.least_fen, SWEPT)
    for community in short:
        await alerts.keep(uow, _shortage(community, today.year, book, rule))
    return len(short)


async def settle_minimum(uow: UnitOfWork, area: str, day: date) -> None:
    """Take the alert of the entry's community back where it has enough now."""
    if level_of(area) not in {AreaLevel.COMMUNITY, AreaLevel.GRID}:
        return
    community = area[:COMMUNITY_DIGITS]
    book = await rulebook.at(uow.session, day, FundMinimum)
    rule = book[FundMinimum]
    await uow.session.flush()
    found = await tables.given(uow.session, rule.kinds, day.year, community, limit=1)
    if found and rule.met(found[0].amount_fen):
        kind, subject = AlertKind.FUND_BELOW_MINIMUM, area_id(community)
        await alerts.clear(uow, kind, subject, key=str(day.year))


def _shortage(community: Given, year: int, book: RuleBook, rule: FundMinimum) -> Wanted:
    return Wanted(
        kind=AlertKind.FUND_BELOW_MINIMUM,
        subject_id=area_id(community.area),
        area=community.area,
        key=str(year),
        rule=book.statement(FundMinimum),
        due_on=date(year, 12, 31),
        facts={"given_fen": community.amount_fen, "least_fen": rule.least_fen},
    )


async def _check_references(uow: UnitOfWork, entry: Entry, day: date) -> None:
    if not await organisations.area_exists(uow.session, entry.area):
        raise area_unknown(entry.area, field="area")
    await kinds.check(uow.session, entry.book, entry.kind, day, "kind")
    if entry.organisation_id is not None:
        known = await organisations.find_organisation(uow.session, entry.organisation_id)
        if known is None:
            raise OrganisationUnknown(
                f"No organisation {entry.organisation_id}.",
                zh="没有该编号的党组织。",
                field="organisation_id",
                value=str(entry.organisation_id),
            )
    if entry.parent_id is not None:
        await tables.entry(uow.session, entry.parent_id)


SWEEPS = (
    Sweep("tasks-due", remind),
    Sweep("funds-below-minimum", watch_minimum, every=timedelta(hours=6)),
)
