"""Lists of bases as files: what stands in them is what people call it."""

from typing import Any

from tests.clock import tomorrow
from tests.service.office import Office


async def file(office: Office, path: str, **asked: Any) -> str:
    answer = await office.bases.get(
        f"{path}/export", params={"format": "csv"} | asked, headers=office.scene.headers()
    )
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_kinds_of_bases_venues_and_visitors_are_labels_in_files(office):
    assert ",红色型," in await file(office, "/v1/bases")
    for path in ("/v1/venues", f"/v1/bases/{office.base_id}/venues"):
        assert ",展厅," in await file(office, path)
    days = {"from": tomorrow(0)[:10], "to": tomorrow(0)[:10]}
    assert ",党支部," in await file(office, "/v1/unvisiting-organisations", **days)


async def test_bookings_entries_and_steps_are_told_in_words_in_files(office):
    made = await office.post(
        "/v1/menu-items",
        {
            "code": "CD-1",
            "base_id": office.base_id,
            "name": "讲解",
            "kind": "guided-tour",
            "duration_minutes": 60,
            "most_headcount": 40,
        },
    )
    assert made.status_code == 201, made.text
    item = {"menu_item_id": made.json()["item_id"]}
    booking = await office.book(**item)
    joined = await office.post("/v1/waitlist", office.booking(**item))
    assert joined.status_code == 201, joined.text

    for path in ("/v1/bookings", "/v1/waitlist"):
        said = await file(office, path)
        assert ",讲解参观," in said
        assert "guided-tour" not in said
    steps = await file(office, f"/v1/bookings/{booking['booking_id']}/steps")
    assert "预约已提交" in steps
    assert "requested" not in steps
