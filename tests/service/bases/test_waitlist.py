"""The waiting list over HTTP: who joins, who is offered what, how offers end."""

from datetime import datetime, timedelta

import pytest

from services.bases.handlers.waitlist import clock
from services.chassis.database import Database
from tests.clock import office_clock, tomorrow
from tests.conftest import Scene, Start
from tests.service.bases.waiting import (
    answered,
    crowd,
    entry,
    live_offers,
    notices,
    run,
    statuses,
    told,
    wait,
    wish,
)
from tests.service.office import Office, open_office

EXPIRE, LAPSE, OFFER = clock.SWEEPS


class Hands:
    """A clock whose hands a test moves."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return office_clock() + self.ahead


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def office(scene: Scene, start: Start, hands: Hands) -> Office:
    return await open_office(scene, start, clock=hands)


@pytest.fixture
async def bases(office, database) -> Database:
    return await database("bases")


async def test_what_can_be_booked_is_booked_and_nobody_waits_for_it(office):
    answer = await office.post("/v1/waitlist", wish(office))

    assert (answer.status_code, answer.json()["code"]) == (409, "still-free")
    assert answer.json()["free"] == {"from": tomorrow(9), "until": tomorrow(10)}


async def test_waiting_cures_no_broken_rule(office):
    await office.book()

    refused = [
        await office.post("/v1/waitlist", wish(office, **given))
        for given in (
            {"starts_at": tomorrow(10), "ends_at": tomorrow(9)},
            {"starts_at": tomorrow(9, days=800), "ends_at": tomorrow(10, days=800)},
            {"earliest_at": tomorrow(9, 30)},
            {"latest_at": tomorrow(9, days=2)},
        )
    ]

    assert [each.json()["code"] for each in refused] == [
        "invalid",
        "too-far-ahead",
        "window-wrong",
        "window-wrong",
    ]


async def test_the_waitlist_serves_in_order_of_joining_by_group_size_until_offers_expire(
    office, bases, hands
):
    """Whoever is too many is passed over and keeps the place; an unanswered offer goes on."""
    one, two, three = await crowd(bases, 3)
    square = {"venue_id": office.square}
    held = await office.book(**square, headcount=90)
    small = await office.book(**square, headcount=10)
    big = await wait(office, **square, organisation_id=one, headcount=50)
    first = await wait(office, **square, organisation_id=two, headcount=10)
    second = await wait(office, **square, organisation_id=three, headcount=8)
    assert [each["position"] for each in (big, first, second)] == [1, 2, 3]

    await office.step(small, "cancel")
    assert await statuses(office, big, first, second) == ["waiting", "offered", "waiting"]

    hands.ahead = timedelta(hours=22)  # beyond the last two hours before the start
    assert await run(office, EXPIRE) == 1
    assert await statuses(office, big, first, second) == ["waiting", "expired", "waiting"]

    hands.ahead = timedelta()
    await office.step(held, "cancel")
    assert await statuses(office, big, first, second) == ["offered", "expired", "offered"]
    assert await told(bases, first["entry_id"]) == [("joined", 1), ("offered", 2), ("expired", 3)]
    assert (await notices(office, kind="offer-expired"))[0]["entry_id"] == first["entry_id"]


async def test_an_expired_offer_goes_to_the_next_at_once(office, bases, hands):
    one, two = await crowd(bases, 2)
    day = {"starts_at": tomorrow(9, days=5), "ends_at": tomorrow(10, days=5)}
    held = await office.book(**day)
    first = await wait(office, **day, organisation_id=one)
    second = await wait(office, **day, organisation_id=two)
    await office.step(held, "cancel")

    hands.ahead = timedelta(hours=23, minutes=59)
    assert await run(office, EXPIRE) == 0
    hands.ahead = timedelta(hours=24, minutes=1)
    late = await answered(office, first, "accept")
    assert (late.status_code, late.json()["code"]) == (409, "offer-expired")
    assert await run(office, EXPIRE) == 1

    assert await statuses(office, first, second) == ["expired", "offered"]
    assert len(await live_offers(bases)) == 1


async def test_an_accepted_offer_becomes_a_request_that_nobody_heard_of_before(office, bases):
    (one,) = await crowd(bases, 1)
    held = await office.book()
    joined = await wait(office, organisation_id=one)
    await office.step(held, "cancel")
    offered = await entry(office, joined)
    before = await told(bases, offered["booking_id"])
    taken = await office.post("/v1/bookings", office.booking())

    answer = await answered(office, joined, "accept")

    assert before == []
    assert (taken.status_code, taken.json()["code"]) == (409, "slot-taken")
    assert answer.status_code == 200, answer.text
    booking = answer.json()["booking"]
    assert (booking["status"], booking["version"]) == ("pending", 1)
    assert booking["booking_id"] == offered["booking_id"]
    assert await told(bases, booking["booking_id"]) == [("requested", 1)]
    assert await told(bases, joined["entry_id"]) == [("joined", 1), ("offered", 2), ("accepted", 3)]
    confirmed = await office.step(booking, "confirm")
    assert (confirmed["status"], confirmed["version"]) == ("confirmed", 2)


async def test_an_offer_is_accepted_by_the_quota_of_its_base_and_stays_when_it_is_refused(
    office, bases
):
    (one,) = await crowd(bases, 1)
    own = await office.bases.put(
        f"/v1/bases/{office.base_id}/terms",
        json={"own": {"per_week": 1}},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert own.status_code == 200, own.text
    held = await office.book()
    joined = await wait(office, organisation_id=one)
    await office.step(held, "cancel")
    other = await office.book(organisation_id=one, venue_id=office.square)

    refused = await answered(office, joined, "accept")
    assert (refused.status_code, refused.json()["code"]) == (409, "quota-used")
    assert await statuses(office, joined) == ["offered"]
    await office.step(other, "cancel", reason="weather")  # the visitors would be late

    assert (await answered(office, joined, "accept")).status_code == 200


async def test_whoever_has_used_their_quota_is_passed_over_and_waits_on(office, bases):
    one, two = await crowd(bases, 2)
    own = await office.bases.put(
        f"/v1/bases/{office.base_id}/terms",
        json={"own": {"per_week": 1}},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert own.status_code == 200, own.text
    held = await office.book()
    await office.book(organisation_id=one, venue_id=office.square)
    first = await wait(office, organisation_id=one)
    second = await wait(office, organisation_id=two)

    await office.step(held, "cancel")

    assert await statuses(office, first, second) == ["waiting", "offered"]


async def test_no_more_is_offered_to_one_organisation_than_its_quota_lets_it_accept(office, bases):
    (one,) = await crowd(bases, 1)
    held = [
        await office.book(starts_at=tomorrow(hour), ends_at=tomorrow(hour + 1)) for hour in (9, 11)
    ]
    own = await office.bases.put(
        f"/v1/bases/{office.base_id}/terms",
        json={"own": {"per_week": 1}},
        headers=office.scene.headers(**{"If-Match": '"1"'}),
    )
    assert own.status_code == 200, own.text
    waiting = [
        await wait(
            office, organisation_id=one, starts_at=tomorrow(hour), ends_at=tomorrow(hour + 1)
        )
        for hour in (9, 11)
    ]

    for booking in held:
        await office.step(booking, "cancel")

    assert await statuses(office, *waiting) == ["offered", "waiting"]


@pytest.mark.parametrize(("answer", "then"), [("decline", "declined"), ("leave", "left")])
async def test_who_declines_or_leaves_passes_the_slot_on(office, bases, answer, then):
    one, two = await crowd(bases, 2)
    held = await office.book()
    first = await wait(office, organisation_id=one)
    second = await wait(office, organisation_id=two)
    await office.step(held, "cancel")

    assert (await answered(office, first, answer)).status_code == 200

    assert await statuses(office, first, second) == [then, "offered"]
    again = await answered(office, first, "accept")
    assert (again.status_code, again.json()["code"]) == (409, "no-offer")


async def test_who_leaves_before_any_offer_is_not_asked(office, bases):
    one, two = await crowd(bases, 2)
    held = await office.book()
    first = await wait(office, organisation_id=one)
    second = await wait(office, organisation_id=two)
    assert (await answered(office, first, "leave")).status_code == 200
    assert (await answered(office, first, "leave")).json()["code"] == "entry-over"

    await office.step(held, "cancel")

    assert await statuses(office, first, second) == ["left", "offered"]
    assert (await entry(office, second))["position"] == 1


async def test_nobody_queues_twice_for_the_same(office):
    await office.book()
    await wait(office)

    again = await office.post("/v1/waitlist", wish(office))

    assert (again.status_code, again.json()["code"]) == (409, "waits-already")


@pytest.mark.parametrize("how", ["cancel", "decline", "reschedule", "enlarge", "shrink-group"])
async def test_whatever_frees_room_promotes_who_waits(office, bases, how):
    (one,) = await crowd(bases, 1)
    square = {"venue_id": office.square}
    held = await office.book(**square, headcount=90)
    joined = await wait(office, **square, organisation_id=one, headcount=20)

    match how:
        case "cancel":
            await office.step(held, "cancel")
        case "decline":
            await office.step(held, "decline", reason="base-event")
        case "reschedule":
            await changed(office, held, starts_at=tomorrow(13))
        case "shrink-group":
            await changed(office, held, headcount=80)
        case "enlarge":
            answer = await office.bases.patch(
                f"/v1/venues/{office.square}",
                json={"capacity": 110},
                headers=office.scene.headers(**{"If-Match": '"1"'}),
            )
            assert answer.status_code == 200, answer.text

    assert await statuses(office, joined) == ["offered"]


async def changed(office: Office, booking: dict, **change: object) -> None:
    answer = await office.post(
        f"/v1/bookings/{booking['booking_id']}/reschedule", change, **{"If-Match": '"1"'}
    )
    assert answer.status_code == 200, answer.text


async def test_a_closure_takes_offers_back_and_its_end_gives_them_again(office, bases):
    (one,) = await crowd(bases, 1)
    held = await office.book()
    joined = await wait(office, organisation_id=one)
    await office.step(held, "cancel")
    assert await statuses(office, joined) == ["offered"]

    closure = await office.post(
        "/v1/closures",
        {
            "base_id": office.base_id,
            "starts_at": tomorrow(8),
            "ends_at": tomorrow(12),
            "reason_kind": "maintenance",
            "cancel_bookings": True,
        },
    )
    assert closure.status_code == 201, closure.text
    assert await statuses(office, joined) == ["waiting"]
    withdrawn = await office.post(f"/v1/closures/{closure.json()['closure_id']}/withdraw", {})
    assert withdrawn.status_code == 200, withdrawn.text

    assert await statuses(office, joined) == ["offered"]
    names = [name for name, _ in await told(bases, joined["entry_id"])]
    assert names == ["joined", "offered", "withdrawn", "offered"]


async def test_a_flexible_wish_is_had_anywhere_in_its_window(office, bases):
    (one,) = await crowd(bases, 1)
    held = [
        await office.book(starts_at=tomorrow(hour), ends_at=tomorrow(hour, 45))
        for hour in (9, 10, 11)
    ]
    window = {"earliest_at": tomorrow(9), "latest_at": tomorrow(12)}
    joined = await wait(
        office, organisation_id=one, starts_at=tomorrow(9), ends_at=tomorrow(9, 45), **window
    )

    await office.step(held[2], "cancel")

    offered = await entry(office, joined)
    assert offered["status"] == "offered"
    booking = await office.bases.get(
        f"/v1/bookings/{offered['booking_id']}", headers=office.scene.headers()
    )
    assert datetime.fromisoformat(booking.json()["starts_at"]) == datetime.fromisoformat(
        tomorrow(11)
    )


async def test_a_window_with_room_in_it_is_still_free(office):
    await office.book()
    window = {"earliest_at": tomorrow(9), "latest_at": tomorrow(12)}

    answer = await office.post("/v1/waitlist", wish(office, **window))

    assert answer.json()["code"] == "still-free"
    assert answer.json()["free"]["from"] == tomorrow(10, 15)


async def test_entries_lapse_when_their_wish_has_begun(office, hands):
    await office.book()
    joined = await wait(office)
    hands.ahead = timedelta(hours=22, minutes=30)
    assert await run(office, LAPSE) == 0

    hands.ahead = timedelta(hours=23, minutes=1)
    assert await run(office, LAPSE) == 1

    assert await statuses(office, joined) == ["lapsed"]
    assert (await notices(office, kind="waitlist-lapsed"))[0]["entry_id"] == joined["entry_id"]


async def test_nothing_is_offered_too_late_to_be_answered(office, hands):
    held = await office.book()
    joined = await wait(office)
    hands.ahead = timedelta(hours=21, minutes=5)  # less than two hours before

    await office.step(held, "cancel", reason="weather")

    assert await statuses(office, joined) == ["waiting"]


async def test_the_clock_offers_what_became_free_without_anybody_freeing_it(office, bases):
    """Here the row of the only one who waits was held when the slot became free."""
    held = await office.book()
    joined = await wait(office)
    async with bases.pool.acquire() as connection, connection.transaction():
        await connection.execute("SELECT FROM waitlist_entry FOR UPDATE")
        await office.step(held, "cancel")
    assert await statuses(office, joined) == ["waiting"]

    assert await run(office, OFFER) == 1

    assert await statuses(office, joined) == ["offered"]
    assert await run(office, OFFER) == 0


async def test_the_list_has_positions_and_goes_into_a_file(office, bases):
    one, two = await crowd(bases, 2)
    await office.book()
    await office.book(starts_at=tomorrow(13), ends_at=tomorrow(14))
    await wait(office, organisation_id=one)
    await wait(office, organisation_id=two)
    await wait(office, organisation_id=one, starts_at=tomorrow(13), ends_at=tomorrow(14))
    headers = office.scene.headers()

    first = await office.bases.get(
        "/v1/waitlist", params={"base_id": office.base_id, "limit": 2}, headers=headers
    )
    rest = await office.bases.get(
        "/v1/waitlist", params={"limit": 2, "cursor": first.json()["next"]}, headers=headers
    )
    file = await office.bases.get("/v1/waitlist/export", headers=headers)

    assert [each["position"] for each in first.json()["items"]] == [1, 2]
    assert [each["position"] for each in rest.json()["items"]] == [1]
    assert file.text.count("候补支部") == 3


async def test_an_organisations_own_staff_wait_for_their_own_only(office):
    await office.book()
    mine = wish(office, on_behalf=False, channel="wechat")

    refused = await office.bases.post(
        "/v1/waitlist",
        json=mine,
        headers=office.scene.headers("community-worker", "410305002001"),
    )
    allowed = await office.bases.post(
        "/v1/waitlist",
        json=mine,
        headers=office.scene.headers("community-worker", "410305001001"),
    )

    assert (refused.status_code, allowed.status_code) == (403, 201)
