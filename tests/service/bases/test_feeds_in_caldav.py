"""Our calendars in a real CalDAV server, put there by a real client and byte by byte.

The caldav client mends some faults before it sends, and counts SEQUENCE up itself where it saves
again; the bytes as they are come without such help.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import caldav
import httpx
import pytest
import recurring_ical_events
from caldav.lib.error import NotFoundError
from icalendar import Calendar

from tests.clock import tomorrow
from tests.service.bases.radicale import radicale
from tests.service.bases.test_feeds import closed, moved, read, uid

USER = ("office", "")


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[str]:
    async with radicale(tmp_path) as address:
        yield address


async def published(office) -> bytes:
    return (await read(office, f"/v1/bases/{office.base_id}/calendar.ics")).content


async def put(server: str, path: str, raw: bytes) -> None:
    async with httpx.AsyncClient(base_url=server, auth=USER) as client:
        answer = await client.put(
            f"/office/{path}", content=raw, headers={"Content-Type": "text/calendar; charset=utf-8"}
        )
        assert answer.is_success, answer.text


def seen(server: str, path: str) -> list:
    """What stands on the days to come, by start, as a client would draw it."""
    with caldav.DAVClient(url=server, username=USER[0], password=USER[1]) as client:
        found = client.calendar(url=f"{server}office/{path}/").get_events()
    drawn = []
    since = datetime.fromisoformat(tomorrow(0))
    for one in found:
        calendar = Calendar.from_ical(one.data)
        drawn += recurring_ical_events.of(calendar).between(since, since + timedelta(days=30))
    return sorted(drawn, key=lambda event: event.start)


def told(events: list) -> list[tuple[str, str, str]]:
    return [(str(e["uid"]), str(e["status"]), e.start.isoformat()) for e in events]


async def test_a_feed_put_byte_by_byte_is_drawn_updated_and_cancelled(office, server):
    first = await office.book()
    second = await office.book(starts_at=tomorrow(10, 30), ends_at=tomorrow(11, 30))
    closure = await closed(office, office.square, 3)
    await put(server, "feed/", await published(office))
    assert told(await asyncio.to_thread(seen, server, "feed")) == [
        (uid(first["booking_id"]), "TENTATIVE", tomorrow(9)),
        (uid(second["booking_id"]), "TENTATIVE", tomorrow(10, 30)),
        (uid(closure), "CONFIRMED", tomorrow(8, days=3)),
    ]
    await office.step(first, "confirm")
    await moved(office, first, starts_at=tomorrow(15), ends_at=tomorrow(16))
    await office.step(second, "cancel", reason="by-base")
    await put(server, "feed/", await published(office))
    drawn = await asyncio.to_thread(seen, server, "feed")
    assert told(drawn) == [
        (uid(second["booking_id"]), "CANCELLED", tomorrow(10, 30)),
        (uid(first["booking_id"]), "CONFIRMED", tomorrow(15)),
        (uid(closure), "CONFIRMED", tomorrow(8, days=3)),
    ]
    assert [int(event["sequence"]) for event in drawn] == [1, 2, 0]
    assert str(drawn[1]["summary"]) == "唐村社区第一党支部"
    assert str(drawn[1]["location"]) == "测试基地 一号展厅"


async def test_an_invitation_put_byte_by_byte_is_replaced_by_its_cancellation(office, server):
    booking = await office.book()
    path = f"/v1/bookings/{booking['booking_id']}/invitation.ics"
    with caldav.DAVClient(url=server, username=USER[0], password=USER[1]) as client:
        await asyncio.to_thread(client.principal().make_calendar, cal_id="mine")
    asked = (await read(office, path)).content
    await put(server, f"mine/{booking['booking_id']}.ics", asked)
    before = await asyncio.to_thread(seen, server, "mine")
    await office.step(booking, "cancel", reason="weather")
    await put(server, f"mine/{booking['booking_id']}.ics", (await read(office, path)).content)
    (after,) = await asyncio.to_thread(seen, server, "mine")
    assert told(before) == [(uid(booking["booking_id"]), "TENTATIVE", tomorrow(9))]
    assert told([after]) == [(uid(booking["booking_id"]), "CANCELLED", tomorrow(9))]
    assert int(after["sequence"]) == 1


async def test_a_client_saves_every_event_of_a_feed_and_reads_the_same_back(office, server):
    booking = await office.book()
    await office.step(booking, "confirm")
    await closed(office, None, 3)
    raw = Calendar.from_ical(await published(office))

    def saved() -> None:
        with caldav.DAVClient(url=server, username=USER[0], password=USER[1]) as client:
            calendar = client.principal().make_calendar(cal_id="saved")
            for event in raw.walk("VEVENT"):
                one = Calendar()
                for name in ("version", "prodid"):
                    one.add(name, raw[name])
                for component in (*raw.walk("VTIMEZONE"), event):
                    one.add_component(component)
                calendar.add_event(one.to_ical().decode())

    await asyncio.to_thread(saved)
    given = [(str(e["uid"]), str(e["status"]), e.start.isoformat()) for e in raw.walk("VEVENT")]
    assert told(await asyncio.to_thread(seen, server, "saved")) == given


async def test_the_server_does_bite_on_a_feed_that_is_none(office, server):
    await office.book()
    raw = (await published(office)).replace(b"BEGIN:VEVENT", b"BEGIN:VEVENTS")
    async with httpx.AsyncClient(base_url=server, auth=USER) as client:
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        answer = await client.put("/office/bad/", content=raw, headers=headers)
    assert answer.is_client_error
    with pytest.raises(NotFoundError):
        await asyncio.to_thread(seen, server, "bad")
