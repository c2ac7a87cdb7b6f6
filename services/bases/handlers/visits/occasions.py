"""Film showings, trainings and tours: held on their own, or with a visit and gone with it."""

from collections.abc import Mapping
from datetime import datetime

from contracts.kinds.visits import OccasionSort
from services.bases.domain.visits import occasions as domain
from services.bases.domain.visits.occasions import Occasion, Said
from services.bases.handlers.organisations import check_known
from services.bases.handlers.places import venue_of
from services.bases.tables import places
from services.bases.tables.rows import BaseRow, OccasionRow, VisitRow
from services.bases.tables.visits import occasions as table
from services.chassis import kinds
from services.chassis.clock import business_date
from services.chassis.database import execute
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork

KNOWN = "SELECT code FROM kind WHERE family = 'training'"


async def hold(occasion: Occasion, base: BaseRow, uow: UnitOfWork) -> OccasionRow:
    """Entered on its own: its business time is when it began. Raises `UnknownKind`."""
    if occasion.venue_id is not None:
        await venue_of(uow, base.base_id, occasion.venue_id)
    if occasion.organisation_id is not None:
        await check_known(uow, occasion.organisation_id)
    day = business_date(occasion.started_at)
    await kinds.check(uow.session, occasion.sort, occasion.kind, day, "kind")
    return _held(uow, occasion, base.kind, occasion.started_at)


def withdraw(row: OccasionRow, uow: UnitOfWork) -> OccasionRow:
    return _ended(uow, row, alone=True)


async def follow_visit(uow: UnitOfWork, visit: VisitRow, said: Said) -> None:
    """Let what is held be what the visit now says; the visit's row is locked, or new.

    What was said of it before stands unless something else is said.
    """
    standing = {row.sort: row for row in await table.of_visit(uow.session, visit.visit_id)}
    base_kind = visit.base_kind or (await places.base(uow.session, visit.base_id)).kind
    wanted = await _wanted(uow, visit, said, standing)
    for sort, row in standing.items():
        if not _same(row, wanted.get(sort), base_kind):
            _ended(uow, row, alone=False)
            await uow.session.flush()
    for sort, occasion in wanted.items():
        if sort not in standing or not _same(standing[sort], occasion, base_kind):
            _held(uow, occasion, base_kind, visit.told_for())


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
    held = domain.of_purpose(purpose, traits, known, said)
    repeated = {"area", "base_id", "venue_id", "visit_id", "organisation_id", "started_at"}
    return {
        sort: Occasion(
            **visit.model_dump(include=repeated),
            occasion_id=new_id(),
            sort=sort,
            kind=_kept(standing.get(sort), said) or kind,
            headcount=visit.actual_headcount,
            withdrawn_at=None,
        )
        for sort, kind in held.items()
    }


def _kept(row: OccasionRow | None, said: Said) -> str | None:
    """The kind that was said before, when nothing is said now."""
    if row is None or getattr(said, f"{row.sort}_kind") is not None:
        return None
    return row.kind


def _same(row: OccasionRow, occasion: Occasion | None, base_kind: str) -> bool:
    if occasion is None or row.base_kind != base_kind:
        return False
    return row.as_state(Occasion, occasion_id=occasion.occasion_id) == occasion


def _held(uow: UnitOfWork, occasion: Occasion, base_kind: str, at: datetime) -> OccasionRow:
    row = OccasionRow.of(occasion, base_kind=base_kind, told_at=at, recorded_at=uow.now)
    return uow.begin(row, domain.hold(occasion, base_kind), at)


def _ended(uow: UnitOfWork, row: OccasionRow, *, alone: bool) -> OccasionRow:
    event = domain.withdraw(row, row.base_kind, alone=alone)
    return uow.step(row, event, row.told_at, withdrawn_at=uow.now)
