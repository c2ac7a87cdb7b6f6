"""What the clock brings about: late answers, visits that are due, what expires and is erased."""

from datetime import date

from contracts.kinds.alerts import AlertKind
from contracts.kinds.volunteering import HelpFileEnd
from services.chassis import rulebook
from services.chassis.clock import business_date
from services.chassis.rules import Statement
from services.chassis.sweeps import Part, Sweep, one_by_one
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering.rules import HelpCadence, HelpFileTerm, ResponseTarget
from services.membership.handlers import alerts
from services.membership.handlers.alerts import Wanted
from services.membership.handlers.volunteering import help as files
from services.membership.handlers.volunteering import references, wishes
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import HelpFileRow


async def warn_of_unanswered(uow: UnitOfWork) -> int:
    """Requests nobody was assigned to within the response target."""
    rows = await cases.unanswered(uow.session, uow.now)
    book = await rulebook.at(uow.session, business_date(uow.now), ResponseTarget)
    for row in rows:
        row.late = True
        wanted = Wanted(
            kind=AlertKind.SERVICE_UNANSWERED,
            subject_id=row.request_id,
            area=row.area,
            rule=book.statement(ResponseTarget),
            facts={"respond_by": row.respond_by.isoformat()},
        )
        await alerts.keep(uow, wanted)
    return len(rows)


async def expire_files(uow: UnitOfWork) -> Part:
    """Nobody renewed them: closed, and their keys destroyed."""
    rows = await cases.files_expired(uow.session, business_date(uow.now))
    return await one_by_one(
        uow, rows, lambda row: files.close(row, HelpFileEnd.EXPIRED, uow, uow.now)
    )


async def warn_of_files(uow: UnitOfWork) -> int:
    """Files that expire soon, and households that have to be visited by now."""
    today = business_date(uow.now)
    book = await rulebook.at(uow.session, today, HelpFileTerm, HelpCadence)
    done = 0
    for column, kind, rule, due in (
        ("remind_on", AlertKind.HELP_FILE_EXPIRING, HelpFileTerm, "expires_on"),
        ("visit_by", AlertKind.HELP_VISIT_DUE, HelpCadence, "visit_by"),
    ):
        for row in await cases.due(uow.session, column, kind, today):
            await alerts.keep(uow, _of_file(row, kind, book.statement(rule), getattr(row, due)))
            done += 1
    return done


def _of_file(row: HelpFileRow, kind: AlertKind, rule: Statement, due_on: date) -> Wanted:
    return Wanted(
        kind=kind,
        subject_id=row.file_id,
        area=row.area,
        organisation_id=row.organisation_id,
        rule=rule,
        due_on=due_on,
        facts={"grade": row.grade},
    )


async def expire_wishes(uow: UnitOfWork) -> Part:
    rows = await cases.wishes_expired(uow.session, business_date(uow.now))
    return await one_by_one(uow, rows, lambda row: wishes.expire(row, uow))


async def forget(uow: UnitOfWork) -> int:
    """Contact data of cases that were closed long enough ago."""
    done = 0
    for table in cases.SEALED:
        for case_id in await cases.to_forget(uow.session, table, business_date(uow.now)):
            await references.erase(uow, case_id)
            done += 1
    return done


SWEEPS: tuple[Sweep, ...] = (
    Sweep("volunteering.unanswered", warn_of_unanswered),
    Sweep("volunteering.files-expired", expire_files),
    Sweep("volunteering.files-due", warn_of_files),
    Sweep("volunteering.wishes-expired", expire_wishes),
    Sweep("volunteering.forgotten", forget),
)
