"""Dues returned to organisations of the new economy, once a year."""

from datetime import date, datetime

from contracts.kinds.dues import DuesReversal
from contracts.membership.dues import DuesReturned, DuesReturnReversed
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.rows import insert_once
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues import decisions
from services.membership.domain.dues.decisions import DuesReturnShare, ReturnedAlready
from services.membership.domain.dues.states import Return
from services.membership.tables.dues import store
from services.membership.tables.dues.rows import ReturnRow
from services.membership.tables.organisations import OrganisationRow


async def record_return(
    organisation: OrganisationRow, year: int, uow: UnitOfWork, at: datetime
) -> ReturnRow:
    """The share in force at the end of that year, of what came in and stands.

    Raises `YearNotOver`, `ReturnShareUnset`, `KindNotReturned`, `ReturnedAlready`.
    """
    day = business_date(at)
    decisions.check_over(year, day)
    book = await rulebook.at(uow.session, date(year, 12, 31), DuesReturnShare)
    share = book[DuesReturnShare]
    base = await store.paid_in_year(uow.session, organisation.organisation_id, year)
    returned = Return(
        return_id=new_id(),
        organisation_id=organisation.organisation_id,
        organisation_kind=organisation.kind,
        year=year,
        base_amount=base,
        percent=share.percent,
        amount=decisions.give_back(organisation.kind, base, share),
        rule_version=book.statement(DuesReturnShare).version,
        returned_on=day,
        reversed_on=None,
        reversal=None,
    )
    row = ReturnRow.of(returned, area=organisation.area, recorded_at=uow.now)
    if not await insert_once(uow.session, row):
        raise ReturnedAlready(
            f"The dues of {year} were returned to this organisation.",
            zh=f"该党组织 {year} 年度的党费已经返还。",
            field="year",
            value=year,
        )
    uow.announce(DuesReturned(**row.facts()), version=row.version, occurred_at=at)
    return row


async def reverse_return(
    kept: ReturnRow, reason: DuesReversal, uow: UnitOfWork, at: datetime
) -> ReturnRow:
    """It stays on record, cancelled; the year may be returned anew."""
    decisions.check_stands(kept)
    event = DuesReturnReversed(**kept.facts(), reason=reason)
    return uow.step(kept, event, at, reversed_on=business_date(at), reversal=reason)
