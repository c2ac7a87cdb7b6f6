"""What forty clients may be after at once: a venue, a lecturer, equipment, a quota, a turn on the
waiting list, seats of a session.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.bases.tables import courses, equipment, occasions, quotas, slots
from services.bases.tables.lecturers import claims
from services.bases.tables.waitlist import queue
from services.chassis.ids import new_id
from tests.clock import tomorrow
from tests.service.bases.lecturing import Team
from tests.service.bases.lending import register
from tests.service.bases.schooling import School
from tests.service.bases.storm import CLIENTS, Attempt, Contest
from tests.service.bases.test_equipment import crowd as square_bookings
from tests.service.bases.test_equipment import equip
from tests.service.bases.test_lecturer_races import CLASHES, DROP_WALLS
from tests.service.bases.test_lecturer_races import crowd as bookings_at_two_bases
from tests.service.bases.waiting import crowd, wait
from tests.service.office import COMMUNITY, Office

MINUTE = timedelta(minutes=1)
BUFFER = 15 * MINUTE
"""Of the office's hall."""

ITEM = {
    "code": "CD-1",
    "name": "座谈",
    "kind": "tour",
    "duration_minutes": 60,
    "least_minutes": 30,
    "most_minutes": 120,
    "least_headcount": 1,
    "most_headcount": 40,
    "venue_kinds": ["meeting-room"],
}

COUNT = """
SELECT count(*) FROM booking
 WHERE base_id = $1 AND organisation_id = $2 AND holds
   AND date_trunc($3, starts_at AT TIME ZONE 'Asia/Shanghai') = $4::date
"""

Hours = tuple[datetime, datetime]


async def venue(office: Office, code: str, *, kind: str, sharing: str) -> str:
    """Another one of the office's base."""
    answer = await office.post(
        f"/v1/bases/{office.base_id}/venues",
        {"code": code, "name": code, "kind": kind, "capacity": 200, "sharing": sharing},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["venue_id"])


class Venue(Contest):
    """The hall, for hours of one day that overlap; another day each round."""

    winners = range(2, 12)
    refused = "slot-taken"
    names = "free_next"
    broken = """
        SELECT DISTINCT a.starts_at::date FROM booking a JOIN booking b
            ON a.venue_id = b.venue_id AND a.booking_id < b.booking_id AND a.during && b.during
         WHERE a.holds AND b.holds AND a.exclusive AND b.exclusive
    """

    async def open(self) -> None:
        """The office's hall stands ready."""

    async def round(self, number: int) -> Sequence[Attempt]:
        return [partial(self.book, hours) for hours in self.wishes(number)]

    def wishes(self, number: int) -> list[Hours]:
        """Half an hour to two hours, drawn anew for each round."""
        drawn = Random(number)  # noqa: S311  a storm that can be repeated
        morning = datetime.fromisoformat(tomorrow(8, days=1 + number))
        begins = [morning + 5 * drawn.randrange(96) * MINUTE for _ in range(CLIENTS)]
        return [(since, since + 5 * drawn.randrange(6, 25) * MINUTE) for since in begins]

    async def book(self, hours: Hours) -> httpx.Response:
        since, until = (each.isoformat() for each in hours)
        asked = self.office.booking(starts_at=since, ends_at=until)
        return await self.office.post("/v1/bookings", asked)

    async def follow(self, refusal: dict[str, Any]) -> httpx.Response | None:
        free = refusal["free_next"]
        hours = datetime.fromisoformat(free["from"]), datetime.fromisoformat(free["until"])
        held = (
            (datetime.fromisoformat(each["starts_at"]), datetime.fromisoformat(each["ends_at"]))
            for each in self.won
        )
        if any(a < hours[1] + BUFFER and hours[0] < b + BUFFER for a, b in held):
            return None
        return await self.book(hours)

    async def unguard(self, patch: pytest.MonkeyPatch) -> None:
        """No constraint, no look, no lock."""
        await self.bases.pool.execute("ALTER TABLE booking DROP CONSTRAINT one_booking_at_a_time")
        patch.setattr(occasions, "ASK", occasions.ASK.replace(occasions.LOCK, "NULL"))
        patch.setattr(slots, "INSERT", slots.INSERT.replace(slots.TAKEN, "false"))


