"""Free times over HTTP, on the real database, beside what bookings are really granted."""

from datetime import datetime, timedelta

import pytest

from services.chassis.ids import new_id
from tests.clock import tomorrow
from tests.service.bases.lecturing import Team
from tests.service.bases.lending import register
from tests.service.bases.test_menu_api import published
from tests.service.office import COMMUNITY

TODAY, DAY = tomorrow(0, days=0)[:10], tomorrow(0)[:10]


async def asked(office, role="admin", area="41", **params):
    return await office.bases.get(
        "/v1/availability",
        params={"from": DAY, "to": DAY} | params,
        headers=office.scene.headers(role, area),
    )


async def free(office, **params):
    answer = await asked(office, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def the_day(office, venue_id, **params):
    return (await free(office, venue_id=venue_id, **params))["venues"][0]["days"][0]


async def state_hours(office):
    week = ("monday", "tuesday", "wednesday", "thursday", "friday")
    spans = [["09:00", "12:00"], ["13:30", "18:00"]]
    answer = await office.bases.put(
        f"/v1/bases/{office.base_id}/opening-hours",
        json={"effective_from": TODAY, "hours": dict.fromkeys(week, spans)},
        headers=office.scene.headers(),
    )
    assert answer.is_success, answer.text


async def close(office, since, until):
    answer = await office.post(
        "/v1/closures",
        {
            "base_id": office.base_id,
            "starts_at": since,
            "ends_at": until,
            "reason_kind": "maintenance",
        },
    )
    assert answer.is_success, answer.text


@pytest.mark.parametrize("venue", ["hall", "square"])
async def test_every_start_that_is_offered_is_booked_and_every_other_refused(
    office, database, venue
):
    """Hours, a closure, the buffer, a pending booking and an offer of the waiting list."""
    venue_id = getattr(office, venue)
    await state_hours(office)
    await close(office, tomorrow(16), tomorrow(16, 20))
    most = {"hall": 1, "square": 95}[venue]
    first = {"venue_id": venue_id, "headcount": most}
    await office.book(**first, starts_at=tomorrow(10, 20), ends_at=tomorrow(11))
    offered = await office.book(**first, starts_at=tomorrow(14), ends_at=tomorrow(14, 45))
    await (await database("bases")).pool.execute(
        "UPDATE booking SET status = 'offered' WHERE booking_id = $1", offered["booking_id"]
    )

    day = await the_day(office, venue_id, minutes=40, headcount=20)

    granted = []
    for quarter in range(96):
        hour, minute = divmod(quarter * 15, 60)
        since = datetime.fromisoformat(tomorrow(hour, minute))
        answer = await office.post(
            "/v1/bookings",
            office.booking(
                venue_id=venue_id,
                starts_at=since.isoformat(),
                ends_at=(since + timedelta(minutes=40)).isoformat(),
            ),
        )
        if answer.status_code == 201:
            granted.append(f"{since:%H:%M}")
            await office.step(answer.json(), "cancel", reason="weather")
        else:
            assert answer.status_code in {409, 422}, answer.text
    assert day["starts"] == granted
    assert day["state"] == "partly"
    assert granted


async def test_a_base_is_told_venue_by_venue_and_day_by_day(office):
    await state_hours(office)
    booked = {"starts_at": tomorrow(9), "ends_at": tomorrow(10)}
    await office.book(**booked)
    await office.book(**booked, venue_id=office.square, headcount=60)

    told = await free(office, base_id=office.base_id, to=tomorrow(0, days=3)[:10])

    hall, square = told["venues"]
    assert [venue["code"] for venue in (hall, square)] == ["CG-1", "CG-2"]
    assert [day["state"] for day in hall["days"]] == ["partly", "open", "closed"]  # to Saturday
    assert hall["days"][0]["hours"] == [["09:00", "12:00"], ["13:30", "18:00"]]
    assert hall["days"][0]["free"] == [
        {"since": "10:15", "until": "12:00", "places": None},
        {"since": "13:30", "until": "18:00", "places": None},
    ]
    assert square["days"][0]["free"][0] == {"since": "09:00", "until": "12:00", "places": 40}
    assert [day["off_day"] for day in square["days"]] == [False, False, True]
    assert hall["earliest"].startswith(TODAY)
    assert hall["latest"] == "2027-06-11" + hall["latest"][10:]


async def test_a_cancelled_booking_is_free_again_and_a_retired_venue_closed(office):
    booking = await office.book()
    assert (await the_day(office, office.hall))["state"] == "partly"

    await office.step(booking, "cancel", reason="weather")
    assert (await the_day(office, office.hall))["state"] == "open"

    answer = await office.bases.post(
        f"/v1/venues/{office.hall}/retire",
        json={},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert answer.status_code == 200, answer.text
    day = await the_day(office, office.hall)
    assert (day["state"], day["refused"]) == ("closed", "venue-retired")
    told = await free(office, base_id=office.base_id)
    assert [venue["code"] for venue in told["venues"]] == ["CG-2"]


async def test_an_item_is_had_where_the_venue_and_enough_lecturers_are_free(office):
    await state_hours(office)
    item = await published(office)  # half an hour in a hall, with one who leads ceremonies
    question = {"menu_item_id": item["item_id"]}

    nobody = (await free(office, **question))["venues"]
    team = Team(office)
    lecturer = await team.join(skills=["ceremony"])
    await team.join(skills=["party-history"])
    taken = await office.book(
        venue_id=office.square, starts_at=tomorrow(13, 30), ends_at=tomorrow(17), headcount=10
    )
    await team.assigned(taken, lecturer)
    [hall] = (await free(office, **question))["venues"]

    assert [venue["days"][0]["starts"] for venue in nobody] == [[]]
    assert hall["venue_id"] == office.hall
    starts = hall["days"][0]["starts"]
    assert (starts[0], starts[10:]) == ("09:00", ["11:30", "17:00", "17:15", "17:30"])
    refused = await asked(office, **question, minutes=61)
    assert (refused.status_code, refused.json()["code"]) == (422, "item-needs-time")


async def test_a_lecturer_is_free_when_nothing_takes_them(office):
    team = Team(office)
    lecturer = await team.join()
    booking = await office.book(starts_at=tomorrow(10), ends_at=tomorrow(11))
    await team.assigned(booking, lecturer)

    [there] = (await free(office, lecturer_id=lecturer, base_id=office.base_id))["lecturers"]
    [elsewhere] = (await free(office, lecturer_id=lecturer, base_id=str(new_id())))["lecturers"]

    def ranges(told):
        return [(each["since"], each["until"]) for each in told["days"][0]["free"]]

    assert ranges(there) == [("00:00", "10:00"), ("11:00", "24:00")]
    assert ranges(elsewhere) == [("00:00", "09:30"), ("11:30", "24:00")]  # half an hour on the way


async def test_equipment_that_is_lent_out_leaves_no_start(office):
    few = await register(office, quantity=2)
    wanted = [{"equipment_id": few["equipment_id"], "quantity": 2}]
    await office.book(
        venue_id=office.square, starts_at=tomorrow(10), ends_at=tomorrow(23), equipment=wanted
    )

    day = await the_day(office, office.hall, minutes=60, equipment=few["equipment_id"])
    more = await the_day(office, office.hall, minutes=60, equipment=f"{few['equipment_id']}:3")

    # The hall keeps it a quarter of an hour longer than the booking lasts.
    assert (day["starts"][35], day["starts"][36]) == ("08:45", "23:00")
    assert more["starts"] == []


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "ask-one-thing"),
        ({"base_id": new_id(), "venue_id": new_id()}, "ask-one-thing"),
        ({"base_id": new_id(), "to": "2026-08-12"}, "period-too-long"),
        ({"base_id": new_id(), "to": "2026-06-01"}, "period-too-long"),
        ({"base_id": new_id()}, "reference-unknown"),
        ({"venue_id": new_id()}, "reference-unknown"),
        ({"menu_item_id": new_id()}, "reference-unknown"),
        ({"lecturer_id": new_id()}, "reference-unknown"),
    ],
)
async def test_questions_that_have_no_answer_say_why(office, params, code):
    answer = await asked(office, **{name: str(value) for name, value in params.items()})

    assert answer.json()["code"] == code


async def test_who_books_for_an_organisation_looks_at_every_base_and_others_at_their_own(office):
    clerk = await asked(office, "community-worker", "410306", base_id=office.base_id)
    viewer = await asked(office, "viewer", "410306", base_id=office.base_id)
    neighbour = await asked(office, "viewer", COMMUNITY, base_id=office.base_id)

    assert [each.status_code for each in (clerk, viewer, neighbour)] == [200, 403, 200]
