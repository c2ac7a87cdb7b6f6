"""Bookings for today and tomorrow, so that a fresh instance has something on its pages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from contracts.kinds import BookingStatus, Channel, VisitorLevel
from ops.demo.data import MAIN_BASE
from ops.ledger.model import Command
from ops.ledger.services import RequestRefusedError, Services, problem_of
from services.chassis.clock import LOCAL, business_date
from services.chassis.published_days import weekday_rule
from services.chassis.working_days import ONE_DAY

CHECK_IN_OPENS = timedelta(minutes=30)
"""How long before the start the demo's visitors arrive."""


LASTS = timedelta(minutes=90)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A booking of a visit at district level."""

    ahead: int
    """Days from today."""
    at: time
    venue: str
    organisation: str
    headcount: int
    channel: Channel
    reaches: BookingStatus


PLAN: tuple[Planned, ...] = (
    Planned(
        ahead=0,
        at=time(9),
        venue="JD-01-4F",
        organisation="ZB410305001001-01",
        headcount=32,
        channel=Channel.WECHAT,
        reaches=BookingStatus.CHECKED_IN,
    ),
    Planned(
        ahead=0,
        at=time(10),
        venue="JD-01-5F",
        organisation="ZB410305-03",
        headcount=24,
        channel=Channel.WEB,
        reaches=BookingStatus.CONFIRMED,
    ),
    Planned(
        ahead=0,
        at=time(14, 30),
        venue="JD-01-5F",
        organisation="GW410305006",
        headcount=40,
        channel=Channel.PHONE,
        reaches=BookingStatus.PENDING,
    ),
    Planned(
        ahead=1,
        at=time(9),
        venue="JD-01-4F",
        organisation="ZB410305006001-01",
        headcount=28,
        channel=Channel.FORM,
        reaches=BookingStatus.CONFIRMED,
    ),
    Planned(
        ahead=1,
        at=time(14, 30),
        venue="JD-01-5F",
        organisation="ZB410305004002-01",
        headcount=30,
        channel=Channel.WECHAT,
        reaches=BookingStatus.PENDING,
    ),
)


async def place_bookings(services: Services, now: datetime) -> int:
    """Place the plan unless the main base has bookings today; how many were placed."""
    today = business_date(now)
    filed = await _filed(services, today)
    if filed is None:
        return 0
    base = await _only(services, "bases", "/v1/bases", MAIN_BASE)
    asked = {"base_id": base["base_id"], "day": today.isoformat()}
    there = await services.get("bases", "/v1/bookings", **asked)
    if there["items"]:
        return 0
    for number, planned in enumerate(PLAN):
        await _place(services, planned, f"demo-booking-{today}-{number}", now, filed)
    return len(PLAN)


async def _filed(services: Services, today: date) -> datetime | None:
    """Ten o'clock of the last working day, on which bookings for a weekend are filed, too.

    `None` while the holidays of a year that the plan touches have not been entered.
    """
    known = {each["year"] for each in await services.get("membership", "/v1/calendar")}
    moved = await _moved(services, known & {today.year - 1, today.year})
    day = today - ONE_DAY
    while {day.year, (today + ONE_DAY).year} <= known:
        if moved.get(day, weekday_rule(day)):
            return datetime.combine(day, time(10), LOCAL)
        day -= ONE_DAY
    return None


async def _moved(services: Services, years: set[int]) -> dict[date, bool]:
    """Whether one works on the days that these years' notices move."""
    told = [await services.get("membership", f"/v1/calendar/{year}") for year in years]
    days = [each for year in told for each in year["exceptions"]]
    return {date.fromisoformat(each["day"]): each["works"] for each in days}


async def _place(
    services: Services, planned: Planned, key: str, now: datetime, filed: datetime
) -> None:
    day = business_date(now) + timedelta(days=planned.ahead)
    starts = datetime.combine(day, planned.at, LOCAL)
    venue = await _only(services, "bases", "/v1/venues", planned.venue)
    organisation = await _only(services, "membership", "/v1/organisations", planned.organisation)
    booking = await _post(
        services,
        "/v1/bookings",
        key,
        venue_id=venue["venue_id"],
        organisation_id=organisation["organisation_id"],
        starts_at=starts.isoformat(),
        ends_at=(starts + LASTS).isoformat(),
        headcount=planned.headcount,
        channel=planned.channel,
        visitor_level=VisitorLevel.DISTRICT,
        occurred_at=filed.isoformat(),
    )
    path = f"/v1/bookings/{booking['booking_id']}"
    if planned.reaches is not BookingStatus.PENDING:
        await _post(services, f"{path}/confirm", f"{key}-confirm")
    if planned.reaches is BookingStatus.CHECKED_IN and now >= starts - CHECK_IN_OPENS:
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
