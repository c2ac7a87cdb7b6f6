"""Bookings for today and tomorrow, so that a fresh instance has something on its pages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from contracts.kinds import BookingStatus, Channel, VisitorLevel
from ops.demo.data import MAIN_BASE
from ops.ledger.model import Command
from ops.ledger.services import RequestRefusedError, Services, problem_of
from services.chassis.clock import LOCAL, business_date

CHECK_IN_OPENS = timedelta(minutes=30)
"""How long before the start the demo's visitors arrive."""


@dataclass(frozen=True)
class Planned:
    days_ahead: int
    venue: str
    starts: time
    ends: time
    organisation: str
    headcount: int
    channel: Channel
    level: VisitorLevel
    reaches: BookingStatus


def _planned(
    days_ahead: int, venue: str, hour: int, minute: int, organisation: str, reaches: BookingStatus,
    headcount: int, channel: Channel,
) -> Planned:  # fmt: skip
    starts = time(hour, minute)
    ends = (datetime.combine(date.min, starts) + timedelta(minutes=90)).time()
    level = VisitorLevel.DISTRICT
    return Planned(
        days_ahead, venue, starts, ends, organisation, headcount, channel, level, reaches
    )


_PENDING, _CONFIRMED = BookingStatus.PENDING, BookingStatus.CONFIRMED
_CHECKED_IN = BookingStatus.CHECKED_IN

PLAN: tuple[Planned, ...] = (
    _planned(0, "JD-01-4F", 9, 0, "ZB410305001001-01", _CHECKED_IN, 32, Channel.WECHAT),
    _planned(0, "JD-01-5F", 10, 0, "ZB410305-03", _CONFIRMED, 24, Channel.WEB),
    _planned(0, "JD-01-5F", 14, 30, "GW410305006", _PENDING, 40, Channel.PHONE),
    _planned(1, "JD-01-4F", 9, 0, "ZB410305006001-01", _CONFIRMED, 28, Channel.FORM),
    _planned(1, "JD-01-5F", 14, 30, "ZB410305004002-01", _PENDING, 30, Channel.WECHAT),
)


async def place_bookings(services: Services, now: datetime) -> int:
    """Place the plan unless the main base has bookings today; how many were placed."""
    today = business_date(now)
    base = await _only(services, "bases", "/v1/bases", MAIN_BASE)
    asked = {"base_id": base["base_id"], "day": today.isoformat()}
    there = await services.get("bases", "/v1/bookings", **asked)
    if there["items"]:
        return 0
    for number, planned in enumerate(PLAN):
        await _place(services, planned, f"demo-booking-{today}-{number}", now)
    return len(PLAN)


async def _place(services: Services, planned: Planned, key: str, now: datetime) -> None:
    day = business_date(now) + timedelta(days=planned.days_ahead)
    starts, ends = (datetime.combine(day, at, LOCAL) for at in (planned.starts, planned.ends))
    venue = await _only(services, "bases", "/v1/venues", planned.venue)
    organisation = await _only(services, "membership", "/v1/organisations", planned.organisation)
    asked_on = datetime.combine(business_date(now) - timedelta(days=1), time(10), LOCAL)
    booking = await _post(
        services,
        "/v1/bookings",
        key,
        venue_id=venue["venue_id"],
        organisation_id=organisation["organisation_id"],
        starts_at=starts.isoformat(),
        ends_at=ends.isoformat(),
        headcount=planned.headcount,
        channel=planned.channel,
        visitor_level=planned.level,
        occurred_at=asked_on.isoformat(),
    )
    path = f"/v1/bookings/{booking['booking_id']}"
    if planned.reaches is not _PENDING:
        await _post(services, f"{path}/confirm", f"{key}-confirm")
    if planned.reaches is _CHECKED_IN and now >= starts - CHECK_IN_OPENS:
        await _post(services, f"{path}/check-in", f"{key}-in", headcount=planned.headcount - 2)


async def _only(services: Services, service: str, path: str, code: str) -> Any:
    items = (await services.get(service, path, code=code))["items"]
    if not items:
        raise RequestRefusedError(f"{service} {path}?code={code} 没有登记")
    return items[0]


async def _post(services: Services, path: str, key: str, **body: object) -> Any:
    answer = await services.send("bases", Command("POST", path, body, key))
    if answer.is_error:
        raise RequestRefusedError(f"{path}：{problem_of(answer).get('detail')}")
    return answer.json()
