"""Commands on the menu, on residents' requests, and on numbers that are stated."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from contracts.kinds.alerts import AlertKind
from contracts.kinds.books import Bound
from contracts.kinds.members import HolderKind
from contracts.kinds.volunteering import (
    RequestChannel,
    RequestStatus,
    ServiceMeasure,
    ServiceSource,
    StarTier,
)
from contracts.membership.volunteering import ServiceDeclined, ServiceRendered, ServiceRetracted
from services.chassis import kinds, known, rulebook
from services.chassis.clock import business_date
from services.chassis.http import versions
from services.chassis.ids import new_id
from services.chassis.personal import Fields, Vault
from services.chassis.unit_of_work import UnitOfWork
from services.membership.domain.volunteering import menu as domain
from services.membership.domain.volunteering import teams
from services.membership.domain.volunteering.holders import Holder
from services.membership.domain.volunteering.menu import ChangeItem, Item, OfferItem, Statement
from services.membership.domain.volunteering.rules import ContactRetention, ResponseTarget
from services.membership.handlers import alerts
from services.membership.handlers.volunteering import references, time
from services.membership.tables.volunteering import cases, people
from services.membership.tables.volunteering.rows import (
    ItemRow,
    RequestRow,
    StatementRow,
    TeamRow,
    locked,
)

NO_ITEM, NO_REQUEST = "没有该编号的服务项目。", "没有该编号的点单。"
NO_STATEMENT = "没有该编号的申报。"


# The menu


async def offer(command: OfferItem, uow: UnitOfWork, at: datetime) -> ItemRow:
    """Offered where the team or the volunteer belongs, unless an area is named."""
    on = business_date(at)
    await kinds.check(uow.session, "volunteer_service", command.service_kind, on, "service_kind")
    area = await references.area(uow, command.area, await _home(uow, command))
    await people.lock_code(uow.session, people.ITEM_CODES, command.code)
    if await cases.item_coded(uow.session, command.code):
        raise known.code_taken(command.code)
    event = domain.offer_item(command, new_id(), area)
    row = ItemRow(
        **event.model_dump(exclude={"item_code", "star"}),
        code=command.code,
        name=command.name,
        star=command.star.value,
        holder_kind=command.holder.holder_kind.value if command.holder else None,
        offered_on=on,
        recorded_at=uow.now,
    )
    uow.session.add(row)
    uow.announce(event, version=1, occurred_at=at)
    return row


async def _home(uow: UnitOfWork, command: OfferItem) -> str:
    if command.team_id is not None:
        return (await _standing_team(uow, command.team_id)).area
    if command.holder is not None:
        return (await references.place_of(uow, command.holder)).area
    raise domain.NobodyAssigned(
        "Say which team or volunteer offers it.",
        zh="请填写提供服务的队伍或志愿者。",
        field="team_id",
    )


async def _standing_team(uow: UnitOfWork, team_id: UUID) -> TeamRow:
    team = await locked(uow.session, TeamRow, team_id, "没有该编号的志愿服务队。")
    teams.check_stands(team)
    return team


async def change(
    item_id: UUID, command: ChangeItem, expected: int, uow: UnitOfWork, at: datetime
) -> ItemRow:
    row = await locked(uow.session, ItemRow, item_id, NO_ITEM)
    versions.check(expected, row.version)
    if command.service_kind:
        await kinds.check(
            uow.session,
            "volunteer_service",
            command.service_kind,
            business_date(at),
            "service_kind",
        )
    event = domain.change_item(command, item_of(row))
    if event is not None:
        row.name, row.service_kind = command.name or row.name, event.service_kind
        row.star, row.duration_minutes = event.star.value, event.duration_minutes
        row.version += 1
        uow.announce(event, version=row.version, occurred_at=at)
    return row


async def withdraw_item(item_id: UUID, uow: UnitOfWork, at: datetime) -> ItemRow:
    row = await locked(uow.session, ItemRow, item_id, NO_ITEM)
    event = domain.withdraw_item(item_of(row))
    row.withdrawn_on, row.version = business_date(at), row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)
    return row


# Requests


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a resident chose. `done` is for a register of services long rendered."""

    item_id: UUID
    area: str | None
    channel: RequestChannel
    wished_on: date | None
    contact: Fields
    done: "Done | None" = None


@dataclass(frozen=True, kw_only=True)
class Done:
    at: datetime
    minutes: int | None
    rating: int | None


