"""Partner museums as bases: cobuilding's offers reach the bases, which take them in or do not."""

from datetime import date, timedelta
from typing import Any

import httpx

from contracts.cobuilding import VenueOffered, VenueWithdrawn
from contracts.event import Event, stream_of, subject_of
from services.bases import subscribers
from services.chassis.event_log import Cause, entry
from services.chassis.ids import new_id
from tests.clock import OPENING, tomorrow
from tests.eventually import eventually
from tests.service import hearing
from tests.service.office import COMMUNITY, Office, open_office

TODAY = OPENING.date()
LAST = TODAY + timedelta(days=100)


def offer(**given: Any) -> VenueOffered:
    """A museum of agriculture for eighty people, from today for a hundred days."""
    said: dict[str, Any] = {
        "area": COMMUNITY,
        "offer_id": new_id(),
        "agreement_id": new_id(),
        "unit_id": new_id(),
        "name": "农耕博物馆",
        "venue_kind": "hall",
        "capacity": 80,
        "available_from": TODAY,
        "available_to": LAST,
    }
    return VenueOffered(**said | given)


def taken_back(offered: VenueOffered, withdrawn_from: date) -> VenueWithdrawn:
    return VenueWithdrawn(**offered.model_dump(), withdrawn_from=withdrawn_from)


async def hear(database: Any, event: Event) -> None:
    bases = await database("bases")
    await hearing.hear(subscribers.cobuilding, event, database=bases, now=OPENING)


