"""Who is away, with whom meanwhile, and who was lost."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import Whereabouts
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.periods import after_months
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.members import states as domain
from services.membership.domain.members.rules import SelfRemoval
from services.membership.handlers import alerts
from services.membership.handlers.members.changing import (
    OF_WHEREABOUTS,
    alert_about,
    apply,
    branch,
    end_attachment,
)
from services.membership.tables import members as tables
from services.membership.tables.members import AttachmentRow, MemberRow


async def locate(
    row: MemberRow, whereabouts: Whereabouts, host_id: UUID | None, uow: UnitOfWork, at: datetime
) -> MemberRow:
    """From the day of `at` on. A host looks after the member, who counts at home only."""
    if host_id is not None:
        await branch(uow, host_id, "host_id")
    day = business_date(at)
    domain.in_order(row, day)
    event = domain.locate(row, whereabouts, day, host_id)
    await end_attachment(row, uow, at)
    if whereabouts is Whereabouts.AWAY:
        uow.session.add(
            AttachmentRow(
                attachment_id=new_id(), member_id=row.member_id, host_id=host_id, from_on=day
            )
        )
    changes: dict[str, Any] = {}
    if whereabouts is not row.whereabouts:
        changes["whereabouts_since"] = None if whereabouts is Whereabouts.HERE else day
        for kind in OF_WHEREABOUTS:
            await alerts.clear(uow, kind, row.member_id, at=at)
    return await apply(row, event, whereabouts, uow, at, **changes)


async def settle_self_removal(
    uow: UnitOfWork, member_id: UUID, last_on: date, at: datetime | None = None
) -> bool:
    """Warn as the time without organisation life, dues or assigned work grows.

    `last_on` is the day of the last of them. One alert a threshold, keyed by its months; all are
    cleared once the member took part again. True when something changed.
    """
    row = await tables.member(uow.session, member_id, lock=True)
    today = business_date(at or uow.now)
    book = await rulebook.at(uow.session, today, SelfRemoval)
    rule, changed = book[SelfRemoval], False
    for months in rule.warn_months:
        wanted = alert_about(
            row,
            AlertKind.SELF_REMOVAL_NEAR,
            key=str(months),
            rule=book.statement(SelfRemoval),
            due_on=after_months(last_on, rule.months),
            facts={"months": months, "last_on": last_on.isoformat()},
        )
        stands = row.counted and today >= after_months(last_on, months)
        changed |= await alerts.settle(uow, wanted, stands=stands, at=at)
    return changed
