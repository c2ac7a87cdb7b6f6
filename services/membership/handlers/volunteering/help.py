"""Commands on help files, pairs and visits."""

from datetime import date, datetime
from typing import Any

from contracts.kinds.alerts import AlertKind
from contracts.kinds.volunteering import HelpFileEnd, PairMode, ServiceSource
from services.chassis import kinds, personal, rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_code, take_turn
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import help as domain
from services.membership.domain.volunteering.help import HelpFile
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.rules import (
    HelpCadence,
    HelperLoad,
    HelperPlaces,
    HelpFileTerm,
    HelpMeasures,
)
from services.membership.handlers import alerts
from services.membership.handlers.volunteering import references, time
from services.membership.tables.volunteering import cases
from services.membership.tables.volunteering.rows import HelpFileRow, HelpPairRow, HelpVisitRow


async def open_file(
    fields: dict[str, Any], household: Fields, vault: Vault, uow: UnitOfWork, at: datetime
) -> HelpFileRow:
    """The household's data are sealed under the file's id and die with the file.

    Raises `ConsentMissing`, `ConsentTooOld`, `CodeTaken`, and for what it refers to.
    """
    on = business_date(at)
    await _check_kinds(uow, fields["grade"], fields["difficulty"], on)
    organisation = await references.organisation(uow, fields["organisation_id"])
    area = await references.area(uow, fields["area"], organisation.area)
    await check_code(uow.session, HelpFileRow, fields["code"])
    book = await rulebook.at(uow.session, on, HelpFileTerm, HelpCadence)
    consent = domain.agree(fields["consent_reference"], fields["consented_on"], book, on)
    file = HelpFile(
        **fields | vars(consent) | {"area": area},
        file_id=new_id(),
        opened_on=on,
        helpers=0,
        visited_on=None,
        visit_by=domain.next_visit(fields["grade"], on, book),
        ended=None,
        ended_on=None,
    )
    row = HelpFileRow.of(file, **vars(consent), recorded_at=uow.now)
    return await references.begin(row, domain.open_file(file), household, vault, uow, at)


async def regrade(
    file: HelpFileRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime
) -> HelpFileRow:
    """Another grade means another rhythm of visits from the last one on."""
    now, on = file.as_state(HelpFile, **changes), business_date(at)
    await _check_kinds(uow, now.grade, now.difficulty, on)
    event = domain.regrade(file, now)
    if event is None:
        return file
    book = await rulebook.at(uow.session, on, HelpCadence)
    visit_by = domain.next_visit(now.grade, file.visited_on or file.opened_on, book)
    await _settle_visit(file, visit_by, uow, at)
    return uow.step(file, event, at, **changes, visit_by=visit_by)


async def renew(
    file: HelpFileRow, reference: str | None, given_on: date | None, uow: UnitOfWork, at: datetime
) -> HelpFileRow:
    on = business_date(at)
    book = await rulebook.at(uow.session, on, HelpFileTerm)
    event, consent = domain.renew(file, reference, given_on, book, on)
    await alerts.clear(uow, AlertKind.HELP_FILE_EXPIRING, file.file_id, at=at)
    return uow.step(file, event, at, **vars(consent))


async def change_household(
    file: HelpFileRow, household: Fields, vault: Vault, uow: UnitOfWork
) -> HelpFileRow:
    """Sealed data alone change: nothing is announced, and the version stays."""
    domain.check_open(file)
    await personal.change(await uow.driver(), vault, file.file_id, household)
    return file


async def close(
    file: HelpFileRow, reason: HelpFileEnd, uow: UnitOfWork, at: datetime
) -> HelpFileRow:
    """Ends the pairs and destroys the household's key; the row is held."""
    event, on = domain.close_file(file, reason), business_date(at)
    await cases.end_pairs(uow.session, file.file_id, on)
    await references.erase(uow, file.file_id)
    for kind in (AlertKind.HELP_FILE_EXPIRING, AlertKind.HELP_VISIT_DUE):
        await alerts.clear(uow, kind, file.file_id, at=at)
    return uow.step(file, event, at, ended=reason, ended_on=on, helpers=0)


# Pairs


async def pair(
    file: HelpFileRow, holder: Holder, mode: PairMode, uow: UnitOfWork, at: datetime
) -> HelpFileRow:
    """File and helper are held while places are counted; the database refuses a place twice."""
    await take_turn(uow.session, "holder", holder.holder_id)
    await references.place_of(uow, holder)
    on = business_date(at)
    event, made = domain.pair(
        file,
        holder,
        mode,
        await rulebook.at(uow.session, on, HelperPlaces, HelperLoad),
        on=on,
        of_file=await cases.pairs(uow.session, file_id=file.file_id),
        of_holder=await cases.pairs(uow.session, holder_id=holder.holder_id),
    )
    uow.session.add(HelpPairRow.of(made, pair_id=new_id()))
    return uow.step(file, event, at, helpers=file.helpers + 1)


async def unpair(file: HelpFileRow, holder: Holder, uow: UnitOfWork, at: datetime) -> HelpFileRow:
    known = await _pair(uow, file, holder)
    event = domain.unpair(file, known)
    if known is not None:
        known.ended_on = business_date(at)
    return uow.step(file, event, at, helpers=file.helpers - 1)


async def visit(
    file: HelpFileRow,
    holder: Holder,
    measures: list[str],
    minutes: int | None,
    uow: UnitOfWork,
    at: datetime,
) -> HelpVisitRow:
    """What was done for the household, by one of its helpers; moves the next due day."""
    on = business_date(at)
    for measure in measures:
        await kinds.check(uow.session, "help_measure", measure, on, "measures")
    known = await _pair(uow, file, holder)
    book = await rulebook.at(uow.session, on, HelpMeasures, HelpCadence)
    event = domain.visit(file, known, new_id(), measures, book)
    made = HelpVisitRow(
        visit_id=event.visit_id,
        file_id=file.file_id,
        visited_on=on,
        measures=measures,
        minutes=minutes,
        recorded_at=uow.now,
        **vars(holder),
    )
    uow.session.add(made)
    visited_on = max(file.visited_on or on, on)
    visit_by = domain.next_visit(file.grade, visited_on, book)
    await _settle_visit(file, visit_by, uow, at)
    uow.step(file, event, at, visited_on=visited_on, visit_by=visit_by)
    if minutes is not None:
        source = ServiceSource.HELP_VISIT
        await time.credit(uow, holder, source, made.visit_id, file.area, minutes, at)
    return made


async def _settle_visit(
    file: HelpFileRow, visit_by: date | None, uow: UnitOfWork, at: datetime
) -> None:
    if visit_by is None or visit_by > business_date(uow.now):
        await alerts.clear(uow, AlertKind.HELP_VISIT_DUE, file.file_id, at=at)


async def _pair(uow: UnitOfWork, file: HelpFileRow, holder: Holder) -> HelpPairRow | None:
    """Of this file and this helper, where it stands."""
    found = await cases.pairs(uow.session, file_id=file.file_id, holder_id=holder.holder_id)
    return found[0] if found else None


async def _check_kinds(uow: UnitOfWork, grade: str, difficulty: str, on: date) -> None:
    await kinds.check(uow.session, "help_grade", grade, on, "grade")
    await kinds.check(uow.session, "difficulty", difficulty, on, "difficulty")
