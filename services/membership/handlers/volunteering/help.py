"""Commands on help files, pairs and visits."""

from datetime import date, datetime
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import HelpFileEnd, PairMode, ServiceSource
from services.chassis import kinds, known, personal, rulebook
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.personal import Fields, Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import help as domain
from services.membership.domain.volunteering.help import Consent, HelpFile, OpenFile, Pair
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
from services.membership.tables.volunteering import cases, people
from services.membership.tables.volunteering.rows import (
    HelpFileRow,
    HelpPairRow,
    HelpVisitRow,
    locked,
)

NO_FILE = "没有该编号的民情档案。"


async def open_file(
    command: OpenFile, household: Fields, vault: Vault, uow: UnitOfWork, at: datetime
) -> HelpFileRow:
    """The household's data are sealed under the file's id and die with the file.

    Raises `ConsentMissing`, `ConsentTooOld`, `CodeTaken`, and for what it refers to.
    """
    on = business_date(at)
    await _check_kinds(uow, command.grade, command.difficulty, on)
    organisation = await references.organisation(uow, command.organisation_id)
    area = await references.area(uow, command.area, organisation.area)
    await people.lock_code(uow.session, people.FILE_CODES, command.code)
    if await cases.file_coded(uow.session, command.code):
        raise known.code_taken(command.code)
    book = await rulebook.at(uow.session, on, HelpFileTerm, HelpCadence)
    event = domain.open_file(command, new_id(), area, book, on)
    row = HelpFileRow(
        file_id=event.file_id,
        code=command.code,
        organisation_id=command.organisation_id,
        area=area,
        grade=command.grade,
        difficulty=command.difficulty,
        consent_reference=command.consent.reference or "",
        consented_on=event.consented_on,
        expires_on=event.expires_on,
        remind_on=domain.remind_from(event.expires_on, book[HelpFileTerm]),
        opened_on=on,
        visit_by=domain.next_visit(command.grade, on, book),
        recorded_at=uow.now,
    )
    uow.session.add(row)
    await uow.session.flush()
    await references.seal(uow, vault, row.file_id, household)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def regrade(
    file_id: UUID, grade: str | None, difficulty: str | None, expected: int, uow: UnitOfWork,
    at: datetime,
) -> HelpFileRow:  # fmt: skip
    """Another grade means another rhythm of visits from the last one on."""
    row = await locked(uow.session, HelpFileRow, file_id, NO_FILE)
    versions.check(expected, row.version)
    grade, difficulty = grade or row.grade, difficulty or row.difficulty
    await _check_kinds(uow, grade, difficulty, business_date(at))
    event = domain.regrade(file_of(row), grade, difficulty)
    if event is not None:
        book = await rulebook.at(uow.session, business_date(at), HelpCadence)
        row.grade, row.difficulty, row.version = grade, difficulty, row.version + 1
        row.visit_by = domain.next_visit(grade, row.visited_on or row.opened_on, book)
        await _settle_visit(row, uow, at)
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def renew(file_id: UUID, consent: Consent, uow: UnitOfWork, at: datetime) -> HelpFileRow:
    row = await locked(uow.session, HelpFileRow, file_id, NO_FILE)
    on = business_date(at)
    book = await rulebook.at(uow.session, on, HelpFileTerm)
    event = domain.renew_file(file_of(row), consent, book, on)
    row.consent_reference = consent.reference or ""
    row.consented_on, row.expires_on = event.consented_on, event.expires_on
    row.remind_on = domain.remind_from(event.expires_on, book[HelpFileTerm])
    row.version += 1
    await alerts.clear(uow, AlertKind.HELP_FILE_EXPIRING, file_id, at=at)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def change_household(
    file_id: UUID, household: Fields, vault: Vault, uow: UnitOfWork
) -> HelpFileRow:
    """Sealed data alone change: nothing is announced, and the version stays."""
    row = await locked(uow.session, HelpFileRow, file_id, NO_FILE)
    domain.check_open(file_of(row))
    await personal.change(await uow.driver(), vault, file_id, household)
    return row


async def close(file_id: UUID, reason: HelpFileEnd, uow: UnitOfWork, at: datetime) -> HelpFileRow:
    row = await locked(uow.session, HelpFileRow, file_id, NO_FILE)
    await destroy(row, reason, uow, at)
    return row


async def destroy(row: HelpFileRow, reason: HelpFileEnd, uow: UnitOfWork, at: datetime) -> None:
    """Ends the pairs and destroys the household's key; the row is held."""
    event = domain.close_file(file_of(row), reason)
    row.ended, row.ended_on = reason.value, business_date(at)
    row.helpers, row.version = 0, row.version + 1
    await cases.end_pairs(uow.session, row.file_id, business_date(at))
    await references.erase(uow, row.file_id)
    for kind in (AlertKind.HELP_FILE_EXPIRING, AlertKind.HELP_VISIT_DUE):
        await alerts.clear(uow, kind, row.file_id, at=at)
    uow.announce(event, version=row.version, occurred_at=at)


