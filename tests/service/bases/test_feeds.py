"""Calendars over HTTP: what stands in them, who may read them, what a change does to them."""

from tests.calendars import events
from tests.clock import tomorrow


async def calendar(office, path: str, **headers: str):
    given = {name: value for name, value in headers.items() if name in {"role", "area"}}
    more = {name: value for name, value in headers.items() if name not in given}
    return await office.bases.get(path, headers=office.scene.headers(**given) | more)


async def of_base(office) -> dict:
    answer = await calendar(office, f"/v1/bases/{office.base_id}/calendar.ics")
    assert answer.status_code == 200, answer.text
    return events(answer.content)


async def test_ics_feed_is_valid_with_cancel_and_a_rising_sequence(office):
    booking = await office.book()
    uid = f"{booking['booking_id']}@jiceng"
    asked = (await of_base(office))[uid]
    await office.step(booking, "confirm")
    confirmed = (await of_base(office))[uid]
    moved = await office.step(booking, "reschedule", starts_at=tomorrow(14), ends_at=tomorrow(16))
    later = (await of_base(office))[uid]
    await office.step(booking, "cancel", reason="by-base")
    off = (await of_base(office))[uid]

    assert [str(event["status"]) for event in (asked, confirmed, later, off)] == [
        "TENTATIVE", "CONFIRMED", "CONFIRMED", "CANCELLED",
    ]  # fmt: skip
    assert [int(event["sequence"]) for event in (asked, confirmed, later, off)] == [0, 1, 2, 3]
    assert later.decoded("dtstart").isoformat() == moved["starts_at"] or (
        later.decoded("dtstart").timestamp() != asked.decoded("dtstart").timestamp()
    )
    stamps = [event.decoded("last-modified") for event in (asked, confirmed, later, off)]
    assert stamps == sorted(stamps)
    assert len({event.decoded("created") for event in (asked, confirmed, later, off)}) == 1
    assert str(off["summary"]).startswith("【已取消】")
