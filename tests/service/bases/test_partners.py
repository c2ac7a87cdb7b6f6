"""Partner museums as bases: cobuilding's offers reach the bases, which take them in or do not."""

import json
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from contracts.cobuilding.venues import VenueOffered, VenueWithdrawn
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


async def ask_on(office: Office, venue_id: str, day: date, headcount: int = 20) -> httpx.Response:
    days = (day - TODAY).days
    times = {"starts_at": tomorrow(9, days=days), "ends_at": tomorrow(10, days=days)}
    body = office.booking(venue_id=venue_id, headcount=headcount, **times)
    return await office.post("/v1/bookings", body)


async def changes(database: Any) -> list[dict[str, Any]]:
    rows = await (await database("bases")).pool.fetch(
        "SELECT body FROM event_log WHERE type = 'jiceng.bases.partner-venue.changed.v1'"
        " ORDER BY id"
    )
    return [json.loads(row["body"])["data"] for row in rows]


async def test_a_renewal_lengthens_what_can_be_booked_without_anybody_accepting_it_again(
    office, database
):
    last, later = TODAY + timedelta(days=3), TODAY + timedelta(days=20)
    offered, proposal_id = await proposed(office, database, available_to=last)
    accepted = await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")
    venue_id = accepted.json()["venue_id"]
    assert (await ask_on(office, venue_id, last + timedelta(days=1))).json()["code"] == "not-open"

    renewed = offered.model_copy(update={"agreement_id": new_id(), "available_to": later})
    await hear(database, renewed)
    await hear(database, renewed)  # once more, as a stream may

    row = await read(office, f"/v1/partner-venues/{proposal_id}")
    assert (row["status"], row["version"], row["available_to"]) == ("accepted", 3, str(later))
    assert row["agreement_id"] == str(renewed.agreement_id)
    assert (await read(office, f"/v1/venues/{venue_id}"))["available_to"] == str(later)
    assert (await ask_on(office, venue_id, last + timedelta(days=1))).status_code == 201
    assert (await ask_on(office, venue_id, later)).status_code == 201
    assert (await ask_on(office, venue_id, later + timedelta(days=1))).json()["code"] == "not-open"
    assert await announced(database) == ["proposed", "accepted", "changed"]
    (told,) = await changes(database)
    assert told["was_agreement_id"] == str(offered.agreement_id)
    assert (told["was_available_to"], told["available_to"]) == (str(last), str(later))


async def test_an_offer_that_is_shortened_leaves_the_bookings_behind_its_end_to_the_manager(
    office, database
):
    offered, proposal_id = await proposed(office, database)
    accepted = await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")
    venue_id = accepted.json()["venue_id"]
    ahead = (await ask_on(office, venue_id, TODAY + timedelta(days=9))).json()

    await hear(database, offered.model_copy(update={"available_to": TODAY + timedelta(days=5)}))

    assert (await changes(database))[0]["bookings_ahead"] == 1
    listed = await read(office, f"/v1/partner-venues/{proposal_id}/bookings")
    assert [row["booking_id"] for row in listed] == [ahead["booking_id"]]
    assert (await read(office, f"/v1/bookings/{ahead['booking_id']}"))["status"] == "pending"
    refused = await ask_on(office, venue_id, TODAY + timedelta(days=6))
    assert refused.json()["code"] == "not-open"


@pytest.mark.parametrize(
    ("chosen", "offered_now", "booked", "left"),
    [
        (60, 100, 0, 60),  # more room is for the manager to make use of
        (60, 70, 0, 60),
        (60, 40, 0, 40),
        (60, 40, 50, 50),  # whom the base took it does not turn away
    ],
)
async def test_an_offer_for_more_or_fewer_people_never_enlarges_a_venue_by_itself(
    office, database, chosen, offered_now, booked, left
):
    offered, proposal_id = await proposed(office, database)
    known = {"base_code": "JD-9", "code": "CG-9", "capacity": chosen}
    accepted = await decide(office, proposal_id, "accept", **known)
    venue_id = accepted.json()["venue_id"]
    if booked:
        assert (await ask_on(office, venue_id, TODAY + timedelta(days=2), booked)).is_success

    await hear(database, offered.model_copy(update={"capacity": offered_now}))

    row = await read(office, f"/v1/partner-venues/{proposal_id}")
    venue = await read(office, f"/v1/venues/{venue_id}")
    assert (row["capacity"], venue["capacity"]) == (offered_now, left)
    over = await ask_on(office, venue_id, TODAY + timedelta(days=4), left + 1)
    assert over.status_code in (409, 422), over.text


async def test_what_ended_with_its_agreement_and_is_offered_by_a_later_one_waits_again(
    office, database
):
    offered, proposal_id = await proposed(office, database)
    await decide(office, proposal_id, "accept", base_code="JD-9", code="CG-9")
    await hear(database, taken_back(offered, TODAY))
    anew = {"agreement_id": new_id(), "available_from": TODAY + timedelta(days=10)}
    await hear(database, offered.model_copy(update=anew))

    (row,) = await proposals(office, status="proposed")
    assert row["withdrawn_from"] is None
    again = {"base_id": row["base_id"], "code": "CG-10"}
    accepted = (await decide(office, proposal_id, "accept", row["version"], **again)).json()
    assert accepted["status"] == "accepted"
    day = TODAY + timedelta(days=10)
    assert (await ask_on(office, accepted["venue_id"], day)).status_code == 201


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
