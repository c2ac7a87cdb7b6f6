"""When the clock next has something to do about an agreement, and its reminders."""

from datetime import date
from typing import Any
from uuid import uuid5

from contracts.cobuilding.agreements import ReminderFired, ReminderSuperseded
from contracts.kinds.agreements import AgreementStatus
from contracts.kinds.alerts import CobuildingAlertKind
from contracts.standards import NAMESPACE
from services.chassis import rulebook
from services.chassis.alerts import Wanted
from services.chassis.clock import business_date, from_day
from services.chassis.rules import Book
from services.chassis.unit_of_work import UnitOfWork
from services.cobuilding.domain.agreements import reminders, running
from services.cobuilding.domain.agreements.reminders import Reminder, RenewalReminders
from services.cobuilding.tables import agreements as tables
from services.cobuilding.tables.agreements import AgreementRow, ReminderRow
from services.cobuilding.tables.rows import ALERTS


async def set_alarm(row: AgreementRow, uow: UnitOfWork) -> AgreementRow:
    """After whatever changed it: the clock's next day, and whether renewal is due."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, RenewalReminders)
    await uow.session.flush()
    waiting = await _waiting(row, book, today, uow)
    row.wakes_on = running.wakes_on(row, [each.on for each in waiting], today)
    await _alert(row, book, today, uow)
    return row


async def remind(row: AgreementRow, today: date, uow: UnitOfWork) -> None:
    """The nearest reminder that is due, once; those it overtakes are recorded as superseded."""
    book = await rulebook.at(uow.session, today, RenewalReminders)
    due = reminders.due(await _waiting(row, book, today, uow), today)
    for each in due.superseded:
        _record(row, each, due.days_left, uow, fired=False)
    if due.fires is not None:
        _record(row, due.fires, due.days_left, uow, fired=True)


async def _waiting(row: AgreementRow, book: Book, today: date, uow: UnitOfWork) -> list[Reminder]:
    """Those still to come; none once the day to act has passed, or a renewal was concluded."""
    if row.status is not AgreementStatus.EFFECTIVE or row.effective_from is None:
        return []
    if today > row.act_by or await tables.is_renewed(uow.session, row.agreement_id):
        return []
    planned = reminders.reminders(row.act_by, row.effective_from, book[RenewalReminders])
    done = await tables.settled(uow.session, row.agreement_id, row.act_by)
    return [each for each in planned if each.days not in done]


def _record(
    row: AgreementRow, reminder: Reminder, days_left: int, uow: UnitOfWork, *, fired: bool
) -> None:
    """Its key is unique in the database, and its id follows from the key."""
    name = f"cobuilding/reminder/{row.agreement_id}/{reminder.act_by}/{reminder.days}"
    key = uuid5(NAMESPACE, name)
    uow.session.add(
        ReminderRow(
            agreement_id=row.agreement_id, act_by=reminder.act_by, days=reminder.days,
            reminder_id=key, fired=fired, days_left=days_left, recorded_at=uow.now,
        )
    )  # fmt: skip
    facts: dict[str, Any] = {
        "area": row.area,
        "reminder_id": key,
        "agreement_id": row.agreement_id,
        "agreement_kind": row.kind,
        "organisation_id": row.organisation_id,
        "act_by": reminder.act_by,
        "days_before": reminder.days,
    }
    event = ReminderFired(**facts, days_left=days_left) if fired else ReminderSuperseded(**facts)
    uow.announce(event, version=1, occurred_at=from_day(business_date(uow.now), uow.now))


async def _alert(row: AgreementRow, book: Book, today: date, uow: UnitOfWork) -> None:
    """Stands from the first reminder's day until it ended or a renewal was concluded."""
    stands = (
        row.status is AgreementStatus.EFFECTIVE
        and row.effective_from is not None
        and reminders.renewal_due(row.act_by, row.effective_from, book[RenewalReminders], today)
        and not await tables.is_renewed(uow.session, row.agreement_id)
    )
    wanted = Wanted(
        kind=CobuildingAlertKind.RENEWAL_DUE,
        subject_id=row.agreement_id,
        area=row.area,
        organisation_id=row.organisation_id,
        rule=book.statement(RenewalReminders),
        due_on=row.act_by,
        facts={"last_day": row.last_day.isoformat(), "renews": row.renews},
    )
    await ALERTS.settle(uow, wanted, stands=stands)