async def proposals(office: Office, **asked: Any) -> list[dict[str, Any]]:
    answer = await office.bases.get(
        "/v1/partner-venues", params=asked, headers=office.scene.headers()
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def proposed(office: Office, database: Any, **given: Any) -> tuple[VenueOffered, str]:
    """An offer that was heard, and the id of its proposal."""
    offered = offer(**given)
    await hear(database, offered)
    (row,) = [row for row in await proposals(office) if row["offer_id"] == str(offered.offer_id)]
    return offered, row["proposal_id"]


async def decide(
    office: Office, proposal_id: str, step: str, version: int = 1, **body: Any
) -> httpx.Response:
    return await office.post(
        f"/v1/partner-venues/{proposal_id}/{step}", body, **{"If-Match": f'"{version}"'}
    )


async def announced(database: Any) -> list[str]:
    rows = await (await database("bases")).pool.fetch(
        "SELECT type FROM event_log WHERE type LIKE '%partner-venue%' ORDER BY id"
    )
    return [row["type"].split(".")[3] for row in rows]


async def test_a_partner_museum_becomes_a_base_of_its_own_with_its_agreement_kept(office, database):
    offered, proposal_id = await proposed(office, database)

    answer = await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")

    assert answer.status_code == 200, answer.text
    row = answer.json()
    assert (row["status"], row["own_base"], row["version"]) == ("accepted", True, 2)
    assert row["agreement_id"] == str(offered.agreement_id)
    assert row["unit_id"] == str(offered.unit_id)
    base = await read(office, f"/v1/bases/{row['base_id']}")
    venue = await read(office, f"/v1/venues/{row['venue_id']}")
    assert (base["name"], base["kind"], base["area"]) == ("农耕博物馆", "partner", COMMUNITY)
    assert (venue["name"], venue["capacity"]) == ("农耕博物馆", 80)
    assert (venue["available_from"], venue["available_to"]) == (str(TODAY), str(LAST))
    assert await announced(database) == ["proposed", "accepted"]
    await office.book(venue_id=row["venue_id"], headcount=80)


async def read(office: Office, path: str) -> Any:
    answer = await office.bases.get(path, headers=office.scene.headers())
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_partner_venue_may_join_a_known_base_for_fewer_people_than_offered(
    office, database
):
    _, proposal_id = await proposed(office, database)
    wanted = {"base_id": office.base_id, "code": "CG-9"}

    over = await decide(office, proposal_id, "accept", **wanted, capacity=81)
    both = await decide(office, proposal_id, "accept", **wanted, base_code="JD-9")
    neither = await decide(office, proposal_id, "accept", code="CG-9")
    fits = await decide(office, proposal_id, "accept", **wanted, capacity=60)
    twice = await decide(office, proposal_id, "accept", 2, **wanted | {"code": "CG-10"})

    assert (over.status_code, over.json()["most"]) == (422, 80)
    assert {both.json()["code"], neither.json()["code"]} == {"one-base"}
    assert (fits.status_code, fits.json()["own_base"]) == (200, False)
    assert (twice.status_code, twice.json()["code"]) == (409, "proposal-settled")


async def test_a_partner_venue_is_booked_within_the_days_it_is_offered_for_only(office, database):
    late = TODAY + timedelta(days=3)
    _, proposal_id = await proposed(office, database, available_from=late, available_to=late)
    accepted = await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")
    venue_id = accepted.json()["venue_id"]

    outcomes = [
        await office.post(
            "/v1/bookings",
            office.booking(
                venue_id=venue_id,
                starts_at=tomorrow(9, days=days),
                ends_at=tomorrow(10, days=days),
            ),
        )
        for days in (2, 3, 4)
    ]

    assert [answer.status_code for answer in outcomes] == [409, 201, 409], outcomes[1].text
    assert outcomes[0].json()["code"] == "not-open"
    shown = await office.bases.get(
        f"/v1/bases/{accepted.json()['base_id']}/open",
        params={"from": str(late - timedelta(days=1)), "to": str(late + timedelta(days=1))},
        headers=office.scene.headers(),
    )
    assert [len(row["open"]) for row in shown.json()] == [0, 1, 0]


async def test_a_declined_offer_says_why_and_may_be_offered_again(office, database):
    offered, proposal_id = await proposed(office, database)

    unknown = await decide(office, proposal_id, "decline", reason_kind="whim")
    declined = await decide(office, proposal_id, "decline", reason_kind="safety")
    await hear(database, offered.model_copy(update={"capacity": 60}))

    assert unknown.json()["code"] == "unknown-kind"
    assert declined.json()["reason_kind"] == "safety"
    (row,) = await proposals(office, status="proposed")
    assert (row["capacity"], row["reason_kind"], row["version"]) == (60, None, 3)
    assert await announced(database) == ["proposed", "declined", "proposed"]


async def test_an_offer_withdrawn_before_it_was_accepted_is_gone(office, database):
    offered, proposal_id = await proposed(office, database)

    await hear(database, taken_back(offered, LAST))

    answer = await decide(office, proposal_id, "accept", 2, base_code="JD-9", code="CG-9")
    assert (answer.status_code, answer.json()["state"]) == (409, "withdrawn")
    await hear(database, taken_back(offer(), LAST))  # one that nobody heard of
    assert await announced(database) == ["proposed", "withdrawn"]


async def test_a_venue_taken_back_is_closed_from_that_day_and_its_bookings_are_the_managers(
    office, database
):
    offered, proposal_id = await proposed(office, database)
    accepted = await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")
    venue = {"venue_id": accepted.json()["venue_id"]}
    before = await office.book(**venue)
    ahead = await office.book(**venue, starts_at=tomorrow(9, days=5), ends_at=tomorrow(10, days=5))

    await hear(database, taken_back(offered, TODAY + timedelta(days=2)))

    listed = await read(office, f"/v1/partner-venues/{proposal_id}/bookings")
    assert [row["booking_id"] for row in listed] == [ahead["booking_id"]]
    for booking in (before, ahead):
        assert (await read(office, f"/v1/bookings/{booking['booking_id']}"))["status"] == "pending"
    refused = await office.post(
        "/v1/bookings",
        office.booking(**venue, starts_at=tomorrow(9, days=2), ends_at=tomorrow(10, days=2)),
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "not-open")
    await office.book(**venue, starts_at=tomorrow(14), ends_at=tomorrow(15))
    event = await (await database("bases")).pool.fetchval(
        "SELECT body FROM event_log WHERE type = 'jiceng.bases.partner-venue.withdrawn.v1'"
    )
    assert '"bookings_ahead":1' in event.replace(" ", "")
    assert '"was_status":"accepted"' in event.replace(" ", "")


async def test_a_partner_who_takes_back_what_ends_sooner_does_not_lengthen_it(office, database):
    last = TODAY + timedelta(days=3)
    offered, proposal_id = await proposed(office, database, available_to=last)
    accepted = await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")

    await hear(database, taken_back(offered, last + timedelta(days=30)))

    venue = await read(office, f"/v1/venues/{accepted.json()['venue_id']}")
    assert venue["available_to"] == str(last)


async def test_a_partner_venue_that_is_retired_is_given_back(office, database):
    _, proposal_id = await proposed(office, database)
    accepted = await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")

    answer = await office.post(
        f"/v1/venues/{accepted.json()['venue_id']}/retire", {}, **{"If-Match": '"1"'}
    )

    assert answer.status_code == 200, answer.text
    assert (await proposals(office))[0]["status"] == "withdrawn"
    assert await announced(database) == ["proposed", "accepted", "withdrawn"]


async def test_offers_come_over_the_stream_of_a_service_that_is_not_there_yet(
    scene, start, database
):
    office = await open_office(scene, start, background=True)
    offered = offer()
    told = entry(offered, version=1, occurred_at=OPENING, recorded_at=OPENING, cause=Cause("test"))
    client = await scene.connect()

    await client.jetstream().publish(
        subject_of(offered),
        told.body.encode(),
        stream=stream_of("cobuilding"),
        headers={"Nats-Msg-Id": str(told.event_id)},
    )
    await client.close()

    await eventually(lambda: proposals(office))
    (row,) = await proposals(office)
    assert row["offer_id"] == str(offered.offer_id)