# Pairs


async def pair(
    file_id: UUID, holder: Holder, mode: PairMode, uow: UnitOfWork, at: datetime
) -> HelpFileRow:
    """File and helper are held while places are counted; the database refuses a place twice."""
    row = await locked(uow.session, HelpFileRow, file_id, NO_FILE)
    await people.lock_code(uow.session, people.HOLDERS, str(holder.holder_id))
    await references.place_of(uow, holder)
    on = business_date(at)
    event, made = domain.pair(
        file_of(row),
        holder,
        mode,
        await rulebook.at(uow.session, on, HelperPlaces, HelperLoad),
        on=on,
        of_file=[pair_of(p) for p in await cases.pairs_of_file(uow.session, file_id)],
        of_holder=[pair_of(p) for p in await cases.pairs_of_holder(uow.session, holder.holder_id)],
    )
    uow.session.add(
        HelpPairRow(
            pair_id=new_id(),
            file_id=file_id,
            holder_id=holder.holder_id,
            holder_kind=holder.holder_kind.value,
            mode=mode.value,
            place=made.place,
            load_place=made.load_place,
            paired_on=on,
        )
    )
    row.helpers, row.version = row.helpers + 1, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def unpair(file_id: UUID, holder: Holder, uow: UnitOfWork, at: datetime) -> HelpFileRow:
    row = await locked(uow.session, HelpFileRow, file_id, NO_FILE)
    known = await _pair(uow, file_id, holder)
    event = domain.unpair(file_of(row), pair_of(known) if known else None)
    if known is not None:
        known.ended_on = business_date(at)
    row.helpers, row.version = row.helpers - 1, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def visit(
    file_id: UUID,
    holder: Holder,
    measures: list[str],
    minutes: int | None,
    uow: UnitOfWork,
    at: datetime,
) -> HelpVisitRow:
    """What was done for the household, by one of its helpers; moves the next due day."""
    row = await locked(uow.session, HelpFileRow, file_id, NO_FILE)
    on = business_date(at)
    for measure in measures:
        await kinds.check(uow.session, "help_measure", measure, on, "measures")
    known = await _pair(uow, file_id, holder)
    book = await rulebook.at(uow.session, on, HelpMeasures, HelpCadence)
    event = domain.visit(file_of(row), pair_of(known) if known else None, new_id(), measures, book)
    made = HelpVisitRow(
        visit_id=event.visit_id,
        file_id=file_id,
        holder_id=holder.holder_id,
        holder_kind=holder.holder_kind.value,
        visited_on=on,
        measures=measures,
        minutes=minutes,
        recorded_at=uow.now,
    )
    uow.session.add(made)
    row.visited_on, row.version = max(row.visited_on or on, on), row.version + 1
    row.visit_by = domain.next_visit(row.grade, row.visited_on, book)
    await _settle_visit(row, uow, at)
    uow.announce(event, version=row.version, occurred_at=at)
    if minutes is not None:
        source = ServiceSource.HELP_VISIT
        await time.credit(uow, holder, source, made.visit_id, row.area, minutes, at)
    return made


async def _settle_visit(row: HelpFileRow, uow: UnitOfWork, at: datetime) -> None:
    if row.visit_by is None or row.visit_by > business_date(uow.now):
        await alerts.clear(uow, AlertKind.HELP_VISIT_DUE, row.file_id, at=at)


async def _pair(uow: UnitOfWork, file_id: UUID, holder: Holder) -> HelpPairRow | None:
    standing = await cases.pairs_of_file(uow.session, file_id)
    return next((each for each in standing if each.holder_id == holder.holder_id), None)


async def _check_kinds(uow: UnitOfWork, grade: str, difficulty: str, on: date) -> None:
    await kinds.check(uow.session, "help_grade", grade, on, "grade")
    await kinds.check(uow.session, "difficulty", difficulty, on, "difficulty")


def file_of(row: HelpFileRow) -> HelpFile:
    return HelpFile(
        file_id=row.file_id,
        code=row.code,
        organisation_id=row.organisation_id,
        area=row.area,
        grade=row.grade,
        difficulty=row.difficulty,
        opened_on=row.opened_on,
        consented_on=row.consented_on,
        expires_on=row.expires_on,
        ended=HelpFileEnd(row.ended) if row.ended else None,
        helpers=row.helpers,
    )


def pair_of(row: HelpPairRow) -> Pair:
    return Pair(
        file_id=row.file_id,
        holder=Holder(row.holder_id, HolderKind(row.holder_kind)),
        mode=PairMode(row.mode),
        place=row.place,
        load_place=row.load_place,
        paired_on=row.paired_on,
    )
