"""Bookings for today and tomorrow, so that a fresh instance has something on its pages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from contracts.kinds import BookingStatus, Channel, VisitorLevel
from contracts.kinds.series import Frequency, OnConflict
from ops.demo.bases import GUIDED, LECTURER
from ops.demo.data import MAIN_BASE
from ops.ledger.model import Command
from ops.ledger.services import RequestRefusedError, Services, problem_of
from services.chassis.clock import LOCAL, business_date
from services.chassis.working_days import ONE_DAY, weekday_rule

CHECK_IN_OPENS = timedelta(minutes=30)
"""How long before the start the demo's visitors arrive."""


LASTS = timedelta(minutes=90)
LARGE = 50
"""The main base has groups of so many people approved in two steps."""


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
    guided: bool = False
    """Of the menu, and with a lecturer."""


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
        guided=True,
    ),
    Planned(
        ahead=1,
        at=time(14),
        venue="JD-01-4F",
        organisation="GW410305001",
        headcount=LARGE + 10,
        channel=Channel.WEB,
        reaches=BookingStatus.ENDORSED,
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


WAITS = Planned(
    ahead=1,
    at=time(9),
    venue="JD-01-4F",
    organisation="ZB410305-05",
    headcount=20,
    channel=Channel.PHONE,
    reaches=BookingStatus.OFFERED,
)
"""For what is booked already: it stands on the waiting list."""
WEEKLY = Planned(
    ahead=1,
    at=time(16),
    venue="JD-01-HY",
    organisation="ZB410305001001-02",
    headcount=20,
    channel=Channel.PHONE,
    reaches=BookingStatus.PENDING,
)
"""Once an instance; its last occurrence lies in a year whose holidays are known."""
WEEKS = 3


async def place_bookings(services: Services, now: datetime) -> int:
    """Place the plan unless the main base has bookings today; how many were placed.

    Those of the series are in nobody's way.
    """
    today = business_date(now)
    filed = await _filed(services, today)
    if filed is None:
        return 0
    base = await _only(services, "bases", "/v1/bases", MAIN_BASE)
    asked = {"base_id": base["base_id"], "day": today.isoformat()}
    there = await services.get("bases", "/v1/bookings", **asked)
    if any(booking["series_id"] is None for booking in there["items"]):
        return 0
    await _two_steps(services, base)
    day = _Day(services, now, filed)
    for number, planned in enumerate(PLAN):
        await day.place(planned, f"demo-booking-{today}-{number}")
    await _send(services, "POST", "/v1/waitlist", f"demo-waits-{today}", await day.asked(WAITS))
    return len(PLAN) + await _weekly(day, base)


async def _two_steps(services: Services, base: Any) -> None:
    path = f"/v1/bases/{base['base_id']}/terms"
    own = (await services.get("bases", path))["own"]
    if "second_step_headcount" not in own:
        body = {"own": own | {"second_step_headcount": LARGE}}
        key = f"demo-terms-{base['base_id']}-{base['version']}"
        await _send(services, "PUT", path, key, body, version=base["version"])


async def _weekly(day: "_Day", base: Any) -> int:
    """How many bookings the series of an instance has; none when it is there already."""
    known = await day.services.get("bases", "/v1/series", base_id=base["base_id"])
    if known["items"]:
        return 0
    first = business_date(day.now) + timedelta(days=WEEKLY.ahead)
    until = min(first + timedelta(weeks=WEEKS - 1), date(first.year, 12, 31))
    repeat = {"every": Frequency.WEEK, "until": until.isoformat()}
    asked = await day.asked(WEEKLY) | {"repeat": repeat, "on_conflict": OnConflict.SKIP}
    key = f"demo-series-{base['base_id']}"
    series = await _send(day.services, "POST", "/v1/series", key, asked)
    return len(series["occurrences"])


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


@dataclass(frozen=True)
class _Day:
    """On which bookings are placed: now, though filed on the last working day."""

    services: Services
    now: datetime
    filed: datetime

    def starts(self, planned: Planned) -> datetime:
        day = business_date(self.now) + timedelta(days=planned.ahead)
        return datetime.combine(day, planned.at, LOCAL)

    async def asked(self, planned: Planned) -> dict[str, Any]:
        """The members that a booking, a series and a wait have in common."""
        venue = await _only(self.services, "bases", "/v1/venues", planned.venue)
        visitors = await _only(
            self.services, "membership", "/v1/organisations", planned.organisation
        )
        starts = self.starts(planned)
        return {
            "venue_id": venue["venue_id"],
            "organisation_id": visitors["organisation_id"],
            "starts_at": starts.isoformat(),
            "ends_at": (starts + LASTS).isoformat(),
            "headcount": planned.headcount,
            "channel": planned.channel,
            "visitor_level": VisitorLevel.DISTRICT,
            "occurred_at": self.filed.isoformat(),
        }

    async def place(self, planned: Planned, key: str) -> None:
        asked = await self.asked(planned)
        if planned.guided:
            item = await _only(self.services, "bases", "/v1/menu-items", GUIDED)
            asked["menu_item_id"] = item["item_id"]
        booking = await _send(self.services, "POST", "/v1/bookings", key, asked)
        path = f"/v1/bookings/{booking['booking_id']}"
        if planned.guided:
            lecturer = await _only(self.services, "bases", "/v1/lecturers", LECTURER)
            assigned = f"{path}/lecturers/{lecturer['lecturer_id']}"
            await _send(self.services, "PUT", assigned, f"{key}-lecturer", {})
        if planned.reaches is not BookingStatus.PENDING:
            await _send(self.services, "POST", f"{path}/confirm", f"{key}-confirm", {})
        came = planned.reaches is BookingStatus.CHECKED_IN
        if came and self.now >= self.starts(planned) - CHECK_IN_OPENS:
            arrived = {"headcount": planned.headcount - 2}
            await _send(self.services, "POST", f"{path}/check-in", f"{key}-in", arrived)


async def _only(services: Services, service: str, path: str, code: str) -> Any:
    items = (await services.get(service, path, code=code))["items"]
    if not items:
        raise RequestRefusedError(f"{service} {path}?code={code} 没有登记")
    return items[0]


async def _send(
    services: Services,
    method: str,
    path: str,
    key: str,
    body: dict[str, Any],
    version: int | None = None,
) -> Any:
    answer = await services.send("bases", Command(method, path, body, key, version))
    if answer.is_error:
        raise RequestRefusedError(f"{path}：{problem_of(answer).get('detail')}")
    return answer.json()
