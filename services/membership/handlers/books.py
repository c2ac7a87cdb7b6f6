"""Keeping the organisations' books."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.areas import AreaLevel, level_of
from contracts.kinds.alerts import AlertKind
from contracts.kinds.books import Book, Duration, TaskState, WithdrawReason
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.rows import check_area, check_code, one
from services.chassis.rules import Book as RuleBook
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain import books
from services.membership.domain.books import Entry, FundMinimum, TaskNotice
from services.membership.domain.organisations import area_id
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.tables import books as tables
from services.membership.tables import organisations
from services.membership.tables.books import EntryRow, Given
from services.membership.tables.organisations import AreaRow

COMMUNITY_DIGITS = 12
SWEPT = 200
"""Entries that one turn of a sweep looks at."""
CLOSING_MONTH = 12
"""From when in the year a community still below its minimum is an alert."""


async def enter(entry: Entry, given: frozenset[str], uow: UnitOfWork) -> EntryRow:
    """Raises `AreaUnknown`, `OrganisationUnknown`, `UnknownKind`, `CodeTaken`, a shape's own."""
    day = business_date(entry.occurred_at)
    await _check_references(uow, entry, day)
    if entry.code:
        await check_code(uow.session, EntryRow, entry.code, "编号")
    event = books.enter(entry, given)
    row = EntryRow.of(entry, day=day, recorded_at=uow.now)
    uow.begin(row, event, entry.occurred_at)
    if entry.book is Book.FUND:
        await settle_minimum(uow, entry.area, day)
    return row


async def correct(row: EntryRow, changes: dict[str, Any], uow: UnitOfWork) -> EntryRow:
    """What the entry should always have said; dated like the entry itself."""
    now = row.as_state(Entry, **changes)
    await _check_references(uow, now, row.day)
    event = books.correct(row, now, frozenset(changes))
    if event is None:  # words that no figure knows
        row.change(**changes)
    else:
        uow.step(row, event, row.occurred_at, **changes)
    if now.book is Book.FUND:
        await settle_minimum(uow, now.area, row.day)
    return row


async def withdraw(
    row: EntryRow, reason: WithdrawReason, uow: UnitOfWork, at: datetime
) -> EntryRow:
    uow.step(row, books.withdraw(row, reason), row.occurred_at, withdrawn_at=at)
    await alerts.clear(uow, AlertKind.TASK_DUE, row.entry_id, at=at)
    return row


async def end(row: EntryRow, uow: UnitOfWork, at: datetime) -> EntryRow:
    return uow.step(row, books.end(row, at), at, ended_at=at)


async def move(row: EntryRow, to: TaskState, uow: UnitOfWork, at: datetime) -> EntryRow:
    uow.step(row, books.move(row, to), at, state=to)
    if to not in books.UNFINISHED:
        await alerts.clear(uow, AlertKind.TASK_DUE, row.entry_id, at=at)
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
    await check_area(uow.session, AreaRow, entry.area)
    await kinds.check(uow.session, entry.book, entry.kind, day, "kind")
    if entry.organisation_id is not None:
        await organisations.referred(uow.session, entry.organisation_id)
    if entry.parent_id is not None:
        await one(uow.session, EntryRow, entry.parent_id, "entry", "台账条目")


SWEEPS = (
    Sweep("tasks-due", remind),
    Sweep("funds-below-minimum", watch_minimum, every=timedelta(hours=6)),
)
