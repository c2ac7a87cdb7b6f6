"""What the clock does to dues: charges the month that began, looks who is in arrears."""

from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.sweeps import Sweep
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.dues.months import month_of, next_month
from services.membership.domain.dues.standing import Place
from services.membership.handlers.dues.arrears import check
from services.membership.handlers.dues.charging import Span, charge
from services.membership.tables.dues import store

BATCH = 500


async def charge_month(uow: UnitOfWork) -> int:
    """Every member with a standard, at the branch they belong to now. Who left is left alone."""
    month = month_of(business_date(uow.now))
    rows = await store.to_charge(uow.session, month, BATCH)
    counted = [row for row in rows if row.counted]
    places = {row.member_id: Place(row.organisation_id, row.area) for row in counted}
    spans = {row.member_id: Span(next_month(row.charged_through), month) for row in counted}
    await charge(uow, places, spans, new_id())
    await store.change(uow.session, list(places), charged_through=month)
    left = [row.member_id for row in rows if not row.counted]
    await store.change(uow.session, left, stopped=True)
    return len(rows)


async def check_arrears(uow: UnitOfWork) -> int:
    """Once a month for each account; payments and reversals look at theirs at once."""
    month = month_of(business_date(uow.now))
    rows = await store.to_check(uow.session, month, BATCH)
    if rows:
        await check(uow, [row.member_id for row in rows])
    for row in rows:
        row.checked_through = month
    return len(rows)


CHARGE = Sweep("dues.charge", charge_month)
ARREARS = Sweep("dues.arrears", check_arrears)
SWEEPS = (CHARGE, ARREARS)
