"""Commands on the menu, on residents' requests, and on numbers that are stated."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.kinds.alerts import AlertKind
from contracts.kinds.volunteering import RequestStatus, ServiceSource, StarTier
from contracts.membership.volunteering import (
    ServiceQuantityRetracted,
    ServiceQuantityStated,
    ServiceRendered,
)
from services.chassis import kinds, rulebook
from services.chassis.clock import business_date
from services.chassis.ids import new_id
from services.chassis.lifecycle import Step
from services.chassis.personal import Fields, Vault
from services.chassis.rows import check_code, one, take_turn
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import menu as domain
from services.membership.domain.volunteering import teams
from services.membership.domain.volunteering.holders import Holder, fields_of
from services.membership.domain.volunteering.menu import Item, Statement
from services.membership.domain.volunteering.rules import ResponseTarget
from services.membership.handlers import alerts
from services.membership.handlers.volunteering import references, time
from services.membership.tables.volunteering import cases, people
from services.membership.tables.volunteering.rows import ItemRow, RequestRow, StatementRow, TeamRow

# The menu


async def offer(
    fields: dict[str, Any], holder: Holder | None, uow: UnitOfWork, at: datetime
) -> ItemRow:
    """Offered where the team or the volunteer belongs, unless an area is named."""
    on = business_date(at)
    await _check_kind(fields["service_kind"], uow, at)
    home = await _home(uow, fields["team_id"], holder)
    area = await references.area(uow, fields["area"], home)
    await check_code(uow.session, ItemRow, fields["code"])
    begun = {"area": area, "offered_on": on, "withdrawn_on": None}
    item = Item(item_id=new_id(), **fields | begun, **fields_of(holder))
    return uow.begin(ItemRow.of(item, recorded_at=uow.now), domain.offer_item(item), at)


async def _check_kind(code: str, uow: UnitOfWork, at: datetime) -> None:
    await kinds.check(uow.session, "volunteer_service", code, business_date(at), "service_kind")


async def _home(uow: UnitOfWork, team_id: UUID | None, holder: Holder | None) -> str:
    if team_id is not None:
        return (await _standing_team(uow, team_id)).area
    if holder is not None:
        return (await references.place_of(uow, holder)).area
    raise domain.NobodyAssigned(
        "Say which team or volunteer offers it.",
        zh="请填写提供服务的队伍或志愿者。",
        field="team_id",
    )


async def _standing_team(uow: UnitOfWork, team_id: UUID) -> TeamRow:
    team = await one(uow.session, TeamRow, team_id, "volunteer team", "志愿服务队", lock=True)
    teams.check_stands(team)
    return team


async def offered(uow: UnitOfWork, item_id: UUID) -> ItemRow:
    """What a request names, ours until the transaction ends. Raises `NotFound`."""
    return await one(uow.session, ItemRow, item_id, "service item", "服务项目", lock=True)


async def change(item: ItemRow, changes: dict[str, Any], uow: UnitOfWork, at: datetime) -> ItemRow:
    if "service_kind" in changes:
        await _check_kind(changes["service_kind"], uow, at)
    event = domain.change_item(item.as_state(Item), item.as_state(Item, **changes))
    return item if event is None else uow.step(item, event, at, **changes)


async def withdraw_item(item: ItemRow, uow: UnitOfWork, at: datetime) -> ItemRow:
    return uow.step(item, domain.withdraw_item(item), at, withdrawn_on=business_date(at))


# Requests


async def request(
    item: ItemRow,
    fields: dict[str, Any],
    contact: Fields,
    vault: Vault,
    uow: UnitOfWork,
    at: datetime,
) -> RequestRow:
    """Contact data go under a key of the request's own; the clock for the response starts."""
    fields = fields | {"area": await references.area(uow, fields["area"], item.area)}
    event = domain.request(item, new_id(), **fields)
    target = await rulebook.one(uow.session, business_date(at), ResponseTarget)
    row = RequestRow.of(
        event,
        status=domain.REQUEST.to,
        requested_at=at,
        respond_by=at + timedelta(minutes=target.minutes),
        recorded_at=uow.now,
    )
    return await references.begin(row, event, contact, vault, uow, at)


async def enter_done(
    request: RequestRow,
    item: ItemRow,
    minutes: int | None,
    rating: int | None,
    uow: UnitOfWork,
    at: datetime,
) -> None:
    """Who offers the service rendered it; when they were asked to, the register does not say."""
    request.change(team_id=item.team_id, **fields_of(item.holder))
    event = domain.render(request, minutes or item.duration_minutes, at, afterwards=True)
    await _rendered(request, event, uow, at)
    if rating is not None:
        await rate(request, rating, uow, at)


