"""Film showings, trainings and tours: held on their own, or with a visit and gone with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.kinds.visits import OccasionSort
from services.bases.domain.visits import occasions as domain
from services.bases.domain.visits.occasions import Occasion, Said
from services.bases.handlers.organisations import check_known
from services.bases.handlers.places import venue_of
from services.bases.tables import places
from services.bases.tables.rows import OccasionRow, VisitRow
from services.bases.tables.visits import occasions as table
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.database import execute
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork

KNOWN = "SELECT code FROM kind WHERE family = 'training'"


@dataclass(frozen=True, kw_only=True)
class HoldOccasion:
    sort: OccasionSort
    kind: str
    base_id: UUID
    venue_id: UUID | None
    organisation_id: UUID | None
    headcount: int
    started_at: datetime


async def hold(command: HoldOccasion, uow: UnitOfWork) -> OccasionRow:
    """Entered on its own: its business time is when it began. Raises `UnknownKind`."""
    base = await places.base(uow.session, command.base_id)
    if command.venue_id is not None:
        await venue_of(uow, base.base_id, command.venue_id)
    if command.organisation_id is not None:
        await check_known(uow, command.organisation_id)
    day = business_date(command.started_at)
    await kinds.check(uow.session, command.sort, command.kind, day, "kind")
    occasion = Occasion(
        occasion_id=new_id(),
        base_kind=base.kind,
        area=base.area,
        visit_id=None,
        **vars(command),
    )
    return _held(uow, occasion, command.started_at)


async def withdraw(occasion_id: UUID, expected: int, uow: UnitOfWork) -> OccasionRow:
    row = await table.occasion(uow.session, occasion_id, lock=True)
    versions.check(expected, row.version)
    _ended(uow, row, alone=True)
    return row


async def follow_visit(uow: UnitOfWork, visit: VisitRow, said: Said) -> None:
    """Let what is held be what the visit now says; the visit's row is locked, or new.

    What was said of it before stands unless something else is said.
    """
    standing = {
        OccasionSort(row.sort): row for row in await table.of_visit(uow.session, visit.visit_id)
    }
    wanted = await _wanted(uow, visit, said, standing)
    for sort, row in standing.items():
        if not _same(row, wanted.get(sort)):
            _ended(uow, row, alone=False)
            await uow.session.flush()
    for sort, occasion in wanted.items():
        if sort not in standing or not _same(standing[sort], occasion):
            _held(uow, occasion, visit.told_for())


async def end_with_visit(uow: UnitOfWork, visit: VisitRow) -> None:
    for row in await table.of_visit(uow.session, visit.visit_id):
        _ended(uow, row, alone=False)


async def _wanted(
    uow: UnitOfWork, visit: VisitRow, said: Said, standing: Mapping[OccasionSort, OccasionRow]
) -> dict[OccasionSort, Occasion]:
    purpose, day = visit.purpose_kind, business_date(visit.started_at)
    for family, code in (("film", said.film_kind), ("training", said.training_kind)):
        if code is not None:
            await kinds.check(uow.session, family, code, day, f"{family}_kind")
    traits = (await kinds.of(uow.session, "menu-item", purpose)).traits if purpose else {}
    known = frozenset((await execute(uow.session, KNOWN, {})).scalars())
    base = await places.base(uow.session, visit.base_id)
    held = domain.of_purpose(purpose, traits, known, said)
    return {
        sort: Occasion(
            occasion_id=new_id(),
            sort=sort,
            kind=_kept(standing.get(sort), said) or kind,
            area=visit.area,
            base_id=visit.base_id,
            base_kind=visit.base_kind or base.kind,
            venue_id=visit.venue_id,
            visit_id=visit.visit_id,
            organisation_id=visit.organisation_id,
            headcount=visit.actual_headcount,
            started_at=visit.started_at,
        )
        for sort, kind in held.items()
    }


def _kept(row: OccasionRow | None, said: Said) -> str | None:
    """The kind that was said before, when nothing is said now."""
    if row is None or getattr(said, f"{row.sort}_kind") is not None:
        return None
    return row.kind


def _same(row: OccasionRow, occasion: Occasion | None) -> bool:
    if occasion is None:
        return False
    return vars(row.state()) | {"occasion_id": None} == vars(occasion) | {"occasion_id": None}


def _held(uow: UnitOfWork, occasion: Occasion, at: datetime) -> OccasionRow:
    row = OccasionRow(**vars(occasion), told_at=at, version=1, recorded_at=uow.now)
    uow.session.add(row)
    uow.announce(domain.hold(occasion), version=1, occurred_at=at)
    return row


def _ended(uow: UnitOfWork, row: OccasionRow, *, alone: bool) -> None:
    event = domain.withdraw(row.state(), withdrawn=row.withdrawn_at is not None, alone=alone)
    row.withdrawn_at, row.version = uow.now, row.version + 1
    uow.announce(event, version=row.version, occurred_at=row.told_at)