async def request(choice: Choice, vault: Vault, uow: UnitOfWork, at: datetime) -> RequestRow:
    """Contact data go under a key of the request's own; the clock for the response starts."""
    item = await locked(uow.session, ItemRow, choice.item_id, NO_ITEM)
    area = await references.area(uow, choice.area, item.area)
    event = domain.request(item_of(item), new_id(), area, choice.channel, choice.wished_on)
    target = (await rulebook.at(uow.session, business_date(at), ResponseTarget))[ResponseTarget]
    row = RequestRow(
        **event.model_dump(exclude={"star", "channel"}),
        star=event.star.value,
        channel=event.channel.value,
        status=domain.REQUEST.to,
        requested_at=at,
        respond_by=at + timedelta(minutes=target.minutes),
        recorded_at=uow.now,
    )
    uow.session.add(row)
    await uow.session.flush()
    await references.seal(uow, vault, row.request_id, choice.contact)
    uow.announce(event, version=1, occurred_at=at)
    if choice.done is not None:
        await _enter_done(row, item, choice.done, uow)
    return row


async def _enter_done(row: RequestRow, item: ItemRow, done: Done, uow: UnitOfWork) -> None:
    """Who offers the service rendered it; when they were asked to, the register does not say."""
    row.team_id, row.holder_id, row.holder_kind = item.team_id, item.holder_id, item.holder_kind
    minutes = done.minutes or item.duration_minutes
    event = domain.render(request_of(row), minutes, done.at, afterwards=True)
    await _rendered(row, event, uow, done.at)
    if done.rating is not None:
        _rate(row, done.rating, uow, done.at)


async def assign(
    request_id: UUID,
    team_id: UUID | None,
    holder: Holder | None,
    uow: UnitOfWork,
    at: datetime,
) -> RequestRow:
    """To whoever is named, else to whoever offers the service."""
    row = await locked(uow.session, RequestRow, request_id, NO_REQUEST)
    if team_id is None and holder is None:
        item = await locked(uow.session, ItemRow, row.item_id, NO_ITEM)
        team_id, holder = item.team_id, _holder(item)
    if team_id is not None:
        await _standing_team(uow, team_id)
    earned = StarTier.NONE
    if holder is not None:
        await references.place_of(uow, holder)
        earned = StarTier(await people.star_of(uow.session, holder.holder_id) or StarTier.NONE)
    book = await rulebook.at(uow.session, business_date(row.requested_at), ResponseTarget)
    event = domain.assign(request_of(row), team_id, holder, earned, book[ResponseTarget], at)
    row.status, row.assigned_at = domain.ASSIGN.to, at
    row.team_id, row.holder_id = team_id, holder.holder_id if holder else None
    row.holder_kind = holder.holder_kind.value if holder else None
    row.waited_minutes, row.timeliness = event.waited_minutes, event.timeliness.value
    row.version += 1
    await alerts.clear(uow, AlertKind.SERVICE_UNANSWERED, request_id, at=at)
    uow.announce(event, version=row.version, occurred_at=at)
    return row


async def render(
    request_id: UUID, minutes: int | None, uow: UnitOfWork, at: datetime
) -> RequestRow:
    """Done; as long as the menu says, unless told otherwise. Credits the volunteer."""
    row = await locked(uow.session, RequestRow, request_id, NO_REQUEST)
    item = await locked(uow.session, ItemRow, row.item_id, NO_ITEM)
    event = domain.render(request_of(row), minutes or item.duration_minutes, at)
    await _rendered(row, event, uow, at)
    return row


async def _rendered(row: RequestRow, event: ServiceRendered, uow: UnitOfWork, at: datetime) -> None:
    row.service_minutes = event.service_minutes
    await _close(row, event, domain.RENDER.to, uow, at)
    holder = _holder(row)
    if holder is not None:
        await time.credit(
            uow,
            holder,
            ServiceSource.REQUEST,
            row.request_id,
            row.area,
            event.service_minutes,
            at,
        )


async def decline(request_id: UUID, uow: UnitOfWork, at: datetime) -> RequestRow:
    row = await locked(uow.session, RequestRow, request_id, NO_REQUEST)
    event = domain.decline(request_of(row), at)
    await _close(row, event, domain.DECLINE.to, uow, at)
    return row