async def assign(
    request: RequestRow,
    team_id: UUID | None,
    holder: Holder | None,
    uow: UnitOfWork,
    at: datetime,
) -> RequestRow:
    """To whoever is named, else to whoever offers the service."""
    if team_id is None and holder is None:
        item = await offered(uow, request.item_id)
        team_id, holder = item.team_id, item.holder
    if team_id is not None:
        await _standing_team(uow, team_id)
    earned = StarTier.NONE
    if holder is not None:
        await references.place_of(uow, holder)
        earned = await people.star_of(uow.session, holder.holder_id)
    on = business_date(request.requested_at)
    target = await rulebook.one(uow.session, on, ResponseTarget)
    event = domain.assign(request, team_id, holder, earned, target, at)
    changes = event.model_dump(include={"team_id", "waited_minutes", "timeliness"})
    changes |= {"status": domain.ASSIGN.to, "assigned_at": at, **fields_of(holder)}
    await alerts.clear(uow, AlertKind.SERVICE_UNANSWERED, request.request_id, at=at)
    return uow.step(request, event, at, **changes)


async def render(
    request: RequestRow, minutes: int | None, uow: UnitOfWork, at: datetime
) -> RequestRow:
    """Done; as long as the menu says, unless told otherwise. Credits the volunteer."""
    item = await offered(uow, request.item_id)
    event = domain.render(request, minutes or item.duration_minutes, at)
    return await _rendered(request, event, uow, at)


async def _rendered(
    request: RequestRow, event: ServiceRendered, uow: UnitOfWork, at: datetime
) -> RequestRow:
    minutes, key = event.service_minutes, request.request_id
    await _close(request, domain.RENDER, event, uow, at, service_minutes=minutes)
    if holder := request.holder:
        await time.credit(uow, holder, ServiceSource.REQUEST, key, request.area, minutes, at)
    return request


async def decline(request: RequestRow, uow: UnitOfWork, at: datetime) -> RequestRow:
    return await _close(request, domain.DECLINE, domain.decline(request, at), uow, at)


async def withdraw(request: RequestRow, uow: UnitOfWork, at: datetime) -> RequestRow:
    return await _close(request, domain.WITHDRAW, domain.withdraw(request, at), uow, at)


async def _close(
    request: RequestRow,
    how: Step[RequestStatus],
    event: Event,
    uow: UnitOfWork,
    at: datetime,
    **changes: Any,
) -> RequestRow:
    """From now on the contact data are kept only as long as the rule allows."""
    changes |= {"status": how.to, "closed_at": at, "erase_on": await references.erased_on(uow, at)}
    await alerts.clear(uow, AlertKind.SERVICE_UNANSWERED, request.request_id, at=at)
    return uow.step(request, event, at, **changes)


async def rate(request: RequestRow, rating: int, uow: UnitOfWork, at: datetime) -> RequestRow:
    return uow.step(request, domain.rate(request, rating, at), at, rating=rating)


# Numbers that are stated


async def state(fields: dict[str, Any], uow: UnitOfWork, at: datetime) -> StatementRow:
    """Raises `QuantityStated` while the same number of the year stands."""
    statement = Statement(statement_id=new_id(), **fields)
    await references.area(uow, statement.area, statement.area)
    key = (statement.organisation_id, statement.measure, statement.year, statement.bound)
    await take_turn(uow.session, "statement", *key)
    if await cases.stated(uow.session, statement):
        raise domain.QuantityStated(
            "Withdraw the number that stands before stating another.",
            zh="该年度的同类数量已申报；更正请先撤回原申报。",
            field="quantity",
        )
    at = domain.in_its_year(statement.year, at)
    row = StatementRow.of(statement, stated_at=at, recorded_at=uow.now)
    return uow.begin(row, ServiceQuantityStated(**statement.facts()), at)


async def withdraw_statement(
    statement: StatementRow, uow: UnitOfWork, at: datetime
) -> StatementRow:
    """Taken back from the year it was counted in."""
    if statement.withdrawn_at is not None:
        raise domain.RequestClosed("It was withdrawn before.", zh="该申报已撤回。")
    event = ServiceQuantityRetracted(**statement.facts())
    return uow.step(statement, event, statement.stated_at, withdrawn_at=at)