class Lecturer(Contest):
    """A lecturer, for bookings at two bases that begin five minutes after one another."""

    winners = range(2, 5)
    refused = "lecturer-taken"
    names = "free"
    broken = CLASHES.replace("count(*)", "DISTINCT a.lecturer_id")

    async def open(self) -> None:
        self.team = Team(self.office)
        self.bookings = await bookings_at_two_bases(self.team)

    async def round(self, number: int) -> Sequence[Attempt]:
        self.wanted = await self.team.join(code=f"DH-{number}")
        return [partial(self.team.assign, each, self.wanted) for each in self.bookings]

    def fits(self, place: int, beside: int) -> bool:
        """An hour each, and half an hour to get to the other base."""
        return abs(place - beside) * 5 >= 60 + 30 * ((place - beside) % 2)

    async def follow(self, refusal: dict[str, Any]) -> httpx.Response:
        free = refusal["free"][0]
        begins = datetime.fromisoformat(free["from"])
        booking = await self.office.book(
            venue_id=self.office.square,
            headcount=1,
            starts_at=begins.isoformat(),
            ends_at=(begins + 15 * MINUTE).isoformat(),
        )
        return await self.team.assign(booking, self.wanted)

    async def unguard(self, patch: pytest.MonkeyPatch) -> None:
        """No constraint, no lock."""
        await self.bases.pool.execute(DROP_WALLS)
        patch.setattr(claims, "LOCK_ALL", "SELECT $1::uuid[]")


class Equipment(Contest):
    """Twelve of a kind, five for each booking."""

    winners = range(2, 3)
    refused = "equipment-short"
    names = "next_free"
    broken = "SELECT DISTINCT equipment_id FROM equipment_load WHERE taken > quantity"

    async def open(self) -> None:
        self.bookings = await square_bookings(self.office, CLIENTS)

    async def round(self, number: int) -> Sequence[Attempt]:
        """Empty-handed: those who gave back what they had would wait for one another."""
        await self.bases.pool.execute("DELETE FROM booking_equipment")
        self.wanted = (await register(self.office, f"SB-{number}"))["equipment_id"]
        return [partial(equip, self.office, each, (self.wanted, 5)) for each in self.bookings]

    async def follow(self, refusal: dict[str, Any]) -> httpx.Response:
        begins = datetime.fromisoformat(refusal["next_free"])
        booking = await self.office.book(
            venue_id=self.office.square,
            headcount=1,
            starts_at=begins.isoformat(),
            ends_at=(begins + 60 * MINUTE).isoformat(),
        )
        return await equip(self.office, booking, (self.wanted, 5))

    async def unguard(self, patch: pytest.MonkeyPatch) -> None:
        """No lock, no constraint, and a look at what was there before one waited."""
        await self.bases.pool.execute(
            "ALTER TABLE equipment_load DROP CONSTRAINT never_more_than_there_is"
        )
        before = """(SELECT b.taken FROM equipment_load b
                      WHERE b.equipment_id = l.equipment_id AND b.bucket = l.bucket)"""
        bound = "l.taken + excluded.taken <="
        stale = equipment.TAKE.replace(bound, f"coalesce({before}, 0) + excluded.taken <=")
        patch.setattr(equipment, "TAKE", stale)
        patch.setattr(equipment, "LOCK", equipment.LOCK.replace("FOR NO KEY UPDATE", ""))


class Quota(Contest):
    """Five bookings a week of one organisation, in eight venues of one base."""

    MOST = 5
    winners = range(MOST, MOST + 1)
    refused = "quota-used"
    names = "free_from"
    broken = f"""
        SELECT organisation_id FROM booking WHERE holds
         GROUP BY organisation_id, date_trunc('week', starts_at AT TIME ZONE 'Asia/Shanghai')
        HAVING count(*) > {MOST}
    """

    async def open(self) -> None:
        stated = await self.office.bases.put(
            f"/v1/bases/{self.office.base_id}/terms",
            json={"own": {"per_week": self.MOST}},
            headers=self.office.scene.headers(**{"If-Match": '"1"'}),
        )
        assert stated.status_code == 200, stated.text
        self.venues = [
            await venue(self.office, f"GC-{number}", kind="square", sharing="shared")
            for number in range(8)
        ]

    async def round(self, number: int) -> Sequence[Attempt]:
        self.organisation = str(new_id())
        await self.bases.pool.execute(
            "INSERT INTO organisation (organisation_id, code, name, kind, area)"
            " VALUES ($1, $2, '测试支部', 'branch', $3)",
            UUID(self.organisation),
            f"Q{number}",
            COMMUNITY,
        )
        return [partial(self.book, tomorrow(9), place) for place in range(CLIENTS)]

    async def book(self, begins: str, place: int = 0) -> httpx.Response:
        since = datetime.fromisoformat(begins)
        asked = self.office.booking(
            venue_id=self.venues[place % 8],
            organisation_id=self.organisation,
            headcount=1,
            starts_at=since.isoformat(),
            ends_at=(since + 60 * MINUTE).isoformat(),
        )
        return await self.office.post("/v1/bookings", asked)

    async def follow(self, refusal: dict[str, Any]) -> httpx.Response:
        return await self.book(f"{refusal['free_from']}T09:00:00+08:00")

    async def unguard(self, patch: pytest.MonkeyPatch) -> None:
        """Bookings are counted, and no counter is kept."""
        patch.setattr(quotas, "BEGIN", COUNT)