async def withdraw(request_id: UUID, uow: UnitOfWork, at: datetime) -> RequestRow:
    row = await locked(uow.session, RequestRow, request_id, NO_REQUEST)
    event = domain.withdraw(request_of(row), at)
    await _close(row, event, domain.WITHDRAW.to, uow, at)
    return row


async def _close(
    row: RequestRow,
    event: ServiceRendered | ServiceDeclined | ServiceRetracted,
    status: RequestStatus,
    uow: UnitOfWork,
    at: datetime,
) -> None:
    """From now on the contact data are kept only as long as the rule allows."""
    on = business_date(at)
    book = await rulebook.at(uow.session, on, ContactRetention)
    row.status, row.closed_at, row.version = status.value, at, row.version + 1
    row.erase_on = on + timedelta(days=book[ContactRetention].days)
    await alerts.clear(uow, AlertKind.SERVICE_UNANSWERED, row.request_id, at=at)
    uow.announce(event, version=row.version, occurred_at=at)


async def rate(request_id: UUID, rating: int, uow: UnitOfWork, at: datetime) -> RequestRow:
    row = await locked(uow.session, RequestRow, request_id, NO_REQUEST)
    _rate(row, rating, uow, at)
    return row


def _rate(row: RequestRow, rating: int, uow: UnitOfWork, at: datetime) -> None:
    event = domain.rate(request_of(row), rating, at)
    row.rating, row.version = rating, row.version + 1
    uow.announce(event, version=row.version, occurred_at=at)


# Numbers that are stated


async def state(statement: Statement, uow: UnitOfWork, at: datetime) -> StatementRow:
    """Raises `QuantityStated` while the same number of the year stands."""
    await references.organisation(uow, statement.organisation_id)
    await references.area(uow, statement.area, statement.area)
    key = (statement.organisation_id, statement.measure, statement.year, statement.bound)
    await people.lock_code(uow.session, people.STATEMENTS, "/".join(map(str, key)))
    if await cases.stated(uow.session, *key):
        raise domain.QuantityStated(
            "Withdraw the number that stands before stating another.",
            zh="该年度的同类数量已申报；更正请先撤回原申报。",
            field="quantity",
        )
    at = domain.in_its_year(statement.year, at)
    row = StatementRow(**vars(statement), stated_at=at, recorded_at=uow.now)
    row.measure, row.bound = statement.measure.value, statement.bound.value
    uow.session.add(row)
    uow.announce(domain.state_quantity(statement), version=1, occurred_at=at)
    return row


async def withdraw_statement(statement_id: UUID, uow: UnitOfWork, at: datetime) -> StatementRow:
    """Taken back from the year it was counted in."""
    row = await locked(uow.session, StatementRow, statement_id, NO_STATEMENT)
    if row.withdrawn_at is not None:
        raise domain.RequestClosed("It was withdrawn before.", zh="该申报已撤回。")
    event = domain.withdraw_quantity(statement_of(row))
    row.withdrawn_at, row.version = at, row.version + 1
    uow.announce(event, version=row.version, occurred_at=row.stated_at)
    return row


# Rows as state


def _holder(row: ItemRow | RequestRow) -> Holder | None:
    if row.holder_id is None or row.holder_kind is None:
        return None
    return Holder(row.holder_id, HolderKind(row.holder_kind))


def item_of(row: ItemRow) -> Item:
    return Item(
        item_id=row.item_id,
        code=row.code,
        name=row.name,
        service_kind=row.service_kind,
        star=StarTier(row.star),
        duration_minutes=row.duration_minutes,
        area=row.area,
        team_id=row.team_id,
        holder=_holder(row),
        withdrawn_on=row.withdrawn_on,
    )


def request_of(row: RequestRow) -> domain.Request:
    return domain.Request(
        request_id=row.request_id,
        item_id=row.item_id,
        service_kind=row.service_kind,
        star=StarTier(row.star),
        channel=RequestChannel(row.channel),
        area=row.area,
        status=RequestStatus(row.status),
        requested_at=row.requested_at,
        assigned_at=row.assigned_at,
        closed_at=row.closed_at,
        team_id=row.team_id,
        holder=_holder(row),
        rating=row.rating,
    )


def statement_of(row: StatementRow) -> Statement:
    return Statement(
        statement_id=row.statement_id,
        organisation_id=row.organisation_id,
        area=row.area,
        measure=ServiceMeasure(row.measure),
        year=row.year,
        quantity=row.quantity,
        bound=Bound(row.bound),
    )
