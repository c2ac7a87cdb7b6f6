"""Dues returned to organisations of the new economy, once a year."""

from datetime import date, datetime
from uuid import UUID

from contracts.kinds.dues import DuesReversal
from contracts.membership.dues import DuesReturnEvent, DuesReturnReversed
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.errors import Invalid
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import DuesReturnShare, ReturnedAlready
from services.membership.handlers.dues.payments import reversed_already
from services.membership.tables import dues as tables
from services.membership.tables import organisations
from services.membership.tables.dues import ReturnRow


class YearNotOver(Invalid):
    code = "year-not-over"
    title, title_zh = "The year is not over", "该年度尚未结束"


async def record_return(
    return_id: UUID, organisation_id: UUID, year: int, uow: UnitOfWork, at: datetime
) -> ReturnRow:
    """The share in force at the end of that year, of what came in and stands.

    Raises `YearNotOver`, `ReturnShareUnset`, `KindNotReturned`, `ReturnedAlready`.
    """
    day = business_date(at)
    check_over(year, day)
    organisation = await organisations.organisation(uow.session, organisation_id)
    book = await rulebook.at(uow.session, date(year, 12, 31), DuesReturnShare)
    base = await tables.paid_in_year(uow.session, organisation_id, year)
    event = decisions.give_back(
        return_id,
        organisation_id,
        organisation.kind,
        organisation.area,
        year,
        base,
        book[DuesReturnShare],
    )
    row = ReturnRow(
        **event.model_dump(),
        rule_version=book.statement(DuesReturnShare).version,
        returned_on=day,
        recorded_at=uow.now,
    )
    if not await tables.add_return(uow.session, row):
        raise ReturnedAlready(
            f"The dues of {year} were returned to this organisation.",
            zh=f"该党组织 {year} 年度的党费已经返还。",
            field="year",
            value=year,
        )
    uow.announce(event, version=1, occurred_at=at)
    return row


async def reverse_return(
    return_id: UUID, reason: DuesReversal, uow: UnitOfWork, at: datetime
) -> ReturnRow:
    """It stays on record, cancelled; the year may be returned anew."""
    row = await tables.return_(uow.session, return_id, lock=True)
    if row.reversed_on is not None:
        raise reversed_already(row.reversed_on)
    row.reversed_on, row.reversal = business_date(at), reason.value
    row.version += 1
    said = row.model_dump(include=set(DuesReturnEvent.model_fields))
    event = DuesReturnReversed.model_validate(said | {"reason": reason})
    uow.announce(event, version=row.version, occurred_at=at)
    return row


def check_over(year: int, today: date) -> None:
    """Raises `YearNotOver`."""
    if year >= today.year:
        raise YearNotOver(
            f"{year} is not over on {today}.",
            zh=f"{year} 年度尚未结束，年度终了后计算返还。",
            field="year",
            value=year,
        )