class Promotion(Contest):
    """Forty bookings of ten rooms are cancelled at once; twelve wait for any hour of any room."""

    winners = range(CLIENTS, CLIENTS + 1)
    refused = None
    broken = "SELECT entry_id FROM waitlist_offer GROUP BY entry_id HAVING count(*) > 1"
    missed = "SELECT entry_id FROM waitlist_entry WHERE status = 'waiting'"
    HOURS = (9, 10, 11, 12)

    async def open(self) -> None:
        self.organisations = await crowd(self.bases, 12)
        self.rooms = [
            await venue(self.office, f"JS-{number}", kind="meeting-room", sharing="exclusive")
            for number in range(CLIENTS // len(self.HOURS))
        ]
        item = await self.office.post("/v1/menu-items", ITEM | {"base_id": self.office.base_id})
        assert item.status_code == 201, item.text
        self.item = item.json()["item_id"]

    async def round(self, number: int) -> Sequence[Attempt]:
        at = partial(tomorrow, days=5 + number)
        held = [
            await self.office.book(venue_id=room, starts_at=at(hour), ends_at=at(hour + 1))
            for room in self.rooms
            for hour in self.HOURS
        ]
        anywhere = {"venue_id": None, "base_id": self.office.base_id, "menu_item_id": self.item}
        window = {"earliest_at": at(9), "latest_at": at(13)}
        hour = {"starts_at": at(9), "ends_at": at(10)}
        for each in self.organisations:
            await wait(self.office, **anywhere, **window, **hour, organisation_id=each)
        return [partial(self.cancel, each["booking_id"]) for each in held]

    async def cancel(self, booking_id: str) -> httpx.Response:
        return await self.office.post(f"/v1/bookings/{booking_id}/cancel", {"reason": "by-base"})

    async def unguard(self, patch: pytest.MonkeyPatch) -> None:
        """No claim, and no index that refuses a second offer."""
        await self.bases.pool.execute("DROP INDEX one_live_offer_an_entry")
        patch.setattr(queue, "CLAIM", "SELECT $1::uuid IS NOT NULL")


class Seats(Contest):
    """Ten seats of a session, for groups of two; a later session has room."""

    winners = range(5, 6)
    refused = "session-full"
    names = "following"
    broken = "SELECT session_id FROM session WHERE taken > seats"

    async def open(self) -> None:
        self.school = School(self.office)
        await self.school.open()
        later = {"starts_at": tomorrow(14, days=99), "ends_at": tomorrow(16, days=99)}
        await self.school.announce(**later, seats=200)

    async def round(self, number: int) -> Sequence[Attempt]:
        days = 1 + number
        times = {"starts_at": tomorrow(14, days=days), "ends_at": tomorrow(16, days=days)}
        session = await self.school.announce(**times, seats=10)
        return [partial(self.school.sign_up, session, headcount=2) for _ in range(CLIENTS)]

    async def follow(self, refusal: dict[str, Any]) -> httpx.Response:
        return await self.school.sign_up(refusal["following"][0], headcount=2)

    async def unguard(self, patch: pytest.MonkeyPatch) -> None:
        """No constraint, and a look at what was there before one waited."""
        await self.bases.pool.execute("ALTER TABLE session DROP CONSTRAINT seats_never_oversold")
        before = "(SELECT b.taken FROM session b WHERE b.session_id = $1)"
        stale = courses.TAKE.replace("AND taken + $2", f"AND {before} + $2")
        patch.setattr(courses, "TAKE", stale)
