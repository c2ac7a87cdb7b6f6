"""Venues on an agreement's paper are offered while it is in force, and reach the bases."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from contracts.catalogue import EVENTS
from services.bases import subscribers
from tests.service import hearing
from tests.service.cobuilding import agreeing
from tests.service.cobuilding.agreeing import PROMISE, path, read
from tests.service.cobuilding.test_amendments import agreed
from tests.service.cobuilding.town import COMMUNITY, ELSEWHERE, STREET, Town
from tests.service.office import Office, open_office
from tests.together import together

HALL = {"name": "农耕博物馆", "venue_kind": "hall", "capacity": 80}
ROOM = {"name": "职工之家", "venue_kind": "activity-room", "capacity": 30, "area": COMMUNITY}
NEXT = {"first_day": "2027-01-01", "last_day": "2027-12-31", "promises": [PROMISE]}


async def to(town: Town, day: str) -> None:
    town.clock.to(day, 0)
    await town.tick()


async def lent(town: Town, unit: Any = None, *venues: dict[str, Any], **given: Any) -> Any:
    return await agreeing.concluded(town, unit, venues=list(venues or [HALL]), **given)


async def renewal(town: Town, unit: Any, made: Any, *venues: dict[str, Any], **given: Any) -> Any:
    after = {"predecessor_id": made["agreement_id"]}
    return await lent(town, unit, *venues, **NEXT | after | given)


async def offers(town: Town, **asked: Any) -> list[dict[str, Any]]:
    filters = "&".join(f"{name}={value}" for name, value in asked.items())
    return (await town.done("GET", f"/v1/venue-offers?{filters}"))["items"]


async def told(town: Town, offer: dict[str, Any]) -> list[tuple[str, str | bool]]:
    """What was announced of it: until when it is offered, or from when it is withdrawn."""
    return [
        (each["_type"].split(".")[3], each.get("withdrawn_from") or each["available_to"])
        for each in await town.events(offer["offer_id"])
    ]


async def test_a_venue_is_on_the_paper_that_both_sign_and_is_offered_when_it_begins(town):
    made = await lent(town, None, HALL, ROOM, first_day="2026-04-01")
    (edition,) = await town.done("GET", f"{path(made)}/editions")
    assert [each["name"] for each in edition["content"]["venues"]] == ["农耕博物馆", "职工之家"]
    assert (await read(town, made))["venues"][0] == HALL | {"area": None}
    assert await offers(town) == []
    await to(town, "2026-04-01")
    hall, room = await offers(town, agreement_id=made["agreement_id"])
    assert (hall["area"], room["area"]) == (STREET, COMMUNITY)
    assert (hall["available_from"], hall["available_to"]) == ("2026-04-01", "2026-12-31")
    assert await told(town, hall) == [("offered", "2026-12-31")]
    assert [each["name"] for each in await offers(town, venue_kind="activity-room")] == ["职工之家"]
    file = await town.ask("GET", "/v1/venue-offers/export")
    assert "农耕博物馆" in file.content.decode("utf-8-sig")
    assert "展厅" in file.content.decode("utf-8-sig")


async def test_another_venue_makes_another_text(town):
    with_hall = await agreeing.offered(town, venues=[HALL])
    digests = [with_hall["digest"]]
    for venues in ([], [HALL | {"capacity": 60}]):
        back = await town.post(f"{path(with_hall)}/revision")
        changed = await town.done(
            "PATCH", path(with_hall), {"venues": venues}, **agreeing.seen(back)
        )
        sent = await town.post(f"{path(with_hall)}/submission")
        assert changed["version"] == back["version"] + 1
        with_hall = await town.post(f"{path(with_hall)}/approval", **agreeing.seen(sent))
        digests.append(with_hall["digest"])
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("venues", "code"),
    [
        ([HALL, HALL | {"capacity": 20}], "venue-twice"),
        ([HALL, HALL | {"area": STREET}], "venue-twice"),
        ([HALL | {"venue_kind": "castle"}], "unknown-kind"),
        ([HALL | {"area": "410305999"}], "area-unknown"),
        ([HALL | {"capacity": 0}], "invalid-request"),
    ],
)
async def test_a_venue_that_cannot_be_offered_is_refused_by_its_field(town, venues, code):
    made = await agreeing.draft(town)
    seen = agreeing.seen(made)
    answer = await town.ask("PATCH", path(made), {"venues": venues}, **seen)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert "venues" in answer.text
    assert (await read(town, made))["venues"] == []


async def test_the_same_hall_in_two_places_is_two_venues(town):
    await lent(town, None, HALL, HALL | {"area": COMMUNITY})
    assert [each["area"] for each in await offers(town)] == [STREET, COMMUNITY]


async def test_what_expires_is_withdrawn_from_the_day_after_its_last(town):
    made = await lent(town, last_day="2026-06-30")
    (hall,) = await offers(town)
    await to(town, "2026-07-20")
    assert (await read(town, made))["status"] == "expired"
    assert await told(town, hall) == [("offered", "2026-06-30"), ("withdrawn", "2026-07-01")]
    assert await offers(town, offered="true") == []
    (gone,) = await offers(town, offered="false")
    assert (gone["withdrawn_from"], gone["version"]) == ("2026-07-01", 2)


async def test_a_termination_ahead_shortens_the_offer_at_once_and_withdraws_it_on_its_day(town):
    made = await lent(town)
    (hall,) = await offers(town)
    end = {"reason_kind": "by-unit", "terminates_on": "2026-05-15"}
    await town.post(f"{path(made)}/termination", end)
    await to(town, "2026-05-15")
    assert await told(town, hall) == [
        ("offered", "2026-12-31"), ("offered", "2026-05-14"), ("withdrawn", "2026-05-15"),
    ]  # fmt: skip


async def test_terminated_before_it_began_nothing_was_ever_offered(town):
    made = await lent(town, first_day="2026-04-01")
    await town.post(f"{path(made)}/termination", {"reason_kind": "mistake"})
    await to(town, "2026-05-01")
    assert await offers(town) == []


async def test_an_extension_and_an_amended_end_go_on_with_the_same_offer(town):
    made = await lent(town, last_day="2026-06-30", renewal_months=3, renewal_most=1)
    (hall,) = await offers(town)
    await to(town, "2026-07-01")
    await agreed(town, made, last_day="2026-12-31")
    await agreed(town, made, last_day="2026-11-30")
    assert await told(town, hall) == [
        ("offered", day) for day in ("2026-06-30", "2026-09-30", "2026-12-31", "2026-11-30")
    ]
    anew = [each["continues"] for each in await town.events(hall["offer_id"])]
    assert anew == [False, True, True, True]


async def test_an_amendment_before_it_begins_offers_nothing_yet(town):
    made = await lent(town, first_day="2026-04-01")
    await agreed(town, made, last_day="2026-10-31")
    assert await offers(town) == []
    await to(town, "2026-04-01")
    assert [each["available_to"] for each in await offers(town)] == ["2026-10-31"]


async def test_a_renewal_takes_over_the_same_venue_and_the_rest_ends_with_the_old_paper(town):
    unit = await town.unit()
    made = await lent(town, unit, HALL, ROOM)
    hall, room = await offers(town)
    town.clock.to("2026-12-10")
    square = {"name": "厂前广场", "venue_kind": "square", "capacity": 500}
    after = await renewal(town, unit, made, HALL | {"capacity": 60}, square)
    await to(town, "2027-01-03")
    assert (await read(town, made))["status"] == "renewed"
    assert await told(town, hall) == [("offered", "2026-12-31"), ("offered", "2027-12-31")]
    assert await told(town, room) == [("offered", "2026-12-31"), ("withdrawn", "2027-01-01")]
    first, second = await offers(town, agreement_id=after["agreement_id"])
    assert (first["offer_id"], first["capacity"]) == (hall["offer_id"], 60)
    assert first["available_from"] == hall["available_from"]
    assert (second["name"], second["available_from"]) == ("厂前广场", "2027-01-01")


async def test_a_renewal_of_a_renewal_and_its_end_speak_of_the_same_offer(town):
    unit = await town.unit()
    made = await lent(town, unit)
    (hall,) = await offers(town)
    for year in (2027, 2028):
        town.clock.to(f"{year - 1}-12-10")
        days = {"first_day": f"{year}-01-01", "last_day": f"{year}-12-31"}
        made = await renewal(town, unit, made, HALL, **days)
        await to(town, f"{year}-01-01")
    await to(town, "2029-01-01")
    assert await told(town, hall) == [
        ("offered", "2026-12-31"), ("offered", "2027-12-31"), ("offered", "2028-12-31"),
        ("withdrawn", "2029-01-01"),
    ]  # fmt: skip


@pytest.mark.parametrize("ticked", [True, False])
async def test_a_late_renewal_withdraws_and_offers_anew_from_its_first_day_in_force(town, ticked):
    unit = await town.unit()
    made = await lent(town, unit)
    (hall,) = await offers(town)
    town.clock.to("2027-01-10")
    if ticked:
        await town.tick()
    await renewal(town, unit, made)
    (shown,) = await offers(town)
    assert (shown["offer_id"], shown["available_from"]) == (hall["offer_id"], "2027-01-10")
    assert await told(town, hall) == [
        ("offered", "2026-12-31"), ("withdrawn", "2027-01-01"), ("offered", "2027-12-31"),
    ]  # fmt: skip
    assert [each.get("continues") for each in await town.events(hall["offer_id"])][-1] is False


async def test_clocks_of_several_replicas_offer_and_withdraw_once(town):
    await lent(town, first_day="2026-04-01", last_day="2026-06-30")
    for day in ("2026-04-01", "2026-07-01"):
        town.clock.to(day)
        await together([town.tick() for _ in range(4)])
    (hall,) = await offers(town)
    assert await told(town, hall) == [("offered", "2026-06-30"), ("withdrawn", "2026-07-01")]


async def test_only_offers_of_the_callers_areas_are_listed(town):
    await lent(town, None, ROOM)
    page = await town.done("GET", "/v1/venue-offers", area=ELSEWHERE)
    assert page["items"] == []


# With the bases


@dataclass
class Bases:
    """An office whose bases hear what co-building announces of venues, in its order."""

    town: Town
    office: Office
    database: Any
    heard: int = 0

    async def hear(self) -> list[dict[str, Any]]:
        """All that is new; what they have proposals of then."""
        rows = await self.town.context.database.pool.fetch(
            "SELECT type, body FROM event_log WHERE type LIKE '%cobuilding.venue.%' ORDER BY id"
        )
        events = [EVENTS[row["type"]](**json.loads(row["body"])["data"]) for row in rows]
        await hearing.hear(
            subscribers.cobuilding,
            *events[self.heard :],
            database=await self.database("bases"),
            now=self.town.clock(),
        )
        self.heard = len(events)
        headers = self.office.scene.headers()
        answer = await self.office.bases.get("/v1/partner-venues", headers=headers)
        return answer.json()["items"]

    async def accept(self, proposal: dict[str, Any], **asked: Any) -> str:
        """The venue that it becomes."""
        key, seen = proposal["proposal_id"], agreeing.seen(proposal)
        answer = await self.office.post(f"/v1/partner-venues/{key}/accept", asked, **seen)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["venue_id"])

    async def book(self, venue_id: str, day: str) -> str | int:
        """The code it is refused with, or 201."""
        times = {"starts_at": f"{day}T09:00:00+08:00", "ends_at": f"{day}T10:00:00+08:00"}
        asked = self.office.booking(venue_id=venue_id, **times)
        answer = await self.office.post("/v1/bookings", asked)
        return answer.status_code if answer.is_success else str(answer.json()["code"])


@pytest.fixture
async def bases(town, scene, start, database) -> Bases:
    """In June, when an agreement with a hall ends with the month."""
    town.clock.to("2026-06-15")
    return Bases(town, await open_office(scene, start, clock=town.clock), database)


HERE = HALL | {"area": COMMUNITY}
LATER = {"first_day": "2026-07-01", "last_day": "2026-07-31"}


async def test_a_renewal_reaches_the_bases_and_what_was_not_open_can_be_booked(town, bases):
    unit = await town.unit()
    made = await lent(town, unit, HERE, last_day="2026-06-30")
    (proposal,) = await bases.hear()
    venue = await bases.accept(proposal, base_code="JD-9", code="CG-9")
    assert await bases.book(venue, "2026-06-30") == 201
    assert await bases.book(venue, "2026-07-02") == "not-open"

    after = await renewal(town, unit, made, HERE, **LATER)
    await to(town, "2026-07-01")

    (row,) = await bases.hear()
    assert (row["status"], row["agreement_id"]) == ("accepted", after["agreement_id"])
    assert row["available_to"] == "2026-07-31"
    assert await bases.book(venue, "2026-07-02") == 201
    assert await bases.book(venue, "2026-08-03") == "not-open"


async def test_what_was_not_renewed_ends_in_the_bases_and_waits_when_it_comes_again(town, bases):
    unit = await town.unit()
    made = await lent(town, unit, HERE, last_day="2026-06-30")
    (proposal,) = await bases.hear()
    venue = await bases.accept(proposal, base_code="JD-9", code="CG-9")

    await to(town, "2026-07-06")
    (row,) = await bases.hear()
    assert (row["status"], row["withdrawn_from"]) == ("withdrawn", "2026-07-01")
    assert await bases.book(venue, "2026-07-07") == "not-open"

    await renewal(town, unit, made, HERE, **LATER)
    (row,) = await bases.hear()
    assert (row["status"], row["available_from"]) == ("proposed", "2026-07-06")
    again = await bases.accept(row, base_id=row["base_id"], code="CG-10")
    assert await bases.book(again, "2026-07-07") == 201


async def test_an_agreed_termination_closes_the_venue_before_it_has_come(town, bases):
    made = await lent(town, None, HERE, last_day="2026-12-31")
    (proposal,) = await bases.hear()
    venue = await bases.accept(proposal, base_code="JD-9", code="CG-9")
    end = {"reason_kind": "by-unit", "terminates_on": "2026-07-01"}
    await town.post(f"{path(made)}/termination", end)

    (row,) = await bases.hear()

    assert (row["status"], row["available_to"]) == ("accepted", "2026-06-30")
    assert await bases.book(venue, "2026-07-02") == "not-open"
    assert await bases.book(venue, "2026-06-30") == 201
    await to(town, "2026-07-01")
    (row,) = await bases.hear()
    assert (row["status"], row["withdrawn_from"]) == ("withdrawn", "2026-07-01")
