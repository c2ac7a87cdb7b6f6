"""For each command that names things in its body: one that would be accepted, ready to be sent."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.clock import OPENING, office_clock, tomorrow
from tests.service.bases.lecturing import Team
from tests.service.bases.lending import register
from tests.service.bases.schooling import School, made
from tests.service.bases.series import series, series_request
from tests.service.bases.test_partners import proposed
from tests.service.bases.waiting import wish
from tests.service.office import COMMUNITY, Office

DONE = {"started_at": tomorrow(9, days=-9), "headcount": 3}
ITEM = {
    "name": "参观",
    "kind": "tour",
    "duration_minutes": 60,
    "most_headcount": 60,
    "venue_kinds": ["hall"],
}
VISIT = {"visitor_level": "city", "channel": "web", "ended_at": tomorrow(10, days=-9)} | DONE


@dataclass(frozen=True)
class Command:
    """What is sent. `instead` are fields that make room for another: it is said without them."""

    path: str
    body: Mapping[str, Any]
    version: int = 1
    instead: Mapping[str, tuple[str, ...]] | None = None

    def without(self, field: str) -> dict[str, Any]:
        dropped = (self.instead or {}).get(field, ())
        return {name: said for name, said in self.body.items() if name not in dropped}


async def booking(office: Office) -> Command:
    lent = await register(office)
    wanted = [{"equipment_id": lent["equipment_id"], "quantity": 1}]
    return Command("/v1/bookings", office.booking(equipment=wanted))


async def rescheduled(office: Office) -> Command:
    booked = await office.book()
    return Command(f"/v1/bookings/{booked['booking_id']}/reschedule", {"headcount": 9})


async def _inside(office: Office) -> dict[str, Any]:
    """A booking that is checked in."""
    now = office_clock()
    times = {"starts_at": now + timedelta(minutes=70), "ends_at": now + timedelta(minutes=130)}
    booked = await office.book(**{name: at.isoformat() for name, at in times.items()})
    confirmed = await office.step(booked, "confirm")
    await office.step(confirmed, "check-in", headcount=18)
    return confirmed


async def completed(office: Office) -> Command:
    inside = await _inside(office)
    return Command(f"/v1/bookings/{inside['booking_id']}/complete", {"headcount": 17})


async def checked_out(office: Office) -> Command:
    inside = await _inside(office)
    body = {"headcount": 17, "code": inside["check_in_code"]}
    return Command(f"/v1/bases/{office.base_id}/check-outs", body)


async def waiting(office: Office) -> Command:
    await office.book()
    item = await made(office, "/v1/menu-items", **ITEM, code="A", area=COMMUNITY)
    said = wish(office, base_id=office.base_id, menu_item_id=item["item_id"])
    del said["venue_id"]
    return Command("/v1/waitlist", said, instead={"venue_id": ("base_id",)})


async def repeated(office: Office) -> Command:
    return Command("/v1/series", series_request(office, times=2))


async def series_changed(office: Office) -> Command:
    whole = await series(office, times=2)
    first = whole["occurrences"][0]["booking_id"]
    body = {"scope": "this-and-following", "from_booking_id": first, "headcount": 9}
    return Command(f"/v1/series/{whole['series_id']}/change", body, whole["version"])


async def series_cancelled(office: Office) -> Command:
    whole = await series(office, times=2)
    first = whole["occurrences"][0]["booking_id"]
    body = {"scope": "this-and-following", "from_booking_id": first}
    return Command(f"/v1/series/{whole['series_id']}/cancel", body, whole["version"])


async def package_booking(office: Office) -> Command:
    await made(office, "/v1/menu-items", **ITEM, code="A", area=COMMUNITY)
    said = {"code": "TC-1", "name": "红色套餐", "parts": [{"item_code": "A"}]}
    package = await made(office, "/v1/packages", **said, area=COMMUNITY)
    names = ("organisation_id", "starts_at", "headcount", "channel", "visitor_level")
    asked = {name: office.booking()[name] for name in names} | {"base_id": office.base_id}
    return Command(f"/v1/packages/{package['package_id']}/bookings", asked)


async def visit(office: Office) -> Command:
    return Command("/v1/visits", VISIT | {"base_id": office.base_id})


async def visit_corrected(office: Office) -> Command:
    known = await made(office, "/v1/visits", **VISIT, base_id=office.base_id)
    return Command(f"/v1/visits/{known['visit_id']}", {"headcount": 4})


async def occasion(office: Office) -> Command:
    said = {"sort": "film", "kind": "warning", "base_id": office.base_id}
    return Command("/v1/occasions", said | DONE)


async def equipment(office: Office) -> Command:
    said = {"code": "SB-1", "name": "讲解器", "kind": "audio-guide", "quantity": 2}
    return Command(f"/v1/bases/{office.base_id}/equipment", said)


async def equipment_changed(office: Office) -> Command:
    lent = await register(office)
    return Command(f"/v1/equipment/{lent['equipment_id']}", {"quantity": 3})


async def equipment_of_booking(office: Office) -> Command:
    lent, booked = await register(office), await office.book()
    wanted = [{"equipment_id": lent["equipment_id"], "quantity": 1}]
    return Command(f"/v1/bookings/{booked['booking_id']}/equipment", {"equipment": wanted})


async def hours(office: Office) -> Command:
    said = {"effective_from": f"{OPENING:%F}", "hours": {"monday": [["09:00", "17:00"]]}}
    return Command(f"/v1/bases/{office.base_id}/opening-hours", said)


async def closure(office: Office) -> Command:
    said = {"starts_at": tomorrow(0), "ends_at": tomorrow(12), "reason_kind": "maintenance"}
    return Command("/v1/closures", said | {"base_id": office.base_id})


async def menu_item(office: Office) -> Command:
    return Command(
        "/v1/menu-items", ITEM | {"code": "A", "area": COMMUNITY}, instead={"base_id": ("area",)}
    )


async def package(office: Office) -> Command:
    await made(office, "/v1/menu-items", **ITEM, code="A", area=COMMUNITY)
    said = {"code": "TC-1", "name": "红色套餐", "parts": [{"item_code": "A"}], "area": COMMUNITY}
    return Command("/v1/packages", said, instead={"base_id": ("area",)})


async def _school(office: Office) -> School:
    school = School(office)
    await school.open()
    return school


async def session(office: Office) -> Command:
    school = await _school(office)
    said = {"starts_at": tomorrow(14), "ends_at": tomorrow(16), "place": "报告厅", "seats": 10}
    body = said | {"course_id": school.course["course_id"]}
    return Command("/v1/sessions", body, instead={"booking_id": ("place",)})


async def session_held(office: Office) -> Command:
    school = await _school(office)
    times = {"starts_at": tomorrow(9, days=-9), "ends_at": tomorrow(10, days=-9)}
    body = {"course_id": school.course["course_id"], "code": "CC-1", "attended": 120} | times
    return Command("/v1/sessions/held", body)


async def session_changed(office: Office) -> Command:
    announced = await (await _school(office)).announce()
    return Command(f"/v1/sessions/{announced['session_id']}", {"seats": 12})


async def sign_up(office: Office) -> Command:
    announced = await (await _school(office)).announce()
    said = {"headcount": 4, "channel": "phone"}
    return Command(f"/v1/sessions/{announced['session_id']}/sign-ups", said)


async def hall(office: Office) -> Command:
    said = {"code": "JT-1", "name": "大讲堂", "kind": "grand-hall", "opened_on": "2020-01-01"}
    return Command("/v1/lecture-halls", said | {"base_id": office.base_id})


async def hall_changed(office: Office) -> Command:
    school = await _school(office)
    return Command(f"/v1/lecture-halls/{school.hall['hall_id']}", {"name": "讲堂"})


async def course(office: Office) -> Command:
    school = await _school(office)
    said = {"code": "KC-2", "name": "家风", "kind": "morals"}
    return Command("/v1/courses", said | {"hall_id": school.hall["hall_id"]})


async def shift(office: Office) -> Command:
    guide = await Team(office).join()
    body = {"day": "2026-06-11", "begins": "09:00", "ends": "12:00"}
    return Command("/v1/guide-shifts", body | {"base_id": office.base_id, "lecturer_id": guide})


async def _shifts(office: Office) -> tuple[str, str, str]:
    """A shift, one of another guide, and a guide without any."""
    team = Team(office)
    guides = [await team.join() for _ in range(3)]
    one, other = [(await team.planned(guide))["shift_id"] for guide in guides[:2]]
    return one, other, guides[2]


async def shift_replaced(office: Office) -> Command:
    one, _, free = await _shifts(office)
    return Command(f"/v1/guide-shifts/{one}/replace", {"lecturer_id": free})


async def shift_swapped(office: Office) -> Command:
    one, other, _ = await _shifts(office)
    return Command(f"/v1/guide-shifts/{one}/swap", {"with_shift_id": other})


async def lecturer(office: Office) -> Command:
    body = {
        "code": "JS-1",
        "name": "测试讲师甲",
        "area": COMMUNITY,
        "roles": ["lecturer"],
        "skills": ["party-history"],
        "engagement": "volunteer",
        "engaged_on": "2026-01-01",
    }
    return Command("/v1/lecturers", body)


async def lecturer_changed(office: Office) -> Command:
    known = await Team(office).join()
    return Command(f"/v1/lecturers/{known}", {"roles": ["lecturer"]})


async def feed(office: Office) -> Command:
    return Command("/v1/feeds", {"scope": "base", "id": office.base_id})


async def proposal(office: Office, database: Any) -> Command:
    _, proposal_id = await proposed(office, database)
    said = {"base_id": office.base_id, "code": "CG-9"}
    return Command(f"/v1/partner-venues/{proposal_id}/accept", said)


async def session_over(office: Office, database: Any) -> Command:
    school = await _school(office)
    announced = await school.announce()
    signed = (await school.sign_up(announced)).json()
    earlier = "UPDATE session SET starts_at = $1, ends_at = $2, closes_at = $1"
    await (await database("bases")).pool.execute(
        earlier, OPENING - timedelta(hours=3), OPENING - timedelta(hours=1)
    )
    came = [{"sign_up_id": signed["sign_up_id"], "headcount": 3}]
    return Command(f"/v1/sessions/{announced['session_id']}/hold", {"came": came})


COMMANDS: dict[str, Callable[[Office], Awaitable[Command]]] = {
    "POST /v1/bookings": booking,
    "POST /v1/bookings/{booking_id}/reschedule": rescheduled,
    "POST /v1/bookings/{booking_id}/complete": completed,
    "POST /v1/bases/{base_id}/check-outs": checked_out,
    "POST /v1/waitlist": waiting,
    "POST /v1/series": repeated,
    "POST /v1/series/{series_id}/change": series_changed,
    "POST /v1/series/{series_id}/cancel": series_cancelled,
    "POST /v1/packages/{package_id}/bookings": package_booking,
    "POST /v1/visits": visit,
    "PATCH /v1/visits/{visit_id}": visit_corrected,
    "POST /v1/occasions": occasion,
    "POST /v1/bases/{base_id}/equipment": equipment,
    "PATCH /v1/equipment/{equipment_id}": equipment_changed,
    "PUT /v1/bookings/{booking_id}/equipment": equipment_of_booking,
    "PUT /v1/bases/{base_id}/opening-hours": hours,
    "POST /v1/closures": closure,
    "POST /v1/menu-items": menu_item,
    "POST /v1/packages": package,
    "POST /v1/sessions": session,
    "POST /v1/sessions/held": session_held,
    "PATCH /v1/sessions/{session_id}": session_changed,
    "POST /v1/sessions/{session_id}/sign-ups": sign_up,
    "POST /v1/lecture-halls": hall,
    "PATCH /v1/lecture-halls/{hall_id}": hall_changed,
    "POST /v1/courses": course,
    "POST /v1/guide-shifts": shift,
    "POST /v1/guide-shifts/{shift_id}/replace": shift_replaced,
    "POST /v1/guide-shifts/{shift_id}/swap": shift_swapped,
    "POST /v1/lecturers": lecturer,
    "PATCH /v1/lecturers/{lecturer_id}": lecturer_changed,
    "POST /v1/feeds": feed,
}

BESIDE: dict[str, Callable[[Office, Any], Awaitable[Command]]] = {
    "POST /v1/partner-venues/{proposal_id}/accept": proposal,
    "POST /v1/sessions/{session_id}/hold": session_over,
}
"""Those for which something must have happened that no command does."""
