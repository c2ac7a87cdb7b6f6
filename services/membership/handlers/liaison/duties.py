"""Single duties: one-off visits, somebody else instead, and whether they came."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any

import asyncpg

from contracts.kinds.liaison import DutyOutcome
from contracts.kinds.members import HolderKind
from contracts.kinds.points import PointsReason, PointsRuleCode, SubjectType
from contracts.membership.liaison import DutyAssigned
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.liaison import duties as domain
from services.membership.domain.liaison.duties import Duty, DutyOverlap, KeptDuty
from services.membership.domain.liaison.points import check_inside
from services.membership.domain.volunteering.holders import Holder
from services.membership.handlers import points
from services.membership.handlers.liaison.references import area_of, check_holders
from services.membership.handlers.points import Earning
from services.membership.tables.liaison import duties as tables
from services.membership.tables.liaison.duties import Slot

RULES = {
    DutyOutcome.ATTENDED: PointsRuleCode.DUTY_ATTENDED,
    DutyOutcome.MISSED: PointsRuleCode.DUTY_MISSED,
}
SUBJECTS = {
    HolderKind.MEMBER: SubjectType.MEMBER,
    HolderKind.REGISTRANT: SubjectType.REGISTRANT,
}


def slot_of(holders: Iterable[Holder], **fields: Any) -> Slot:
    """With a duty for each of the `holders`; the `fields` are those of all."""
    slot_id = new_id()
    new: dict[str, Any] = {"slot_id": slot_id, "outcome": None, "version": 1} | fields
    duties = [Duty(duty_id=new_id(), **vars(holder), **new) for holder in holders]
    return Slot(slot_id=slot_id, duties=duties, **fields)


async def arrange(slot: Slot, uow: UnitOfWork, at: datetime) -> Sequence[Duty]:
    """Outside any rota. Raises `DutyOverlap`, `HolderUnknown`, `OrganisationUnknown`."""
    inside = await area_of(uow, slot.organisation_id, slot.area)
    if slot.visited_id is not None:
        visited = await area_of(uow, slot.visited_id, slot.area, field="visited_id")
        check_inside(visited, inside, field="visited_id")
    await check_holders(uow, [duty.holder for duty in slot.duties])
    async with _one_place_at_a_time():
        await tables.write(uow.session, [slot], len(slot.duties))
    announce(slot, uow, at)
    return slot.duties


def announce(slot: Slot, uow: UnitOfWork, at: datetime) -> None:
    for duty in slot.duties:
        uow.announce(DutyAssigned(**duty.facts()), version=duty.version, occurred_at=at)


async def hand_over(duty: KeptDuty, to: Holder, uow: UnitOfWork, at: datetime) -> KeptDuty:
    """Somebody else comes instead. Raises `DutyOverlap`, `DutyOver`, `HolderUnknown`."""
    await check_holders(uow, [to])
    return (await _reassign([(duty, to)], uow, at))[0]


async def swap(first: KeptDuty, second: KeptDuty, uow: UnitOfWork, at: datetime) -> list[KeptDuty]:
    """The two take each other's duty. Raises `DutyOverlap`, `DutyOver`, `SwapWithSelf`."""
    return await _reassign([(first, second.holder), (second, first.holder)], uow, at)


async def _reassign(
    pairs: Sequence[tuple[KeptDuty, Holder]], uow: UnitOfWork, at: datetime
) -> list[KeptDuty]:
    changed = [domain.hand_over(duty, to, uow.now) for duty, to in pairs]
    async with _one_place_at_a_time():
        await tables.reassign(uow.session, [duty for duty, _ in changed])
    for duty, event in changed:
        uow.announce(event, version=duty.version, occurred_at=at)
    return [duty for duty, _ in changed]


async def record(duty: KeptDuty, outcome: DutyOutcome, uow: UnitOfWork, at: datetime) -> KeptDuty:
    """Whether they came, and the points for it; another outcome takes the points back first."""
    event = domain.record(duty, outcome, uow.now)
    if event is None:
        return duty
    corrected = duty.outcome is not None
    await tables.record(uow.session, duty.duty_id, outcome)
    uow.announce(event, version=duty.version + 1, occurred_at=at)
    if corrected:
        await points.reverse_of_source(uow, duty.duty_id, PointsReason.ENTERED_WRONGLY, at)
    earning = Earning(
        subject_id=duty.holder_id,
        subject_type=SUBJECTS[duty.holder_kind],
        rule_code=RULES[outcome],
        source_type="duty",
        source_id=duty.duty_id,
        area=duty.area,
        organisation_id=duty.organisation_id,
        on=business_date(duty.starts_at),
        revision=duty.revision + corrected,
    )
    await points.earn(uow, earning, at)
    (after,) = await tables.lock(uow.session, duty.duty_id)
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
