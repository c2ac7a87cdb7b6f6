"""Who may book: staff of the base for anybody, an organisation's staff for their own."""

from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from contracts.access import Action
from contracts.kinds import CancelReason, Channel
from services.bases.handlers.bookings.asking import Permit
from services.bases.tables.bookings import visitors_of
from services.bases.tables.rows import BookingRow
from services.chassis.auth import Principal
from services.chassis.errors import Invalid
from services.chassis.http.held import held
from services.chassis.unit_of_work import UnitOfWork

BY_THEMSELVES = frozenset({Channel.WEB, Channel.WECHAT})
"""A call and a paper form reach staff of the base, who enter them."""


class ChannelNeedsStaff(Invalid):
    code = "channel-needs-staff"
    title, title_zh = "Only staff of the base enter that channel", "该预约方式须由基地工作人员代录"


def booker(caller: Principal, *, on_behalf: bool, channel: Channel | None = None) -> Permit:
    """What `caller` needs to book: the right over the base, or over the organisation that comes.

    Raises `Forbidden` for whoever has neither anywhere, `ChannelNeedsStaff`.
    """
    action = Action.HANDLE_BOOKINGS if on_behalf else Action.REQUEST_BOOKINGS
    if not caller.areas(action):
        caller.refuse(action)
    if not on_behalf and channel is not None:
        check_by_themselves(channel)

    def permit(base: str, organisation: str) -> None:
        caller.require(action, base if on_behalf else organisation)

    return permit


def check_by_themselves(channel: Channel) -> None:
    """Raises `ChannelNeedsStaff`."""
    if channel not in BY_THEMSELVES:
        raise ChannelNeedsStaff(
            f"{channel} bookings are entered by staff of the base, on behalf of the visitors.",
            zh=f"{channel.label}预约由基地工作人员代录（on_behalf 为 true）。",
            field="channel",
            allowed=sorted(BY_THEMSELVES),
        )


def handles(caller: Principal, area: str) -> bool:
    """Whether `caller` is staff of bases in `area`."""
    return any(area.startswith(granted) for granted in caller.areas(Action.HANDLE_BOOKINGS))


async def acts_for_base(
    caller: Principal, area: str, organisation_id: UUID | None, session: AsyncSession
) -> bool:
    """Whether `caller` acts as staff of the base; else they must be of the organisation."""
    if handles(caller, area):
        return True
    visitors = await visitors_of(session, organisation_id) if organisation_id else None
    if visitors is None or not caller.areas(Action.REQUEST_BOOKINGS):
        caller.require(Action.HANDLE_BOOKINGS, area)
        return True
    caller.require(Action.REQUEST_BOOKINGS, visitors.area)
    return False


async def check_own(caller: Principal, row: BookingRow, uow: UnitOfWork) -> bool:
    return await acts_for_base(caller, row.area, row.organisation_id, uow.session)


async def _check_visitors(session: AsyncSession, row: BookingRow, caller: Principal) -> None:
    await acts_for_base(caller, row.area, row.organisation_id, session)


def own_booking(*, lock: bool = True) -> Any:
    """As `held`: staff of the base answer for anybody, an organisation's staff for their own."""
    return held(BookingRow, "预约", Action.HANDLE_BOOKINGS, lock=lock, right=_check_visitors)


async def check_reason(
    caller: Principal, row: BookingRow, reason: CancelReason, uow: UnitOfWork
) -> None:
    """An organisation's own staff cancel for themselves, not for the base."""
    if not await check_own(caller, row, uow) and reason is not CancelReason.BY_VISITOR:
        raise Invalid(
            "Visitors cancel for themselves: by-visitor.",
            zh="来访方只能以“来访方取消”为由取消。",
            field="reason",
            allowed=[CancelReason.BY_VISITOR],
        )
