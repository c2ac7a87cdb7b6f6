"""Single duties: one-off visits, somebody else instead, and whether they came."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from contracts.kinds.liaison import DutyKind, DutyOutcome
from contracts.kinds.members import HolderKind
from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import duties as domain
from services.membership.domain.liaison.duties import Duty, DutyOverlap
from services.membership.domain.liaison.points import check_inside
from services.membership.domain.liaison.rotation import Holder
from services.membership.handlers import points
from services.membership.handlers.liaison.references import area_of, check_holders
from services.membership.handlers.points import Earning
from services.membership.tables.liaison import duties as tables
from services.membership.tables.liaison.duties import Held, Slot

RULES = {
    DutyOutcome.ATTENDED: PointsRuleCode.DUTY_ATTENDED,
    DutyOutcome.MISSED: PointsRuleCode.DUTY_MISSED,
}
SUBJECTS = {
    HolderKind.MEMBER: SubjectType.MEMBER,
    HolderKind.REGISTRANT: SubjectType.REGISTRANT,
}


@dataclass(frozen=True, kw_only=True)
class Arrange:
    """A dated duty outside any rota: a supervision visit to a branch, a walk through an estate."""

    kind: DutyKind
    organisation_id: UUID
    area: str
    visited_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    holders: Sequence[Holder]


async def arrange(command: Arrange, uow: UnitOfWork, at: datetime) -> list[Held]:
    """Raises `DutyOverlap`, `HolderUnknown`, `OrganisationUnknown`."""
    inside = await area_of(uow, command.organisation_id, command.area)
    if command.visited_id is not None:
        visited = await area_of(uow, command.visited_id, command.area, field="visited_id")
        check_inside(visited, inside, field="visited_id")
    await check_holders(uow, command.holders)
    said = {name: value for name, value in vars(command).items() if name != "holders"}
    duties = [
        Duty(duty_id=new_id(), point_id=None, holder=holder, **said) for holder in command.holders
    ]
    slot = Slot(
        slot_id=new_id(), starts_at=command.starts_at, ends_at=command.ends_at, duties=duties
    )
    common = said | {"kind": command.kind.value, "point_id": None}
    async with _one_place_at_a_time():
        await tables.write(uow.session, None, [slot], len(duties), common)
    for duty in duties:
        uow.announce(domain.assign(duty), version=1, occurred_at=at)
    return [Held(duty, slot.slot_id, 1, 0) for duty in duties]


async def hand_over(
    duty_id: UUID, to: Holder, expected: int, uow: UnitOfWork, at: datetime
) -> Held:
    """Somebody else comes instead. Raises `DutyOverlap`, `DutyOver`, `HolderUnknown`."""
    (held,) = await tables.lock(uow.session, duty_id)
    versions.check(expected, held.version)
    await check_holders(uow, [to])
    return (await _reassign([(held, to)], uow, at))[0]


async def swap(
    duty_id: UUID, with_id: UUID, expected: int, uow: UnitOfWork, at: datetime
) -> list[Held]:
    """The two take each other's duty. Raises `DutyOverlap`, `DutyOver`, `SwapWithSelf`."""
    first, second = await tables.lock(uow.session, duty_id, with_id)
    versions.check(expected, first.version)
    return await _reassign([(first, second.duty.holder), (second, first.duty.holder)], uow, at)


async def _reassign(
    pairs: Sequence[tuple[Held, Holder]], uow: UnitOfWork, at: datetime
) -> list[Held]:
    changed = [(held, *domain.hand_over(held.duty, to, uow.now)) for held, to in pairs]
    async with _one_place_at_a_time():
        await tables.reassign(uow.session, [duty for _, duty, _ in changed])
    for held, _, event in changed:
        uow.announce(event, version=held.version + 1, occurred_at=at)
    return [Held(duty, held.slot_id, held.version + 1, held.revision) for held, duty, _ in changed]


async def record(
    duty_id: UUID, outcome: DutyOutcome, expected: int, uow: UnitOfWork, at: datetime
) -> Held:
    """Whether they came, and the points for it; another outcome takes the points back first."""
    (held,) = await tables.lock(uow.session, duty_id)
    versions.check(expected, held.version)
    event = domain.record(held.duty, outcome, uow.now)
    if event is None:
        return held
    corrected = held.duty.outcome is not None
    await tables.record(uow.session, duty_id, outcome)
    uow.announce(event, version=held.version + 1, occurred_at=at)
    if corrected:
        await points.reverse_of_source(uow, duty_id, PointsReason.ENTERED_WRONGLY, at)
    duty, revision = held.duty, held.revision + corrected
    earning = Earning(
        subject_id=duty.holder.holder_id,
        subject_type=SUBJECTS[duty.holder.kind],
        rule_code=RULES[outcome],
        source_type="duty",
        source_id=duty_id,
        area=duty.area,
        organisation_id=duty.organisation_id,
        on=business_date(duty.starts_at),
        revision=revision,
    )
    await points.earn(uow, earning, at)
    (after,) = await tables.lock(uow.session, duty_id)
    return after


async def say_absent(holder: Holder, first: date, last: date, uow: UnitOfWork) -> None:
    """Days that later rotas leave out; duties laid out already are handed over one by one.

    Raises `EndsBeforeStart`, `HolderUnknown`.
    """
    domain.check_absence(first, last)
    await check_holders(uow, [holder])
    await tables.say_absent(uow.session, holder.holder_id, first, last)


@asynccontextmanager
async def _one_place_at_a_time() -> AsyncIterator[None]:
    try:
        yield
    except asyncpg.ExclusionViolationError as error:
        raise DutyOverlap(
            "Somebody would be on two duties at one time.",
            zh="其中有人在同一时间已有值勤安排，请换人或换时间。",
            field="holder_id",
        ) from error
